"""The lock of a data folder, which can be had on a folder that takes no file as well.

Knows the operating system's locks, which it frees when their holder dies. Must not know why a
folder is locked.
"""

import os
import sys
import time
from pathlib import Path

import filelock

from monitor.storage.private_file import ONLY_MINE


class FolderLock:
    """Keeps other processes out as long as it is held: the lock file's lock, however it is opened.

    On a disk that is full or read-only the file cannot be opened to write; the operating system
    grants the same lock to whoever opened it to read, or, where there is no file, on the folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = filelock.FileLock(path, mode=ONLY_MINE, thread_local=False)
        self._descriptor: int | None = None
        self._is_on_folder = False

    @property
    def is_on_folder(self) -> bool:
        """Whether it is held, and there was no lock file to lock: the folder itself is."""
        return self._descriptor is not None and self._is_on_folder

    def acquire(self, timeout: float, poll_interval: float = 0.05) -> None:
        """Take the lock within so many seconds. Raises filelock.Timeout, or OSError."""
        try:
            self._lock.acquire(timeout=timeout, poll_interval=poll_interval)
        except filelock.Timeout:
            raise
        except OSError:
            self._acquire_to_read(timeout, poll_interval)

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)  # and the lock with it
            self._descriptor = None
        self._lock.release()

    def _acquire_to_read(self, timeout: float, poll_interval: float) -> None:
        self._is_on_folder = not self._path.exists()
        descriptor = os.open(self._path.parent if self._is_on_folder else self._path, os.O_RDONLY)
        if not _is_locked_within(descriptor, timeout, poll_interval):
            os.close(descriptor)
            raise filelock.Timeout(str(self._path))
        self._descriptor = descriptor


def _is_locked_within(descriptor: int, timeout: float, poll_interval: float) -> bool:
    end = time.monotonic() + timeout
    while not _is_locked_now(descriptor):
        if time.monotonic() >= end:
            return False
        time.sleep(poll_interval)
    return True


if sys.platform == "win32":
    import msvcrt

    def _is_locked_now(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _is_locked_now(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
