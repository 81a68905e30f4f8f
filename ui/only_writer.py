"""One recording process per data folder, and which one that is.

Knows a lock file that the operating system frees when its holder dies, and the holder's number.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import filelock

from monitor.errors import OperatorError

LOCK, HOLDER = "station.lock", "station.pid"
PATIENCE_S = 1.0
"""Somebody who only asks who holds the folder has it for a moment, too."""


@contextlib.contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process. Raises OperatorError when another has it."""
    lock = filelock.FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=PATIENCE_S)
    except filelock.Timeout as cause:
        raise OperatorError(
            f"Another Vigil station records into {folder} already",
            "use that one, stop it, or name another folder with --data",
        ) from cause
    except OSError as cause:
        raise _unwritable(folder, cause) from cause
    try:
        with _named(folder):
            yield
    finally:
        lock.release()


@contextlib.contextmanager
def _named(folder: Path) -> Iterator[None]:
    try:
        _write_over(folder / HOLDER, str(os.getpid()))
    except OSError as cause:
        raise _unwritable(folder, cause) from cause
    try:
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)


def _write_over(path: Path, text: str) -> None:
    """Write a file in the place of the one before it: a full disk gives back no block."""
    with path.open("r+" if path.exists() else "w", encoding="ascii") as file:
        file.write(text)
        file.truncate()


def writer_of(folder: Path) -> int | None:
    """Return the process that holds the folder now, None when nobody does."""
    lock = filelock.FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        with contextlib.suppress(OSError, ValueError):
            return int((folder / HOLDER).read_text())
        return None
    lock.release()
    return None


def _unwritable(folder: Path, cause: OSError) -> OperatorError:
    return OperatorError(
        f"The data folder {folder} cannot be written ({cause.strerror})",
        "check that it is yours and the disk is not full",
    )
