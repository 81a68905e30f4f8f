"""Numbers and times as words: rounding, clocks, ages.

Knows how people in the clinic read them. Must not know what they belong to.
"""

import math


def whole(value: float) -> int:
    """Round half away from zero (clinical brief, section 7, "Rounding")."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def clock_text(seconds: float) -> str:
    """Return a duration as ``4:02`` or ``1:04:02``; negative ones count as nothing."""
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def ago_text(seconds: float) -> str:
    """Return an age in whole units that have fully passed: ``45 s ago``, ``2 min ago``."""
    passed = int(max(0.0, seconds))
    return f"{passed} s ago" if passed < 60 else f"{passed // 60} min ago"


def sentence_case(text: str) -> str:
    """Return ``text`` with its first letter in upper case and the rest untouched."""
    return text[:1].upper() + text[1:]


def minutes_text(seconds: float) -> str:
    """Return an interval as ``5 min`` or ``2.5 min``, to half minutes; short ones as ``45 s``."""
    if seconds < 60:
        return f"{whole(seconds)} s"
    return f"{whole(seconds / 30) / 2:g} min"
