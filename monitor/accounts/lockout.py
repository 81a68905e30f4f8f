"""How long to wait after a wrong password: 1, 2, 4 ... 60 seconds, never for good.

Pure: attempts and the time in, seconds out (reliability brief 5.2). Must not know passwords.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_S = 1.0
LONGEST_S = 60.0
"""Slow enough against guessing (1,440 tries a day), short enough not to keep a nurse away."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The wrong passwords since the last right one, and when the last of them came (UTC).

    The wall clock, because this outlives the program.
    """

    failures: int = 0
    last_utc: datetime | None = None


NONE = Attempts()


def backoff_s(failures: int) -> float:
    """Return the seconds to wait after this many wrong passwords in a row."""
    if failures <= 0:
        return 0.0
    doublings = min(failures - 1, 6)  # 64 s is past the longest
    return float(min(FIRST_S * (1 << doublings), LONGEST_S))


def settled(attempts: Attempts, now_utc: datetime) -> Attempts:
    """Return the attempts as they count now: a last one in the future was a clock set back.

    It is taken as made now, so that such a clock costs one wait and not hours.
    """
    if attempts.last_utc is not None and attempts.last_utc > now_utc:
        return Attempts(attempts.failures, now_utc)
    return attempts


def wait_s(attempts: Attempts, now_utc: datetime) -> float:
    """Return the seconds until the next attempt is heard; 0 when it is at once."""
    counted = settled(attempts, now_utc)
    if counted.last_utc is None:
        return 0.0
    free = counted.last_utc + timedelta(seconds=backoff_s(counted.failures))
    return max(0.0, (free - now_utc).total_seconds())


def failed(attempts: Attempts, now_utc: datetime) -> Attempts:
    """Return the attempts with one more wrong password, at ``now_utc``."""
    return Attempts(attempts.failures + 1, now_utc)
