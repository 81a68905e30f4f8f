"""Whatever a command logs is signed with the key in the vault, and verification then says so."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from monitor.storage.audit import Audit
from monitor.storage.database import open_database
from monitor.storage.recorder import append
from monitor.storage.signing import new_signing_key
from monitor.storage.vault import FILE_NAME, vault_from, write_vault
from tests.keys import KEY, QUICK, raw, set_up
from tests.monitor.storage.conftest import OPENED, Maker
from ui.cli import main
from ui.commands import key as key_command

BOSS = "the boss has a long password"


class Folder:
    """A data folder with a signing key, a session and an administrator."""

    def __init__(self, home: Path) -> None:
        self.home, self.path = home, home / "data"
        self.words = ["--data", str(self.path), "--passphrase-file", str(set_up(self.path))]
        file = self.path / FILE_NAME
        vault = vault_from(file, file.read_bytes())
        made = new_signing_key(KEY, in_keyring=False)
        write_vault(file, msgspec.structs.replace(vault, signing=(made,)))
        maker = Maker()
        with open_database(self.path / "vigil.db", KEY) as database:
            append(database, [maker.opened(), maker.reading()])
        self.secret = home / "secret"
        self.secret.write_text(BOSS)
        new = ("--role", "administrator", "--new-password-file", self.secret)
        assert self.vigil("users", "add", "boss", *new) == 0

    def vigil(self, *words: object) -> int:
        return main([*map(str, words), *self.words])

    def last_action(self) -> str:
        with contextlib.closing(raw(self.path / "vigil.db")) as connection:
            query = "SELECT action FROM audit ORDER BY number DESC LIMIT 1"
            return str(connection.execute(query).fetchone()[0])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def _unsigned(folder: Folder, capsys: pytest.CaptureFixture[str]) -> tuple[int, int]:
    """Return the exit code of 'vigil verify' and how many rows it calls unsigned."""
    capsys.readouterr()
    code = folder.vigil("verify", "--json")
    *_, last = capsys.readouterr().out.splitlines()
    return code, json.loads(last)["unsigned_audit_rows"]


COMMANDS: dict[str, Callable[[Folder], tuple[object, ...]]] = {
    "record.viewed": lambda _: ("sessions",),
    "session.exported": lambda f: ("export", "5e55", "--to", "csv", f.home / "one.csv"),
    "record.exported": lambda f: ("export", "all", "--to", "csv", f.home / "all"),
    "backup.made": lambda f: ("backup", f.home / "backups"),
    "key.changed": lambda f: ("key", "passphrase", "--new-passphrase-file", f.secret),
    "user.password_changed": lambda f: (
        *("users", "password", "boss"),
        *("--password-file", f.secret),
        *("--new-password-file", _other(f)),
    ),
}
"""By the action that is the last in the log when the command is done."""


def _other(folder: Folder) -> Path:
    file = folder.home / "other"
    file.write_text("quite another long password")
    return file


@pytest.mark.parametrize("action", COMMANDS)
def test_what_a_command_logs_is_signed(folder: Folder, capsys, monkeypatch, action: str) -> None:
    slot = key_command.passphrase_slot
    monkeypatch.setattr(key_command, "passphrase_slot", lambda key, text: slot(key, text, QUICK))
    assert folder.vigil(*COMMANDS[action](folder)) == 0
    assert folder.last_action() == action
    if action == "key.changed":
        folder.words[-1] = str(folder.secret)
    assert _unsigned(folder, capsys) == (0, 0)


def test_rows_behind_the_last_signed_head_are_counted_and_said(folder: Folder, capsys) -> None:
    with open_database(folder.path / "vigil.db", KEY) as database:  # by a program without the key
        for number in range(3):
            Audit(database).append("u-1", "session.exported", str(number), {}, OPENED)
    capsys.readouterr()
    assert folder.vigil("verify") == 0
    assert "NOT SIGNED: the last 3 rows of the log" in capsys.readouterr().out
    assert folder.vigil("sessions") == 0  # its head vouches for them as well
    assert _unsigned(folder, capsys) == (0, 0)


# ---- backups


def test_who_vouches_for_a_backup_is_said_when_it_is_checked_and_restored(
    folder: Folder, capsys
) -> None:
    to = folder.home / "backups"
    assert folder.vigil("backup", to) == 0
    (made,) = to.iterdir()
    capsys.readouterr()
    assert folder.vigil("backup", "--check", made) == 0
    assert "signed" not in capsys.readouterr().err  # by the key of this folder: nothing to say
    folder.words[1] = str(folder.home / "new")
    assert folder.vigil("restore", made) == 0
    assert "compare that with the code on paper" in capsys.readouterr().err
    assert _unsigned(folder, capsys) == (0, 0)  # 'backup.restored' among the rows


def test_an_unsigned_backup_restores_with_a_plain_note(folder: Folder, capsys) -> None:
    file = folder.path / FILE_NAME
    vault = vault_from(file, file.read_bytes())
    write_vault(file, msgspec.structs.replace(vault, signing=()))
    to = folder.home / "backups"
    assert folder.vigil("backup", to) == 0
    (made,) = to.iterdir()
    folder.words[1] = str(folder.home / "new")
    capsys.readouterr()
    assert folder.vigil("restore", made, "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["signed"] == "none"
    assert folder.vigil("backup", "--check", made) == 0
    assert "this backup is not signed" in capsys.readouterr().err
