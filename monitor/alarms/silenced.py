"""For how long the alarms of a session were kept quiet: AUDIO PAUSED, AUDIO OFF, ALARM OFF.

Knows the rows in which people said so. Must not know alarms, storage or screens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from monitor.records import HappeningKept

KINDS = ("audio", "alarm_off")


@dataclass(frozen=True, slots=True)
class Silenced:
    """Seconds of a session in each state; ``alarm_off_s``: in which any rule was off."""

    paused_s: float = 0.0
    audio_off_s: float = 0.0
    alarm_off_s: float = 0.0


def silenced(rows: Iterable[HappeningKept], end_s: float) -> Silenced:
    """Return the sums up to second ``end_s``: all three end with the session.

    Of ``rows``, in the order of time, only those of KINDS count. Raises LookupError or TypeError
    when one does not say what a row of its kind says.
    """
    audio: list[tuple[float, str, float]] = [(0.0, "on", inf)]
    off: list[tuple[float, bool]] = [(0.0, False)]
    rules_off: set[str] = set()
    for row in rows:
        t_s = min(row.stamp.t_s, end_s)
        if row.kind == "audio":
            until_s = row.detail.get("until_s")  # only of a pause
            audio.append((t_s, row.detail["state"], inf if until_s is None else until_s))
        elif row.kind == "alarm_off":
            switch = rules_off.add if row.detail["is_off"] else rules_off.discard
            switch(row.detail["rule"])
            off.append((t_s, bool(rules_off)))
    return Silenced(
        _spent(audio, "paused", end_s),
        _spent(audio, "off", end_s),
        _spent([(t_s, str(is_off), inf) for t_s, is_off in off], "True", end_s),
    )


def _spent(states: list[tuple[float, str, float]], wanted: str, end_s: float) -> float:
    """Add up the time in ``wanted``: until the next state, its own end or the session's."""
    next_s = [t_s for t_s, _, _ in states[1:]] + [end_s]
    spans = (
        min(until_s, following_s) - t_s
        for (t_s, state, until_s), following_s in zip(states, next_s, strict=True)
        if state == wanted
    )
    return sum(max(0.0, span) for span in spans)
