"""What the picture of a stored session shows: its time axis, alarm stretches, limits and lines.

Pure, so that it can be tested without pixels. Must not know colours, matplotlib or Qt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

import numpy as np

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.alarms.profile import profile_from
from monitor.chart_part import Gap
from monitor.errors import OperatorError
from monitor.picture import Picture
from monitor.records import TransitionKept
from monitor.snapshot import AlarmState, LimitView, LinkState
from monitor.storage.stored import StoredSession
from monitor.vitals import Vital
from ui.view_models.reduction import Floats, broken

SHOWN_MIN = 90.0
"""The axis reaches at least this far, so that sessions compare (clinical brief, section 7)."""
GROWS_BY_MIN = 15.0
BASELINE_STEP_MIN = 5.0
_DRAWN = {vital.value for vital in (Vital.SYSTOLIC, Vital.DIASTOLIC, Vital.PULSE_RATE, Vital.SPO2)}


@dataclass(frozen=True, slots=True)
class Axis:
    """Minutes from the start of the infusion, or of the session when there was none.

    ``zero_s`` is minute 0 on the session's timeline; ``low`` and ``high`` are minutes.
    """

    zero_s: float
    low: float
    high: float
    is_infusion: bool
    opened_local: datetime

    def x(self, t_s: float) -> float:
        """Return the minute of a moment of the session."""
        return (t_s - self.zero_s) / 60.0

    def ticks(self) -> list[tuple[float, str]]:
        """Return the labelled minutes: elapsed time and, below it, the clock on the wall."""
        span = self.high - self.low
        step = next((s for s in (10, 15, 30, 60) if span <= 13 * s), 10 * ceil(span / 100))
        minutes = range(ceil(self.low / step) * step, int(self.high) + 1, step)
        return [(float(minute), self._label(minute)) for minute in minutes]

    def _label(self, minute: int) -> str:
        clock = self.opened_local + timedelta(seconds=self.zero_s, minutes=minute)
        name = "start" if minute == 0 and self.is_infusion else f"{minute} min"
        return f"{name}\n{clock:%H:%M}"


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of an alarm that is not quiet, in seconds on the session's timeline."""

    rule: str
    priority: Priority
    state: AlarmState
    from_s: float
    to_s: float


def axis_of(stored: StoredSession) -> Axis:
    """Return the time axis of a session; it holds everything that was recorded."""
    started_s = stored.infusion_started_s
    zero_s = started_s or 0.0
    low = -BASELINE_STEP_MIN * ceil(zero_s / 60.0 / BASELINE_STEP_MIN)
    longer = (stored.last_t_s - zero_s) / 60.0 - SHOWN_MIN
    high = SHOWN_MIN + GROWS_BY_MIN * max(0, ceil(longer / GROWS_BY_MIN))
    local = stored.opened.stamp.utc + timedelta(seconds=stored.opened.utc_offset_s)
    return Axis(zero_s, low, high, started_s is not None, local)


def alarm_spans(stored: StoredSession) -> list[Span]:
    """Return every stretch of every alarm in which it sounded, was acknowledged or not seen."""
    steps: dict[tuple[str, Priority], list[TransitionKept]] = {}
    for row in stored.rows:
        if isinstance(row, TransitionKept):
            steps.setdefault((row.rule, row.priority), []).append(row)
    spans = []
    for transitions in steps.values():
        ends = [step.stamp.t_s for step in transitions[1:]] + [stored.last_t_s]
        for step, end_s in zip(transitions, ends, strict=True):
            if step.new not in (AlarmState.QUIET, AlarmState.PENDING):
                spans.append(Span(step.rule, step.priority, step.new, step.stamp.t_s, end_s))
    return spans


def limits_of(stored: StoredSession) -> tuple[LimitView, ...]:
    """Return the limits to draw: the profile's, or those that alarms met when there is none."""
    if stored.opened.profile:
        try:
            return AlarmBoard(profile_from(stored.opened.profile)).limits()
        except OperatorError:
            pass  # another version's profile: the limits that alarms met are still in the record
    met = {
        (row.rule, vital): LimitView(Vital(vital), limit, True, row.priority, row.rule)
        for row in stored.rows
        if isinstance(row, TransitionKept)
        for vital, limit in row.limit.items()
        if vital in _DRAWN
    }
    return tuple(met.values())


def gaps_of(stored: StoredSession, picture: Picture) -> list[Gap]:
    """Return every span without data, one that the end of the record left open included."""
    gaps = list(picture.trends.gaps)
    if picture.link is not LinkState.LIVE:
        gaps.append(Gap(picture.link_since_s, stored.last_t_s, picture.link_reason))
    return gaps


def trend_of(picture: Picture, vital: Vital) -> tuple[Floats, Floats]:
    """Return seconds and values of a vital, NaN wherever the line must be broken."""
    samples = [sample for sample in picture.trends.samples if sample.vital is vital]
    values = [np.nan if sample.value is None else sample.value for sample in samples]
    gaps = [(gap.from_s, gap.to_s) for gap in picture.trends.gaps]
    return broken([sample.t_s for sample in samples], values, gaps)


def lone_points(values: Floats) -> list[int]:
    """Return where a value has no neighbour on either side: a line would not show it."""
    known = [False, *(~np.isnan(values)).tolist(), False]
    alone = zip(known, known[1:], known[2:], strict=False)
    return [i for i, (left, here, right) in enumerate(alone) if here and not (left or right)]


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Move the places of texts up as little as keeps them ``apart``; the order stays."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for lower, upper in pairwise(order):
        moved[upper] = max(moved[upper], moved[lower] + apart)
    return moved
