"""A place for what a station must say of itself while its data folder takes no file.

Knows folders of this user that are there on every system. Must not know what is written.

A full or read-only disk must not keep a station from being found, or alarms would fall silent. The
places are in memory where there is such a thing, because a full disk is often the only one.
"""

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "vigil-"


def standins(folder: Path, parents: tuple[Path, ...] | None = None) -> tuple[Path, ...]:
    """Return where a stand-in of a data folder may be, best first; none need exist."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    who = f"{os.getuid()}-" if sys.platform != "win32" else ""
    return tuple(parent / f"{PREFIX}{who}{name}" for parent in parents or _parents())


def _parents() -> tuple[Path, ...]:
    everywhere = (Path(tempfile.gettempdir()),)
    if sys.platform == "linux":
        return (Path(f"/run/user/{os.getuid()}"), Path("/dev/shm"), *everywhere)  # noqa: S108 - the folder made there is ours alone, which is checked
    return everywhere


def takes_files(folder: Path) -> bool:
    """Whether a new file, if only an empty one, can be made in a folder."""
    probe = folder / f"{PREFIX}{os.getpid()}.probe"
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:  # of a process that died, whose number we have
        pass
    except OSError:
        return False
    with contextlib.suppress(OSError):
        probe.unlink()
    return True


def make_standin(folder: Path) -> Path:
    """Return a stand-in that takes files; make it if need be. Raises OSError when none does."""
    for place in standins(folder):
        with contextlib.suppress(OSError):
            place.mkdir(mode=0o700, exist_ok=True)
        if _is_ours_alone(place) and takes_files(place):
            return place
    raise OSError(f"no folder takes a file in the place of {folder}")


def write_standin(folder: Path, name: str, data: bytes) -> None:
    """Write a file into a stand-in, for this user only. Raises OSError."""
    path = make_standin(folder) / name
    half_done = path.with_name(f"{name}.new")
    half_done.unlink(missing_ok=True)
    with os.fdopen(os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    half_done.replace(path)


def read_standin(folder: Path, name: str) -> bytes | None:
    """Return a file of a stand-in, None when there is none. Another user's is never read."""
    for place in _existing(folder):
        with contextlib.suppress(OSError):
            return (place / name).read_bytes()
    return None


def remove_standin(folder: Path, name: str) -> None:
    """Remove a file from every stand-in, and those that are empty then."""
    for place in _existing(folder):
        with contextlib.suppress(OSError):
            (place / name).unlink(missing_ok=True)
            place.rmdir()


def _existing(folder: Path) -> Iterator[Path]:
    return (place for place in standins(folder) if _is_ours_alone(place))


def _is_ours_alone(place: Path) -> bool:
    """Whether a folder is one, and nobody else can have put anything there."""
    try:
        found = place.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return sys.platform == "win32" or (found.st_uid == os.getuid() and not found.st_mode & 0o077)
