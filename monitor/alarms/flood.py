"""Recognises alarm floods and chattering alarms while they happen, in bounded memory.

Knows when which alarm began (onsets). Must not know sessions, rows or clocks, and silences
nothing: what it says is only shown. The same for stored sessions: crowds.py.
"""

from collections import deque

from monitor.alarms.priority import Priority

WITHIN_S = 600.0
FLOOD_ONSETS = 5
CHATTER_ONSETS = 3
"""5 onsets of any alarms in 10 min are a flood, 3 of the same are chatter (clinical brief 2.2)."""

Alarm = tuple[str, Priority]
"""A rule and one of its priorities. A rule that goes from LOW to MEDIUM is not the same alarm
again, or every loss of the link would count twice."""


class FloodWatch:
    """The latest onsets of one session. All times are monotonic seconds, told in their order."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=FLOOD_ONSETS)
        self._of: dict[Alarm, deque[float]] = {}
        self._last_s = float("-inf")

    def began(self, t: float, rule: str, priority: Priority) -> None:
        """Note that this alarm began at ``t``; a time before the last one counts as that one."""
        self._last_s = max(t, self._last_s)
        self._forget()
        self._latest.append(self._last_s)
        own = self._of.setdefault((rule, priority), deque(maxlen=CHATTER_ONSETS))
        own.append(self._last_s)

    def is_flood(self, t: float) -> bool:
        """Say whether 5 alarms or more began in the 10 min up to ``t``, both ends included."""
        return _is_full_within(self._latest, t)

    def chattering(self, t: float) -> tuple[str, ...]:
        """Return the rules of which an alarm began 3 times or more in the 10 min up to ``t``."""
        return tuple(
            sorted({rule for (rule, _), own in self._of.items() if _is_full_within(own, t)})
        )

    def _forget(self) -> None:
        """Drop what began too long ago to count again, so that old rules take no room."""
        old = [alarm for alarm, own in self._of.items() if self._last_s - own[-1] > WITHIN_S]
        for alarm in old:
            del self._of[alarm]


def _is_full_within(times: deque[float], t: float) -> bool:
    return len(times) == times.maxlen and t - times[0] <= WITHIN_S
