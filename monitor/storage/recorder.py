"""The recorder thread: whatever waits is committed at once, and a fault of the disk is waited out.

Knows the backlog and the database. Must not know sessions, devices or screens.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import insert

from monitor.errors import BugError, OperatorError
from monitor.records import Record
from monitor.snapshot import RecordingView
from monitor.storage.backlog import CAPACITY, Backlog, Entry
from monitor.storage.connection import BUSY_S
from monitor.storage.database import Database
from monitor.storage.rows import Values, encode
from monitor.storage.schema import TABLES

log = logging.getLogger(__name__)

RETRY_S = 1.0
STALLED_AFTER_S = 1.5
"""A commit that takes longer is a fault: the screen must say so within 2 s."""
ROWS_AT_ONCE = 5000

# Not INSERT OR IGNORE: that would also swallow rows that break a constraint.
_NEW_ROW = {
    table: insert(table).on_conflict_do_nothing(index_elements=table.primary_key)
    for table in TABLES
}


def append(database: Database, records: Sequence[Record]) -> None:
    """Write records in one transaction; those already there stay as they are.

    On return they are on disk. Raises OperatorError when the disk or another program stands in
    the way, BugError when a record is at fault; nothing was written then.
    """
    by_table: dict[Table, list[Values]] = {table: [] for table in TABLES}
    for record in records:
        table, values = encode(record)
        by_table[table].append(values)
    try:
        with database.writing() as connection:
            for table, rows in by_table.items():
                if rows:
                    connection.execute(_NEW_ROW[table], rows)
    except (OverflowError, UnicodeEncodeError) as cause:
        raise BugError("A row holds what the database cannot") from cause


class Recorder:
    """Keeps rows: ``put`` never waits, the thread ``recorder`` commits them in order of arrival.

    ``open_database`` is called in the thread, and again after every fault. ``on_status`` hears,
    in the thread, of every change but the number waiting; ``committed`` hears the arrival times
    (ns) of the rows just written. ``status`` alone also notices a disk that does not return.
    """

    def __init__(
        self,
        open_database: Callable[[], Database],
        on_status: Callable[[RecordingView], None] = lambda _status: None,
        *,
        committed: Callable[[tuple[int, ...]], None] = lambda _received_ns: None,
        capacity: int = CAPACITY,
        retry_s: float = RETRY_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_database = open_database
        self._on_status = on_status
        self._committed = committed
        self._retry_s = retry_s
        self._monotonic = monotonic
        self._backlog = Backlog(capacity)
        self._database: Database | None = None
        self._path: Path | None = None
        self._fault = "Recording has not begun"
        self._busy_since: float | None = None
        self._told: RecordingView | None = None
        self._is_stopping = self._is_abandoned = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Begin; the database is opened in the thread."""
        self._thread.start()

    def put(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        """Take rows to keep; never waits for the disk."""
        with self._changed:
            self._backlog.add(rows, received_ns)
            self._changed.notify_all()

    def status(self) -> RecordingView:
        """Say whether what was put is on disk; safe in any thread."""
        with self._changed:
            return self._view()

    def flush(self, timeout_s: float | None = None) -> bool:
        """Wait until all put so far is on disk, or counted as lost; False when time ran out."""
        with self._changed:
            mark = self._backlog.arrived
            return self._changed.wait_for(lambda: self._backlog.settled_up_to >= mark, timeout_s)

    def stop(self, timeout_s: float = 10.0) -> bool:
        """Write what is left and end the thread; False when rows had to be given up."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        with self._changed:
            self._is_abandoned = True
            self._changed.notify_all()
        self._thread.join(2 * BUSY_S)
        left = self.status().waiting
        if left:
            log.error("stopped with %d rows not on disk", left)
        return left == 0

    # ---- the thread

    def _run(self) -> None:
        while self._has_work():
            self._guarded(self._turn)
            self._guarded(self._tell)
            self._pause_after_fault()
        self._close()
        with self._changed:
            self._fault = "Recording has stopped"

    def _guarded(self, step: Callable[[], None]) -> None:
        """Run a step; what escapes from it is our fault, and no reason to stop recording."""
        try:
            step()
        except Exception:
            log.exception("the recorder failed and goes on")
            self._failed("A fault in the program: tell its makers")

    def _has_work(self) -> bool:
        """Wait for rows, or for a database that is to be opened; False when it is time to end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._backlog.waiting or self._is_stopping or self._fault
            )
            return not self._is_abandoned and bool(self._backlog.waiting or not self._is_stopping)

    def _turn(self) -> None:
        with self._changed:
            batch = self._backlog.take(ROWS_AT_ONCE)
            self._busy_since = self._monotonic()
        try:
            refused = self._store([entry.record for entry in batch])
        except OperatorError as fault:
            self._failed(str(fault))
        else:
            self._succeeded(batch, refused)

    def _store(self, records: Sequence[Record]) -> int:
        """Write records; return how many were refused for good, so that one holds up no other."""
        database = self._ready()
        try:
            if records:
                append(database, records)
        except BugError:
            if len(records) > 1:
                half = len(records) // 2
                return self._store(records[:half]) + self._store(records[half:])
            log.exception("a row cannot be stored: %s", type(records[0]).__name__)
            return 1
        return 0

    def _ready(self) -> Database:
        """Return the open database; one whose file has gone is never replaced by an empty one."""
        if self._path is not None and not self._path.exists():
            raise OperatorError(f"The database {self._path} has gone", "put its disk or file back")
        if self._database is None:
            self._database = self._open_database()
            self._path = self._database.path
        return self._database

    def _succeeded(self, batch: Sequence[Entry], refused: int) -> None:
        with self._changed:
            self._backlog.settle(refused)
            self._busy_since = None
            self._fault = ""
            self._changed.notify_all()
        received = tuple(entry.received_ns for entry in batch if entry.received_ns)
        if received:
            self._committed(received)

    def _failed(self, reason: str) -> None:
        with self._changed:
            self._backlog.put_back()
            self._busy_since = None
            self._fault = reason
        self._close()

    def _close(self) -> None:
        """Close the database; after a fault a fresh connection is the surest."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _pause_after_fault(self) -> None:
        with self._changed:
            if self._fault:
                self._changed.wait_for(lambda: self._is_abandoned, self._retry_s)

    # ---- what is said

    def _view(self) -> RecordingView:
        waiting, lost = self._backlog.waiting, self._backlog.lost
        view = RecordingView(not self._fault, waiting, lost, self._fault)
        since = self._busy_since
        if since is not None and self._monotonic() - since > STALLED_AFTER_S:
            return replace(view, is_recording=False, reason="The disk does not answer: check it")
        if lost and not self._fault:
            return replace(view, reason=f"{lost} rows could not be kept")
        return view

    def _tell(self) -> None:
        view = replace(self.status(), waiting=0)
        if view != self._told:
            self._told = view
            self._on_status(self.status())
