"""The shared time axis of the chart: minutes from the start of the infusion, wall clock below.

Knows how a moment of the session becomes a place. Must not know what is drawn there.
"""

import math
from dataclasses import dataclass

from ui.view_models.seen import Seen

FIRST_RANGE_MIN = 90.0
"""Fixed at first so that sessions compare (clinical brief, section 7, "Axis")."""
GROWS_BY_MIN = 15.0
ROOM_AHEAD_MIN = 2.0
BASELINE_STEP_MIN = 5.0


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Where minute 0 lies (``zero_s`` of the session) and the range shown, in minutes."""

    zero_s: float
    low: float
    high: float

    def x(self, t_s: float) -> float:
        """Return the place of a moment of the session, in minutes."""
        return (t_s - self.zero_s) / 60.0


def time_axis(seen: Seen) -> TimeAxis:
    """Return the axis: from infusion start (before it: from session opening), 0-90 min or more."""
    zero_s = seen.snapshot.infusion_started_s or 0.0
    low = -BASELINE_STEP_MIN * math.ceil(zero_s / 60.0 / BASELINE_STEP_MIN)
    wanted = (seen.now_s - zero_s) / 60.0 + ROOM_AHEAD_MIN
    steps = max(0, math.ceil((wanted - FIRST_RANGE_MIN) / GROWS_BY_MIN))
    return TimeAxis(zero_s, low, FIRST_RANGE_MIN + steps * GROWS_BY_MIN)


def ticks(seen: Seen, axis: TimeAxis) -> tuple[tuple[float, str], ...]:
    """Return the labelled minutes: elapsed time and, below it, the wall clock."""
    span = axis.high - axis.low
    step = 10 if span <= 130 else 15 if span <= 200 else 30
    first = math.ceil(axis.low / step) * step
    return tuple((float(m), _tick(seen, axis, m)) for m in range(first, int(axis.high) + 1, step))


def _tick(seen: Seen, axis: TimeAxis, minute: int) -> str:
    is_start = minute == 0 and seen.snapshot.infusion_started_s is not None
    name = "start" if is_start else f"{minute} min"
    return f"{name}\n{seen.label(axis.zero_s + minute * 60.0)}"
