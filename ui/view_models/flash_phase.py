"""The phase of the flash, one for the whole screen: an alarm that begins is bright at once.

Knows what calls over all chairs, and a time that it is told. Must not know widgets or colours.
"""

from collections.abc import Iterable

from monitor.alarms.priority import Priority
from monitor.snapshot import SessionSnapshot


class FlashPhase:
    """Counts seconds from the beginning of the worst alarm that calls; at 0 a flash is bright.

    With a phase of the clock alone a new HIGH could stay dark for a quarter of a second: half of
    what there is from the limit to the flash (issue 4).
    """

    def __init__(self) -> None:
        self._began_s = 0.0
        self._worst: Priority | None = None

    def at(self, now_s: float, running: Iterable[SessionSnapshot]) -> float:
        """Return the seconds that all that flashes goes by; call it at every tick."""
        calling = (alarm.priority for one in running for alarm in one.alarms if alarm.is_calling)
        worst = max(calling, default=None)
        if worst is not None and (self._worst is None or worst > self._worst):
            self._began_s = now_s
        self._worst = worst
        return now_s - self._began_s
