"""The recorder thread: whatever waits is committed at once, and a fault of the disk is waited out.

Knows the backlog, the database and the refuge for rows that it refuses. Must not know sessions,
devices or screens.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from monitor.errors import OperatorError
from monitor.records import Record, SessionOpened
from monitor.snapshot import RecordingView
from monitor.storage.backlog import CAPACITY, Backlog, Entry
from monitor.storage.connection import BUSY_S
from monitor.storage.database import Database
from monitor.storage.heads import Signer
from monitor.storage.recording_view import recording_view
from monitor.storage.refuge import Refuge
from monitor.storage.space import Room
from monitor.storage.writer import Writer, append

__all__ = ["Recorder", "append"]

log = logging.getLogger(__name__)

FIRST_RETRY_S = 0.5
RETRY_S = 5.0
"""After a fault: a first try soon, then each twice as late, at last every so many seconds."""
STARTING_S = 5.0
LOOK_EVERY_S = 60.0
ROWS_AT_ONCE = 5000


def pauses(longest_s: float) -> Iterator[float]:
    """Yield how long to wait before each try after a fault."""
    pause_s = min(FIRST_RETRY_S, longest_s)
    while True:
        yield pause_s
        pause_s = min(2 * pause_s, longest_s)


class Recorder:
    """Keeps rows: ``put`` never waits, the thread ``recorder`` commits them in order of arrival.

    ``open_database`` is called in the thread, and again after every fault. ``refuge`` holds the
    rows while the database refuses them; what it still has from a process that died is written
    before anything else. ``on_status`` hears, in the thread, of every change but the number
    waiting; ``committed`` hears the arrival times (ns) of the rows just written. ``status`` alone
    also notices a disk that does not return.
    """

    def __init__(
        self,
        open_database: Callable[[], Database],
        on_status: Callable[[RecordingView], None] = lambda _status: None,
        *,
        committed: Callable[[tuple[int, ...]], None] = lambda _received_ns: None,
        refuge: Refuge | None = None,
        signer: Signer | None = None,
        capacity: int = CAPACITY,
        retry_s: float = RETRY_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._writer = Writer(open_database, signer)
        self._on_status = on_status
        self._committed = committed
        self._refuge = refuge or Refuge()
        self._retry_s = retry_s
        self._pauses = pauses(retry_s)
        self._monotonic = monotonic
        self._backlog = Backlog(capacity)
        self._fault = "Recording has not begun"
        self._room = Room()
        self._warning = ""
        self._looked: float | None = None
        self._busy_since: float | None = None
        self._told: RecordingView | None = None
        self._has_begun = self._is_stopping = self._is_abandoned = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self, wait_s: float = STARTING_S) -> None:
        """Begin; wait, but not for long, until it is known whether the database takes rows."""
        self._thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._has_begun, wait_s)

    def put(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        """Take rows to keep; never waits for the disk."""
        with self._changed:
            self._backlog.add(rows, received_ns)
            self._changed.notify_all()

    def status(self) -> RecordingView:
        """Say whether what was put is on disk; safe in any thread."""
        with self._changed:
            return self._view()

    def warn(self, sentence: str) -> None:
        """Warn of the disk as long as this runs, whether or not it takes rows; any thread."""
        with self._changed:
            self._warning = sentence

    def waiting_rows(self) -> tuple[Record, ...]:
        """Return the rows that are not yet in the database, in order of arrival."""
        with self._changed:
            return self._backlog.waiting_rows()

    def flush(self, timeout_s: float | None = None) -> bool:
        """Wait until all put so far is in the database, or lost; False when time ran out."""
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
        with self._changed:
            left, unsafe = self._backlog.waiting, self._backlog.unsafe
        if left:
            log.error(
                "stopped with %d rows not on disk, %d more in the spill", unsafe, left - unsafe
            )
        return unsafe == 0

    # ---- the thread

    def _run(self) -> None:
        self._guarded(self._begin)
        while self._has_work():
            self._guarded(self._turn)
            self._guarded(self._tell)
            self._note_beginning()
            self._guarded(self._pause_after_fault)
        self._guarded(self._end)
        with self._changed:
            self._fault = "Recording has stopped"

    def _guarded(self, step: Callable[[], None]) -> None:
        """Run a step; what escapes from it is our fault, and no reason to stop recording."""
        try:
            step()
        except Exception:
            log.exception("the recorder failed and goes on")
            self._failed("A fault in the program: tell its makers")
            with self._changed:
                self._changed.wait_for(lambda: self._is_abandoned, self._retry_s)

    def _begin(self) -> None:
        entries, unread = self._refuge.begin()
        with self._changed:
            self._backlog.recall(entries, unread)

    def _end(self) -> None:
        if self._fault:
            self._shelter()
        self._writer.close()
        self._refuge.close()

    def _has_work(self) -> bool:
        """Wait for rows, or for a database that is to be opened; False when it is time to end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._backlog.waiting or self._is_stopping or self._fault
            )
            return not self._is_abandoned and bool(self._backlog.waiting or not self._is_stopping)

    def _turn(self) -> None:
        self._fetch_parked()
        with self._changed:
            batch = self._backlog.take(ROWS_AT_ONCE)
            self._busy_since = self._monotonic()
        try:
            refused = self._attempt([entry.record for entry in batch])
        except OperatorError as fault:
            self._failed(str(fault))
        else:
            self._succeeded(batch, refused)
        self._look(is_opening=any(isinstance(entry.record, SessionOpened) for entry in batch))

    def _note_beginning(self) -> None:
        """Let ``start`` return, once what was left in the refuge is written or cannot be now."""
        with self._changed:
            if self._fault or not self._backlog.has_safe:
                self._has_begun = True
                self._changed.notify_all()

    def _attempt(self, records: Sequence[Record]) -> int:
        """Write records; on a full disk once more, in the room that the reserve leaves."""
        try:
            return self._writer.store(records)
        except OperatorError as fault:
            if not self._refuge.make_room(fault):
                raise
        self._writer.close()
        self._looked = None
        return self._writer.store(records)

    def _succeeded(self, batch: Sequence[Entry], refused: int) -> None:
        with self._changed:
            self._backlog.settle(refused)
            self._busy_since = None
            if self._fault:
                self._looked = None  # whoever made room wants to see that it is enough
            self._fault = ""
            self._pauses = pauses(self._retry_s)
            is_spill_done = not self._backlog.has_safe
            self._changed.notify_all()
        received = tuple(entry.received_ns for entry in batch if entry.received_ns)
        if received:
            self._committed(received)
        if is_spill_done:
            self._refuge.emptied()

    def _failed(self, reason: str) -> None:
        with self._changed:
            self._backlog.put_back()
            self._busy_since = None
            self._fault = reason
        self._writer.close()

    # ---- while there is a fault

    def _pause_after_fault(self) -> None:
        """Wait for the next try, and put into the refuge what comes meanwhile."""
        if not self._fault:
            return
        with self._changed:
            if is_hurried := self._is_stopping:
                self._pauses = pauses(self._retry_s)
        end, takes_rows = self._monotonic() + next(self._pauses), True
        while self._hears_of_rows(end, takes_rows=takes_rows, is_hurried=is_hurried):
            takes_rows = self._shelter()

    def _hears_of_rows(self, end: float, *, takes_rows: bool, is_hurried: bool) -> bool:
        """Wait for new rows; False when the pause is over, or the recorder is to stop."""

        def is_cut_short() -> bool:
            return self._is_abandoned or (self._is_stopping and not is_hurried)

        with self._changed:
            self._changed.wait_for(
                lambda: is_cut_short() or (takes_rows and self._backlog.has_news),
                max(0.0, end - self._monotonic()),
            )
            return takes_rows and self._backlog.has_news and not is_cut_short()

    def _shelter(self) -> bool:
        """Put the rows that came into the refuge; False when it takes none now."""
        with self._changed:
            news = self._backlog.news(ROWS_AT_ONCE)
        kept = self._refuge.keep(news) if news else ()
        if kept is None:
            return False
        if news:
            with self._changed:
                self._backlog.offered(news, kept)
        return True

    def _fetch_parked(self) -> None:
        """Bring back the oldest rows that memory had no room for."""
        with self._changed:
            wanted = self._backlog.parked(ROWS_AT_ONCE)
        if wanted:
            found = self._refuge.fetch(wanted)
            with self._changed:
                self._backlog.bring_back(wanted, found)

    # ---- what is said

    def _look(self, *, is_opening: bool) -> None:
        """Look how much room the disk has: when a session opens, and once a minute."""
        now = self._monotonic()
        if is_opening or self._looked is None or now - self._looked >= LOOK_EVERY_S:
            self._looked, room = now, self._refuge.look()
            with self._changed:
                self._room = room

    def _view(self) -> RecordingView:
        room = Room(self._warning, is_low=True) if self._warning else self._room
        since = self._busy_since
        takes_s = 0.0 if since is None else self._monotonic() - since
        return recording_view(self._backlog, self._fault, room, takes_s)

    def _tell(self) -> None:
        view = replace(self.status(), waiting=0)
        if view != self._told:
            self._told = view
            self._on_status(self.status())
