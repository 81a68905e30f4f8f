"""What to draw on the chart of one session: bars, lines, limits, shades, in axis units.

Knows the glyphs of clinical.md section 7: bars never joined, lines broken at gaps. Not Qt.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitor.alarms.priority import Priority
from monitor.chart_part import CuffReading
from monitor.snapshot import LimitView, Phase
from monitor.vitals import Vital
from ui.view_models.chart_labels import Label, failed_labels, gap_labels, phase_labels
from ui.view_models.chart_limits import PANE_OF, LimitLine, Pane, limit_lines
from ui.view_models.chart_model import ChartModel
from ui.view_models.colours import ColourRole, bright
from ui.view_models.reduction import Floats, to_columns
from ui.view_models.seen import Seen
from ui.view_models.status import simulated_text
from ui.view_models.time_axis import TimeAxis, ticks, time_axis

# First range and distance of the labels: clinical brief, section 7, "Axis" (SpO2: own lane).
_FIRST_RANGE = {Pane.PRESSURE: (40, 220), Pane.PULSE: (40, 140), Pane.SPO2: (80, 100)}
_MARGIN = {Pane.PRESSURE: 0.05, Pane.PULSE: 0.09, Pane.SPO2: 0.12}
SHORTEST_MARK_MIN = 0.25
"""Width of an alarm that is known only by its line in the log, as after a restart."""
_STEP = {Pane.PRESSURE: 20, Pane.PULSE: 20, Pane.SPO2: 5}


@dataclass(frozen=True, slots=True)
class Range:
    """The values shown in one pane and the labelled ones among them."""

    low: float
    high: float
    labelled: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CuffBar:
    """One cuff inflation: a bar from diastolic to systolic with a mark at the mean."""

    x: float
    systolic: float
    diastolic: float
    mean: float | None
    colour: ColourRole


@dataclass(frozen=True, slots=True)
class Furniture:
    """All that changes seldom: rebuilt on the screen only when it differs from before."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    ranges: tuple[tuple[Pane, Range], ...]
    bars: tuple[CuffBar, ...]
    failed: tuple[Label, ...]
    limits: tuple[LimitLine, ...]
    phases: tuple[Label, ...]
    infusion: tuple[float, float] | None
    gaps: tuple[tuple[float, float, str], ...]
    gap_names: tuple[Label, ...]
    watermark: str


@dataclass(frozen=True, slots=True)
class AlarmMark:
    """One stretch of the alarm lane."""

    low: float
    high: float
    priority: Priority


@dataclass(frozen=True, slots=True, eq=False)
class ChartView:
    """One whole chart. ``pulse`` and ``spo2`` are minutes and values, reduced to the pixel."""

    furniture: Furniture
    pulse: tuple[Floats, Floats]
    spo2: tuple[Floats, Floats]
    alarms: tuple[AlarmMark, ...]
    now_x: float


def chart_view(model: ChartModel, seen: Seen, columns: int) -> ChartView:
    """Return the chart for a plot ``columns`` pixels wide."""
    axis = time_axis(seen)
    pulse, spo2 = model.trend(Vital.PULSE_RATE), model.trend(Vital.SPO2)
    ranges = tuple(
        (pane, _range(pane, model, seen, {Pane.PULSE: pulse[1], Pane.SPO2: spo2[1]}))
        for pane in Pane
    )
    return ChartView(
        furniture=_furniture(model, seen, axis, ranges, columns),
        pulse=_placed(pulse, axis, columns),
        spo2=_placed(spo2, axis, columns),
        alarms=_alarm_marks(model, axis),
        now_x=axis.x(seen.now_s),
    )


def _furniture(
    model: ChartModel,
    seen: Seen,
    axis: TimeAxis,
    ranges: tuple[tuple[Pane, Range], ...],
    columns: int,
) -> Furniture:
    infusion = _infusion(seen, axis)
    per_pixel = (axis.high - axis.low) / max(1, columns)
    return Furniture(
        low=axis.low,
        high=axis.high,
        ticks=ticks(seen, axis),
        ranges=ranges,
        bars=_bars(model.cuffs, seen.snapshot.limits, axis),
        failed=failed_labels(
            [(axis.x(c.t_s), c.failed) for c in model.cuffs if c.failed], per_pixel
        ),
        limits=limit_lines(seen.snapshot.limits),
        phases=phase_labels(seen.snapshot, axis.low, infusion, per_pixel),
        infusion=infusion,
        gaps=tuple((axis.x(gap.from_s), axis.x(gap.to_s), gap.reason) for gap in model.gaps),
        gap_names=gap_labels(
            [(axis.x(gap.from_s), axis.x(gap.to_s)) for gap in model.gaps],
            axis.low,
            axis.high,
            per_pixel,
        ),
        watermark=simulated_text(seen.snapshot),
    )


def _placed(trend: tuple[Floats, Floats], axis: TimeAxis, columns: int) -> tuple[Floats, Floats]:
    return to_columns((trend[0] - axis.zero_s) / 60.0, trend[1], axis.low, axis.high, columns)


def _infusion(seen: Seen, axis: TimeAxis) -> tuple[float, float] | None:
    """Return the shaded span: to the planned end while it runs, to the real end after it."""
    snapshot = seen.snapshot
    if snapshot.infusion_started_s is None:
        return None
    if snapshot.infusion_ended_s is not None:
        return (0.0, axis.x(snapshot.infusion_ended_s))
    planned = snapshot.planned_infusion_s / 60.0
    is_running = snapshot.phase is Phase.INFUSION
    return (0.0, max(planned, axis.x(seen.now_s)) if is_running else planned)


def _bars(
    cuffs: Sequence[CuffReading], limits: Sequence[LimitView], axis: TimeAxis
) -> tuple[CuffBar, ...]:
    return tuple(
        CuffBar(axis.x(c.t_s), c.systolic, c.diastolic, c.mean, _bar_colour(c, limits))
        for c in cuffs
        if c.systolic is not None and c.diastolic is not None
    )


def _bar_colour(cuff: CuffReading, limits: Sequence[LimitView]) -> ColourRole:
    """Return the colour of the worst limit in force now that this reading is beyond."""
    values = {Vital.SYSTOLIC: cuff.systolic, Vital.DIASTOLIC: cuff.diastolic, Vital.MEAN: cuff.mean}
    crossed = [
        one.priority
        for one in limits
        if (value := values.get(one.vital)) is not None and one.is_crossed_by(value)
    ]
    return bright(max(crossed)) if crossed else ColourRole.NIBP


def _range(pane: Pane, model: ChartModel, seen: Seen, trends: dict[Pane, Floats]) -> Range:
    """Return the first range of the pane, widened by whole steps to hold all that is known."""
    low, high = _FIRST_RANGE[pane]
    step = _STEP[pane]
    values = [one.value for one in seen.snapshot.limits if PANE_OF.get(one.vital) is pane]
    values += _cuff_values(model.cuffs) if pane is Pane.PRESSURE else _extremes(trends[pane])
    low = min([low, *(math.floor(value / step) * step for value in values)])
    high = max([high, *(math.ceil(value / step) * step for value in values)])
    margin = _MARGIN[pane] * (high - low)
    return Range(low - margin, high + margin, tuple(range(low, high + 1, step)))


def _cuff_values(cuffs: Sequence[CuffReading]) -> list[float]:
    both = [value for cuff in cuffs for value in (cuff.systolic, cuff.diastolic)]
    return [value for value in both if value is not None]


def _extremes(values: Floats) -> list[float]:
    known = values[~np.isnan(values)]
    return [float(known.min()), float(known.max())] if known.size else []


def _alarm_marks(model: ChartModel, axis: TimeAxis) -> tuple[AlarmMark, ...]:
    spans = [
        AlarmMark(axis.x(span.from_s), axis.x(span.to_s), span.priority)
        for span in model.alarm_spans
    ]
    logged = [
        AlarmMark(axis.x(entry.t_s), axis.x(entry.t_s) + SHORTEST_MARK_MIN, entry.priority)
        for entry in model.log
        if entry.priority is not None
    ]
    return tuple(sorted(spans + logged, key=lambda mark: mark.priority))
