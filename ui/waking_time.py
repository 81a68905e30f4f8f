"""Time in which another process could have been heard: a pause of our own counts as a moment.

Knows two readings of a clock at a time. Must not know who is listened to.
"""

STEP_COUNTS_AT_MOST_S = 0.5
"""A process that was stopped for 7 s finds old time on the clock before its reading thread had a
turn: judged by that, a station that spoke all the while was ended in 5 of 12 such pauses."""


class WakingTime:
    """Seconds that passed while this process ran. Call ``pass_to`` at every turn."""

    def __init__(self, now_s: float) -> None:
        self._last_s = now_s
        self.s = 0.0

    def pass_to(self, now_s: float) -> float:
        """Count the time since the last turn, of a long pause only a moment; return the sum."""
        self.s += min(max(now_s - self._last_s, 0.0), STEP_COUNTS_AT_MOST_S)
        self._last_s = now_s
        return self.s
