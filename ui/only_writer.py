"""One recording process per data folder, and which one that is.

Knows a lock file that the operating system frees when its holder dies, and the holder's number.
"""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import filelock

from monitor.errors import OperatorError
from monitor.standin import read_standin, remove_standin, write_standin
from monitor.storage.replacement import put_back
from ui.folder_lock import FolderLock
from ui.unfinished_exports import sweep_exports

LOCK, HOLDER = "station.lock", "station.pid"
PATIENCE_S = 1.0
"""Somebody who only asks who holds the folder has it for a moment, too."""
ASKERS_PATIENCE_S = 0.1
"""Two who ask at the same moment must not take each other for a holder."""
LOOKS_BEFORE_MENDING = 2
"""A lock file gone at two looks is gone; one gone just now may go with its whole folder."""
log = logging.getLogger(__name__)

_FileId = tuple[int, int]


class Hold:
    """A held data folder. Call ``is_kept`` now and then: the lock file may be taken away.

    A lock on a file without a name keeps nobody out, so that two would record one session.
    """

    def __init__(self, folder: Path, lock: FolderLock) -> None:
        self._folder = folder
        self._lock = lock
        self._file = _file_id(folder / LOCK)
        self._missed = 0

    def is_kept(self) -> bool:
        """Say whether the folder is still ours; a lock file that was deleted is locked anew.

        False when another process has locked the new one: it records now, and this one must end.
        """
        found = _file_id(self._folder / LOCK)
        if found == self._file and (found is not None or self._lock.is_on_folder):
            self._missed = 0
            return True
        self._missed += 1
        is_young = found is None and self._missed < LOOKS_BEFORE_MENDING
        if is_young or not self._folder.is_dir():  # to lock would make the folder again
            return True
        return self._lock_anew()

    def release(self) -> None:
        """Give the folder back."""
        self._lock.release()

    def _lock_anew(self) -> bool:
        again = _lock(self._folder)
        try:
            again.acquire(timeout=ASKERS_PATIENCE_S)
        except filelock.Timeout:
            log.warning("the lock file was deleted, and another process has the data folder now")
            return False
        except OSError:  # where no lock file can be made, nobody else gets one either
            return True
        self._lock.release()
        self._lock, self._file, self._missed = again, _file_id(self._folder / LOCK), 0
        _say_who(self._folder)
        return True


@contextlib.contextmanager
def only_writer(folder: Path) -> Iterator[Hold]:
    """Hold the data folder for this process. Raises OperatorError when another has it."""
    lock = _lock(folder)
    try:
        lock.acquire(timeout=PATIENCE_S)
    except filelock.Timeout as cause:
        raise OperatorError(
            f"Another Vigil station records into {folder} already",
            "use that one, stop it, or name another folder with --data",
        ) from cause
    except OSError as cause:
        raise _unwritable(folder, cause) from cause
    hold = Hold(folder, lock)
    try:
        _mend(folder)
        sweep_exports(folder)
        with _named(folder):
            yield hold
    finally:
        hold.release()


def _mend(folder: Path) -> None:
    """Undo a restore that was broken off: the folder holds the old record or the new one."""
    try:
        if put_back(folder):
            log.warning("a restore was broken off; the record is as it was before")
    except OSError as cause:
        raise _unwritable(folder, cause) from cause


@contextlib.contextmanager
def _named(folder: Path) -> Iterator[None]:
    _say_who(folder)
    try:
        yield
    finally:
        if _named_holder(folder) == os.getpid():  # another may have taken the folder over
            remove_standin(folder, HOLDER)
            with contextlib.suppress(OSError):
                (folder / HOLDER).unlink(missing_ok=True)


def _say_who(folder: Path) -> None:
    """Write the holder's number down: beside the lock, or where that is found in its stead."""
    number = str(os.getpid())
    try:
        _write_over(folder / HOLDER, number)
    except OSError:
        with contextlib.suppress(OSError):  # then it is not known; nobody may end us for another
            write_standin(folder, HOLDER, number.encode("ascii"))
    else:
        remove_standin(folder, HOLDER)


def _write_over(path: Path, text: str) -> None:
    """Write a file in the place of the one before it: a full disk gives back no block."""
    with path.open("r+" if path.exists() else "w", encoding="ascii") as file:
        file.write(text)
        file.truncate()


def is_held(folder: Path) -> bool:
    """Whether a process holds the folder now. Raises OSError for a folder that is not ours."""
    if not folder.is_dir():
        return False
    lock = _lock(folder)
    try:
        lock.acquire(timeout=ASKERS_PATIENCE_S, poll_interval=0.01)
    except filelock.Timeout:
        return True
    lock.release()
    return False


def writer_of(folder: Path) -> int | None:
    """Return the process that holds the folder now, None when nobody does or it is not known."""
    return _named_holder(folder) if is_held(folder) else None


def has_lock_open(folder: Path, pid: int) -> bool:
    """Say whether a process has the folder's lock file open; elsewhere than on Linux, False.

    The number of a dead station may be another program's by now: what is to be killed must first
    be known to be the holder.
    """
    wanted = _file_id(folder / LOCK)
    try:
        opened = [_file_id(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return False
    return wanted is not None and wanted in opened


def _named_holder(folder: Path) -> int | None:
    said = read_standin(folder, HOLDER)
    with contextlib.suppress(OSError, ValueError):
        return int(said or (folder / HOLDER).read_bytes())
    return None


def _lock(folder: Path) -> FolderLock:
    return FolderLock(folder / LOCK)


def _file_id(path: Path) -> _FileId | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _unwritable(folder: Path, cause: OSError) -> OperatorError:
    return OperatorError(
        f"The data folder {folder} cannot be written ({cause.strerror})",
        "check that it is yours and the disk is not full",
    )
