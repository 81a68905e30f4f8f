"""What the tests of the recorder share: a seal that seals nothing, a disk that may fail.

Knows the public side of the storage room. Must not know how the recorder waits.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from monitor.errors import OperatorError
from monitor.records import Record
from monitor.snapshot import RecordingView
from monitor.storage.database import Database, open_database
from monitor.storage.history import load_session
from monitor.storage.spill import BrokenSeal
from tests.keys import KEY, raw

SESSION = "5e55101"
WAIT_S = 10.0
"""Only a broken test waits so long."""


class CountingSeal:
    """Hides nothing, but notices every change; its nonce is a count."""

    def __init__(self) -> None:
        self.sealed = 0

    def seal(self, plain: bytes) -> bytes:
        self.sealed += 1
        body = self.sealed.to_bytes(12, "big") + plain
        return body + self._tag(body)

    def open(self, sealed: bytes) -> bytes:
        body, tag = sealed[:-16], sealed[-16:]
        if len(sealed) < 28 or tag != self._tag(body):
            raise BrokenSeal
        return body[12:]

    @staticmethod
    def _tag(body: bytes) -> bytes:
        return hashlib.blake2b(body, digest_size=16).digest()


class Statuses:
    """What the recorder said, and a way to wait for a word of it."""

    def __init__(self) -> None:
        self._heard: list[RecordingView] = []
        self._changed = threading.Condition()

    def hear(self, view: RecordingView) -> None:
        with self._changed:
            self._heard.append(view)
            self._changed.notify_all()

    def wait_for(self, reason: str, *, is_recording: bool = False) -> RecordingView:
        def found() -> RecordingView | None:
            fits = (v for v in self._heard if reason in v.reason)
            return next((v for v in fits if v.is_recording is is_recording), None)

        with self._changed:
            view = self._changed.wait_for(found, WAIT_S)
        assert view is not None, f"never said {reason!r}: {self._heard}"
        return view


class Disk:
    """A disk that works, or neither opens nor writes: with ``fault`` in its words, or full."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fault = ""
        self.is_full: Callable[[], bool] = lambda: False

    def open(self) -> Database:
        self.check()
        return OnDisk(self)

    def check(self) -> None:
        if self.fault:
            raise OperatorError(self.fault, "mend it")
        if self.is_full():
            cause = sqlite3.OperationalError("database or disk is full")
            raise OperatorError("The disk is full", "make room") from OperationalError(
                "INSERT", {}, cause
            )


class OnDisk(Database):
    """A database that writes as long as its disk works."""

    def __init__(self, disk: Disk) -> None:
        self._disk, self._inner = disk, open_database(disk.path, KEY)
        self.path = disk.path

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._disk.check()
        with self._inner.writing() as connection:
            yield connection

    def close(self) -> None:
        self._inner.close()


class LockedByAnother:
    """Another program that holds the write lock of the database, as a context."""

    def __init__(self, path: Path) -> None:
        self._connection = raw(path)

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


def stored_rows(path: Path) -> list[Record]:
    """Return the test session as it is in the database."""
    with open_database(path, KEY, read_only=True) as database:
        stored = load_session(database, SESSION)
    return [stored.opened, *stored.rows]
