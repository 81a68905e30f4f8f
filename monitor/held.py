"""What a session that waits for an answer has gathered meanwhile: rows that are not kept yet.

Bounded; pure. Must not know the engine, or who answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.alarms.profile import Profile
from monitor.away import Away
from monitor.recall import Past
from monitor.records import PressureKept, ReadingKept, Record
from monitor.snapshot import WaitingView

ROWS_HELD = 40_000
"""Rows of one chair: some 3 hours of a device that says three things a second, about 20 MB."""
DROPPED_AT_ONCE = 1_000


@dataclass(slots=True)
class Held:
    """The rows since the session came back at second ``since_s``, and what it came back from."""

    past: Past
    profile: Profile
    away: Away
    since_s: float
    capacity: int = ROWS_HELD
    rows: list[Record] = field(default_factory=list)
    values: int = 0
    not_held: int = 0

    def take(self, rows: Sequence[Record]) -> None:
        """Hold more rows; without room the oldest continuous values go, never a cuff reading."""
        self.rows += rows
        self.values += sum(isinstance(row, ReadingKept | PressureKept) for row in rows)
        if len(self.rows) > self.capacity:
            self._drop_oldest()

    def view(self) -> WaitingView:
        """Return the question as the screen shows it."""
        stamps = [self.past.opened.stamp, *(row.stamp for row in self.past.rows[-1:])]
        return WaitingView(
            since_s=self.since_s,
            last_kept_utc=stamps[-1].utc,
            away_s=self.away.seconds,
            is_away_known=self.away.is_sure,
            held=self.values,
            not_held=self.not_held,
            obstacle=self.past.obstacle,
        )

    def _drop_oldest(self) -> None:
        droppable = [n for n, row in enumerate(self.rows) if isinstance(row, ReadingKept)]
        dropped = set(droppable[:DROPPED_AT_ONCE])
        self.not_held += len(dropped)
        self.values -= len(dropped)
        self.rows = [row for n, row in enumerate(self.rows) if n not in dropped]
