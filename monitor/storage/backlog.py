"""Rows that are not yet in the database: their order, how many, and which go when too many.

Knows which of them lie in the spill file as well. Pure: no thread, no disk; the recorder guards it
with its lock.
"""

from bisect import insort
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice, takewhile
from math import inf
from operator import attrgetter

from monitor.records import URGENT, Record

CAPACITY = 100_000
"""Rows kept in memory while the disk fails: eight chairs with two values a second for 1.7 h."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One waiting row. ``number`` counts arrivals; ``received_ns`` as in events.DeviceBatch.

    Rows that a process before this one left in the spill have numbers up to 0.
    """

    number: int
    record: Record
    received_ns: int = 0

    @property
    def is_urgent(self) -> bool:
        """Whether losing it costs more than one plain reading."""
        return isinstance(self.record, URGENT)


class Backlog:
    """Waiting rows in order of arrival: at most ``capacity`` in memory, and those in a try.

    When there are more, the oldest plain readings go first; cuff readings, alarms and happenings
    only when nothing else is left, and then the newest. A row that goes is lost, unless it is
    safe: then it is fetched back from the spill when its turn comes.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._urgent: deque[Entry] = deque()
        self._plain: deque[Entry] = deque()
        self._taken: tuple[Entry, ...] = ()
        self._safe: set[int] = set()
        self._parked: list[int] = []
        self._fetched: set[int] = set()
        self._offered_up_to = 0
        self.arrived = 0
        self.lost = 0

    def add(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        """Take rows in."""
        for record in rows:
            self.arrived += 1
            entry = Entry(self.arrived, record, received_ns)
            self._queue_of(entry).append(entry)
            while len(self._urgent) + len(self._plain) - len(self._fetched) > self._capacity:
                self._drop_one()

    def take(self, limit: int) -> tuple[Entry, ...]:
        """Return the oldest rows; they still wait until ``settle`` or ``put_back``.

        No row comes before an older one that is not in memory.
        """
        end = self._parked[0] if self._parked else inf
        ready = takewhile(lambda entry: entry.number < end, self._in_order())
        self._taken = tuple(islice(ready, limit))
        for entry in self._taken:
            self._queue_of(entry).popleft()
        return self._taken

    def put_back(self) -> None:
        """The taken rows could not be written: they wait again, each where it did before."""
        for entry in reversed(self._taken):
            self._queue_of(entry).appendleft(entry)
        self._taken = ()
        if self._fetched:
            self._park_fetched()

    def settle(self, refused: int = 0) -> None:
        """The taken rows are in the database, except ``refused`` that never can be."""
        self.lost += refused
        written = {entry.number for entry in self._taken}
        self._safe -= written
        self._fetched -= written
        self._taken = ()

    def waiting_rows(self) -> tuple[Record, ...]:
        """Return every row in memory, in order of arrival."""
        return tuple(entry.record for entry in (*self._taken, *self._in_order()))

    @property
    def waiting(self) -> int:
        """How many rows are not yet in the database."""
        return self._in_memory + len(self._parked)

    @property
    def unsafe(self) -> int:
        """How many of them would be lost if the program ended now."""
        return self.waiting - len(self._safe)

    @property
    def settled_up_to(self) -> int:
        """Every row that arrived up to this number is in the database or counted as lost."""
        queues = (self._taken, self._urgent, self._plain)
        oldest = [queue[0].number for queue in queues if queue] + self._parked[:1]
        return min(oldest, default=self.arrived + 1) - 1

    # ---- the spill

    @property
    def has_news(self) -> bool:
        """Whether rows came that were not yet offered to the spill."""
        return any(queue and queue[-1].number > self._offered_up_to for queue in self._queues)

    def news(self, limit: int) -> tuple[Entry, ...]:
        """Return the oldest rows that were not yet offered to the spill."""
        new = (self._newer_than_offered(queue) for queue in self._queues)
        return tuple(islice(merge(*new, key=attrgetter("number")), limit))

    def offered(self, entries: Sequence[Entry], kept: Collection[int]) -> None:
        """The spill was offered ``entries`` and keeps those with these numbers."""
        self._offered_up_to = max(self._offered_up_to, entries[-1].number)
        self._safe.update(kept)
        safe = set(kept)
        for entry in entries:
            if entry.number in safe and self._was_dropped(entry):
                self.lost -= 1
                insort(self._parked, entry.number)

    @property
    def has_safe(self) -> bool:
        """Whether rows in the spill are not yet in the database."""
        return bool(self._safe)

    def parked(self, limit: int) -> tuple[int, ...]:
        """Return the oldest rows that lie in the spill alone."""
        return tuple(self._parked[:limit])

    def bring_back(self, wanted: Collection[int], found: Sequence[Entry]) -> None:
        """``found`` of the parked rows ``wanted`` are in memory for a try; the others are lost.

        They do not count as memory, or they would drive out rows that are nowhere else.
        """
        gone = set(wanted)
        self._parked = [number for number in self._parked if number not in gone]
        gone -= {entry.number for entry in found}
        self._safe -= gone
        self.lost += len(gone)
        self._fetched.update(entry.number for entry in found)
        self._insert(found)

    def recall(self, entries: Sequence[Entry], unread: int) -> None:
        """Take in what a process before this one left in the spill; ``unread`` rows are lost."""
        self.lost += unread
        self._safe.update(entry.number for entry in entries)
        self._insert(entries)

    # ---- inside

    @property
    def _queues(self) -> tuple[deque[Entry], deque[Entry]]:
        return self._urgent, self._plain

    @property
    def _in_memory(self) -> int:
        return len(self._taken) + len(self._urgent) + len(self._plain)

    def _in_order(self) -> Iterator[Entry]:
        return merge(self._urgent, self._plain, key=attrgetter("number"))

    def _newer_than_offered(self, queue: deque[Entry]) -> list[Entry]:
        new = list(takewhile(lambda entry: entry.number > self._offered_up_to, reversed(queue)))
        new.reverse()
        return new

    def _drop_one(self) -> None:
        number = (self._plain.popleft() if self._plain else self._urgent.pop()).number
        self._fetched.discard(number)
        if number in self._safe:
            insort(self._parked, number)
        else:
            self.lost += 1

    def _park_fetched(self) -> None:
        for queue in self._queues:
            own = [entry for entry in queue if entry.number not in self._fetched]
            queue.clear()
            queue.extend(own)
        self._parked = sorted({*self._parked, *self._fetched})
        self._fetched.clear()

    def _was_dropped(self, entry: Entry) -> bool:
        """Say whether a row was dropped, and counted as lost, while the spill was writing it.

        That happens to the oldest plain rows only: of urgent ones the newest goes, unoffered.
        """
        oldest = self._plain[0].number if self._plain else inf
        return not entry.is_urgent and entry.number < oldest

    def _insert(self, entries: Sequence[Entry]) -> None:
        for queue in self._queues:
            mine = [entry for entry in entries if self._queue_of(entry) is queue]
            together = list(merge(mine, queue, key=attrgetter("number")))
            queue.clear()
            queue.extend(together)

    def _queue_of(self, entry: Entry) -> deque[Entry]:
        return self._urgent if entry.is_urgent else self._plain
