"""What people did at this desktop, on its way into the audit log; kept until it is written.

Knows events and when to try again. Must not know what they mean, nor SQL.
"""

from collections import deque
from collections.abc import Callable

from monitor.accounts.events import AccountEvent
from ui.people.book import OpenBook
from ui.people.errands import Errands

AGAIN_AFTER_S = 5.0
LAST_WORDS_S = 2.0
MOST_WAITING = 1000
"""Hours of a busy clinic; a database that is away for longer has made itself known."""


class Journal:
    """Writes events in their order, beside the main thread. Care never waits for it."""

    def __init__(
        self, open_book: OpenBook, errands: Errands, say: Callable[[str], None], now_s: float
    ) -> None:
        """Start empty. ``say`` hears once when events cannot be written; ``now_s``: monotonic."""
        self._open_book = open_book
        self._errands = errands
        self._say = say
        self._waiting: deque[AccountEvent] = deque(maxlen=MOST_WAITING)
        self._tried_s = self._now_s = now_s
        self._is_failing = False

    def log(self, *events: AccountEvent) -> None:
        """Take events to write; returns at once."""
        self._waiting.extend(events)
        if events:
            self._write()

    def tick(self, now_s: float) -> None:
        """Try again when events are left."""
        self._now_s = now_s
        if self._waiting and now_s - self._tried_s >= AGAIN_AFTER_S:
            self._write()

    def close(self) -> None:
        """Give the last events a moment."""
        self._errands.finish(LAST_WORDS_S)
        if self._waiting:
            self._write()
            self._errands.finish(LAST_WORDS_S)

    def _write(self) -> None:
        self._tried_s = self._now_s
        self._errands.run(self._write_all, self._written, self._failed)

    def _write_all(self) -> None:
        if not self._waiting:
            return
        with self._open_book() as book:
            while self._waiting:
                book.log(self._waiting[0])
                self._waiting.popleft()

    def _written(self, _: None) -> None:
        self._is_failing = False

    def _failed(self, sentence: str) -> None:
        if not self._is_failing:
            self._say(f"What people do here cannot be logged now. {sentence}. It is tried again.")
        self._is_failing = True
