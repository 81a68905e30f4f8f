"""``vigil key``: another passphrase, recovery key or keyring entry for the same record.

Composes the vault with the terminal. The vault is replaced whole, once the new way was seen to
open it; the record itself is not touched.
"""

import argparse
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from monitor.errors import OperatorError
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.audit import Audit
from monitor.storage.keys import DataKey, find_in_keyring, keep_in_keyring, spelled
from monitor.storage.signed import open_signed
from monitor.storage.vault import (
    FILE_NAME,
    AnySlot,
    Vault,
    passphrase_slot,
    read_vault,
    recovery_slot,
    write_vault,
)
from ui.cli import data_folder
from ui.command_line import who
from ui.keys import ask_hidden, find_key, read_passphrase, vault_of
from ui.new_secrets import new_passphrase, proved_recovery_key
from ui.only_writer import is_held, only_writer
from ui.set_up import forget, keyring_slot, long_enough, unwinding
from ui.voice import note, tell

CHANGED = "key.changed"
OLD_BACKUPS = "backups that were made before still open with the old one"


@dataclass(frozen=True, slots=True)
class _Opened:
    """A data folder whose key somebody has shown to have."""

    folder: DataFolder
    vault: Vault
    key: DataKey


def passphrase(options: argparse.Namespace) -> int:
    """Replace the passphrase, or add one."""
    with _opened(options) as opened:
        file = options.new_passphrase_file
        if file is not None:
            chosen = long_enough(read_passphrase(file))
        else:
            why = "The data folder gets a new passphrase"
            again = "vigil key passphrase"
            chosen = new_passphrase(ask_hidden, why, "--new-passphrase-file", again)
        changed = _with(opened.vault, passphrase_slot(opened.key, chosen))
        _write(opened, changed, changed.unlock(chosen))
    _conclude(opened, "passphrase", f"The passphrase was changed; {OLD_BACKUPS}")
    return 0


def recovery(options: argparse.Namespace) -> int:
    """Replace the recovery key by another that was proved by typing it."""
    with _opened(options) as opened, unwinding() as undo:
        file = options.recovery_file
        made = proved_recovery_key(opened.folder.path, file, undo, "vigil key recovery")
        changed = _with(opened.vault, recovery_slot(opened.key, made))
        _write(opened, changed, changed.unlock(spelled(made)))
    if file is not None:
        note(f"vigil: the recovery key is in {file}: move it to the clinic's safe, off this disk.")
    said = f"The recovery key was changed: destroy the old paper; {OLD_BACKUPS}"
    _conclude(opened, "recovery", said)
    return 0


def keyring(options: argparse.Namespace) -> int:
    """Let this computer's keyring open the folder: one that forgot it, or another computer's."""
    with _opened(options) as opened, unwinding() as undo:
        undo.callback(_put_back, opened.key, find_in_keyring(str(opened.key.database)))
        changed = _with(opened.vault, keyring_slot(opened.key))
        _write(opened, changed, changed.unlock_with_keyring())
    _conclude(opened, "os", "This computer's keyring opens the data folder")
    return 0


def public(options: argparse.Namespace) -> int:
    """Print the public key that checks the signatures, for 'vigil verify --public-key'."""
    signing = vault_of(open_data_folder(data_folder(options))).signing
    if not signing:
        raise OperatorError("There is no signing key yet", "start Vigil once, which makes one")
    tell(signing[-1].public.hex())
    return 0


@contextlib.contextmanager
def _opened(options: argparse.Namespace) -> Iterator[_Opened]:
    """Open the vault for a person who can; nobody else may change it meanwhile."""
    folder = open_data_folder(data_folder(options))
    key = find_key(folder, options)
    if is_held(folder.path):
        raise OperatorError(
            "Vigil is running on this record, and no key was changed",
            "close it, and change the key then",
        )
    with only_writer(folder.path):
        yield _Opened(folder, read_vault(folder.path / FILE_NAME), key)


def _with(vault: Vault, new: AnySlot) -> Vault:
    """Return the vault with this slot in the place of those of its kind."""
    others = tuple(slot for slot in vault.slots if slot.kind != new.kind)
    return msgspec.structs.replace(vault, slots=(*others, new))


def _write(opened: _Opened, changed: Vault, found: DataKey) -> None:
    """Replace the vault; ``found`` is what the new way in has opened."""
    if found != opened.key:
        raise OperatorError("The new way in does not open the vault", "nothing was changed")
    write_vault(opened.folder.path / FILE_NAME, changed)


def _put_back(key: DataKey, before: bytes | None) -> None:
    if before is None:
        forget(key)
    else:
        keep_in_keyring(str(key.database), before)


def _conclude(opened: _Opened, kind: str, said: str) -> None:
    """Say what was done, and log it; the way in has changed whether or not that can be logged."""
    note(f"vigil: {said}.")
    try:
        with open_signed(opened.folder.database, opened.key) as database:
            Audit(database).append(who(), CHANGED, "", {"kind": kind}, datetime.now(UTC))
    except OperatorError as fault:
        note(f"vigil: this could not be logged ({fault}).")
