"""A snapshot and how long ago it reached the screen: the only source of "now" for all views.

Knows the session's timeline and its speed. Durations never come from the wall clock (hazard H2).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from monitor.snapshot import SessionSnapshot

SNAPSHOT_IS_OLD_S = 2.0
"""Without news from the station for this long, nothing on the screen counts as current."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One snapshot, the real seconds since its receipt, and the zone for labels (None: local).

    ``is_stopped``: the station is lost, so no value may be shown as a number any more.
    """

    snapshot: SessionSnapshot
    since_receipt_s: float
    zone: tzinfo | None = None
    is_stopped: bool = False

    @property
    def now_s(self) -> float:
        """The present moment on the session's timeline."""
        return self.snapshot.now_s + self.since_receipt_s * self.snapshot.speed

    @property
    def is_old(self) -> bool:
        """Whether the station has been silent for too long to trust what it last said."""
        return self.is_stopped or self.since_receipt_s > SNAPSHOT_IS_OLD_S

    def age_s(self, at_s: float) -> float:
        """Seconds of the session since ``at_s``."""
        return max(0.0, self.now_s - at_s)

    def is_of_unknown_age(self, at_s: float) -> bool:
        """Whether the value is from before an absence of which nobody knows how long it was."""
        unsure_before_s = self.snapshot.unsure_before_s
        return unsure_before_s is not None and at_s <= unsure_before_s

    def trend_age_s(self, at_s: float) -> float:
        """Age of a value that comes every second.

        What lies between two snapshots counts in real seconds: at 60 times the speed a quarter of
        a second on the way would otherwise make every value look 15 s old.
        """
        return max(0.0, self.snapshot.now_s - at_s) + self.since_receipt_s

    def label(self, t_s: float, pattern: str = "%H:%M") -> str:
        """Return the wall clock time of ``t_s`` for people."""
        return local_text(self.snapshot.opened_utc + timedelta(seconds=t_s), self.zone, pattern)

    def wall_clock(self) -> str:
        """Return the wall clock of the session now, with seconds."""
        passed = timedelta(seconds=self.since_receipt_s * self.snapshot.speed)
        return local_text(self.snapshot.now_utc + passed, self.zone, "%H:%M:%S")


def local_text(utc: datetime, zone: tzinfo | None, pattern: str) -> str:
    """Return ``utc`` in ``zone`` (None: the computer's) as text."""
    return utc.astimezone(zone).strftime(pattern)
