"""Where rows go while the database refuses them: the spill, and the reserve that makes room.

Knows how a row becomes a record of the spill and back. Must not know threads, or why there is a
fault; a fault of its own is logged and answered, never raised.
"""

import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from monitor.errors import BugError
from monitor.records import Record
from monitor.storage import schema
from monitor.storage.backlog import Entry
from monitor.storage.rows import decode, decode_session, encode
from monitor.storage.space import (
    LOW_BYTES,
    RESERVE_BYTES,
    Reserve,
    Room,
    is_want_of_room,
    room_for,
)
from monitor.storage.spill import SPILL_BYTES, Contents, Seal, Spill

log = logging.getLogger(__name__)

SPILL_NAME = "spill.bin"
RESERVE_NAME = "reserve.bin"
RECORD_BYTES = 32
"""What a record takes besides the row: its length, nonce and tag."""
URGENT_SHARE = 0.25
"""The last part of the spill takes only cuff readings, alarms and happenings."""


class Refuge:
    """No refuge: rows wait in memory alone."""

    def begin(self) -> tuple[tuple[Entry, ...], int]:
        """Open; return the rows that a process before left, and how many cannot be read."""
        return (), 0

    def keep(
        self,
        entries: Sequence[Entry],  # noqa: ARG002 - the same call for every refuge
    ) -> tuple[int, ...] | None:
        """Put rows on disk; return the numbers of those there now, None when the disk failed."""
        return ()

    def fetch(
        self,
        numbers: Sequence[int],  # noqa: ARG002 - the same call for every refuge
    ) -> tuple[Entry, ...]:
        """Return those of these rows that can be read back, in order."""
        return ()

    def emptied(self) -> None:
        """Forget all rows: they are in the database."""

    def make_room(
        self,
        fault: BaseException,  # noqa: ARG002 - the same call for every refuge
    ) -> bool:
        """Give up the reserve when that may mend the fault; say whether it is worth a try."""
        return False

    def look(self) -> Room:
        """Look how much room the disk has, and hold the reserve again when there is enough."""
        return Room()

    def close(self) -> None:
        """Let go of the files; what is in the spill stays there."""


class DiskRefuge(Refuge):
    """A spill file and a reserve file in the data folder."""

    def __init__(
        self,
        folder: Path,
        seal: Seal,
        *,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        spill_bytes: int = SPILL_BYTES,
        reserve_bytes: int = RESERVE_BYTES,
    ) -> None:
        self._folder = folder
        self._spill = Spill(folder / SPILL_NAME, seal, spill_bytes)
        self._reserve = Reserve(folder / RESERVE_NAME, reserve_bytes)
        self._free_bytes = free_bytes
        self._urgent_bytes = int(spill_bytes * URGENT_SHARE)
        self._numbers: list[int] = []
        self._is_full = False
        self._unread = 0
        self._fault = ""
        self._room = Room()
        self._was_just_given_up = False

    def begin(self) -> tuple[tuple[Entry, ...], int]:
        """Open the spill; return what is in it, numbered so that the last row is number 0."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._spill.open()
            contents = self._spill.read()
        except OSError as fault:
            log.warning("no spill file: %s", fault)
            return (), 0
        count = len(contents.records) + contents.broken
        self._numbers = list(range(1 - count, 1))
        entries, self._unread = self._entries(contents)
        if count:
            log.warning("%d rows found in the spill, %d of them unreadable", count, self._unread)
        return entries, self._unread

    def keep(self, entries: Sequence[Entry]) -> tuple[int, ...] | None:
        """Put rows into the spill, as far as it has room and they can be stored at all."""
        if self._is_full:
            return ()
        try:
            self._open_again()
            fit = self._fitting(entries)
            count = self._spill.append([data for _, data in fit])
        except OSError as fault:
            self._log_once(f"the spill file takes no rows: {fault}")
            return None
        self._fault = ""
        kept = tuple(number for number, _ in fit[:count])
        self._numbers += kept
        if count < len(fit):
            self._is_full = True
            log.error("the spill file is full")
        return kept

    def fetch(self, numbers: Sequence[int]) -> tuple[Entry, ...]:
        """Return those of these rows that can be read back, in order."""
        wanted = set(numbers)
        positions = {at for at, number in enumerate(self._numbers) if number in wanted}
        try:
            return self._entries(self._spill.read(positions))[0]
        except OSError as fault:
            log.warning("the spill file cannot be read: %s", fault)
            return ()

    def emptied(self) -> None:
        """Wipe the spill; one with rows that nobody could read is kept under another name."""
        if self._spill.is_empty:
            return
        try:
            if self._unread:
                log.error("%d rows unreadable: see %s", self._unread, self._spill.set_aside().name)
            else:
                self._spill.empty()
        except OSError as fault:  # harmless: writing the rows once more changes nothing
            log.warning("the spill file cannot be emptied: %s", fault)
            return
        self._numbers, self._is_full, self._unread = [], False, 0

    def make_room(self, fault: BaseException) -> bool:
        """Give up the reserve when the disk is full."""
        if is_want_of_room(fault) and self._reserve.release():
            self._was_just_given_up = True
            log.warning("the disk is full: the reserve was given up")
            return True
        return False

    def look(self) -> Room:
        """Look how much room the disk has; a disk that does not say has what it had."""
        try:
            free = self._free_bytes(self._folder)
        except OSError:
            return self._room
        if self._was_just_given_up:  # a quota says that much is free, and takes it at once
            self._was_just_given_up = False
        elif not self._reserve.is_held and free > LOW_BYTES + self._reserve.size:
            self._reserve.hold()
        self._room = room_for(free)
        return self._room

    def close(self) -> None:
        """Let go of the files; what is in the spill stays there."""
        self._spill.close()

    # ---- inside

    def _open_again(self) -> None:
        """Open the spill to write when that was not possible before; what it holds stays."""
        if self._spill.is_writable:
            return
        self._spill.open()
        if self._spill.is_writable and self._spill.count != len(self._numbers):
            log.error("unknown rows in the spill: see %s", self._spill.set_aside().name)
            self._numbers = []

    def _log_once(self, fault: str) -> None:
        """Log a fault, but not again at every try."""
        if fault != self._fault:
            log.warning("%s", fault)
            self._fault = fault

    def _fitting(self, entries: Sequence[Entry]) -> list[tuple[int, bytes]]:
        """Return the rows to offer to the spill, as bytes by number."""
        fit: list[tuple[int, bytes]] = []
        room = self._spill.room
        for entry in entries:
            if entry.is_urgent or room > self._urgent_bytes:
                with suppress(BugError):  # the database refuses it as well, and that is counted
                    fit.append((entry.number, pack(entry.record)))
                    room -= len(fit[-1][1]) + RECORD_BYTES
        return fit

    def _entries(self, contents: Contents) -> tuple[tuple[Entry, ...], int]:
        """Return rows with their numbers, and how many records are none."""
        entries, unread = [], contents.broken
        for position, data in contents.records.items():
            try:
                entries.append(Entry(self._numbers[position], unpack(data)))
            except BugError:
                unread += 1
        return tuple(entries), unread


def pack(record: Record) -> bytes:
    """Return a row as bytes, with the table and columns it is for. Raises BugError."""
    table, values = encode(record)
    try:
        return msgspec.msgpack.encode((str(table.name), values))
    except (OverflowError, UnicodeEncodeError) as cause:
        raise BugError("A row holds what the spill cannot") from cause


def unpack(data: bytes) -> Record:
    """Return the row that ``pack`` made bytes of. Raises BugError."""
    try:
        name, values = msgspec.msgpack.decode(data, type=tuple[str, dict[str, Any]])
        table = schema.metadata.tables[name]
        return decode_session(values) if table is schema.session else decode(table, values)
    except (msgspec.MsgspecError, KeyError, ValueError, TypeError) as cause:
        raise BugError("A record of the spill is no row") from cause
