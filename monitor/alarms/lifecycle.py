"""The one state machine of every alarm, physiological or technical: five states, two functions.

Knows conditions, times and the two numbers of Timing. Must not know rules, readings, priorities or
clocks: every time is a float second passed in.

The rule of the house (architecture.md, "Alarm lifecycle"):

    state                       PRESENT     ABSENT             time                  acknowledge
    Quiet                       Pending(1)  -                  -                     -
    Pending(since)              -           Quiet              delay over: Sounding  -
    Sounding(since)             -           Unseen, Quiet(2)   -                     Acknowledged
    Acknowledged(since, until)  -           Quiet              until over: Sounding  -
    Unseen(since, ended)        Sounding    -                  -                     Quiet

    (1) Sounding if there is no delay. (2) Unseen if latching, else Quiet.

UNKNOWN changes nothing by itself. Where the table leaves room, the safe side was taken:

* Pending under UNKNOWN waits: it neither starts nor clears. PRESENT again with the delay over
  sounds at once, the time of not knowing counted in.
* Acknowledged whose time is over sounds again while UNKNOWN too: it is the same occurrence, and
  nothing says that it ended.
* ``since`` is the onset of the occurrence: kept from Pending through every re-sounding. PRESENT
  after Unseen is a new occurrence, with its own onset, and sounds without a delay: nobody has seen
  the last one yet.
"""

from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """Whether a rule is met; UNKNOWN when the evidence is missing, invalid or too old to say."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing to say."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The condition is there since ``since``, but not yet for as long as its delay."""

    since: float


@dataclass(frozen=True, slots=True)
class Sounding:
    """The alarm signals, for an occurrence that began at ``since``."""

    since: float


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has seen this occurrence; if it has not ended at ``until``, it sounds again."""

    since: float
    until: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """The occurrence ended at ``ended`` before anybody had seen it; stays until somebody has."""

    since: float
    ended: float


State = Quiet | Pending | Sounding | Acknowledged | Unseen


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a condition must last before it sounds, and whether its end waits to be seen."""

    delay_s: float
    latching: bool


def advance(  # noqa: PLR0911 - one return for each cell of the table
    state: State, condition: Condition, t: float, timing: Timing
) -> State:
    """Return the state at second ``t``, given the condition as it is then. Call on every tick."""
    match state, condition:
        case Quiet(), Condition.PRESENT:
            return Pending(t) if timing.delay_s > 0 else Sounding(t)
        case Pending(since), Condition.PRESENT if t >= since + timing.delay_s:
            return Sounding(since)
        case Pending(), Condition.ABSENT:
            return Quiet()
        case Sounding(since), Condition.ABSENT:
            return Unseen(since, t) if timing.latching else Quiet()
        case Acknowledged(), Condition.ABSENT:
            return Quiet()
        case Acknowledged(since, until), _ if t >= until:
            return Sounding(since)
        case Unseen(), Condition.PRESENT:
            return Sounding(t)
        case _:
            return state


def acknowledge(state: State, t: float, realarm_s: float) -> State:
    """Return the state after somebody said at second ``t``: seen. Sounds again ``realarm_s`` later.

    An acknowledgement that still runs is not made longer.
    """
    match state:
        case Sounding(since):
            return Acknowledged(since, t + realarm_s)
        case Unseen():
            return Quiet()
        case _:
            return state
