"""The kinds of alarm rules as data: one frozen class per kind, one object per row of the profile.

Knows the numbers of each kind and what makes them sensible. Must not know readings or time;
whether a rule is met is said in conditions.py and the files beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from monitor.alarms.limit_rules import CuffLimit, ValueLimit
from monitor.alarms.rules import Problem, Rule, Tier, above, not_positive, not_rising
from monitor.entries import SCALES
from monitor.vitals import Vital


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffChange(Rule):
    """Two cuff readings at most ``within_s`` apart differ by ``at_least_mmhg`` systolic or more."""

    at_least_mmhg: float
    within_s: float

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return f"Systolic changed by {self.at_least_mmhg:g} or more"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from not_positive(at_least_mmhg=self.at_least_mmhg, within_s=self.within_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence(Rule):
    """Something stays away for longer than the tier's delay, which the condition itself counts."""

    def sounds_after_s(self, tier: Tier) -> float:  # noqa: ARG002 - no tier waits twice
        """Nothing more: the silence itself is measured, so a late tick loses no time."""
        return 0.0

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from not_rising(self.tiers, "delay_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSilence(Silence):
    """No valid frame for longer than the tier's delay, counted from the last one (or the opening).

    A device that sends rarely may be silent for three of its intervals (cadence.py). Ends after
    ``clear_frames`` valid frames without another such silence between them.
    """

    clear_frames: int

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "No data from the monitor"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from Silence.problems(self)
        yield from not_positive(clear_frames=self.clear_frames)
        yield from above(30, clear_frames=self.clear_frames)
        for tier in self.tiers:
            yield from not_positive(delay_s=tier.delay_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueMissing(Silence):
    """A continuous vital that was measured in this session comes no more.

    While the cuff inflates, at most ``cuff_hold_s``, nothing is raised: a probe on the same arm
    loses its pulse (clinical brief 2.3, rule 5).
    """

    vitals: tuple[Vital, ...]
    cuff_hold_s: float

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "Value missing"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from Silence.problems(self)
        if not self.vitals:
            yield "vitals", "there is none"
        for tier in self.tiers:
            yield from not_positive(delay_s=tier.delay_s)
        if self.cuff_hold_s < 0 or not isfinite(self.cuff_hold_s):
            yield "cuff_hold_s", f"{self.cuff_hold_s:g} s is no time"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueInvalid(ValueMissing):
    """The device goes on sending a vital, but marks it: sensor off, searching, low quality."""

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "Sensor off or signal too poor"


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffOverdue(Silence):
    """No cuff reading for ``after`` planned intervals and ``delay_s`` more."""

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "Blood pressure overdue"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        for tier in self.tiers:
            yield from not_positive(after=0.0 if tier.after is None else tier.after)
        yield from not_rising(self.tiers, "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffFailed(Rule):
    """That many inflations in a row (``after``) gave no reading."""

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "Blood pressure could not be measured"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        for tier in self.tiers:
            yield from not_positive(after=0.0 if tier.after is None else tier.after)
        yield from not_rising(self.tiers, "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesDiffer(Rule):
    """The pulse of ``readings`` cuff readings in a row is further than that from the oximeter's."""

    more_than_per_min: float
    readings: int

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "Pulse differs between cuff and oximeter: check the source"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from not_positive(more_than_per_min=self.more_than_per_min, readings=self.readings)
        yield from above(10, readings=self.readings)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceClockOff(Rule):
    """The device's clock differs from ours by more than ``more_than_s``, until it is accepted."""

    more_than_s: float

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "The monitor's clock differs from this computer's"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from not_positive(more_than_s=self.more_than_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleLow(Rule):
    """The last total of a scale is at most the tier's ``after``; ends from ``clears_from`` up."""

    scale: str
    clears_from: float

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return f"{self.scale} is low"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        if self.scale not in SCALES:
            yield "scale", f"'{self.scale}' is none of {', '.join(SCALES)}"
        steps = [tier.after for tier in self.tiers]
        for mild, worse in pairwise(steps):
            if mild is not None and worse is not None and worse >= mild:
                yield "after", "the more urgent tier must lie lower"
        for step in steps:
            if step is None:
                yield "after", "say from which total down"
            elif step >= self.clears_from:
                yield "clears_from", f"{self.clears_from:g} must be above {step:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationDue(Silence):
    """A scale was not rated for ``every_s`` and the tier's delay, since the infusion began."""

    scales: tuple[str, ...]
    every_s: float

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return "Observation due"

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from Silence.problems(self)
        for scale in self.scales:
            if scale not in SCALES:
                yield "scales", f"'{scale}' is none of {', '.join(SCALES)}"
        yield from not_positive(every_s=self.every_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFault(Rule):
    """Some part of the system says what is wrong with it; ``fault`` names the part."""

    fault: str
    title: str

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        return self.title


AlarmRule = (
    CuffLimit
    | CuffChange
    | ValueLimit
    | FrameSilence
    | ValueMissing
    | ValueInvalid
    | CuffOverdue
    | CuffFailed
    | SourcesDiffer
    | DeviceClockOff
    | ScaleLow
    | ObservationDue
    | NamedFault
)
