"""Where a station listens: the file in the data folder that says so to desktops.

Knows the address, its file and the names of local sockets and pipes. Must not know messages.
"""

import contextlib
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from monitor.errors import OperatorError
from monitor.standin import (
    make_standin,
    read_standin,
    remove_standin,
    takes_files,
    write_standin,
)

ADDRESS_FILE = "station.json"
LONGEST_SOCKET_PATH = 100
"""A Unix socket's path may hold some 104 bytes (macOS) or 108 (Linux)."""
TEMPORARY_PREFIX = "vigil-"
LOOKS_BEFORE_MENDING = 2
"""A file gone at two looks is gone; one gone just now may go with its whole folder, which a file
written into it at that moment would keep alive."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a station listens, and the secret to speak with it; kept in the data folder."""

    where: str
    secret: bytes
    pid: int


class Nameplate:
    """The address file of a station that runs: it is put up again when somebody took it away.

    Without it no desktop finds the station, and none may end it either.
    """

    def __init__(self, folder: Path, address: Address) -> None:
        self._folder = folder
        self._address = address
        self._missed = 0
        self._write()

    def look(self) -> None:
        """Put the file up again when it was gone, cut short or another's at two looks in a row."""
        self._missed = 0 if address_of(self._folder) == self._address else self._missed + 1
        if self._missed >= LOOKS_BEFORE_MENDING:
            with contextlib.suppress(OperatorError):  # a full disk: the next look tries again
                self._write()

    def take_down(self) -> None:
        """Take the file away, unless it is another station's by now."""
        if address_of(self._folder) == self._address:
            remove_standin(self._folder, ADDRESS_FILE)
            with contextlib.suppress(OSError):
                (self._folder / ADDRESS_FILE).unlink()

    def _write(self) -> None:
        """Write it into the folder, or where it is found while the folder takes no file."""
        data = msgspec.json.encode(self._address)
        try:
            write_private(self._folder / ADDRESS_FILE, data)
        except OperatorError:
            if not self._folder.is_dir():  # that of a demonstration, which is over
                raise
            try:
                write_standin(self._folder, ADDRESS_FILE, data)
            except OSError as cause:
                raise _unwritable(self._folder, cause) from cause
        else:
            remove_standin(self._folder, ADDRESS_FILE)


def address_of(folder: Path) -> Address | None:
    """Return where the folder's station said it listens; None when it has not said, or is over."""
    try:
        data = read_standin(folder, ADDRESS_FILE) or (folder / ADDRESS_FILE).read_bytes()
        return msgspec.json.decode(data, type=Address)
    except (OSError, msgspec.MsgspecError):
        return None


def free_address(folder: Path) -> str:
    """Return the name of a socket or pipe for this process, and clear away those of dead ones.

    It has the process in it: a station that ends must not take away the socket of the next.
    """
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\vigil-{name}-{os.getpid()}"
    for left in folder.glob("station*.sock"):
        with contextlib.suppress(OSError):
            left.unlink()
    path = _place_for_socket(folder) / f"station-{os.getpid()}.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        path = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX)) / "station.sock"
    return str(path)


def _place_for_socket(folder: Path) -> Path:
    if takes_files(folder):
        return folder
    try:
        return make_standin(folder)
    except OSError as cause:
        raise _unwritable(folder, cause) from cause


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only this user can read, whole or not at all. Raises OperatorError.

    A full disk takes no new file, but a station that was killed has left its own to write over.
    """
    half_done = path.with_suffix(".new")
    try:
        half_done.unlink(missing_ok=True)
        with os.fdopen(os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
            f.write(data)
        half_done.replace(path)
    except OSError as cause:
        if not _is_overwritten(path, data):
            raise _unwritable(path.parent, cause) from cause


def _unwritable(folder: Path, cause: OSError) -> OperatorError:
    return OperatorError(
        f"The data folder {folder} cannot be written ({cause.strerror})",
        "check that it is yours and the disk is not full",
    )


def _is_overwritten(path: Path, data: bytes) -> bool:
    try:
        with path.open("r+b") as file:
            file.write(data)
            file.truncate()
    except OSError:
        return False
    return True
