"""New secrets of a data folder, as a person makes them: a passphrase, and a recovery key on paper.

Knows the terminal and files. Must not know the vault: nothing is changed here.
"""

import contextlib
from pathlib import Path

from monitor.errors import OperatorError
from monitor.storage.keys import new_recovery_key, read_recovery_key, spelled
from monitor.storage.private_file import create_private
from ui.keys import Ask, ask_openly, has_terminal
from ui.set_up import long_enough
from ui.voice import note

TRIES = 3


def new_passphrase(ask: Ask, why: str, option: str, again: str) -> str:
    """Return a passphrase that a person typed twice. Raises OperatorError, with what to do.

    ``option`` names the file for it where nobody can be asked; ``again`` is how to start anew.
    """
    if not has_terminal():
        raise OperatorError(why, f"name a file that holds it with {option}")
    note(f"vigil: {why}.")
    chosen = long_enough(ask("New passphrase: "))
    if ask("The same again: ") != chosen:
        raise OperatorError("The two passphrases differ", f"run '{again}' again")
    return chosen


def proved_recovery_key(
    folder: Path, file: Path | None, undo: contextlib.ExitStack, again: str
) -> bytes:
    """Return a recovery key that a person has on paper, or that a file was seen to hold."""
    recovery = new_recovery_key()
    if file is not None:
        _write_and_read_back(recovery, folder, file, undo)
    elif has_terminal():
        _show_and_ask_back(recovery, ask_openly, again)
    else:
        raise OperatorError(
            "There is no terminal to show the recovery key on",
            "name a file for it with --recovery-file",
        )
    return recovery


def _write_and_read_back(
    recovery: bytes, folder: Path, file: Path, undo: contextlib.ExitStack
) -> None:
    if file.resolve().is_relative_to(folder.resolve()):
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


def _show_and_ask_back(recovery: bytes, ask: Ask, again: str) -> None:
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
        "The recovery key was not typed back correctly", f"run '{again}' again; nothing was made"
    )
