"""What every alarm rule has: id, latching, tiers, and the group whose worst alarm is announced.

Knows what makes these fields sensible. Must not know readings, time, or the kinds of conditions
(rule_kinds.py). Source of every row: clinical.md section 4; the numbers stand in the profile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import isfinite

from monitor.alarms.priority import Priority
from monitor.errors import OperatorError
from monitor.vitals import Vital


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
    """One step of urgency: the condition must last ``delay_s`` to be an alarm of ``priority``.

    ``after`` is the step that some kinds count in besides: readings beyond a cuff limit, missed
    cuff intervals, failed inflations, or the total of a scale.
    """

    priority: Priority
    delay_s: float = 0.0
    after: float | None = None


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
    """One row of the profile.

    Of the rules of one ``group`` only the worst is announced; "" is a group of its own.
    ``escalates_after_s``: when nobody has answered a HIGH for so long it grows louder; None: as
    long as the profile says.
    """

    id: str
    latch: Latch
    tiers: tuple[Tier, ...]
    group: str = ""
    escalates_after_s: float | None = None

    def __post_init__(self) -> None:
        for field, problem in (*self._own_problems(), *self.problems()):
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

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers of this kind."""
        yield from ()

    def _own_problems(self) -> Iterator[Problem]:
        if not self.tiers:
            yield "tiers", "there is none"
        for tier in self.tiers:
            if not (isfinite(tier.delay_s) and tier.delay_s >= 0):
                yield "delay_s", f"{tier.delay_s:g} s is no delay"
        for mild, worse in pairwise(self.tiers):
            if worse.priority <= mild.priority:
                yield "tiers", "each must be more urgent than the one before it"
        if self.escalates_after_s is not None:
            yield from not_positive(escalates_after_s=self.escalates_after_s)


def not_positive(**fields: float) -> Iterator[Problem]:
    """Yield the fields that are no number above 0."""
    for field, value in fields.items():
        if not (isfinite(value) and value > 0):
            yield field, f"{value:g} is not above 0"


def above(most: float, **fields: float) -> Iterator[Problem]:
    """Yield the fields beyond ``most``: an alarm with them would never end, or never begin."""
    for field, value in fields.items():
        if value > most:
            yield field, f"{value:g} is above {most:g}"


def not_rising(tiers: tuple[Tier, ...], field: str) -> Iterator[Problem]:
    """Yield a problem unless the tiers come later, or deeper, the more urgent they are."""
    for mild, worse in pairwise(tiers):
        steps = (mild.after, worse.after) if field == "after" else (mild.delay_s, worse.delay_s)
        if steps[0] is not None and steps[1] is not None and steps[1] <= steps[0]:
            yield field, "the more urgent tier must come later"
