"""``vigil profiles`` as a physician meets it: look, check, approve and export, without a window."""

import contextlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.alarms.profile import SHIPPED, shipped_profiles
from monitor.clock import ManualClock
from resources import path_to
from tests.keys import raw, set_up
from tests.monitor.storage.site import site
from ui.cli import main
from ui.commands import people, profiles

BOSS, WEBER, BEN = "the boss has a long password", "dr weber chose this one", "ben chose this one"
Run = Callable[..., int]


class Clinic:
    """A data folder, its people and their passwords, and the command line."""

    def __init__(self, home: Path) -> None:
        self.home, self.data = home, home / "clinic"
        self.secret = set_up(self.data)

    def vigil(self, *words: object) -> int:
        where = ("--data", self.data, "--passphrase-file", self.secret)
        return main([str(word) for word in (*words, *where)])

    def file(self, text: str, name: str = "site.toml") -> Path:
        path = self.home / name
        path.write_bytes(text.encode())
        return path

    def hire(self, name: str, role: str, password: str) -> None:
        """Add an account that has chosen its own password."""
        given, own = self.file("given by the boss", "given"), self.file(password, name)
        boss = self.file(BOSS, "boss")
        add = ("users", "add", name, "--role", role, "--by", "boss", "--password-file", boss)
        assert self.vigil(*add, "--new-password-file", given) == 0
        mine = ("--password-file", given, "--new-password-file", own)
        assert self.vigil("users", "password", name, *mine) == 0

    def approve(self, text: str, *more: object, by: str = "weber") -> int:
        file = self.file(text)
        words = ("--reason", "agreed by the board", "--by", by, "--password-file", self.home / by)
        return self.vigil("profiles", "approve", file, *words, *more)

    def log(self) -> list[tuple[str, str]]:
        with contextlib.closing(raw(self.data / "vigil.db")) as connection:
            return list(connection.execute("SELECT action, detail FROM audit ORDER BY number"))


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """A data folder in which nothing was ever recorded."""
    now = ManualClock(datetime(2026, 11, 22, 9, tzinfo=UTC)).now
    monkeypatch.setattr(people, "_now", now)
    monkeypatch.setattr(profiles, "_now", now)
    return Clinic(tmp_path)


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic with its people, made once, as a password takes its time; to be copied."""
    made = Clinic(tmp_path_factory.mktemp("staffed"))
    new = ("--role", "administrator", "--new-password-file", made.file(BOSS, "boss"))
    assert made.vigil("users", "add", "boss", *new) == 0
    made.hire("weber", "physician", WEBER)
    made.hire("ben", "nurse", BEN)
    return made.home


@pytest.fixture
def clinic(staffed: Path, bare: Clinic) -> Clinic:
    shutil.copytree(staffed, bare.home, dirs_exist_ok=True)
    return bare


@pytest.fixture
def listed(capsys: pytest.CaptureFixture[str]) -> Callable[[Clinic], list[dict[str, Any]]]:
    def look(clinic: Clinic) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert clinic.vigil("profiles", "--json") == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return look


def test_what_ships_is_listed_for_anybody_before_anything_is_recorded(
    bare: Clinic, listed, capsys
) -> None:
    bare.secret.write_text("wrong")
    facts = listed(bare)
    names = [profile.name for profile in shipped_profiles()]
    assert [fact["profile"] for fact in facts] == names
    assert [fact["is_standard"] for fact in facts] == [True, *[False] * (len(names) - 1)]
    assert {(fact["version"], fact["approved"], *fact["warnings"]) for fact in facts} == {(1, None)}
    assert bare.vigil("profiles") == 0
    assert "Ketamine IV v1  " in capsys.readouterr().out


def test_a_physician_approves_and_everybody_sees_who_when_and_why(
    clinic: Clinic, listed, capsys
) -> None:
    assert clinic.approve(site()) == 0
    said = capsys.readouterr()
    assert "HR-H1, when: pulse_rate > 120 /min -> pulse_rate > 125 /min" in said.out
    assert "Ketamine IV v2 is in force for sessions that begin from now on" in said.err
    first, *_ = listed(clinic)
    assert (first["profile"], first["version"], first["is_standard"]) == ("Ketamine IV", 2, True)
    approved = first["approved"]
    assert (approved["by"], approved["at_utc"], approved["reason"]) == (
        "weber (physician)", "2026-11-22T09:00:00Z", "agreed by the board",
    )  # fmt: skip
    assert first["history"] == [approved]
    assert clinic.log()[-1][0] == "profile.approved"
    assert "weber" not in clinic.log()[-1][1]
    assert clinic.vigil("profiles") == 0
    assert "Ketamine IV v2         standard  weber (physician)" in capsys.readouterr().out


def test_an_administrator_may_and_a_nurse_may_not(clinic: Clinic, listed, capsys) -> None:
    assert clinic.approve(site(), by="ben") == 2
    assert "Only a physician or an administrator may edit an alarm prof" in capsys.readouterr().err
    assert listed(clinic)[0]["version"] == 1
    assert clinic.approve(site(), by="boss") == 0
    assert listed(clinic)[0]["version"] == 2


def test_a_wrong_password_approves_nothing_and_is_logged(clinic: Clinic, listed, capsys) -> None:
    clinic.file("a guess at the password", "weber")
    assert clinic.approve(site()) == 2
    assert "Name or password is wrong" in capsys.readouterr().err
    assert listed(clinic)[0]["version"] == 1
    assert clinic.log()[-1][0] == "user.sign_in_refused"


def test_one_of_several_who_may_says_who_it_is(clinic: Clinic, capsys) -> None:
    words = ("--reason", "x", "--password-file", clinic.home / "weber")
    assert clinic.vigil("profiles", "approve", clinic.file(site()), *words) == 2
    assert "Several people may edit an alarm profile: name yourself" in capsys.readouterr().err


def test_the_only_one_who_may_need_not_say_so(bare: Clinic, listed) -> None:
    boss = bare.file(BOSS, "boss")
    new = ("--role", "administrator", "--new-password-file", boss)
    assert bare.vigil("users", "add", "boss", *new) == 0
    words = ("--reason", "x", "--password-file", boss)
    assert bare.vigil("profiles", "approve", bare.file(site()), *words) == 0
    assert listed(bare)[0]["approved"]["by"] == "boss (administrator)"


def test_without_a_record_or_without_anybody_nothing_is_approved(bare: Clinic, capsys) -> None:
    words = ("profiles", "approve", bare.file(site()), "--reason", "x")
    assert bare.vigil(*words) == 2
    assert "There is no record" in capsys.readouterr().err
    assert not (bare.data / "vigil.db").exists()


WEAK = site().replace("= 15", "= 20")


def test_a_weak_profile_needs_a_word_of_whoever_approves_it(clinic: Clinic, listed, capsys) -> None:
    assert clinic.approve(WEAK) == 2
    said = capsys.readouterr().err
    assert "Ketamine IV v2: HR-H1: a delay of 20 s hides what comes and goes (MEDIUM)" in said
    assert "1 warning and was not approved: mend it, or add --despite-warnings" in said
    assert listed(clinic)[0]["version"] == 1
    assert clinic.approve(WEAK, "--despite-warnings") == 0
    (warning,) = listed(clinic)[0]["warnings"]
    assert warning.startswith("HR-H1: a delay of 20 s")
    assert clinic.vigil("profiles") == 0
    assert "HR-H1: a delay of 20 s" in capsys.readouterr().err


def test_an_old_version_is_refused_before_a_password_is_asked(clinic: Clinic, capsys) -> None:
    before = clinic.log()
    assert clinic.approve(site(1)) == 2
    assert "There is Ketamine IV v1 already, and this is v1: give it" in capsys.readouterr().err
    assert clinic.log() == before


@pytest.mark.parametrize("command", ["check", "approve"])
def test_a_broken_file_is_one_sentence_with_line_and_reason(
    clinic: Clinic, command: str, capsys
) -> None:
    broken = clinic.file(site().replace(" /min", ""))
    before = clinic.log()
    capsys.readouterr()
    more = ("--reason", "x") if command == "approve" else ()
    assert clinic.vigil("profiles", command, broken, *more) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "site.toml: rule HR-H1, when: limit 'pulse_rate > 125': the unit is missing" in said.err
    assert "(line 10; the rule begins in line 7)" in said.err
    assert said.out == ""
    assert clinic.log() == before


def test_a_check_tells_differences_warnings_and_what_would_be_refused(
    clinic: Clinic, capsys
) -> None:
    assert clinic.approve(site(2)) == 0
    file = clinic.file(site(2, 126).replace("= 15", "= 20"))
    before = clinic.log()
    capsys.readouterr()
    assert clinic.vigil("profiles", "check", file) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "Ketamine IV v2 beside Ketamine IV v2, which is in force:"
    assert "  HR-H1, when: pulse_rate > 125 /min -> pulse_rate > 126 /min" in said.out
    assert "a delay of 20 s hides" in said.err
    assert "it cannot be approved as it is: There is Ketamine IV v2 already" in said.err
    assert clinic.vigil("profiles", "check", file, "--json") == 0
    fact = json.loads(capsys.readouterr().out)
    assert (fact["profile"], fact["compared_with"]) == ("Ketamine IV v2", "Ketamine IV v2")
    assert (len(fact["differences"]), len(fact["warnings"])) == (3, 1)
    assert clinic.log() == before


def test_a_profile_of_a_new_name_is_compared_with_the_standard(bare: Clinic, capsys) -> None:
    assert bare.vigil("profiles", "check", bare.file(site(1, 120, "Ward 7"))) == 0
    assert capsys.readouterr().out.startswith("Ward 7 v1 beside Ketamine IV v1, which is in force:")


# ---- export


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_is_exported_with_its_reasons(bare: Clinic, name: str) -> None:
    shipped = path_to(f"defaults/{name}.toml").read_text("utf-8")
    title = next(p.name for p in shipped_profiles() if f'name = "{p.name}"' in shipped)
    out = bare.home / "out.toml"
    assert bare.vigil("profiles", "export", title.upper(), out) == 0
    assert out.read_text("utf-8") == shipped


def test_an_approved_version_is_exported_letter_for_letter_by_name_or_by_title(
    clinic: Clinic, capsys
) -> None:
    text = site(2).replace("\n", "\r\n")
    assert clinic.approve(text) == 0
    assert clinic.approve(site(3, 121)) == 0
    for name, expected in (("Ketamine IV", site(3, 121)), ("Ketamine IV v2", text)):
        out = clinic.home / f"{name}.toml"
        assert clinic.vigil("profiles", "export", name, out) == 0
        assert out.read_bytes() == expected.encode()
    capsys.readouterr()
    assert clinic.vigil("profiles", "export", "ketamine iv v1", "-") == 0
    assert capsys.readouterr().out.startswith("# Alarm profile for adults")


def test_an_export_overwrites_nothing_and_knows_no_unknown_name(bare: Clinic, capsys) -> None:
    there = bare.file("mine")
    assert bare.vigil("profiles", "export", "Elderly", there) == 2
    assert "There is a file" in capsys.readouterr().err
    assert there.read_text() == "mine"
    assert bare.vigil("profiles", "export", "Elderly", bare.home / "no" / "way.toml") == 2
    assert "cannot be written (No such file or directory)" in capsys.readouterr().err
    assert bare.vigil("profiles", "export", "Ward 9", bare.home / "x.toml") == 2
    said = capsys.readouterr().err
    assert "There is no alarm profile 'Ward 9': name one of Ketamine IV, " in said
    assert not (bare.home / "x.toml").exists()


# ---- what is wrong


def test_the_list_says_what_is_wrong_with_files_settings_and_rows(
    clinic: Clinic, capsys, listed
) -> None:
    (clinic.data / "profiles").mkdir()
    (clinic.data / "profiles" / "new.toml").write_text(site(7))
    (clinic.data / "settings.toml").write_text('[alarms]\nprofile = "Ward 8"\n')
    capsys.readouterr()
    assert clinic.vigil("profiles") == 0
    said = capsys.readouterr().err
    assert "new.toml: Ketamine IV v7 is not approved; Ketamine IV v1 stays in force." in said
    assert "settings.toml: there is no approved alarm profile 'Ward 8'" in said
    (clinic.data / "settings.toml").write_text('[alarms]\nprofile = "elderly"\n')
    assert listed(clinic)[0]["profile"] == "Elderly"
