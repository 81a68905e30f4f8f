"""The chart of one stored session as a PNG: cuff bars, pulse, SpO2, alarms, limits, gaps.

Draws with matplotlib's own canvas, so it works without a display. Must not import Qt.
"""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from textwrap import shorten

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from monitor.alarms.priority import Priority
from monitor.errors import OperatorError
from monitor.readings import as_whole
from monitor.records import TransitionKept
from monitor.snapshot import AlarmState
from monitor.storage.stored import StoredSession
from ui.chart_facts import Span, gaps_of
from ui.chart_panes import draw_pressure, draw_pulse, draw_spo2
from ui.chart_sheet import (
    BETWEEN_PX,
    BOTTOM_PX,
    LEFT_PX,
    RIGHT_PX,
    TOP_PX,
    WIDTH_PX,
    Sheet,
    colour_of,
    new_figure,
)
from ui.view_models.colours import ColourRole, bright

SENTENCE = "Secondary display. Not a primary alarm device."
LEGEND = (
    "▼ SYS   – MAP   ▲ DIA   ○ failed   hatched: no data   ·   "
    "Alarms: full = sounding, half = acknowledged, outline = over, not yet seen"
)
BETWEEN_NAMES_PX = 6
"""Between the names of two phases, so that they are two."""
MARKS = {Priority.HIGH: "!!!", Priority.MEDIUM: "!!", Priority.LOW: "!"}


def draw_chart(stored: StoredSession, path: Path) -> None:
    """Draw the session into a new PNG file of 1600 x 900 pixels.

    Raises OperatorError when the file exists or cannot be written.
    """
    figure = new_figure()
    draw(Sheet.of(stored, figure))
    try:
        with path.open("xb") as file:
            figure.savefig(file, format="png")
    except FileExistsError as cause:
        raise OperatorError(
            f"{path} exists already", "name another file; it was left as it is"
        ) from cause
    except OSError as cause:
        raise OperatorError(
            f"{path} cannot be written ({cause.strerror})", "name a place where you may write"
        ) from cause


def draw(sheet: Sheet) -> None:
    """Draw everything of a session on its sheet."""
    rules = _rules(sheet.spans)
    lane_px = 26 + 20 * max(1, len(rules))
    pressure, pulse, spo2, lane = _panes(sheet, lane_px)
    for pane in (pressure, pulse, spo2, lane):
        _draw_background(sheet, pane)
    draw_pressure(sheet, pressure)
    draw_pulse(sheet, pulse)
    draw_spo2(sheet, spo2)
    _draw_alarms(sheet, lane, rules)
    _draw_phases(sheet, pressure)
    _write(sheet)


def _panes(sheet: Sheet, lane_px: int) -> list[Axes]:
    """Return the four panes, top to bottom."""
    left_px = BOTTOM_PX - TOP_PX - lane_px - 3 * BETWEEN_PX
    panes, top_px = [], float(TOP_PX)
    for height_px in (left_px * 0.52, left_px * 0.25, left_px * 0.23, lane_px):
        panes.append(sheet.pane(top_px, height_px))
        top_px += height_px + BETWEEN_PX
    return panes


def _draw_background(sheet: Sheet, pane: Axes) -> None:
    """Shade the infusion and hatch what is not known."""
    x, picture = sheet.axis.x, sheet.picture
    if picture.infusion_started_s is not None:
        shade = colour_of(ColourRole.INFUSION)
        pane.axvspan(
            x(picture.infusion_started_s), x(_infusion_end_s(sheet)), color=shade, alpha=0.09
        )
    for gap in gaps_of(sheet.stored, picture):
        pane.axvspan(
            x(gap.from_s),
            x(gap.to_s),
            facecolor="none",
            edgecolor=colour_of(ColourRole.NO_DATA),
            alpha=0.6,
            hatch="////",
            linewidth=0.5,
        )


def _infusion_end_s(sheet: Sheet) -> float:
    ended_s = sheet.picture.infusion_ended_s
    return sheet.stored.last_t_s if ended_s is None else ended_s


# ---- alarms


def _rules(spans: Sequence[Span]) -> list[str]:
    """Return the rules that alarmed, the most urgent first."""
    return sorted({span.rule for span in spans}, key=lambda rule: (-_worst(spans, rule), rule))


def _worst(spans: Sequence[Span], rule: str) -> Priority:
    return max(span.priority for span in spans if span.rule == rule)


def _draw_alarms(sheet: Sheet, lane: Axes, rules: Sequence[str]) -> None:
    """Draw one line for each rule that alarmed, and the labels of the time axis below."""
    ticks = sheet.axis.ticks()
    lane.grid(visible=False, axis="y")
    lane.set_ylim(max(1, len(rules)) - 0.3, -0.7)
    lane.set_xticks([minute for minute, _ in ticks], labels=[text for _, text in ticks])
    lane.tick_params(axis="x", pad=6, labelsize=10)
    lane.set_yticks(range(len(rules)), labels=[_rule_name(sheet.spans, rule) for rule in rules])
    for label, rule in zip(lane.get_yticklabels(), rules, strict=True):
        label.set(color=colour_of(bright(_worst(sheet.spans, rule))), fontweight="bold")
    for span in sorted(sheet.spans, key=lambda span: span.priority):
        lane.add_patch(_stretch(sheet, span, rules.index(span.rule)))
    if not rules:
        sheet.beside(lane, [(0.0, "no alarms", colour_of(ColourRole.TEXT_2))])


def _rule_name(spans: Sequence[Span], rule: str) -> str:
    return f"{MARKS[_worst(spans, rule)]} {rule[:8]}"


def _stretch(sheet: Sheet, span: Span, row: int) -> Rectangle:
    """Return the bar of one stretch; the shortest is still wide enough to be seen."""
    colour = colour_of(bright(span.priority))
    height = 0.36 if span.state is AlarmState.ACKNOWLEDGED else 0.72
    x = sheet.axis.x(span.from_s)
    width = max(sheet.axis.x(span.to_s) - x, 3 * sheet.minutes_per_px)
    fill = "none" if span.state is AlarmState.UNSEEN else colour
    return Rectangle((x, row - height / 2), width, height, facecolor=fill, edgecolor=colour)


# ---- words


def _draw_phases(sheet: Sheet, pane: Axes) -> None:
    """Write the names of the phases above the charts."""
    axis, started_s = sheet.axis, sheet.picture.infusion_started_s
    if started_s is None:
        _draw_phase(sheet, pane, (axis.low, axis.high), "NO INFUSION")
        return
    start, end = axis.x(started_s), axis.x(_infusion_end_s(sheet))
    planned = as_whole(sheet.stored.opened.planned_infusion_s / 60)
    name = f"INFUSION {as_whole(end - start)} of {planned} min"
    _draw_phase(sheet, pane, (axis.low, start), "BASELINE")
    _draw_phase(sheet, pane, (start, end), name, ColourRole.INFUSION)
    if sheet.picture.infusion_ended_s is not None:
        _draw_phase(sheet, pane, (end, axis.high), "RECOVERY")


def _draw_phase(
    sheet: Sheet,
    pane: Axes,
    span: tuple[float, float],
    name: str,
    role: ColourRole = ColourRole.TEXT_2,
) -> None:
    """Write a name where it fits, else its first word, else nothing: the shade says it, too."""
    end_px = LEFT_PX + (span[1] - sheet.axis.low) / sheet.minutes_per_px
    for words in (name, name.split(maxsplit=1)[0]):
        text = pane.annotate(
            words,
            (span[0], pane.get_ylim()[1]),
            xytext=(2, 5),
            textcoords="offset points",
            color=colour_of(role),
            fontsize=8,
            fontweight="bold",
        )
        if text.get_window_extent().x1 + BETWEEN_NAMES_PX <= end_px:
            return
        text.remove()


def _write(sheet: Sheet) -> None:
    opened, grey = sheet.stored.opened, ColourRole.TEXT_2
    title = shorten(f"{opened.chair} · {sheet.stored.patient}".strip(" ·"), 70, placeholder="…")
    sheet.say(LEFT_PX, 42, title, 19)
    sheet.say(LEFT_PX, 72, _subtitle(sheet), 11, grey)
    sheet.say(LEFT_PX, 884, SENTENCE, 11)
    sheet.say(WIDTH_PX - 20, 884, LEGEND, 8.5, grey, align="right")
    if opened.is_simulated:
        sheet.say(WIDTH_PX - 20, 42, "SIMULATED", 19, align="right")
        _watermark(sheet)


def _subtitle(sheet: Sheet) -> str:
    stored, begin = sheet.stored, sheet.axis.opened_local
    end = begin + timedelta(seconds=stored.last_t_s)
    taken = sum(not cuff.failed for cuff in sheet.picture.trends.cuffs)
    sounded = sum(
        isinstance(row, TransitionKept)
        and row.new is AlarmState.SOUNDING
        and row.old is not AlarmState.ACKNOWLEDGED  # the same occurrence, heard again
        for row in stored.rows
    )
    return "   ·   ".join(
        (
            f"{begin:%d %b %Y}  {begin:%H:%M}–{end:%H:%M} {stored.opened.time_zone}",
            f"{as_whole(stored.last_t_s / 60)} min",
            stored.opened.driver,
            f"{taken} cuff readings",
            f"{sounded} alarms",
            f"session {stored.session_id[:8]}",
        )
    )


def _watermark(sheet: Sheet) -> None:
    sheet.figure.text(
        (LEFT_PX + RIGHT_PX) / 2 / WIDTH_PX,
        0.52,
        "SIMULATED",
        fontsize=130,
        fontweight="bold",
        color=colour_of(ColourRole.TEXT_1),
        alpha=0.10,
        rotation=20,
        ha="center",
        va="center",
    )
