"""The names of the colours a view may ask for; the theme decides what they look like.

Knows roles only, and that the alarm colours belong to alarms.
"""

from enum import StrEnum

from monitor.alarms.priority import Priority


class ColourRole(StrEnum):
    """One role of the design's tokens; the value is its key in the theme file."""

    BACKGROUND = "background"
    SURFACE = "surface"
    RAISED = "raised"
    LINE = "line"
    TEXT_1 = "text1"
    TEXT_2 = "text2"
    TEXT_3 = "text3"
    STALE = "stale"
    NIBP = "nibp"
    PULSE = "pulse"
    SPO2 = "spo2"
    ACCENT = "accent"
    ACCENT_DEEP = "accent_deep"
    INFUSION = "infusion"
    NO_DATA = "no_data"
    CAUTION = "caution"
    ON_ALARM = "on_alarm"
    ALARM_HIGH = "alarm_high"
    ALARM_MEDIUM = "alarm_medium"
    ALARM_LOW = "alarm_low"
    ALARM_HIGH_DARK = "alarm_high_dark"
    ALARM_MEDIUM_DARK = "alarm_medium_dark"
    ALARM_LOW_DARK = "alarm_low_dark"


_BRIGHT = {
    Priority.HIGH: ColourRole.ALARM_HIGH,
    Priority.MEDIUM: ColourRole.ALARM_MEDIUM,
    Priority.LOW: ColourRole.ALARM_LOW,
}
_DARK = {
    Priority.HIGH: ColourRole.ALARM_HIGH_DARK,
    Priority.MEDIUM: ColourRole.ALARM_MEDIUM_DARK,
    Priority.LOW: ColourRole.ALARM_LOW_DARK,
}


def bright(priority: Priority) -> ColourRole:
    """Return the colour of an alarm of this priority."""
    return _BRIGHT[priority]


def dark(priority: Priority) -> ColourRole:
    """Return the colour of the dark half of its flash."""
    return _DARK[priority]
