"""``vigil retention`` and ``vigil erase``: who is due, who may, and that nothing is left of it."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.accounts.people import Actor, Role
from monitor.clock import Instant, ManualClock
from monitor.patients import Details
from monitor.records import HappeningKept, Stamp
from monitor.settings import RetentionSettings, Settings, read_settings, write_settings
from monitor.storage.database import open_database
from monitor.storage.patients import PatientRegister
from monitor.storage.recorder import append
from tests.keys import KEY, raw, set_up
from tests.monitor.storage.conftest import OPENED, Maker
from tests.monitor.storage.golden import dump
from tests.monitor.storage.pages import pages_with
from ui.cli import main
from ui.commands import people, retention
from ui.only_writer import only_writer

BOSS = "the boss has a long password"
CANARY = "Quijote-Canary-4711"
ADA = Actor("u-9", "Ada", Role.ADMINISTRATOR)


class Clinic:
    """A data folder with an administrator and a patient; ``vigil`` runs a command in it."""

    def __init__(self, tmp_path: Path) -> None:
        self.path = tmp_path / "data"
        self.words = ["--data", str(self.path), "--passphrase-file", str(set_up(self.path))]
        (tmp_path / "secret").write_text(BOSS)
        self.password = ["--password-file", str(tmp_path / "secret")]
        words = ("--role", "administrator", "--new-password-file", str(tmp_path / "secret"))
        assert self.vigil("users", "add", "boss", *words) == 0
        self.patient = self.add_patient(CANARY, "4711")
        self.add_sessions(self.patient, "a", 12)

    @property
    def database(self) -> Path:
        return self.path / "vigil.db"

    def add_patient(self, name: str, number: str) -> str:
        details = Details(name, "Anna", date(1970, 1, 2), number)
        with open_database(self.database, KEY) as database:
            register = PatientRegister(database)
            return register.add(details, ADA, Instant(0.0, OPENED), OPENED.date()).id

    def add_sessions(self, patient_id: str, beginning: str, count: int, end: str = "ended") -> None:
        with open_database(self.database, KEY) as database:
            for number in range(count):
                maker = Maker(f"{beginning}{number:03}")
                whose = "nobody" if beginning == "b" else CANARY
                notes = [maker.note(f"{whose} {'x' * 300}") for _ in range(3)]
                more = [maker.reading(float(n)) for n in range(4, 20)]
                identified = maker.identification(patient_id)
                rows = [maker.opened(), identified, *notes, *more, maker.phase(end, 60.0)]
                append(database, rows)

    def add_lone(self, session_id: str) -> None:
        """Record a session as the first Vigil did: with a name that was typed by hand."""
        with open_database(self.database, KEY) as database:
            maker = Maker(session_id)
            opened = replace(maker.opened(), patient="Quixote-typed-by-hand")
            append(database, [opened, maker.note("free text"), maker.phase("ended", 60.0)])

    def erase_session(self, session_id: str, *words: str) -> int:
        what = (f"--session={session_id}", "--reason", "rule")
        return self.vigil("erase", *what, *self.password, *words)

    def vigil(self, *words: str) -> int:
        return main([*words[:2], *self.words, *words[2:]])

    def erase(self, *words: str, patient: str = "") -> int:
        who = patient or self.patient
        return self.vigil("erase", who, "--reason", "rule", *self.password, *words)

    def keep_for(self, years: int) -> None:
        write_settings(self.path / "settings.toml", Settings(retention=RetentionSettings(years)))

    def is_there(self) -> bool:
        with closing(raw(self.database)) as connection:
            return bool(
                connection.execute("SELECT 1 FROM patient WHERE id = ?", (self.patient,)).fetchall()
            )


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    clock = ManualClock(datetime(2037, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(people, "_now", clock.now)
    monkeypatch.setattr(retention, "_now", clock.now)
    return Clinic(tmp_path)


def test_without_a_rule_nobody_is_due(clinic, capsys) -> None:
    capsys.readouterr()
    assert clinic.vigil("retention", "--json") == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "no rule" in told.err
    assert clinic.erase("--yes") == 2
    assert "not due" in capsys.readouterr().err
    assert clinic.is_there()


def test_the_rule_survives_the_settings_file(tmp_path: Path) -> None:
    write_settings(tmp_path / "s.toml", Settings(retention=RetentionSettings(7)))
    assert read_settings(tmp_path / "s.toml").retention == RetentionSettings(7)


def test_who_is_due_is_listed_and_others_are_not(clinic, capsys) -> None:
    clinic.keep_for(10)
    capsys.readouterr()
    assert clinic.vigil("retention", "--json") == 0
    (due,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (due["patient_id"], due["sessions"]) == (clinic.patient, 12)
    clinic.keep_for(11)
    assert clinic.vigil("retention", "--json") == 0
    assert capsys.readouterr().out == ""


def test_sessions_of_nobody_are_due_by_the_same_rule(clinic, capsys) -> None:
    clinic.keep_for(11)
    capsys.readouterr()
    assert clinic.vigil("retention") == 0
    assert "no registered patient" not in capsys.readouterr().err
    clinic.add_sessions("nobody-of-the-register", "c", 2)
    clinic.add_sessions("nobody-of-the-register", "d", 1, end="infusion")
    clinic.add_lone("typed")
    assert clinic.vigil("retention", "--json") == 0
    told = capsys.readouterr()
    assert "3 ended sessions belong to no registered patient, 0 due by the rule" in told.err
    assert told.out == ""
    clinic.keep_for(10)
    assert clinic.vigil("retention", "--json") == 0
    facts = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert [one.get("session_id") for one in facts] == [None, "c000", "c001", "typed"]
    assert clinic.vigil("retention") == 0
    assert "typed" in capsys.readouterr().out


# ---- a session of nobody


def test_a_session_of_nobody_goes_for_good_and_the_log_says_so(clinic, capsys) -> None:
    clinic.add_lone("typed")
    clinic.keep_for(10)
    assert clinic.erase_session("typed", "--yes") == 0
    assert "Deleted the session" in capsys.readouterr().out
    assert pages_with(clinic.database, "Quixote-typed-by-hand") == 0
    with closing(raw(clinic.database)) as connection:
        query = "SELECT subject, detail FROM audit WHERE action = 'session.erased'"
        assert connection.execute(query).fetchall() == [("typed", '{"reason":"rule"}')]
    assert clinic.is_there()
    clinic.vigil("verify")
    assert "nothing was altered" in capsys.readouterr().out
    assert clinic.erase_session("typed", "--yes") == 0
    assert "deleted before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("session", "words", "says"),
    [
        ("typed", ("--yes",), "The session is not due"),
        ("a000", ("--yes", "--before-due"), "belongs to a registered patient"),
        ("open000", ("--yes", "--before-due"), "has not ended"),
        ("nothing", ("--yes", "--before-due"), "no such session"),
        ("typed", ("--before-due",), "add --yes"),
        ("typed", ("--yes", "--before-due", "someone"), "not clear what to delete"),
        ("", ("--yes", "--before-due"), "not clear what to delete"),
    ],
)
def test_what_is_no_session_of_nobody_or_not_due_stays(
    clinic, capsys, session: str, words: tuple[str, ...], says: str
) -> None:
    clinic.add_lone("typed")
    clinic.add_sessions("nobody-of-the-register", "open", 1, end="infusion")
    capsys.readouterr()
    assert clinic.erase_session(session, *words) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1
    with closing(raw(clinic.database)) as connection:
        assert connection.execute("SELECT count(*) FROM session").fetchone() == (14,)


def test_a_reason_with_the_name_that_was_shown_is_refused(clinic, capsys) -> None:
    clinic.add_lone("typed")
    words = ("--before-due", "--yes", *clinic.password)
    for reason, code in (("asked by Quixote-typed", 2), ("never identified", 0)):
        assert clinic.vigil("erase", "--session=typed", "--reason", reason, *words) == code
    assert "names the patient" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "goes"), [(" 2026-11-19 ", True), ("2026-11-20", False)])
def test_the_day_of_a_session_is_typed_back(clinic, monkeypatch, typed, goes) -> None:
    clinic.add_lone("typed")
    monkeypatch.setattr(retention, "has_terminal", lambda: True)
    monkeypatch.setattr(retention, "ask_openly", lambda _: typed)
    assert clinic.erase_session("typed", "--before-due") == (0 if goes else 2)


# ---- nothing is left


def found_in(path: Path) -> int:
    return pages_with(path, CANARY)


def test_no_page_and_no_dump_has_the_patient_afterwards_and_the_record_is_intact(
    clinic, capsys
) -> None:
    other = clinic.add_patient("Bell", "1")
    clinic.add_sessions(other, "b", 3)
    clinic.add_sessions(clinic.patient, "a1", 2)
    assert found_in(clinic.database) > 2  # the search finds what is there
    clinic.keep_for(10)
    capsys.readouterr()
    assert clinic.erase("--yes") == 0
    told = capsys.readouterr().out
    assert "Backups" in told
    assert "14 sessions" in told
    assert found_in(clinic.database) == 0
    with closing(raw(clinic.database)) as connection:
        rows = connection.execute("SELECT * FROM audit WHERE action = 'patient.erased'").fetchall()
    text = dump(clinic.database)
    assert CANARY not in text
    assert "Bell" in text
    assert len(rows) == 1
    assert json.loads(rows[0][5])["reason"] == "rule"
    assert clinic.vigil("verify") == 1  # no station has made a key: its signatures are unchecked
    assert "nothing was altered: 66 rows" in capsys.readouterr().out


def test_what_was_erased_can_be_rewritten_again(clinic, monkeypatch, capsys) -> None:
    def out_of_memory(*_: object) -> None:
        raise retention.OperatorError("There is not enough memory", "end other programs")

    with monkeypatch.context() as broken:
        broken.setattr(retention, "rewrite", out_of_memory)
        assert clinic.erase("--yes", "--before-due") == 2
    assert "is deleted, but" in capsys.readouterr().err
    assert clinic.erase("--yes", "--before-due") == 0
    assert "deleted before" in capsys.readouterr().out
    assert found_in(clinic.database) == 0


# ---- what is refused


def test_a_patient_with_an_open_session_stays(clinic, capsys) -> None:
    clinic.add_sessions(clinic.patient, "open", 1, end="infusion")
    assert clinic.erase("--yes", "--before-due") == 2
    assert "has not ended" in capsys.readouterr().err
    assert clinic.is_there()


def test_nothing_is_erased_while_somebody_records(clinic, capsys) -> None:
    with only_writer(clinic.path):
        assert clinic.erase("--yes", "--before-due") == 2
    assert "Vigil is running" in capsys.readouterr().err
    assert clinic.is_there()


def test_nothing_is_erased_while_rows_wait_in_the_spill(clinic, capsys) -> None:
    (clinic.path / "spill.bin").write_bytes(bytes(8))
    assert not retention.has_waiting_rows(clinic.path)
    (clinic.path / "spill.bin").write_bytes(b"\0\0\1\0sealed")
    assert clinic.erase("--yes", "--before-due") == 2
    assert "wait to be saved" in capsys.readouterr().err
    assert clinic.is_there()


def test_without_the_administrators_password_nothing_goes(clinic, capsys, tmp_path) -> None:
    (tmp_path / "secret").write_text("not the boss's password")
    assert clinic.erase("--yes", "--before-due") == 2
    assert "password is wrong" in capsys.readouterr().err
    assert clinic.is_there()


def test_a_wrong_id_and_nobody_to_ask_are_one_sentence(clinic, capsys) -> None:
    for words, says in (
        (("--yes", "--before-due", clinic.patient[:8]), "no such patient"),
        (("--before-due", clinic.patient), "add --yes"),
    ):
        capsys.readouterr()
        assert clinic.erase(*words[:-1], patient=words[-1]) == 2
        told = capsys.readouterr().err
        assert says in told
        assert told.count("\n") == 1
    assert clinic.is_there()


@pytest.mark.parametrize(("typed", "goes"), [(" 4711 ", True), ("4712", False), ("", False)])
def test_the_clinic_number_is_typed_back(clinic, monkeypatch, typed, goes) -> None:
    monkeypatch.setattr(retention, "has_terminal", lambda: True)
    monkeypatch.setattr(retention, "ask_openly", lambda _: typed)
    assert clinic.erase("--before-due") == (0 if goes else 2)
    assert clinic.is_there() is not goes


def test_nothing_is_erased_while_anybodys_session_is_open(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rewriting holds the data folder for minutes: Vigil could not start for that patient."""
    other = clinic.add_patient("Weber", "4712")
    clinic.add_sessions(other, "c", 1, end="infusion")
    assert clinic.erase("--before-due", "--yes") == 2
    assert "A session at 'Chair 1' has not ended, and nothing" in capsys.readouterr().err
    with open_database(clinic.database, KEY) as database:
        assert PatientRegister(database).find(clinic.patient).id == clinic.patient
        append(database, [_end_of("c000")])
    assert clinic.erase("--before-due", "--yes") == 0


def _end_of(session_id: str) -> HappeningKept:
    stamp = Stamp(session_id, 99, 70.0, OPENED)
    return HappeningKept(stamp, "phase", {"phase": "ended"})
