"""The three charts of the picture: cuff bars, pulse line, SpO2 line, each with its limits.

Glyphs and scales follow the clinical brief, section 7. Must not know files or Qt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.markers import CARETDOWN, CARETUP
from matplotlib.ticker import MultipleLocator

from monitor.chart_part import CuffReading
from monitor.readings import as_whole
from monitor.snapshot import LimitView
from monitor.vitals import Vital
from ui.chart_facts import lone_points, trend_of
from ui.chart_sheet import Sheet, colour_of
from ui.view_models.chart_labels import failed_labels
from ui.view_models.colours import ColourRole, bright

CUFF_LABEL_PX = 50
"""Room for "200/110"; cuff readings closer to a neighbour get no number, their bars stay."""
SHORT = {
    Vital.SYSTOLIC: "SYS",
    Vital.DIASTOLIC: "DIA",
    Vital.PULSE_RATE: "PR",
    Vital.HEART_RATE: "HR",
    Vital.SPO2: "SpO₂",
}


@dataclass(frozen=True, slots=True)
class _Bar:
    """One cuff inflation that gave a value: minute and mmHg."""

    x: float
    systolic: float
    diastolic: float
    mean: float | None


def draw_pressure(sheet: Sheet, pane: Axes) -> None:
    """Draw the cuff inflations, never joined, and below them the attempts that failed."""
    cuffs = sheet.picture.trends.cuffs
    bars = [
        _Bar(sheet.axis.x(cuff.t_s), cuff.systolic, cuff.diastolic, cuff.mean)
        for cuff in sorted(cuffs, key=lambda cuff: cuff.t_s)
        if cuff.systolic is not None and cuff.diastolic is not None
    ]
    lowest = min([40.0, *(bar.diastolic - 15 for bar in bars)])
    highest = max([220.0, *(bar.systolic + 25 for bar in bars)])
    pane.set_ylim(lowest, highest)
    _scale(pane, "NIBP mmHg", ColourRole.NIBP, 20)
    _draw_limits(sheet, pane, (Vital.SYSTOLIC, Vital.DIASTOLIC))
    _draw_bars(sheet, pane, bars)
    _draw_failed(sheet, pane, [cuff for cuff in cuffs if cuff.failed])


def draw_pulse(sheet: Sheet, pane: Axes) -> None:
    """Draw the pulse rate, or the heart rate where that is all the device sent."""
    sent = {sample.vital for sample in sheet.picture.trends.samples}
    is_heart = Vital.HEART_RATE in sent and Vital.PULSE_RATE not in sent
    vital = Vital.HEART_RATE if is_heart else Vital.PULSE_RATE
    _draw_trend(sheet, pane, vital, ColourRole.PULSE, (40.0, 140.0))
    _scale(pane, f"{SHORT[vital]} /min", ColourRole.PULSE, 20)
    _draw_limits(sheet, pane, (Vital.PULSE_RATE, Vital.HEART_RATE))


def draw_spo2(sheet: Sheet, pane: Axes) -> None:
    """Draw the oxygen saturation."""
    _draw_trend(sheet, pane, Vital.SPO2, ColourRole.SPO2, (85.0, 100.0))
    low, _ = pane.get_ylim()
    pane.set_ylim(low, 101)
    _scale(pane, "SpO₂ %", ColourRole.SPO2, 5 if low > 70 else 10)
    _draw_limits(sheet, pane, (Vital.SPO2,))


def _scale(pane: Axes, name: str, role: ColourRole, step: int) -> None:
    pane.yaxis.set_major_locator(MultipleLocator(step))
    pane.set_ylabel(name, color=colour_of(role), fontsize=11, fontweight="bold")
    pane.yaxis.set_label_coords(-0.045, 0.5)


def _draw_limits(sheet: Sheet, pane: Axes, vitals: Sequence[Vital]) -> None:
    drawn = [limit for limit in sheet.limits if limit.vital in vitals]
    dashes = (0, (5, 4))
    for limit in drawn:
        colour = colour_of(bright(limit.priority))
        pane.axhline(limit.value, color=colour, linewidth=1, linestyle=dashes, alpha=0.75)
    names = [
        (limit.value, _limit_name(limit), colour_of(bright(limit.priority))) for limit in drawn
    ]
    sheet.beside(pane, names)


def _limit_name(limit: LimitView) -> str:
    return f"{SHORT[limit.vital]} {as_whole(limit.value)}  {limit.rule}"


def _draw_bars(sheet: Sheet, pane: Axes, bars: Sequence[_Bar]) -> None:
    """Draw a caret down to SYS, one up to DIA, a bar between them and a tick at MAP."""
    colour = colour_of(ColourRole.NIBP)
    for bar, apart in zip(bars, _apart([bar.x for bar in bars]), strict=True):
        pane.plot([bar.x] * 2, [bar.diastolic, bar.systolic], color=colour, linewidth=1.6)
        pane.plot(bar.x, bar.systolic, marker=CARETDOWN, markersize=7, color=colour)
        pane.plot(bar.x, bar.diastolic, marker=CARETUP, markersize=7, color=colour)
        if bar.mean is not None:
            pane.plot(bar.x, bar.mean, marker="_", markersize=10, color=colour)
        if apart >= CUFF_LABEL_PX * sheet.minutes_per_px:
            _draw_number(pane, bar)


def _apart(places: Sequence[float]) -> list[float]:
    """Return how far each place is from its nearest neighbour."""
    fenced = [-inf, *places, inf]
    around = zip(fenced[:-2], places, fenced[2:], strict=True)
    return [min(here - before, after - here) for before, here, after in around]


def _draw_number(pane: Axes, bar: _Bar) -> None:
    pane.annotate(
        f"{as_whole(bar.systolic)}/{as_whole(bar.diastolic)}",
        (bar.x, bar.systolic),
        xytext=(0, 9),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        color=colour_of(ColourRole.TEXT_1),
        bbox=_behind_text(),
    )


def _behind_text() -> dict[str, Any]:
    """Return what keeps lines and hatching from running through a text."""
    return {"facecolor": colour_of(ColourRole.SURFACE), "linewidth": 0, "alpha": 0.8, "pad": 0.8}


def _draw_failed(sheet: Sheet, pane: Axes, failed: Sequence[CuffReading]) -> None:
    """Draw hollow marks at the bottom, each with its reason where there is room."""
    attempts = [(sheet.axis.x(cuff.t_s), cuff.failed) for cuff in failed]
    colour, low = colour_of(ColourRole.TEXT_2), pane.get_ylim()[0]
    for label in failed_labels(attempts, sheet.minutes_per_px):
        y = low + (label.row * 16 + 11) * sheet.units_per_px(pane)
        x = label.x + 8 * sheet.minutes_per_px
        pane.plot(label.x, y, marker="o", markersize=6, color=colour, fillstyle="none")
        if label.text:
            words = pane.text(x, y, label.text, color=colour, fontsize=8.5, parse_math=False)
            words.set(va="center", bbox=_behind_text())


def _draw_trend(
    sheet: Sheet, pane: Axes, vital: Vital, role: ColourRole, usual: tuple[float, float]
) -> None:
    """Draw one line, broken where nothing is known; the scale grows past the usual one."""
    times, values = trend_of(sheet.picture, vital)
    minutes, colour = (times - sheet.axis.zero_s) / 60.0, colour_of(role)
    pane.plot(minutes, values, color=colour, linewidth=1.3)
    alone = lone_points(values)
    pane.plot(minutes[alone], values[alone], ".", color=colour, markersize=4)
    known = values[~np.isnan(values)]
    low, high = usual
    if known.size:
        low, high = min(low, float(known.min()) - 2), max(high, float(known.max()) + 5)
    pane.set_ylim(5 * floor(low / 5), 5 * ceil(high / 5))
