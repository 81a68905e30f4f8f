"""The lock of the controls: after idle minutes they are locked; vitals and alarms never are.

Pure: states and the time in, states out. Must not know who is signed in or how to unlock.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from monitor.clock import Instant

IDLE_S = 300.0
"""Five minutes (reliability brief 5.2); a clinic may choose another."""


class Cause(StrEnum):
    """Why the controls are locked."""

    IDLE = "idle"
    HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The controls work; somebody last touched them at ``touched``."""

    touched: Instant


@dataclass(frozen=True, slots=True)
class Locked:
    """The controls ask for a PIN or a password."""

    since: Instant
    cause: Cause


Lock = Unlocked | Locked


@dataclass(frozen=True, slots=True)
class Shown:
    """What a lock leaves to see and to do. The lower three are true whatever happens."""

    controls: bool
    names: bool
    vitals: bool = True
    alarms: bool = True
    acknowledge: bool = True


def tick(lock: Lock, now: Instant, idle_s: float = IDLE_S) -> Lock:
    """Return the lock as it stands now: locked when nobody touched the controls for ``idle_s``."""
    match lock:
        case Unlocked(touched) if _idle_s(touched, now) >= idle_s:
            return Locked(now, Cause.IDLE)
        case Unlocked() | Locked():
            return lock
        case _:
            assert_never(lock)


def touch(lock: Lock, now: Instant, idle_s: float = IDLE_S) -> Lock:
    """Somebody uses the controls. What is locked stays locked, also when no tick said so yet."""
    current = tick(lock, now, idle_s)
    return Unlocked(now) if isinstance(current, Unlocked) else current


def lock_by_hand(lock: Lock, now: Instant) -> Lock:
    """Somebody leaves and locks the controls."""
    return Locked(now, Cause.HAND) if isinstance(lock, Unlocked) else lock


def shown(lock: Lock, *, hide_names: bool) -> Shown:
    """Return what is to be seen; ``hide_names`` is the clinic's choice for locked screens."""
    is_open = isinstance(lock, Unlocked)
    return Shown(controls=is_open, names=is_open or not hide_names)


def _idle_s(touched: Instant, now: Instant) -> float:
    """Return the seconds nobody touched the controls, the longer of two clocks.

    The monotonic one may stand still while the computer sleeps; a wall clock that jumps ahead
    locks too early, which hurts nobody.
    """
    return max(now.seconds_since(touched), (now.utc - touched.utc).total_seconds())
