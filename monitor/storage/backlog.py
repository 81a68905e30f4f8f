"""Rows that are not yet on disk: their order, how many, and which go when there are too many.

Pure: no thread, no disk. The recorder guards it with its lock.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from operator import attrgetter

from monitor.records import URGENT, Record

CAPACITY = 100_000
"""Rows kept in memory while the disk fails: eight chairs with two values a second for 1.7 h."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One waiting row. ``number`` counts arrivals; ``received_ns`` as in events.DeviceBatch."""

    number: int
    record: Record
    received_ns: int


class Backlog:
    """Waiting rows in order of arrival, at most ``capacity``.

    When there are more, the oldest plain readings are lost first; cuff readings, alarms and
    happenings only when nothing else is left, and then the newest.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._urgent: deque[Entry] = deque()
        self._plain: deque[Entry] = deque()
        self._taken: tuple[Entry, ...] = ()
        self.arrived = 0
        self.lost = 0

    def add(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        """Take rows in."""
        for record in rows:
            self.arrived += 1
            queue = self._urgent if isinstance(record, URGENT) else self._plain
            queue.append(Entry(self.arrived, record, received_ns))
            if self.waiting > self._capacity:
                self._lose_one()

    def take(self, limit: int) -> tuple[Entry, ...]:
        """Return the oldest rows; they still wait until ``settle`` or ``put_back``."""
        self._taken = tuple(
            islice(merge(self._urgent, self._plain, key=attrgetter("number")), limit)
        )
        for entry in self._taken:
            self._queue_of(entry).popleft()
        return self._taken

    def put_back(self) -> None:
        """The taken rows could not be written: they are the oldest again."""
        for entry in reversed(self._taken):
            self._queue_of(entry).appendleft(entry)
        self._taken = ()

    def settle(self, refused: int = 0) -> None:
        """The taken rows are on disk, except ``refused`` that never can be."""
        self.lost += refused
        self._taken = ()

    @property
    def waiting(self) -> int:
        """How many rows are not yet on disk."""
        return len(self._taken) + len(self._urgent) + len(self._plain)

    @property
    def settled_up_to(self) -> int:
        """Every row that arrived up to this number is on disk or counted as lost."""
        oldest = [queue[0].number for queue in (self._taken, self._urgent, self._plain) if queue]
        return min(oldest, default=self.arrived + 1) - 1

    def _lose_one(self) -> None:
        if self._plain:
            self._plain.popleft()
        else:
            self._urgent.pop()
        self.lost += 1

    def _queue_of(self, entry: Entry) -> deque[Entry]:
        return self._urgent if isinstance(entry.record, URGENT) else self._plain
