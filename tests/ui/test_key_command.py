"""``vigil key``: another way into the same record, whole or not; a wrong key destroys nothing."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from monitor.errors import OperatorError
from monitor.settings import open_data_folder
from monitor.storage.database import open_database
from monitor.storage.keys import find_in_keyring, keep_in_keyring, spelled
from monitor.storage.signing import obtain_signer
from monitor.storage.vault import FILE_NAME, WrongKeyError, read_vault
from tests.keyrings import FailingKeyring, ForgetfulKeyring, WorkingKeyring
from tests.keys import KEY, OTHER_KEY, PASSPHRASE, QUICK, RECOVERY, raw, set_up
from tests.terminal import Terminal
from ui import only_writer
from ui.cli import main
from ui.commands import key as command

NEW = "another four words here"


class Folder:
    """A data folder with a record, and the files that a person names."""

    def __init__(self, home: Path) -> None:
        self.path = home / "data"
        self.secret = set_up(self.path)
        self.file = self.path / FILE_NAME
        self.new = home / "new.txt"
        self.new.write_text(NEW + "\n", encoding="utf-8")
        self.paper = home / "paper.txt"
        with open_database(self.path / "vigil.db", KEY):
            pass

    def key(self, *words: str | Path, secret: Path | None = None) -> int:
        given = ("--data", self.path, "--passphrase-file", secret or self.secret)
        return main(["key", *map(str, words), *map(str, given)])

    def opens(self, secret: str) -> bool:
        try:
            return read_vault(self.file).unlock(secret) == KEY
        except WrongKeyError:
            return False

    def logged(self) -> list[str]:
        with contextlib.closing(raw(self.path / "vigil.db")) as connection:
            query = "SELECT detail FROM audit WHERE action = 'key.changed' ORDER BY number"
            return [json.loads(row[0])["kind"] for row in connection.execute(query)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess costs nothing here; what it costs is tested in test_keys.py."""
    slot = command.passphrase_slot
    monkeypatch.setattr(command, "passphrase_slot", lambda key, text: slot(key, text, QUICK))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def ring() -> Iterator[WorkingKeyring]:
    before = keyring.get_keyring()
    ring = WorkingKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_new_passphrase_opens_and_the_old_one_does_not(folder: Folder) -> None:
    assert folder.key("passphrase", "--new-passphrase-file", folder.new) == 0
    assert folder.opens(NEW)
    assert folder.opens(spelled(RECOVERY))
    assert not folder.opens(PASSPHRASE)
    assert folder.logged() == ["passphrase"]


def test_who_forgot_the_passphrase_makes_one_with_the_recovery_key(folder: Folder) -> None:
    folder.paper.write_text(spelled(RECOVERY))
    words = ("passphrase", "--new-passphrase-file", folder.new)
    assert folder.key(*words, secret=folder.paper) == 0
    assert folder.opens(NEW)


def test_a_new_recovery_key_opens_and_the_old_one_does_not(folder: Folder) -> None:
    assert folder.key("recovery", "--recovery-file", folder.paper) == 0
    assert folder.opens(folder.paper.read_text())
    assert folder.opens(PASSPHRASE)
    assert not folder.opens(spelled(RECOVERY))
    assert folder.logged() == ["recovery"]


def test_the_keyring_opens_a_folder_again_that_it_had_forgotten(
    folder: Folder, ring: WorkingKeyring
) -> None:
    assert folder.key("keyring") == 0
    assert read_vault(folder.file).unlock_with_keyring() == KEY
    ring.held.clear()
    assert folder.key("keyring") == 0
    assert read_vault(folder.file).unlock_with_keyring() == KEY
    assert [slot.kind for slot in read_vault(folder.file).slots] == ["passphrase", "recovery", "os"]
    assert folder.logged() == ["os", "os"]


@pytest.mark.parametrize("backend", [FailingKeyring, ForgetfulKeyring])
def test_without_a_keyring_nothing_is_changed(
    folder: Folder, ring: WorkingKeyring, backend: type[WorkingKeyring], capsys
) -> None:
    keyring.set_keyring(backend())
    before = folder.file.read_bytes()
    assert folder.key("keyring") == 2
    assert "keyring of this computer cannot be used" in capsys.readouterr().err
    assert folder.file.read_bytes() == before


def test_a_vault_that_cannot_be_written_leaves_every_old_way_open(
    folder: Folder, ring: WorkingKeyring
) -> None:
    assert folder.key("keyring") == 0
    before, held = folder.file.read_bytes(), dict(ring.held)
    folder.file.with_name(f"{FILE_NAME}.new").mkdir()
    assert folder.key("keyring") == 2
    assert folder.key("passphrase", "--new-passphrase-file", folder.new) == 2
    assert folder.key("recovery", "--recovery-file", folder.paper) == 2
    assert (folder.file.read_bytes(), ring.held) == (before, held)
    assert read_vault(folder.file).unlock_with_keyring() == KEY
    assert not folder.paper.exists()


@pytest.mark.parametrize("action", ["passphrase", "recovery", "keyring"])
def test_a_wrong_passphrase_is_one_sentence_and_changes_nothing(
    folder: Folder, action: str, capsys
) -> None:
    folder.secret.write_text("wrong, quite wrong")
    before = {file.name: file.read_bytes() for file in folder.path.iterdir()}
    assert folder.key(action) == 2
    assert capsys.readouterr().err.count("\n") == 1
    after = {file.name: file.read_bytes() for file in folder.path.iterdir()}
    assert after == before


def test_a_new_way_in_that_opens_something_else_is_not_written(folder: Folder) -> None:
    before = folder.file.read_bytes()
    opened = command._Opened(open_data_folder(folder.path), read_vault(folder.file), KEY)
    with pytest.raises(OperatorError, match="does not open the vault"):
        command._write(opened, opened.vault, OTHER_KEY)
    assert folder.file.read_bytes() == before


def test_while_a_station_records_the_ways_in_stay(folder: Folder, capsys, monkeypatch) -> None:
    monkeypatch.setattr(only_writer, "PATIENCE_S", 0.0)
    before = folder.file.read_bytes()
    with only_writer.only_writer(folder.path):
        assert folder.key("passphrase", "--new-passphrase-file", folder.new) == 2
    assert "Vigil is running on this record, and no key was changed: close it" in (
        capsys.readouterr().err
    )
    assert folder.file.read_bytes() == before


def test_a_change_that_cannot_be_logged_is_made_and_that_is_said(folder: Folder, capsys) -> None:
    (folder.path / "vigil.db").write_bytes(b"x" * 5000)
    assert folder.key("passphrase", "--new-passphrase-file", folder.new) == 0
    assert "could not be logged" in capsys.readouterr().err
    assert folder.opens(NEW)


def test_a_short_passphrase_is_refused(folder: Folder, capsys) -> None:
    folder.new.write_text("short")
    assert folder.key("passphrase", "--new-passphrase-file", folder.new) == 2
    assert "too short" in capsys.readouterr().err
    assert folder.opens(PASSPHRASE)


def test_the_signing_keys_stay(folder: Folder) -> None:
    public = obtain_signer(folder.file, KEY).public_key
    folder.key("passphrase", "--new-passphrase-file", folder.new)
    assert [one.public for one in read_vault(folder.file).signing] == [public]


def test_the_public_key_is_printed_for_whoever_verifies(folder: Folder, capsys) -> None:
    assert folder.key("public") == 2
    public = obtain_signer(folder.file, KEY).public_key
    capsys.readouterr()
    assert folder.key("public") == 0
    assert capsys.readouterr().out == f"{public.hex()}\n"


def test_the_key_of_another_folder_in_the_keyring_is_not_touched(
    folder: Folder, ring: WorkingKeyring
) -> None:
    keep_in_keyring("another", bytes(32))
    folder.key("keyring")
    assert find_in_keyring("another") == bytes(32)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_the_old_secret_is_asked_and_the_new_one_twice(folder: Folder) -> None:
    with Terminal("key", "passphrase", "--data", str(folder.path)) as terminal:
        terminal.answer("Passphrase or recovery key: ", PASSPHRASE)
        terminal.answer("New passphrase: ", NEW)
        terminal.answer("The same again: ", NEW)
        assert terminal.ends() == 0
        assert NEW not in terminal.seen
    assert folder.opens(NEW)
