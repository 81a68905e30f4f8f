"""Floods and chatter in the onsets of a whole session, looked at afterwards.

Knows times. Must not know rows, sessions or clocks. The same while it happens: flood.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.alarms.flood import CHATTER_ONSETS, FLOOD_ONSETS, WITHIN_S, Alarm

Onset = tuple[float, Alarm]
"""When which alarm began, seconds on the session's timeline."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Onsets so close together that every one of them is among too many in 10 min.

    From the first of ``onsets`` to the last. ``rule`` is the one that chatters, "" of a flood.
    """

    from_s: float
    to_s: float
    onsets: int
    rule: str = ""


def floods(onsets: Iterable[Onset]) -> tuple[Crowd, ...]:
    """Return where 5 alarms or more, of any kind, began in 10 min, in the order of time."""
    return _crowds(sorted(t for t, _ in onsets), FLOOD_ONSETS, "")


def chatter(onsets: Iterable[Onset]) -> tuple[Crowd, ...]:
    """Return where the same alarm began 3 times or more in 10 min, in the order of time."""
    times: dict[Alarm, list[float]] = {}
    for t, alarm in onsets:
        times.setdefault(alarm, []).append(t)
    found = (
        crowd
        for (rule, _), own in times.items()
        for crowd in _crowds(sorted(own), CHATTER_ONSETS, rule)
    )
    return tuple(sorted(found, key=lambda crowd: (crowd.from_s, crowd.rule, crowd.to_s)))


def _crowds(times: Sequence[float], at_least: int, rule: str) -> tuple[Crowd, ...]:
    """Join all runs of ``at_least`` onsets within 10 min that share an onset."""
    spans: list[tuple[int, int]] = []
    for last in range(at_least - 1, len(times)):
        first = last - at_least + 1
        if times[last] - times[first] > WITHIN_S:
            continue
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return tuple(Crowd(times[a], times[b], b - a + 1, rule) for a, b in spans)
