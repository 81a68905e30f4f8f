"""How often something arrives, learned from its arrivals, and how long it may then stay away.

Knows times of arrival only, the last few of them. Must not know what arrives, or rules.
"""

from collections import deque
from itertools import pairwise

GAPS_KEPT = 3
SAME_MOMENT_S = 0.2  # two frames of one answer, or two answers that one read brought together
REGULAR_WITHIN = 1.5  # the longest of the gaps to the shortest; lost frames make it 2 and more
LONGEST_GAP_S = 12.0  # one of 10 s with its jitter; whoever sends less often is not watched
INTERVALS_TO_WAIT = 3.0
LONGEST_PATIENCE_S = 30.0
"""After ``INTERVALS_TO_WAIT`` intervals of a device something is missing (reliability brief,
section 3: SILENT after 3 periods). Never longer than 30 s: that is where the clinical brief makes
a missing value a MEDIUM alarm (section 4, TECH-2) and where an oximeter must say that it is slow
(ISO 80601-2-61, section 1.8)."""


class Cadence:
    """Learns the interval of what arrives regularly; irregular arrivals teach nothing.

    A device may legally send every second, every 5 s (GE S/5) or every 10 s. Limits made for one
    a second would call every value of a slow one old before the next comes: alarms that begin
    would never end. Frames lost on a bad line come at irregular times, so they teach no patience.
    """

    def __init__(self, longest_gap_s: float = LONGEST_GAP_S) -> None:
        self._longest_gap_s = longest_gap_s
        self._arrivals: deque[float] = deque(maxlen=GAPS_KEPT + 1)
        self.interval_s = 0.0
        """Seconds from one arrival to the next; 0 while that is not known."""

    def arrived(self, t: float) -> None:
        """Note an arrival at second ``t``."""
        if self._arrivals:
            gap_s = t - self._arrivals[-1]
            if 0 <= gap_s < SAME_MOMENT_S:
                return
            if not 0 < gap_s <= self._longest_gap_s:
                self._arrivals.clear()
        self._arrivals.append(t)
        self._learn()

    def _learn(self) -> None:
        gaps = sorted(after - before for before, after in pairwise(self._arrivals))
        if len(gaps) == GAPS_KEPT and gaps[-1] <= REGULAR_WITHIN * gaps[0]:
            self.interval_s = gaps[GAPS_KEPT // 2]


def patience_s(at_least_s: float, interval_s: float) -> float:
    """Return how long something that comes every ``interval_s`` may stay away.

    ``at_least_s`` is what the alarm profile allows a device that sends every second.
    """
    return max(at_least_s, min(INTERVALS_TO_WAIT * interval_s, LONGEST_PATIENCE_S))
