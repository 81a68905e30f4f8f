"""The command line's table, command by command: what each asks for, what it logs and as whom."""

import argparse
import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.accounts.events import EventKind
from monitor.accounts.permissions import COMMAND_LINE, Proof, Trace
from monitor.storage.chain import STATION_STARTED
from monitor.storage.guards import PATIENT_ERASED
from monitor.storage.profile_schema import APPROVED
from tests.keys import QUICK, raw
from tests.monitor.storage.backups import record
from tests.monitor.storage.site import site
from ui.cli import main
from ui.command_line import who
from ui.commands import key as key_command
from ui.options import parser

RULES = {rule.command: rule for rule in COMMAND_LINE}
FORMS = {"export all": "export", "backup --check": "backup"}
"""What the table tells apart and argparse does not."""


class Clinic:
    """A data folder with a session and one administrator, and the files a person names."""

    def __init__(self, home: Path) -> None:
        self.home, self.data = home, home / "data"
        record(self.data, readings=3)
        self.secret, self.wrong = home / "data.passphrase", home / "wrong"
        self.wrong.write_text("not the passphrase at all")
        self.boss = home / "boss"
        self.boss.write_text("the boss has a long password")
        self.profile = home / "site.toml"
        self.profile.write_text(site())
        self.rule = "[retention]\nyears = 7\n"
        (self.data / "settings.toml").write_text(self.rule)
        new = ("--role", "administrator", "--new-password-file", self.boss)
        assert self.vigil("users", "add", "boss", *new) == 0

    def vigil(self, *words: object, secret: Path | None = None, data: Path | None = None) -> int:
        given = ["--data", data or self.data, "--passphrase-file", secret or self.secret]
        return main([str(word) for word in (*words, *given)])

    def log(self, data: Path | None = None) -> list[tuple[str, str, str]]:
        with contextlib.closing(raw((data or self.data) / "vigil.db")) as connection:
            query = "SELECT actor, action, detail FROM audit ORDER BY number"
            return [tuple(row) for row in connection.execute(query)]

    def backed_up(self) -> Path:
        assert self.vigil("backup", self.home / "backups") == 0
        return next((self.home / "backups").iterdir())


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = key_command.passphrase_slot
    monkeypatch.setattr(key_command, "passphrase_slot", lambda key, text: slot(key, text, QUICK))


KEPT: dict[str, Callable[[Clinic], tuple[object, ...]]] = {
    "export": lambda c: ("export", "5e55", "--to", "csv", c.home / "one.csv"),
    "export all": lambda c: ("export", "all", "--to", "json", c.home / "all"),
    "sessions": lambda _: ("sessions",),
    "retention": lambda _: ("retention",),
    "key passphrase": lambda c: ("key", "passphrase", "--new-passphrase-file", c.boss),
    "key recovery": lambda c: ("key", "recovery", "--recovery-file", c.home / "paper"),
    "backup": lambda c: ("backup", c.home / "backups"),
    "verify": lambda _: ("verify",),
    "users list": lambda _: ("users", "list"),
    "profiles": lambda _: ("profiles",),
    "profiles check": lambda c: ("profiles", "check", c.profile),
    "profiles export": lambda c: ("profiles", "export", "Elderly", c.home / "elderly.toml"),
}
"""Commands that need the key and nothing more, as they are typed."""


def _commands(of: argparse.ArgumentParser, name: str = "") -> Iterator[str]:
    """Return the names of all commands that argparse knows."""
    inner = [a for a in of._actions if isinstance(a, argparse._SubParsersAction)]
    for action in inner:
        for word, command in action.choices.items():
            yield from _commands(command, f"{name} {word}".strip())
    if name and not any(action.required for action in inner):
        yield name


def test_the_table_has_every_command_once() -> None:
    assert len(RULES) == len(COMMAND_LINE)
    assert {FORMS.get(name, name) for name in RULES} == set(_commands(parser()))
    assert [rule.command for rule in COMMAND_LINE if len(rule.reason) < 8] == []
    assert [rule.command for rule in COMMAND_LINE if bool(rule.logged) != bool(rule.actor)] == []


def test_whatever_tells_of_patients_or_changes_the_record_leaves_its_trace() -> None:
    silent = {rule.command for rule in COMMAND_LINE if rule.proof is Proof.KEY and not rule.logged}
    assert silent == {"verify", "users list", "profiles", "profiles check", "profiles export"}


@pytest.mark.parametrize("name", KEPT)
def test_with_the_key_it_runs_without_any_account_and_logs_the_computers_user(
    clinic: Clinic, name: str
) -> None:
    rule, before = RULES[name], len(clinic.log())
    assert rule.proof is Proof.KEY
    clinic.vigil(*KEPT[name](clinic))
    rows = clinic.log()[before:]
    expected = [(who(), rule.logged)] if rule.logged else []
    assert [(actor, action) for actor, action, _ in rows] == expected
    assert not any("Demo patient" in detail for *_, detail in rows)


@pytest.mark.parametrize("name", KEPT)
def test_without_the_key_it_tells_nothing_and_changes_nothing(
    clinic: Clinic, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = clinic.log()
    vault = (clinic.data / "vault.json").read_bytes()
    capsys.readouterr()
    assert clinic.vigil(*KEPT[name](clinic), secret=clinic.wrong) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "does not open" in told.err
    assert clinic.log() == before
    assert (clinic.data / "vault.json").read_bytes() == vault


def test_a_restore_asks_for_a_way_into_the_backup_and_logs_it_in_what_was_restored(
    clinic: Clinic, tmp_path: Path
) -> None:
    file, new = clinic.backed_up(), tmp_path / "new"
    assert clinic.vigil("restore", file, data=new, secret=clinic.wrong) == 2
    assert not new.exists()
    assert clinic.vigil("restore", file, data=new) == 0
    actor, action, _ = clinic.log(new)[-1]
    rule = RULES["restore"]
    assert (rule.proof, rule.logged, rule.actor) == (Proof.BACKUP_KEY, action, Trace.USER)
    assert actor == who()
    before = clinic.log()
    assert clinic.vigil("backup", "--check", file, secret=clinic.wrong) == 2
    assert clinic.vigil("backup", "--check", file) == 0
    assert clinic.log() == before


PASSWORDS: dict[str, tuple[str, ...]] = {
    "users add": ("users", "add", "eve", "--role", "administrator", "--new-password-file"),
    "users disable": ("users", "disable", "boss"),
    "users reset-password": ("users", "reset-password", "boss", "--new-password-file"),
    "users password": ("users", "password", "boss", "--new-password-file"),
    "profiles approve": ("profiles", "approve", "--reason", "agreed", "--by", "boss"),
    "erase": ("erase", "p1", "--yes", "--reason", "none", "--before-due"),
}


@pytest.mark.parametrize("name", PASSWORDS)
def test_the_key_alone_changes_no_account_and_deletes_nobody(clinic: Clinic, name: str) -> None:
    words = PASSWORDS[name]
    more = (clinic.boss,) if words[-1] == "--new-password-file" else ()
    more = (clinic.profile,) if name == "profiles approve" else more
    before = clinic.log()
    assert RULES[name].proof is Proof.PASSWORD
    assert clinic.vigil(*words, *more, "--password-file", clinic.wrong) == 2
    assert [action for _, action, _ in clinic.log()[len(before) :]] == [EventKind.SIGN_IN_FAILED]


def test_what_accounts_log_is_spelled_as_they_spell_it() -> None:
    spelled = {rule.logged for rule in COMMAND_LINE if rule.actor is Trace.ACCOUNT}
    assert spelled <= {*EventKind, PATIENT_ERASED, APPROVED}
    assert {RULES["record"].logged, RULES["station"].logged} == {STATION_STARTED}


def test_every_rule_with_a_proof_is_in_this_test() -> None:
    elsewhere = {
        "record",
        "station",
        "key keyring",
    }  # test_record.py, test_app.py, test_key_command
    asked = {rule.command for rule in COMMAND_LINE if rule.proof is not Proof.NONE}
    assert asked - elsewhere == {*KEPT, *PASSWORDS, "restore", "backup --check"}


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there the system's name is the variable's")
def test_a_variable_of_the_environment_is_nobodys_name(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = who()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "vigil")
    clinic.vigil("sessions")
    assert clinic.log()[-1][0] == true
    assert true.startswith("command line: ")


def test_a_user_whom_the_system_does_not_know_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_uid: int) -> None:
        raise KeyError

    pwd = pytest.importorskip("pwd", reason="there is none on Windows")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert who() == "command line: unknown"
