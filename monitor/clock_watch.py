"""How far the clock on the monitor's screen is off ours, as rows of one session (TECH-8).

Knows the ledger, the board and the session's zone. Must not know devices or what alarms.
"""

from datetime import timedelta

from monitor.alarms.board import AlarmBoard
from monitor.clock import Instant
from monitor.events import DeviceClock
from monitor.ledger import Ledger

CLOCK_STEP_S = 5.0
"""A device's clock that moves less than this against ours drifts; it was not set."""
FIRST_ROWS = 3
"""So many changes are kept as they come. A clock that goes on changing runs at another speed."""
THEN_EVERY_S = 60.0


class ClockWatch:
    """Compares wall clocks, and nothing else: no age and no other alarm counts from either.

    The monitor's clock has no zone; it is read in the zone of the session, as it was when the
    session was opened. A monitor that stands on UTC, or that is or is not set to summer time while
    the session runs, differs by hours: said once, and accepted once.
    """

    def __init__(self, ledger: Ledger, board: AlarmBoard) -> None:
        self._ledger = ledger
        self._evidence = board.evidence
        self._zone = timedelta(seconds=ledger.picture.opened.utc_offset_s)
        self._heard_s: float | None = None
        self._rows = 0
        self._kept_s = 0.0

    def hear(self, event: DeviceClock) -> None:
        """Take what the monitor's clock shows."""
        ours = (event.at.utc + self._zone).replace(tzinfo=None)
        self._heard_s = round((event.local - ours).total_seconds(), 1)
        self.tick(event.at)

    def tick(self, now: Instant) -> None:
        """Keep the difference when it is news: at once, or when the last row is a minute old."""
        if self._heard_s is None:
            return
        known_s = self._evidence.device_clock_s
        if known_s is not None and abs(self._heard_s - known_s) <= CLOCK_STEP_S:
            self._heard_s = None
        elif self._may_keep(self._ledger.t(now)):
            off_s, self._heard_s = self._heard_s, None
            self._ledger.happen("device_clock", {"off_s": off_s}, now)

    def _may_keep(self, t: float) -> bool:
        if self._rows >= FIRST_ROWS and t - self._kept_s < THEN_EVERY_S:
            return False
        self._rows += 1
        self._kept_s = t
        return True
