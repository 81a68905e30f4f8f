"""How the desktop comes to the key of its folder: as every command does, else by its own window.

Composes vault, set-up and the window of the first start; loads Qt only to show it.
"""

import argparse

from monitor.accounts.passwords import Passwords
from monitor.clock import SystemClock
from monitor.errors import OperatorError
from monitor.settings import DataFolder
from monitor.storage.keys import DataKey, KeyringError
from monitor.storage.vault import FILE_NAME, WrongKeyError, read_vault
from ui.first_start.steps import FirstStart, OpenFolder, Steps
from ui.keys import find_key, has_terminal, is_set_up
from ui.people.errands import Errands
from ui.set_up import SetUp


def find_or_ask(folder: DataFolder, options: argparse.Namespace) -> DataKey:
    """Return the folder's key, from a person at the window when nothing else brings it.

    A folder that is new is set up there. Raises OperatorError, also when the window was closed.
    """
    is_named = getattr(options, "key_from_stdin", False) or hasattr(options, "passphrase_file")
    if is_named or folder.settings.throw_away:
        return find_key(folder, options)
    if not is_set_up(folder):
        set_up = SetUp(folder, Passwords())
        steps = FirstStart(set_up, str(folder.path), SystemClock(), Errands())
        return _ask(steps, "Nothing was set up")
    if has_terminal():
        return find_key(folder, options)
    vault = read_vault(folder.path / FILE_NAME)
    try:
        return vault.unlock_with_keyring()
    except (KeyringError, WrongKeyError) as fault:
        return _ask(OpenFolder(vault, fault.what, Errands()), "The records were not opened")


def _ask(steps: Steps, otherwise: str) -> DataKey:
    from ui.app import run_first_start  # noqa: PLC0415 - Qt is loaded only to show a window

    run_first_start(steps)
    if steps.key is None:
        raise OperatorError(otherwise, "start Vigil again when you are ready")
    return steps.key
