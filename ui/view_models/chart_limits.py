"""The alarm limits on the chart: which are drawn, which are named, and where a name has room.

Knows the limits in force and how high a name is. Must not know Qt, or colours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.alarms.priority import Priority
from monitor.snapshot import LimitView
from monitor.vitals import Vital
from ui.view_models.numerics import limit_name
from ui.view_models.words import whole

NAME_PIXELS = 17.0
"""How high a name is, its own margin included."""


class Pane(StrEnum):
    """One pane of the chart."""

    PRESSURE = "pressure"
    PULSE = "pulse"
    SPO2 = "spo2"


PANE_OF = {
    Vital.SYSTOLIC: Pane.PRESSURE,
    Vital.DIASTOLIC: Pane.PRESSURE,
    Vital.MEAN: Pane.PRESSURE,
    Vital.PULSE_RATE: Pane.PULSE,
    Vital.SPO2: Pane.SPO2,
}


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One alarm limit across a pane. ``is_nearest``: no other is reached before it."""

    pane: Pane
    value: float
    is_upper: bool
    text: str
    priority: Priority
    is_nearest: bool = True


@dataclass(frozen=True, slots=True)
class LimitName:
    """The name of a limit: it stands on the line at ``value``, or hangs below it."""

    value: float
    text: str
    priority: Priority
    is_above: bool
    is_nearest: bool


def limit_lines(limits: Iterable[LimitView]) -> tuple[LimitLine, ...]:
    """Return the lines to draw: of each vital and side the nearest limit of each priority.

    The nearest of all has its whole name, ``SYS high 160``; the others only the number.
    """
    known = [one for one in limits if one.vital in PANE_OF]
    lines = []
    for one in known:
        same_side = [o for o in known if (o.vital, o.is_upper) == (one.vital, one.is_upper)]
        rivals = [other for other in same_side if other.priority is one.priority]
        if one is _nearest(rivals):
            lines.append(_line(one, is_nearest=one is _nearest(same_side)))
    return tuple(lines)


def limit_names(
    lines: Sequence[LimitLine], low: float, high: float, units_per_pixel: float
) -> tuple[LimitName, ...]:
    """Return the names that fit into a pane from ``low`` to ``high`` without touching another.

    A name stands beyond its limit, or within where there is no room. The nearest limits choose
    first; a number that fits nowhere is left out: its line stays.
    """
    room = NAME_PIXELS * units_per_pixel
    taken: list[float] = []
    names = []
    for line in sorted(lines, key=lambda one: not one.is_nearest):
        for is_above in (line.is_upper, not line.is_upper):
            foot = line.value if is_above else line.value - room
            is_inside = low <= foot and foot + room <= high
            if is_inside and all(abs(foot - other) >= room for other in taken):
                taken.append(foot)
                names.append(
                    LimitName(line.value, line.text, line.priority, is_above, line.is_nearest)
                )
                break
    return tuple(names)


def _nearest(limits: Sequence[LimitView]) -> LimitView:
    """Return the limit that is reached first; of two at one value the more urgent."""
    is_upper = limits[0].is_upper
    return min(limits, key=lambda one: (one.value if is_upper else -one.value, -one.priority))


def _line(limit: LimitView, *, is_nearest: bool) -> LimitLine:
    side = "high" if limit.is_upper else "low"
    number = str(whole(limit.value))
    text = f"{limit_name(limit.vital)} {side} {number}" if is_nearest else number
    pane = PANE_OF[limit.vital]
    return LimitLine(pane, limit.value, limit.is_upper, text, limit.priority, is_nearest)
