"""The spill: a file made in good times that takes sealed records when the database cannot.

Knows bytes only: written and synced ahead of need, filled from the front, read back, emptied.
Must not know rows, keys or why the database refuses.

Its blocks are allocated and written once before they are needed, so that a full disk still takes
what is written over them (reliability brief, 2.5). A record is its sealed length (4 bytes, big
endian) and the sealed bytes; length 0 is the end.
"""

import os
import struct
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol

SPILL_BYTES = 4_194_304
_LENGTH = struct.Struct(">I")
_END = _LENGTH.pack(0)
_PIECE = bytes(65_536)
_UNWRITTEN = bytes(4)
"""How a record ends whose writing was cut short: no seal ends so, but one in 2^32."""


class BrokenSeal(Exception):  # noqa: N818 - it is what it says, not an error of ours
    """These bytes were not sealed by this seal, or not all of them are there."""


class Seal(Protocol):
    """Makes bytes unreadable and unchangeable for others: AES-256-GCM, nonce and tag included."""

    def seal(self, plain: bytes) -> bytes:
        """Return nonce, cipher text and tag."""

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed. Raises BrokenSeal."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a spill holds: its records by position, and how many more cannot be read."""

    records: dict[int, bytes]
    broken: int


class Spill:
    """One spill file. Every method raises OSError when the disk does not do what it should."""

    def __init__(self, path: Path, seal: Seal, size: int = SPILL_BYTES) -> None:
        self.path = path
        self._seal = seal
        self._size = size
        self._file: FileIO | None = None
        self._end = 0
        self._capacity = 0

    def open(self) -> None:
        """Open the file; make it and write it full of zeros where it is not yet.

        A last record whose writing was cut short by the death of the program is wiped: it was
        never promised. On a disk that can only be read the file is opened to read.
        """
        self.close()
        try:
            self._file = _opened(self.path, os.O_RDWR | os.O_CREAT, "r+b")
        except OSError:
            self._file = _opened(self.path, os.O_RDONLY, "rb")
        self._capacity = self._file.seek(0, os.SEEK_END)
        if self.is_writable and self._capacity < self._size:
            with suppress(OSError):  # on a full disk it is as large as the disk allows
                self._zeros(self._capacity, self._size)
            self._capacity = self._file.seek(0, os.SEEK_END)
        self._find_end()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def is_writable(self) -> bool:
        """Whether it is open, and not only to read."""
        return self._file is not None and self._file.writable()

    @property
    def room(self) -> int:
        """How many bytes it still takes."""
        return self._capacity - self._end

    @property
    def count(self) -> int:
        """How many records it holds, readable or not."""
        return sum(1 for _ in self._frames(self._end))

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing."""
        return self._end == 0

    def append(self, payloads: Sequence[bytes]) -> int:
        """Write payloads in one sync; return how many of them fitted, from the first on.

        On return they are on disk. Raises OSError, and none of them counts then.
        """
        self._check_it_has_a_name()
        frames: list[bytes] = []
        left = self.room
        for payload in payloads:
            sealed = self._seal.seal(payload)
            left -= _LENGTH.size + len(sealed)
            if left < 0:
                break
            frames.append(_LENGTH.pack(len(sealed)) + sealed)
        if frames:
            data = b"".join(frames)
            self._write(self._end, data + _END[: self.room - len(data)])
            self._sync()
            self._end += len(data)
        return len(frames)

    def read(self, positions: Collection[int] | None = None) -> Contents:
        """Return the records, or those at ``positions``."""
        records: dict[int, bytes] = {}
        broken = 0
        for position, (_, sealed) in enumerate(self._frames(self._end)):
            if positions is not None and position not in positions:
                continue
            try:
                records[position] = self._seal.open(sealed)
            except BrokenSeal:
                broken += 1
        return Contents(records, broken)

    def empty(self) -> None:
        """Forget everything: nothing of it is left in the file."""
        self._zeros(0, self._end)
        self._end = 0

    def set_aside(self) -> Path:
        """Keep the file under another name, for somebody to look at, and begin a new one."""
        taken = len(list(self.path.parent.glob(f"{self.path.stem}-unread-*")))
        aside = self.path.with_name(f"{self.path.stem}-unread-{taken + 1}{self.path.suffix}")
        self.close()
        self.path.rename(aside)
        self.open()
        return aside

    # ---- inside

    @property
    def _opened(self) -> FileIO:
        if self._file is None:
            raise OSError("the spill file is not open")
        return self._file

    def _check_it_has_a_name(self) -> None:
        """Refuse to write to a deleted file: it would be gone with the process."""
        if os.fstat(self._opened.fileno()).st_nlink == 0:
            raise FileNotFoundError(f"the spill file {self.path.name} was deleted")

    def _frames(self, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Yield each record's length and sealed bytes; a wrong length may run past the end."""
        self._opened.seek(0)
        data = self._read_all()[:end]
        start = 0
        while start + _LENGTH.size <= len(data):
            (length,) = _LENGTH.unpack_from(data, start)
            if length == 0:
                return
            start += _LENGTH.size
            yield length, data[start : start + length]
            start += length

    def _find_end(self) -> None:
        frames = list(self._frames())
        self._end = sum(_LENGTH.size + len(sealed) for _, sealed in frames)
        length, last = frames[-1] if frames else (0, b"")
        if len(last) == length and last.endswith(_UNWRITTEN):
            start = self._end - _LENGTH.size - length
            if self.is_writable:
                self._zeros(start, self._end)
            self._end = start

    def _read_all(self) -> bytes:
        pieces = []
        while piece := self._opened.read(1_048_576):
            pieces.append(piece)
        return b"".join(pieces)

    def _write(self, start: int, data: bytes) -> None:
        self._opened.seek(start)
        rest = memoryview(data)
        while rest:
            rest = rest[self._opened.write(rest) :]

    def _zeros(self, start: int, end: int) -> None:
        for at in range(start, end, len(_PIECE)):
            self._write(at, _PIECE[: end - at])
        self._sync()

    def _sync(self) -> None:
        sync(self._opened.fileno())


def _opened(path: Path, how: int, mode: str) -> FileIO:
    descriptor = os.open(path, how | getattr(os, "O_BINARY", 0), 0o600)
    return FileIO(descriptor, mode)


def sync(descriptor: int) -> None:
    """Return when the file is on the disk itself. Raises OSError."""
    os.fsync(descriptor)
    if sys.platform == "darwin":  # there fsync leaves it in the drive's cache (brief, 2.1)
        import fcntl  # noqa: PLC0415 - Windows has none

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
