"""How a command comes to the key of its data folder: a pipe, a file, the keyring, or a person.

Knows the order of asking and what is said. Must not know how a key is made, nor Qt.
"""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from monitor.errors import OperatorError
from monitor.settings import DataFolder
from monitor.standin import takes_files
from monitor.storage.connection import PLAIN_HEADER
from monitor.storage.keys import DataKey, KeyringError
from monitor.storage.vault import FILE_NAME, NoVaultError, Vault, WrongKeyError, read_vault
from ui.voice import note

TRIES = 3
LONGEST_LINE = 1024
MOST_BYTES = 10_000

Ask = Callable[[str], str]


def find_key(folder: DataFolder, options: argparse.Namespace) -> DataKey:
    """Return the key of the data folder, asking on the terminal if need be.

    Raises OperatorError when there is no vault, nothing opens it, or nobody can be asked.
    """
    if getattr(options, "key_from_stdin", False):
        return DataKey.from_line(sys.stdin.buffer.readline(LONGEST_LINE))
    return open_vault(vault_of(folder), options, "The data folder is encrypted")


def open_vault(vault: Vault, options: argparse.Namespace, why: str) -> DataKey:
    """Return the key in a vault: by the passphrase file, the keyring, or by asking ("why").

    Raises OperatorError, WrongKeyError among them.
    """
    file = getattr(options, "passphrase_file", None)
    if file is not None:
        return vault.unlock(read_passphrase(file))
    if not vault.has_os_slot:
        return _by_asking(vault, ask_hidden, why)
    try:
        return vault.unlock_with_keyring()
    except (KeyringError, WrongKeyError) as fault:
        return _by_asking(vault, ask_hidden, fault.what)


def is_set_up(folder: DataFolder) -> bool:
    """Whether ``vigil init`` has been here."""
    return (folder.path / FILE_NAME).exists()


def has_terminal() -> bool:
    """Whether a person can be asked: to type, and to read what is not for a log."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask_hidden(prompt: str) -> str:
    """Return what a person types unseen. Raises OperatorError when they type no more."""
    try:
        return getpass.getpass(prompt)
    except EOFError as cause:
        raise _nothing_typed() from cause


def ask_openly(prompt: str) -> str:
    """Return what a person types. Raises OperatorError when they type no more."""
    sys.stderr.write(prompt)  # standard output belongs to results
    sys.stderr.flush()
    if not (line := sys.stdin.readline()):
        raise _nothing_typed()
    return line.rstrip("\r\n")


def _nothing_typed() -> OperatorError:
    return OperatorError("Nothing was typed", "start again; nothing was changed")


def read_passphrase(path: Path) -> str:
    """Return the first line of a file, without its end. Raises OperatorError."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES).decode("utf-8-sig")
    except OSError as cause:
        raise OperatorError(
            f"The passphrase file {path} cannot be read ({cause.strerror})", "name another"
        ) from cause
    except UnicodeDecodeError as cause:
        raise OperatorError(
            f"The passphrase file {path} is no UTF-8 text", "save it as that"
        ) from cause
    first = text.splitlines()[:1]
    if not first or not first[0]:
        raise OperatorError(
            f"The passphrase file {path} is empty", "put the passphrase on its first line"
        )
    return first[0]


def vault_of(folder: DataFolder) -> Vault:
    """Return the folder's vault. Raises OperatorError that says why there is none."""
    try:
        return read_vault(folder.path / FILE_NAME)
    except NoVaultError as nothing:
        require_no_lost_vault(folder)
        if folder.settings.throw_away:
            raise OperatorError(
                f"The folder {folder.path} is a demonstration's, which keeps its key to itself",
                "use the demonstration's own window",
            ) from nothing
        if not takes_files(folder.path):
            raise OperatorError(
                f"There is no record of Vigil's in {folder.path}, and none can be made there",
                "name another folder with --data",
            ) from nothing
        raise


def require_no_lost_vault(folder: DataFolder) -> None:
    """Raise OperatorError when a database is encrypted and there is no vault.

    To be asked before this process opens the database: the file is read as any other, since even
    to look at it through SQLite leaves files beside it.
    """
    try:
        with folder.database.open("rb") as file:
            begins = file.read(len(PLAIN_HEADER))
    except OSError:
        return
    if begins and begins != PLAIN_HEADER:
        raise OperatorError(
            f"There is an encrypted database in {folder.path}, but not the vault that opens it",
            f"put its {FILE_NAME} back, or give 'vigil restore FILE --replace' with a backup; "
            "a new vault cannot open it",
        )


def _by_asking(vault: Vault, ask: Ask, why: str) -> DataKey:
    if not has_terminal():
        raise OperatorError(
            f"{why}, and there is nobody to ask for the passphrase",
            "name a file that holds it with --passphrase-file",
        )
    note(f"vigil: {why}.")
    what = "Passphrase or recovery key: " if vault.has_passphrase else "Recovery key: "
    for left in reversed(range(TRIES)):
        try:
            return vault.unlock(ask(what))
        except WrongKeyError as wrong:
            if not left:
                raise
            note(f"vigil: {wrong.what}.")
    raise AssertionError
