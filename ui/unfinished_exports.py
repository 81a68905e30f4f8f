"""What an export of everything left behind when it was killed: found by its note, and removed.

Knows the note in the data folder, which names the hidden folder before anything is in it, and what
such a folder may hold. Must not know what is exported.
"""

import contextlib
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock

from monitor.errors import OperatorError
from monitor.export.everything import MANIFEST, MEANING, UNFINISHED
from monitor.storage.private_file import ONLY_MINE, replace_private

NOTE, LOCK = "export.unfinished", "export.lock"
ENDINGS = (".csv", ".jsonl")
LONGEST_NOTE = 100_000
log = logging.getLogger(__name__)


@contextlib.contextmanager
def one_export(folder: Path) -> Iterator[Callable[[Path], None]]:
    """Hold the right to export from a data folder; give what notes the hidden folder.

    What an earlier export left is removed first. Raises OperatorError while another one runs.
    """
    lock = _lock(folder)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as cause:
        raise OperatorError(
            "Another export of everything is being made", "wait until it is done"
        ) from cause
    except OSError as cause:
        raise _unwritable(folder, cause) from cause
    try:
        _remove_noted(folder)
        yield lambda place: _note(folder, place)
    finally:
        with contextlib.suppress(OSError):
            _remove_noted(folder)
        lock.release()


def sweep_exports(folder: Path) -> None:
    """Remove what a killed export left unencrypted, unless one is running; a fault stops nobody."""
    if not (folder / NOTE).exists():
        return
    lock = _lock(folder)
    try:
        with lock.acquire(timeout=0):
            _remove_noted(folder)
    except (filelock.Timeout, OSError) as fault:
        log.warning("what an export left behind was not removed (%s)", type(fault).__name__)


def _note(folder: Path, place: Path) -> None:
    try:
        replace_private(folder / NOTE, json.dumps(str(place.resolve())).encode())
    except OSError as cause:
        raise _unwritable(folder, cause) from cause


def _remove_noted(folder: Path) -> None:
    note = folder / NOTE
    place = _noted(note)
    if place is not None and place.is_dir() and not place.is_symlink():
        _remove(place)
    if place is None or not place.exists() or not place.name.endswith(UNFINISHED):
        note.unlink(missing_ok=True)


def _noted(note: Path) -> Path | None:
    try:
        with note.open("rb") as file:
            named = json.loads(file.read(LONGEST_NOTE))
    except (OSError, ValueError):
        return None
    return Path(named) if isinstance(named, str) else None


def _remove(place: Path) -> None:
    """Remove the files of an export and then their folder; anything else there stays."""
    if not (place.name.startswith(".") and place.name.endswith(UNFINISHED)):
        return
    for file in place.iterdir():
        if file.suffix in ENDINGS or file.name in (MANIFEST, MEANING):
            file.unlink()
    place.rmdir()
    log.warning("removed the unencrypted files of an export that was broken off")


def _lock(folder: Path) -> filelock.FileLock:
    return filelock.FileLock(folder / LOCK, mode=ONLY_MINE)


def _unwritable(folder: Path, cause: OSError) -> OperatorError:
    return OperatorError(
        f"The data folder {folder} cannot be written ({cause.strerror})",
        "check that it is yours and the disk is not full",
    )
