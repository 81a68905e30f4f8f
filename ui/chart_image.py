"""The chart of one stored session as a PNG: cuff bars, pulse, SpO2, alarms, limits, gaps.

Draws with matplotlib's own canvas, so it works without a display. Must not import Qt.
"""

import tomllib
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from math import ceil, floor
from pathlib import Path
from textwrap import shorten

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from monitor.alarms.priority import Priority
from monitor.errors import OperatorError
from monitor.picture import as_whole
from monitor.snapshot import AlarmState, CuffReading, LimitView
from monitor.storage.stored import StoredSession
from monitor.vitals import Vital
from resources import path_to
from ui.chart_facts import Span, alarm_spans, axis_of, limits_of, lone_points, spread, trend_of
from ui.view_models.chart_labels import failed_labels
from ui.view_models.colours import ColourRole, bright

SENTENCE = "Secondary display. Not a primary alarm device."
LEGEND = (
    "▼ SYS  – MAP  ▲ DIA  ○ failed  ╱╱ no data   ·   "
    "Alarms: full = sounding, half = acknowledged, outline = over, not yet seen"
)
WIDTH_PX, HEIGHT_PX, DPI = 1600, 900, 100
LEFT_PX, RIGHT_PX = 120, 1450
TOP_PX, BOTTOM_PX = 112, 810
"""Where the panes lie; around them title, axis labels, limit labels and footer."""
BETWEEN_PX = 14
RULES_SHOWN = 9
CUFF_LABEL_PX = 56
"""Room for "200/110"; closer cuff readings get no number, their bars stay."""
LETTER_PX = 8.0
MARKS = {Priority.HIGH: "!!!", Priority.MEDIUM: "!!", Priority.LOW: "!"}
SHORT = {
    Vital.SYSTOLIC: "SYS",
    Vital.DIASTOLIC: "DIA",
    Vital.PULSE_RATE: "PR",
    Vital.SPO2: "SpO₂",
}


def draw_chart(stored: StoredSession, path: Path) -> None:
    """Draw the session into a new PNG file of 1600 x 900 pixels.

    Raises OperatorError when the file exists or cannot be written.
    """
    size = (WIDTH_PX / DPI, HEIGHT_PX / DPI)
    canvas = FigureCanvasAgg(Figure(size, dpi=DPI, facecolor=_colour(ColourRole.BACKGROUND)))
    _Chart(stored, canvas.figure).draw()
    try:
        with path.open("xb") as file:
            canvas.print_png(file)
    except FileExistsError as cause:
        raise OperatorError(
            f"{path} exists already", "name another file; it was left as it is"
        ) from cause
    except OSError as cause:
        raise OperatorError(
            f"{path} cannot be written ({cause.strerror})", "name a place where you may write"
        ) from cause


@cache
def _tokens() -> dict[str, str]:
    text = path_to("theme/dark.toml").read_text(encoding="utf-8")
    colours: dict[str, str] = tomllib.loads(text)["colour"]
    return colours


def _colour(role: ColourRole) -> str:
    return _tokens()[role]


class _Chart:
    """One drawing; the methods are its parts, from back to front."""

    def __init__(self, stored: StoredSession, figure: Figure) -> None:
        self._stored = stored
        self._figure = figure
        self._picture = stored.picture()
        self._axis = axis_of(stored)
        self._spans = alarm_spans(stored)
        self._limits = limits_of(stored)
        self._minutes_per_px = (self._axis.high - self._axis.low) / (RIGHT_PX - LEFT_PX)

    def draw(self) -> None:
        """Draw everything."""
        rules = self._rules()
        lane_px = 26 + 20 * max(1, len(rules))
        left_px = BOTTOM_PX - TOP_PX - lane_px - 3 * BETWEEN_PX
        pressure, pulse, spo2, lane = self._panes(
            [int(left_px * 0.52), int(left_px * 0.25), int(left_px * 0.23), lane_px]
        )
        for pane in (pressure, pulse, spo2, lane):
            self._background(pane)
        self._draw_pressure(pressure)
        self._draw_pulse(pulse)
        self._draw_spo2(spo2)
        self._draw_alarms(lane, rules)
        self._draw_phases(pressure)
        self._words()

    # ---- panes

    def _panes(self, heights_px: Sequence[int]) -> list[Axes]:
        panes, top = [], TOP_PX
        for height in heights_px:
            panes.append(self._pane(top, height))
            top += height + BETWEEN_PX
        return panes

    def _pane(self, top_px: float, height_px: float) -> Axes:
        pane = self._figure.add_axes(
            (
                LEFT_PX / WIDTH_PX,
                1 - (top_px + height_px) / HEIGHT_PX,
                (RIGHT_PX - LEFT_PX) / WIDTH_PX,
                height_px / HEIGHT_PX,
            ),
            facecolor=_colour(ColourRole.SURFACE),
        )
        pane.set_xlim(self._axis.low, self._axis.high)
        pane.set_xticks([minute for minute, _ in self._axis.ticks()], labels=[])
        pane.tick_params(length=0, labelsize=9, labelcolor=_colour(ColourRole.TEXT_2))
        pane.grid(color=_colour(ColourRole.LINE), linewidth=0.6)
        pane.set_axisbelow(True)
        for spine in pane.spines.values():
            spine.set_visible(False)
        return pane

    def _background(self, pane: Axes) -> None:
        """Shade the infusion and hatch what is not known."""
        x, picture = self._axis.x, self._picture
        if picture.infusion_started_s is not None:
            ended_s = picture.infusion_ended_s or self._stored.last_t_s
            infusion = _colour(ColourRole.INFUSION)
            pane.axvspan(x(picture.infusion_started_s), x(ended_s), color=infusion, alpha=0.09)
        for gap in picture.trends.gaps:
            pane.axvspan(
                x(gap.from_s),
                x(gap.to_s),
                facecolor="none",
                edgecolor=_colour(ColourRole.NO_DATA),
                alpha=0.6,
                hatch="////",
                linewidth=0.5,
                zorder=1.5,
            )

    def _scale(self, pane: Axes, name: str, role: ColourRole, step: int) -> None:
        pane.yaxis.set_major_locator(MultipleLocator(step))
        pane.set_ylabel(name, color=_colour(role), fontsize=11, fontweight="bold")
        pane.yaxis.set_label_coords(-0.042, 0.5)

    def _draw_limits(self, pane: Axes, vitals: Sequence[Vital]) -> None:
        """Draw the limits of these vitals; their names stand outside, where no data is."""
        drawn = [limit for limit in self._limits if limit.vital in vitals]
        low, high = pane.get_ylim()
        text_height = 15 * (high - low) / (pane.get_position().height * HEIGHT_PX)
        places = spread([limit.value for limit in drawn], text_height)
        for limit, place in zip(drawn, places, strict=True):
            colour = _colour(bright(limit.priority))
            pane.axhline(limit.value, color=colour, linewidth=1, linestyle=(0, (5, 4)), alpha=0.75)
            self._beside(pane, place, _limit_name(limit), colour)

    def _beside(self, pane: Axes, y: float, text: str, colour: str) -> None:
        pane.text(
            self._axis.high + 6 * self._minutes_per_px,
            y,
            text,
            color=colour,
            fontsize=9,
            va="center",
            parse_math=False,
        )

    # ---- the three charts

    def _draw_pressure(self, pane: Axes) -> None:
        cuffs = sorted(self._picture.trends.cuffs, key=lambda cuff: cuff.t_s)
        taken = [_Bar(self._axis.x(c.t_s), c) for c in cuffs if not c.failed]
        bars = [bar for bar in taken if bar.is_whole]
        lowest = min([40.0, *(bar.diastolic - 10 for bar in bars)])
        highest = max([220.0, *(bar.systolic + 20 for bar in bars)])
        pane.set_ylim(lowest, highest)
        self._scale(pane, "NIBP mmHg", ColourRole.NIBP, 20)
        self._draw_limits(pane, (Vital.SYSTOLIC, Vital.DIASTOLIC))
        self._draw_bars(pane, bars)
        self._draw_failed(pane, [cuff for cuff in cuffs if cuff.failed], lowest)

    def _draw_bars(self, pane: Axes, bars: Sequence["_Bar"]) -> None:
        """Draw each inflation by itself: a caret down to SYS, one up to DIA, never joined."""
        colour = _colour(ColourRole.NIBP)
        last_x = -float("inf")
        for bar in bars:
            pane.plot([bar.x] * 2, [bar.diastolic, bar.systolic], color=colour, linewidth=1.6)
            pane.plot(bar.x, bar.systolic, marker="$\\blacktriangledown$", color=colour)
            pane.plot(bar.x, bar.diastolic, marker="$\\blacktriangle$", color=colour)
            if bar.mean is not None:
                pane.plot(bar.x, bar.mean, marker="_", markersize=9, color=colour)
            if bar.x - last_x >= CUFF_LABEL_PX * self._minutes_per_px:
                self._number(pane, bar)
                last_x = bar.x

    def _number(self, pane: Axes, bar: "_Bar") -> None:
        pane.annotate(
            f"{as_whole(bar.systolic)}/{as_whole(bar.diastolic)}",
            (bar.x, bar.systolic),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=_colour(ColourRole.TEXT_1),
        )

    def _draw_failed(self, pane: Axes, failed: Sequence[CuffReading], lowest: float) -> None:
        low, high = pane.get_ylim()
        row_height = 16 * (high - low) / (pane.get_position().height * HEIGHT_PX)
        attempts = [(self._axis.x(cuff.t_s), cuff.failed) for cuff in failed]
        colour = _colour(ColourRole.TEXT_2)
        for label in failed_labels(attempts, self._minutes_per_px):
            y = lowest + (label.row + 0.7) * row_height
            pane.plot(label.x, y, marker="o", markersize=6, color=colour, fillstyle="none")
            text_x = label.x + 8 * self._minutes_per_px
            pane.text(
                text_x, y, label.text, color=colour, fontsize=8.5, va="center", parse_math=False
            )

    def _draw_pulse(self, pane: Axes) -> None:
        has_pulse = any(s.vital is Vital.PULSE_RATE for s in self._picture.trends.samples)
        has_heart = any(s.vital is Vital.HEART_RATE for s in self._picture.trends.samples)
        shown = Vital.HEART_RATE if has_heart and not has_pulse else Vital.PULSE_RATE
        name = "HR /min" if shown is Vital.HEART_RATE else "PR /min"
        self._draw_trend(pane, shown, ColourRole.PULSE, (40.0, 140.0))
        self._scale(pane, name, ColourRole.PULSE, 20)
        self._draw_limits(pane, (Vital.PULSE_RATE, Vital.HEART_RATE))

    def _draw_spo2(self, pane: Axes) -> None:
        self._draw_trend(pane, Vital.SPO2, ColourRole.SPO2, (88.0, 100.0))
        low, _ = pane.get_ylim()
        pane.set_ylim(low, 101)
        self._scale(pane, "SpO₂ %", ColourRole.SPO2, 5 if low > 60 else 10)
        self._draw_limits(pane, (Vital.SPO2,))

    def _draw_trend(
        self, pane: Axes, vital: Vital, role: ColourRole, usual: tuple[float, float]
    ) -> None:
        """Draw one line, broken where nothing is known; the scale grows past the usual one."""
        times, values = trend_of(self._picture, vital)
        minutes, colour = (times - self._axis.zero_s) / 60.0, _colour(role)
        pane.plot(minutes, values, color=colour, linewidth=1.3)
        alone = lone_points(values)
        pane.plot(minutes[alone], values[alone], ".", color=colour, markersize=4)
        known = values[~np.isnan(values)]
        low, high = usual
        if known.size:
            low, high = min(low, known.min() - 2), max(high, known.max() + 5)
        pane.set_ylim(5 * floor(low / 5), 5 * ceil(high / 5))

    # ---- alarms

    def _rules(self) -> list[str]:
        """Return the rules that alarmed, the most urgent first, as many as there is room for."""
        worst: dict[str, Priority] = {}
        for span in self._spans:
            worst[span.rule] = max(span.priority, worst.get(span.rule, Priority.LOW))
        return sorted(worst, key=lambda rule: (-worst[rule], rule))[:RULES_SHOWN]

    def _draw_alarms(self, lane: Axes, rules: Sequence[str]) -> None:
        lane.grid(visible=False, axis="y")
        lane.set_ylim(max(1, len(rules)) - 0.3, -0.7)
        lane.set_xticks(*zip(*self._axis.ticks(), strict=True))
        lane.tick_params(axis="x", pad=6, labelsize=10)
        lane.set_yticks(range(len(rules)), labels=[self._rule_name(rule) for rule in rules])
        for label, rule in zip(lane.get_yticklabels(), rules, strict=True):
            label.set(color=_colour(bright(self._worst(rule))), fontweight="bold")
        for span in sorted(self._spans, key=lambda span: span.priority):
            if span.rule in rules:
                lane.add_patch(self._stretch(span, rules.index(span.rule)))
        if not rules:
            middle = (self._axis.low + self._axis.high) / 2
            grey = _colour(ColourRole.TEXT_2)
            lane.text(middle, 0.35, "no alarms", color=grey, ha="center", va="center", fontsize=10)
        left_out = len({span.rule for span in self._spans}) - len(rules)
        if left_out:
            self._beside(lane, len(rules) - 1, f"and {left_out} more rules", _colour(ColourRole.TEXT_2))

    def _worst(self, rule: str) -> Priority:
        return max(span.priority for span in self._spans if span.rule == rule)

    def _rule_name(self, rule: str) -> str:
        return f"{MARKS[self._worst(rule)]} {shorten(rule, 10, placeholder='…')}"

    def _stretch(self, span: Span, row: int) -> Rectangle:
        """Return the bar of one stretch; the shortest is still wide enough to be seen."""
        colour = _colour(bright(span.priority))
        height = 0.36 if span.state is AlarmState.ACKNOWLEDGED else 0.72
        x = self._axis.x(span.from_s)
        width = max(self._axis.x(span.to_s) - x, 3 * self._minutes_per_px)
        fill = "none" if span.state is AlarmState.UNSEEN else colour
        return Rectangle((x, row - height / 2), width, height, facecolor=fill, edgecolor=colour)

    # ---- words

    def _draw_phases(self, pane: Axes) -> None:
        picture, axis = self._picture, self._axis
        if picture.infusion_started_s is None:
            self._phase(pane, axis.low, axis.high, "NO INFUSION", ColourRole.TEXT_2)
            return
        start = axis.x(picture.infusion_started_s)
        end = axis.x(picture.infusion_ended_s or self._stored.last_t_s)
        self._phase(pane, axis.low, start, "BASELINE", ColourRole.TEXT_2)
        planned = as_whole(self._stored.opened.planned_infusion_s / 60)
        ran = as_whole(end - start)
        self._phase(pane, start, end, f"INFUSION {ran} of {planned} min", ColourRole.INFUSION)
        if picture.infusion_ended_s is not None:
            self._phase(pane, end, axis.high, "RECOVERY", ColourRole.TEXT_2)

    def _phase(self, pane: Axes, start: float, end: float, name: str, role: ColourRole) -> None:
        """Write the name of a phase above the charts, where it fits."""
        if len(name) * LETTER_PX * self._minutes_per_px > end - start:
            name = name.split()[0]
        if len(name) * LETTER_PX * self._minutes_per_px > end - start:
            return
        top = pane.get_ylim()[1]
        pane.annotate(
            name,
            (start, top),
            xytext=(2, 5),
            textcoords="offset points",
            color=_colour(role),
            fontsize=9,
            fontweight="bold",
        )

    def _words(self) -> None:
        opened = self._stored.opened
        self._say(LEFT_PX, 42, shorten(f"{opened.chair} · {opened.patient}", 70), 19, bold=True)
        self._say(LEFT_PX, 72, self._subtitle(), 11, ColourRole.TEXT_2)
        self._say(LEFT_PX, 882, SENTENCE, 11, bold=True)
        self._say(WIDTH_PX - 20, 882, LEGEND, 8.5, ColourRole.TEXT_2, align="right")
        if opened.is_simulated:
            self._say(WIDTH_PX - 20, 42, "SIMULATED", 19, align="right", bold=True)
            self._watermark()

    def _subtitle(self) -> str:
        opened, begin = self._stored.opened, self._axis.opened_local
        end = begin + timedelta(seconds=self._stored.last_t_s)
        minutes = as_whole(self._stored.last_t_s / 60)
        taken = sum(not cuff.failed for cuff in self._picture.trends.cuffs)
        sounded = sum(span.state is AlarmState.SOUNDING for span in self._spans)
        return (
            f"{begin:%d %b %Y}  {begin:%H:%M}–{end:%H:%M} ({minutes} min, {opened.time_zone})"
            f"  ·  {opened.driver}  ·  {taken} cuff readings  ·  {sounded} alarms"
            f"  ·  session {self._stored.session_id[:8]}"
        )

    def _say(
        self,
        x_px: float,
        y_px: float,
        text: str,
        size: float,
        role: ColourRole = ColourRole.TEXT_1,
        *,
        align: str = "left",
        bold: bool = False,
    ) -> None:
        self._figure.text(
            x_px / WIDTH_PX,
            1 - y_px / HEIGHT_PX,
            text,
            fontsize=size,
            color=_colour(role),
            ha=align,
            fontweight="bold" if bold else "normal",
            parse_math=False,
        )

    def _watermark(self) -> None:
        self._figure.text(
            (LEFT_PX + RIGHT_PX) / 2 / WIDTH_PX,
            0.52,
            "SIMULATED",
            fontsize=130,
            fontweight="bold",
            color=_colour(ColourRole.TEXT_1),
            alpha=0.10,
            rotation=20,
            ha="center",
            va="center",
        )
