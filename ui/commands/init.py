"""``vigil init``: makes an encrypted data folder, with a recovery key that was proved by typing it.

Composes the vault, the keyring and the terminal. Nothing is made before the recovery key is safe.
"""

import argparse
import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from monitor.errors import OperatorError
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.connection import unencrypted
from monitor.storage.database import inspect, open_database
from monitor.storage.keys import (
    KEY_BYTES,
    DataKey,
    KeyringError,
    forget_in_keyring,
    keep_in_keyring,
    new_recovery_key,
    read_recovery_key,
    spelled,
)
from monitor.storage.plain_to_encrypted import is_plain, settle
from monitor.storage.private_file import create_private
from monitor.storage.vault import (
    FILE_NAME,
    AnySlot,
    Vault,
    os_slot,
    passphrase_slot,
    recovery_slot,
    write_vault,
)
from ui.cli import data_folder
from ui.keys import Ask, ask_hidden, ask_openly, has_terminal, is_set_up, read_passphrase
from ui.only_writer import only_writer
from ui.voice import note

SHORTEST_PASSPHRASE = 8
TRIES = 3


def init(options: argparse.Namespace) -> int:
    """Set the data folder up, or leave it exactly as it was."""
    folder = open_data_folder(data_folder(options))
    with only_writer(folder.path):
        _require_new(folder)
        key = DataKey.random()
        with _unwinding() as undo:
            slots = _slots(key, folder, options, undo)
            write_vault(folder.path / FILE_NAME, Vault(database=key.database, slots=slots))
        for sentence in settle(folder.database, key):
            note(f"vigil: {sentence}.")
        open_database(folder.database, key).close()
    _conclude(folder, slots, options.recovery_file)
    return 0


def _require_new(folder: DataFolder) -> None:
    """Raise OperatorError when there is a vault, or a database that a new vault cannot open."""
    if is_set_up(folder):
        raise OperatorError(f"The data folder {folder.path} is set up already", "just start Vigil")
    path = folder.database
    if not path.exists() or path.stat().st_size == 0:
        return
    if not is_plain(path):
        raise OperatorError(
            f"There is an encrypted database in {folder.path}, but not the vault that opens it",
            f"put its {FILE_NAME} back from a backup; a new one cannot open it",
        )
    inspect(path, unencrypted())


@contextlib.contextmanager
def _unwinding() -> Iterator[contextlib.ExitStack]:
    """Undo what was noted, in reverse, unless the block ends well."""
    with contextlib.ExitStack() as undo:
        yield undo
        undo.pop_all()


def _slots(
    key: DataKey, folder: DataFolder, options: argparse.Namespace, undo: contextlib.ExitStack
) -> tuple[AnySlot, ...]:
    """Return every way back to the key: keyring if there is one, passphrase, recovery key."""
    file = getattr(options, "passphrase_file", None)
    passphrase = None if file is None else _long_enough(read_passphrase(file))
    slots: list[AnySlot] = []
    try:
        wrapping = secrets.token_bytes(KEY_BYTES)
        undo.callback(_forget, key)
        keep_in_keyring(key.database, wrapping)
        slots.append(os_slot(key, wrapping))
    except KeyringError as fault:
        passphrase = passphrase or _new_passphrase(ask_hidden, fault.what)
    if passphrase is not None:
        slots.append(passphrase_slot(key, passphrase))
    recovery = _proved_recovery_key(folder, options.recovery_file, undo)
    return (*slots, recovery_slot(key, recovery))


def _forget(key: DataKey) -> None:
    with contextlib.suppress(KeyringError):
        forget_in_keyring(key.database)


# ---- the passphrase


def _new_passphrase(ask: Ask, why: str) -> str:
    if not has_terminal():
        raise OperatorError(
            f"{why}, so the data folder needs a passphrase",
            "name a file that holds it with --passphrase-file",
        )
    note(f"vigil: {why}, so the data folder needs a passphrase.")
    chosen = _long_enough(ask("New passphrase: "))
    if ask("The same again: ") != chosen:
        raise OperatorError("The two passphrases differ", "run 'vigil init' again")
    return chosen


def _long_enough(passphrase: str) -> str:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise OperatorError(
            f"The passphrase is too short, it needs {SHORTEST_PASSPHRASE} characters",
            "choose a longer one, such as four words",
        )
    return passphrase


# ---- the recovery key


def _proved_recovery_key(
    folder: DataFolder, file: Path | None, undo: contextlib.ExitStack
) -> bytes:
    """Return a recovery key that a person has on paper, or that a file was seen to hold."""
    recovery = new_recovery_key()
    if file is not None:
        _write_and_read_back(recovery, folder, file, undo)
    elif has_terminal():
        _show_and_ask_back(recovery, ask_openly)
    else:
        raise OperatorError(
            "There is no terminal to show the recovery key on",
            "name a file for it with --recovery-file",
        )
    return recovery


def _write_and_read_back(
    recovery: bytes, folder: DataFolder, file: Path, undo: contextlib.ExitStack
) -> None:
    if file.resolve().is_relative_to(folder.path.resolve()):
        raise OperatorError(
            "The recovery key would lie beside what it opens",
            "name a file outside the data folder",
        )
    try:
        create_private(file, f"{spelled(recovery)}\n".encode())
        undo.callback(file.unlink, missing_ok=True)
        is_there = read_recovery_key(file.read_text(encoding="ascii")) == recovery
    except FileExistsError as cause:
        raise OperatorError(f"The file {file} exists already", "name a new one") from cause
    except OSError as cause:
        raise OperatorError(
            f"The recovery key cannot be written to {file} ({cause.strerror})", "name another file"
        ) from cause
    if not is_there:
        raise OperatorError(f"The file {file} does not hold what was written", "name another file")


def _show_and_ask_back(recovery: bytes, ask: Ask) -> None:
    """Show the recovery key once; go on only when it was typed back. Raises OperatorError."""
    note(
        "The recovery key opens the records when this computer or the passphrase is lost.\n"
        "It is shown this once. Write it down and keep it in the clinic's safe:\n\n"
        f"    {spelled(recovery)}\n"
    )
    for left in reversed(range(TRIES)):
        if read_recovery_key(ask("Type it back from the paper: ")) == recovery:
            return
        if left:
            note("vigil: that is not the recovery key; look again.")
    raise OperatorError(
        "The recovery key was not typed back correctly", "run 'vigil init' again; nothing was made"
    )


def _conclude(folder: DataFolder, slots: tuple[AnySlot, ...], file: Path | None) -> None:
    ways = {"os": "this computer's keyring", "passphrase": "the passphrase"}
    named = [ways[slot.kind] for slot in slots if slot.kind in ways]
    note(
        f"vigil: {folder.path} is set up and encrypted; {' or '.join(named)} opens it, "
        "and so does the recovery key."
    )
    if file is not None:
        note(f"vigil: the recovery key is in {file}: move it to the clinic's safe, off this disk.")
