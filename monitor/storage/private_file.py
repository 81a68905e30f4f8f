"""Files that hold keys: only this user may read them, and they are whole or not there.

Knows modes, fsync and renames. Must not know what is written.
"""

import contextlib
import os
from pathlib import Path

ONLY_MINE = 0o600


def create_private(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, down to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_MINE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def replace_private(path: Path, data: bytes) -> None:
    """Write a file whole or leave the one before it; it is on the disk then. Raises OSError."""
    half_done = path.with_name(f"{path.name}.new")
    half_done.unlink(missing_ok=True)
    create_private(half_done, data)
    half_done.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring names that were added or changed in a folder to the disk, where systems can (POSIX)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network and FUSE file systems refuse this; then nothing better can be done.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
