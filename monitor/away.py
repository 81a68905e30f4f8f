"""How long a session was away: by the monotonic clock where it can be, else by the wall clock.

Pure. Knows what a running session leaves behind about its time (reliability brief, 2.7). Must not
know who resumes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.boot import UNKNOWN_BOOT
from monitor.clock import Instant
from monitor.records import HappeningKept, SessionOpened, SessionRow

CLOCK_STEP_S = 2.0
"""A wall clock that moves this much apart from the monotonic one has been set or has slept
(reliability brief, 2.7)."""
ALIVE_EVERY_S = 5.0
"""A session without any other row says so often that it runs: its last row tells when it died."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a session's time lies on the monotonic clock of one run of the computer."""

    boot: str
    origin_s: float

    def detail(self) -> dict[str, str | float]:
        """Return what a row of the kind ``anchor`` keeps."""
        return {"boot": self.boot, "origin_s": self.origin_s}


@dataclass(frozen=True, slots=True)
class Away:
    """``latest_s`` is the session's last second on record, ``seconds`` how long ago that is.

    Not ``is_sure``: it may be any time longer, because the wall clock was set meanwhile.
    ``wall_s`` is what the wall clock says, also when it is wrong.
    """

    latest_s: float
    seconds: float
    is_sure: bool
    wall_s: float

    @property
    def now_s(self) -> float:
        """The present moment on the session's timeline, as far as it is known."""
        return self.latest_s + self.seconds

    @property
    def clock_step_s(self) -> float:
        """By how much the wall clock is known to have been set meanwhile, 0 when it was not."""
        by_s = self.wall_s - self.seconds
        return by_s if abs(by_s) > CLOCK_STEP_S else 0.0


def time_away(opened: SessionOpened, rows: Sequence[SessionRow], now: Instant, boot: str) -> Away:
    """Return how long the session was away at ``now`` in the run ``boot`` of the computer.

    The last row knows how the wall clock was set, so it does not matter how often it was set
    before.
    """
    last = rows[-1].stamp if rows else opened.stamp
    latest_s = max((row.stamp.t_s for row in rows), default=last.t_s)
    wall_s = last.t_s + (now.utc - last.utc).total_seconds() - latest_s
    anchor = _last_anchor(rows)
    if anchor is None:
        is_sure = wall_s >= -CLOCK_STEP_S
        return Away(latest_s, max(wall_s, 0.0), is_sure, wall_s)
    run_s = now.monotonic - anchor.origin_s - latest_s
    if _is_same_run(anchor, boot, run_s, wall_s):
        return Away(latest_s, max(run_s, 0.0), True, wall_s)
    # It died before this run began, so it was away for at least as long as the computer is on.
    at_least_s = 0.0 if anchor.boot == boot else now.monotonic
    is_sure = wall_s >= now.monotonic - CLOCK_STEP_S
    return Away(latest_s, max(wall_s, at_least_s, 0.0), is_sure, wall_s)


def _is_same_run(anchor: Anchor, boot: str, run_s: float, wall_s: float) -> bool:
    """Say whether the monotonic clock has gone on since the row; a time below 0 says it has not."""
    if run_s < -CLOCK_STEP_S or anchor.boot != boot:
        return False
    return boot != UNKNOWN_BOOT or abs(run_s - wall_s) <= CLOCK_STEP_S


def _last_anchor(rows: Sequence[SessionRow]) -> Anchor | None:
    for row in reversed(rows):
        if isinstance(row, HappeningKept) and row.kind == "anchor":
            boot, origin_s = row.detail.get("boot"), row.detail.get("origin_s")
            if isinstance(boot, str) and isinstance(origin_s, float | int):
                return Anchor(boot, float(origin_s))
    return None
