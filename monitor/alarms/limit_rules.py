"""Rules that compare a value with limits: of the cuff, and of what comes all the time.

Knows their numbers and what makes them sensible. Must not know readings or time; whether a rule is
met is said in cuff_conditions.py and value_conditions.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite

from monitor.alarms.limits import Clause, Limit, capital, name_of
from monitor.alarms.rules import Problem, Rule, Tier, above, not_positive, not_rising
from monitor.vitals import Vital, is_possible

CUFF_VITALS = frozenset({Vital.SYSTOLIC, Vital.DIASTOLIC, Vital.MEAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule(Rule):
    """A value beyond one of the limits ``when``; it is clear when all of ``clears`` are met."""

    when: tuple[Limit, ...]
    clears: tuple[Limit, ...]

    @property
    def vitals(self) -> tuple[Vital, ...]:
        """The vitals that are compared, in the order of the limits."""
        return tuple(dict.fromkeys(clause.vital for clause in _clauses(self.when)))

    @property
    def is_upper(self) -> bool:
        """Whether it is about too much; else about too little."""
        return self.when[0].clauses[0].is_upper

    @property
    def words(self) -> str:
        """The condition in clinic words."""
        first, *more = [f"{name_of(c.vital)} {c.bound_words({})}" for c in _alone(self.when)]
        return " or ".join([capital(first), *more])

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        if not self.when:
            yield "when", "there is no limit"
        if not self.clears:
            yield "clears", "nothing would end this alarm"
        for clause in (*_clauses(self.when), *_clauses(self.clears)):
            yield from _clause_problems(clause)
        for end in _clauses(self.clears):
            yield from self._hysteresis_problems(end)

    def _hysteresis_problems(self, end: Clause) -> Iterator[Problem]:
        """The value that ends an alarm lies on the calm side of the one that begins it."""
        if end.vital not in self.vitals:
            yield "clears", f"'{end}' is of a vital that does not begin this alarm"
        for begin in _alone(self.when):
            if begin.vital is not end.vital:
                continue
            if begin.is_upper is end.is_upper:
                yield "clears", f"'{end}' must look the other way than '{begin}'"
            elif not _is_calmer(begin, end):
                yield "clears", f"'{end}' must lie on the calm side of '{begin}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffLimit(LimitRule):
    """A cuff reading beyond a limit. A tier is reached with that many readings (``after``) beyond.

    The first asks for a repeat. One clear reading at most ``refuted_within_s`` after the first
    ends it ("not confirmed"), None: whenever it comes. Later, or once it was confirmed by a second
    reading beyond, ``clear_readings`` in a row must be clear. A reading between clear and limit
    changes nothing.
    """

    clear_readings: int = 1
    refuted_within_s: float | None = None

    def sounds_after_s(self, tier: Tier) -> float:  # noqa: ARG002 - readings are counted
        """Nothing more: cuff readings are minutes apart already."""
        return 0.0

    @property
    def may_be_refuted(self) -> bool:
        """Whether the first reading is doubted until a second one confirms it."""
        return self.refuted_within_s is not None or any(tier.after == 2 for tier in self.tiers)

    @property
    def asks_for_repeat(self) -> bool:
        """Whether the first reading is an alarm already, which a second one is to confirm."""
        return any(tier.after in (None, 1) for tier in self.tiers)

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from LimitRule.problems(self)
        if not set(self.vitals) <= CUFF_VITALS:
            yield "when", "only systolic, diastolic and mean come from the cuff"
        yield from not_positive(clear_readings=self.clear_readings)
        yield from above(5, clear_readings=self.clear_readings)
        if self.refuted_within_s is not None:
            yield from not_positive(refuted_within_s=self.refuted_within_s)
            yield from above(600, refuted_within_s=self.refuted_within_s)
        for tier in self.tiers:
            if tier.after not in (None, 1, 2):
                yield "after", "a cuff alarm is raised by the first or the second reading"
            if tier.delay_s:
                yield "delay_s", "cuff readings are counted, not timed: use after = 1 or 2"
        yield from not_rising(self.tiers, "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLimit(LimitRule):
    """One continuous vital beyond a limit for the tier's delay.

    Beyond ``at_once`` there is no delay. It ends after ``clear_for_s`` on the clear side without a
    break. A last value older than ``stale_after_s``, or an invalid one, says nothing; of a device
    that sends less often than once a second it may be three of its intervals old (cadence.py).
    """

    clear_for_s: float
    stale_after_s: float
    at_once: tuple[Limit, ...] = ()

    @property
    def vital(self) -> Vital:
        """The vital that is watched."""
        return self.vitals[0]

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the numbers."""
        yield from LimitRule.problems(self)
        if len(self.vitals) != 1 or set(self.vitals) & CUFF_VITALS:
            yield "when", "this kind watches one vital that comes all the time"
        if self.clear_for_s < 0 or not isfinite(self.clear_for_s):
            yield "clear_for_s", f"{self.clear_for_s:g} s is no time"
        yield from above(120, clear_for_s=self.clear_for_s)
        for clause in _clauses(self.at_once):
            yield from _clause_problems(clause)
            if clause.vital not in self.vitals:
                yield "at_once", f"'{clause}' is of another vital"
        yield from not_positive(stale_after_s=self.stale_after_s)
        yield from not_rising(self.tiers, "delay_s")


def _clauses(limits: Iterable[Limit]) -> tuple[Clause, ...]:
    return tuple(clause for limit in limits for clause in limit.clauses)


def _clause_problems(clause: Clause) -> Iterator[Problem]:
    if not clause.is_relative and not is_possible(clause.vital, clause.number):
        yield "limit", f"'{clause}' is beyond what a living adult can have"
    if clause.is_relative and not 0.3 <= clause.factor <= 3.0:
        yield "limit", f"'{clause}' is no sensible share of a baseline"


def _alone(limits: Iterable[Limit]) -> tuple[Clause, ...]:
    """Return the limits of one clause: only they are met by one vital alone."""
    return tuple(limit.clauses[0] for limit in limits if len(limit.clauses) == 1)


def _is_calmer(begin: Clause, end: Clause) -> bool:
    """Compare two bounds of the same origin; an absolute and a relative one cannot be compared."""
    sign = 1.0 if begin.is_upper else -1.0
    if begin.factor == end.factor:
        return sign * end.number < sign * begin.number
    return not (begin.is_relative and end.is_relative) or sign * end.factor < sign * begin.factor
