"""Room on the disk of the records: how much is left, and a reserve that is given up when none is.

Knows files and free bytes. Must not know rows or the database.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from monitor.storage.private_file import ONLY_MINE
from monitor.storage.spill import sync

log = logging.getLogger(__name__)

# Reliability brief, 2.5, "How to go on".
LOW_BYTES = 500_000_000
NOTE_BYTES = 2_000_000_000
RESERVE_BYTES = 33_554_432
_PIECE = bytes(1_048_576)


@dataclass(frozen=True, slots=True)
class Room:
    """What to say of the room left; ``note`` is "" when there is plenty."""

    note: str = ""
    is_low: bool = False


def room_for(free_bytes: int) -> Room:
    """Judge the free bytes of the disk that the records lie on."""
    if free_bytes < LOW_BYTES:
        left = f"Only {free_bytes // 1_000_000} MB are free on the disk of the records"
        return Room(f"{left}: make room now", is_low=True)
    if free_bytes < NOTE_BYTES:
        left = f"{free_bytes / 1e9:.1f} GB are free on the disk of the records"
        return Room(f"{left}: make room soon")
    return Room()


def is_want_of_room(fault: BaseException) -> bool:
    """Say whether freeing bytes may mend this fault of the database.

    A quota, and a file system that is full in its own tables, say "disk I/O error" instead.
    """
    words = f"{fault} {fault.__cause__}"
    return "disk is full" in words or "disk I/O error" in words


class Reserve:
    """A file of no use but that deleting it makes room for some hours of rows."""

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        self.path = path
        self.size = size

    @property
    def is_held(self) -> bool:
        """Whether it is there in full."""
        try:
            return self.path.stat().st_size >= self.size
        except OSError:
            return False

    def hold(self) -> bool:
        """Make the file; False, and nothing left behind, when the disk does not take it."""
        if self.is_held:
            return True
        try:
            self.path.touch(mode=ONLY_MINE)
            with self.path.open("wb", buffering=0) as file:
                _allocate(file, self.size)
                sync(file.fileno())
        except OSError as fault:
            log.warning("no reserve of disk space: %s", fault.strerror)
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Delete the file; say whether that made room."""
        try:
            self.path.unlink()
        except OSError:
            return False
        return True


def _allocate(file: BinaryIO, size: int) -> None:
    """Give the file blocks of its own: at once where the system can, by writing elsewhere."""
    allocate: Callable[[int, int, int], None] | None = getattr(os, "posix_fallocate", None)
    if allocate is not None:
        allocate(file.fileno(), 0, size)
        return
    for at in range(0, size, len(_PIECE)):
        file.write(_PIECE[: size - at])
