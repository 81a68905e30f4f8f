"""Time as a value that is passed in: when something happened, and a clock that can say now.

Knows two times: monotonic for durations, UTC for labels. Must not know who asks.
"""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment: monotonic seconds (durations, ages, alarms) and UTC (labels, records)."""

    monotonic: float
    utc: datetime

    def seconds_since(self, earlier: "Instant") -> float:
        """Seconds from ``earlier`` to this moment, on the monotonic clock."""
        return self.monotonic - earlier.monotonic

    def plus(self, seconds: float) -> "Instant":
        """Return the moment ``seconds`` later (earlier when negative)."""
        return Instant(self.monotonic + seconds, self.utc + timedelta(seconds=seconds))


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> Instant:
        """Return the present moment."""

    def real_seconds(self, seconds: float) -> float:
        """How long to wait really until ``seconds`` have passed on this clock."""


def seconds_awake_or_asleep() -> float:
    """Return monotonic seconds that go on while the computer sleeps.

    ``time.monotonic`` stands still then on Linux and macOS (reliability brief, 2.7): a reading
    from before the sleep would look fresh after it. On Windows it goes on by itself.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":  # its CLOCK_MONOTONIC goes on; what Python uses does not
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class SystemClock:
    """The computer's clock."""

    def now(self) -> Instant:
        """Return the present moment."""
        return Instant(seconds_awake_or_asleep(), datetime.now(UTC))

    def real_seconds(self, seconds: float) -> float:
        """Return the same: this clock runs as the world does."""
        return seconds


class FastClock:
    """A clock that runs ``speed`` times faster than the computer's, for simulated devices.

    Two processes with the same ``anchor`` (real UTC at which simulated time equalled real time)
    agree on the simulated time, so a station that restarts goes on where it was.
    """

    def __init__(self, speed: float, anchor: datetime) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self._utc = anchor + (datetime.now(UTC) - anchor) * speed

    def now(self) -> Instant:
        """Return the present simulated moment.

        One look at one clock: a pause between two looks, times ``speed``, would be a clock step.
        """
        monotonic = time.monotonic()
        passed = timedelta(seconds=(monotonic - self._began) * self._speed)
        return Instant(monotonic * self._speed, self._utc + passed)

    def real_seconds(self, seconds: float) -> float:
        """How long to wait really until ``seconds`` of simulated time have passed."""
        return seconds / self._speed


class ManualClock:
    """A clock that moves only when told: tests, and sessions that run as fast as they can."""

    def __init__(self, utc: datetime, monotonic: float = 0.0) -> None:
        self._now = Instant(monotonic, utc)

    def now(self) -> Instant:
        """Return the moment it was last set to."""
        return self._now

    def real_seconds(self, seconds: float) -> float:
        """Return the same: whoever waits on real time waits real time."""
        return seconds

    def advance(self, seconds: float) -> Instant:
        """Move on by ``seconds`` and return the new moment."""
        self._now = self._now.plus(seconds)
        return self._now

    def step_wall_clock(self, seconds: float) -> None:
        """Move only the wall clock, as an administrator or a time server would."""
        self._now = Instant(self._now.monotonic, self._now.utc + timedelta(seconds=seconds))
