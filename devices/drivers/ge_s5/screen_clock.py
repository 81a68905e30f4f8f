"""When the clock on the monitor's screen is worth telling: first of all, and when it has moved.

Knows the time of transmission of one record after the other. Must not know framing, zones or what
difference matters.
"""

from datetime import UTC, datetime, timedelta

from monitor.clock import Instant
from monitor.events import DeviceClock

EPOCH = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)  # no zone (1.3, "r_time")
MOVED_S = 2.0  # the clock is sent in whole seconds, and a record may be late by some of one
LASTING_S = 0.5  # what waited in a buffer comes within milliseconds; the next record after 1 s


class ScreenClock:
    """Compares the monitor's clock with ours, record by record.

    The first record of a line is told at once. A move is told by the record after the one that
    showed it first: one that waited in a buffer while we stood still, or was damaged in a way that
    its one-byte sum does not see, is not a clock that was set. Ours is the wall clock: when that
    is set, the monitor's has moved, too.
    """

    def __init__(self) -> None:
        self._told_off: timedelta | None = None
        self._moved_at: Instant | None = None

    def line_opened(self) -> None:
        """Forget what was told: another monitor may hang on the line now."""
        self._told_off = self._moved_at = None

    def observe(self, seconds: int, offset: int, now: Instant) -> list[DeviceClock]:
        """Take the time of one record, seconds since 1970 without a zone; 0 is a time, too."""
        local = EPOCH + timedelta(seconds=seconds)
        off = local - now.utc.replace(tzinfo=None)
        if self._told_off is not None and not self._has_moved(off - self._told_off, now):
            return []
        self._told_off, self._moved_at = off, None
        return [DeviceClock(offset, now, local)]

    def _has_moved(self, by: timedelta, now: Instant) -> bool:
        if abs(by.total_seconds()) <= MOVED_S:
            self._moved_at = None
            return False
        self._moved_at = self._moved_at or now
        return now.seconds_since(self._moved_at) >= LASTING_S
