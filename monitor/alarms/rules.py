"""Alarm rules as data: one frozen class per kind of condition, one object per row of the profile.

Knows limits, delays, priorities and what makes them sensible. Must not know readings or time.
Source of every row: clinical.md section 4; the numbers themselves stand in the profile (TOML).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import isfinite

from monitor.alarms.priority import Priority
from monitor.errors import OperatorError
from monitor.vitals import Vital, is_possible


class Latch(StrEnum):
    """What stays when the condition ends unseen: nothing, the picture, or picture and sound.

    A latched signal goes on until somebody acknowledges it (IEC 60601-1-8: a latching alarm
    signal continues after its condition has ended; clinical brief 1.5 and section 4, "Latch").
    """

    NO = "no"
    VISUAL = "visual"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of urgency: the condition must last ``delay_s`` to be an alarm of ``priority``."""

    priority: Priority
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class DrawnLimit:
    """A limit that belongs on the chart."""

    vital: Vital
    value: float
    is_upper: bool = True


Problem = tuple[str, str]
"""A field and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every row has: its id in the profile, its latching, its tiers from mild to worst."""

    id: str
    latch: Latch
    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        for field, problem in (*_tier_problems(self.tiers), *self.problems()):
            raise OperatorError(
                f"alarm rule {self.id}, {field}: {problem}", "correct it in the alarm profile"
            )

    @property
    def is_latching(self) -> bool:
        """Whether an end that nobody saw waits to be seen."""
        return self.latch is not Latch.NO

    @property
    def sounds_on(self) -> bool:
        """Whether an end that nobody saw is heard until somebody acknowledges it."""
        return self.latch is Latch.YES

    @property
    def words(self) -> str:
        """The condition in clinic words, without a value."""
        raise NotImplementedError

    def sounds_after_s(self, tier: Tier) -> float:
        """How long the lifecycle waits; 0 where the condition itself counts the tier's delay."""
        return tier.delay_s

    def drawn_limits(self) -> tuple[DrawnLimit, ...]:
        """Return the limits to draw on the chart."""
        return ()

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers of this kind."""
        yield from ()


def _tier_problems(tiers: tuple[Tier, ...]) -> Iterator[Problem]:
    if not tiers:
        yield "tiers", "there is none"
    for tier in tiers:
        if not (isfinite(tier.delay_s) and tier.delay_s >= 0):
            yield "delay_s", f"{tier.delay_s:g} s is no delay"
    for mild, worse in pairwise(tiers):
        if worse.priority <= mild.priority or worse.delay_s < mild.delay_s:
            yield "tiers", "each must be more urgent than the one before it, and not earlier"


def _not_positive(**fields: float) -> Iterator[Problem]:
    for field, value in fields.items():
        if not (isfinite(value) and value > 0):
            yield field, f"{value:g} is not above 0"


def _upper_limit_problems(
    vital: Vital, limit: tuple[str, float], clear: tuple[str, float]
) -> Iterator[Problem]:
    for field, value in (limit, clear):
        if not is_possible(vital, value):
            yield field, f"{value:g} {vital.unit} is no value a living adult can have"
    if clear[1] >= limit[1]:
        yield clear[0], f"{clear[1]:g} must be below the limit {limit[1]:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureHigh(Rule):
    """A cuff reading at or above either limit (mmHg), at once, on the first reading.

    A repeat at most ``confirm_within_s`` later, at or below both clear values, ends it ("not
    confirmed"). A second reading at or above a limit confirms it. Without a calm repeat in that
    time the reading stands as if confirmed: only a prompt repeat may call it a mistake. Once it
    stands, ``clear_readings`` in a row at or below both clear values end it.
    """

    systolic_mmhg: float
    diastolic_mmhg: float
    clear_systolic_mmhg: float
    clear_diastolic_mmhg: float
    confirm_within_s: float
    clear_readings: int

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return (
            f"Systolic at or above {self.systolic_mmhg:g}"
            f" or diastolic at or above {self.diastolic_mmhg:g}"
        )

    def drawn_limits(self) -> tuple[DrawnLimit, ...]:
        """Both upper limits."""
        return (
            DrawnLimit(Vital.SYSTOLIC, self.systolic_mmhg),
            DrawnLimit(Vital.DIASTOLIC, self.diastolic_mmhg),
        )

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from _upper_limit_problems(
            Vital.SYSTOLIC,
            ("systolic_mmhg", self.systolic_mmhg),
            ("clear_systolic_mmhg", self.clear_systolic_mmhg),
        )
        yield from _upper_limit_problems(
            Vital.DIASTOLIC,
            ("diastolic_mmhg", self.diastolic_mmhg),
            ("clear_diastolic_mmhg", self.clear_diastolic_mmhg),
        )
        yield from _not_positive(
            confirm_within_s=self.confirm_within_s, clear_readings=self.clear_readings
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateHigh(Rule):
    """Pulse (per minute) above the limit for the tier's delay; ends below the clear value.

    It must stay below ``clear_below_per_min`` for ``clear_for_s``. A last valid pulse older than
    ``stale_after_s``, or an invalid one, says nothing. Of a device that sends less often than
    once a second it may be three of its intervals old (cadence.py).
    """

    above_per_min: float
    clear_below_per_min: float
    clear_for_s: float
    stale_after_s: float

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return f"Pulse above {self.above_per_min:g}"

    def drawn_limits(self) -> tuple[DrawnLimit, ...]:
        """The upper limit."""
        return (DrawnLimit(Vital.PULSE_RATE, self.above_per_min),)

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from _upper_limit_problems(
            Vital.PULSE_RATE,
            ("above_per_min", self.above_per_min),
            ("clear_below_per_min", self.clear_below_per_min),
        )
        yield from _not_positive(clear_for_s=self.clear_for_s, stale_after_s=self.stale_after_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSilence(Rule):
    """No valid frame for longer than the tier's delay, counted from the last one (or the opening).

    A device that sends rarely may be silent for three of its intervals (cadence.py). Ends after
    ``clear_frames`` valid frames without another such silence between them.
    """

    clear_frames: int

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "No data from the monitor"

    def sounds_after_s(self, tier: Tier) -> float:  # noqa: ARG002 - no tier waits twice
        """Nothing more: the silence itself is measured, so a late tick loses no time."""
        return 0.0

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from _not_positive(clear_frames=self.clear_frames)
        for tier in self.tiers:
            yield from _not_positive(delay_s=tier.delay_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFault(Rule):
    """Some part of the system says what is wrong with it; ``fault`` names the part."""

    fault: str
    title: str

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return self.title


AlarmRule = PressureHigh | RateHigh | FrameSilence | NamedFault
