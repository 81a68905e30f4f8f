"""``vigil init``: makes an encrypted data folder, with a recovery key that was proved by typing it.

Composes the vault, the keyring and the terminal. Nothing is made before the recovery key is safe.
"""

import argparse
import contextlib
from pathlib import Path

from monitor.accounts.passwords import Passwords
from monitor.accounts.people import Role, new_person
from monitor.clock import SystemClock
from monitor.errors import OperatorError
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.keys import DataKey, KeyringError
from monitor.storage.vault import AnySlot, passphrase_slot, recovery_slot
from ui.cli import data_folder
from ui.keys import ask_hidden, ask_openly, has_terminal, read_passphrase
from ui.new_secrets import new_passphrase, proved_recovery_key
from ui.only_writer import only_writer
from ui.set_up import (
    add_administrator,
    forget,
    keyring_slot,
    long_enough,
    make_database,
    require_new,
    unwinding,
    write_keys,
)
from ui.voice import note


def init(options: argparse.Namespace) -> int:
    """Set the data folder up, or leave it exactly as it was."""
    folder = open_data_folder(data_folder(options))
    with only_writer(folder.path):
        require_new(folder)
        key = DataKey.random()
        with unwinding() as undo:
            slots = _slots(key, folder, options, undo)
            code = write_keys(folder, key, slots)
        for sentence in make_database(folder, key):
            note(f"vigil: {sentence}.")
    _conclude(folder, slots, options.recovery_file)
    note(
        f"vigil: the record is signed with the key {code}: write this code beside the recovery "
        "key; 'vigil verify' shows it."
    )
    _offer_administrator(folder, key)
    return 0


def _slots(
    key: DataKey, folder: DataFolder, options: argparse.Namespace, undo: contextlib.ExitStack
) -> tuple[AnySlot, ...]:
    """Return every way back to the key: keyring if there is one, passphrase, recovery key."""
    file = getattr(options, "passphrase_file", None)
    passphrase = None if file is None else long_enough(read_passphrase(file))
    slots: list[AnySlot] = []
    try:
        slots.append(keyring_slot(key))
        undo.callback(forget, key)
    except KeyringError as fault:
        why = f"{fault.what}, so the data folder needs a passphrase"
        passphrase = passphrase or new_passphrase(
            ask_hidden, why, "--passphrase-file", "vigil init"
        )
    if passphrase is not None:
        slots.append(passphrase_slot(key, passphrase))
    recovery = proved_recovery_key(folder.path, options.recovery_file, undo, "vigil init")
    return (*slots, recovery_slot(key, recovery))


def _conclude(folder: DataFolder, slots: tuple[AnySlot, ...], file: Path | None) -> None:
    ways = {"os": "this computer's keyring", "passphrase": "the passphrase"}
    named = [ways[slot.kind] for slot in slots if slot.kind in ways]
    note(
        f"vigil: {folder.path} is set up and encrypted; {' or '.join(named)} opens it, "
        "and so does the recovery key."
    )
    if file is not None:
        note(f"vigil: the recovery key is in {file}: move it to the clinic's safe, off this disk.")


# ---- the administrator


def _offer_administrator(folder: DataFolder, key: DataKey) -> None:
    """Add the first account if somebody sits at the terminal; else the window asks for it."""
    if not has_terminal():
        return
    name = ask_openly("Sign-in name of the administrator (Enter: later, in the window): ").strip()
    if not name:
        return
    try:
        person = new_person(name, ask_openly("Full name: ").strip(), Role.ADMINISTRATOR)
        chosen, now = _typed_twice(), SystemClock().now()
        add_administrator(folder, key, person, chosen, now=now, passwords=Passwords())
    except OperatorError as fault:
        note(f"vigil: {fault}. The folder is set up; the window asks for the administrator.")
        return
    note(f"vigil: added {person.sign_in_name} (administrator).")


def _typed_twice() -> str:
    chosen = ask_hidden("Password: ")
    if ask_hidden("The same again: ") != chosen:
        raise OperatorError("The two passwords differ", "type the same one twice")
    return chosen
