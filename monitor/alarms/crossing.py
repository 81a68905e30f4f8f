"""Limits of different rules against each other, and limits so wide that they are off.

Knows rules. Must not know files, readings or time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.alarms.limit_rules import CuffLimit, LimitRule, ValueLimit
from monitor.alarms.limits import Clause
from monitor.alarms.priority import Priority
from monitor.alarms.rule_kinds import (
    AlarmRule,
    CuffChange,
    CuffFailed,
    CuffOverdue,
    FrameSilence,
    ValueMissing,
)
from monitor.alarms.rules import Problem
from monitor.vitals import Vital

LATE_S = {Priority.LOW: 60.0, Priority.MEDIUM: 15.0, Priority.HIGH: 10.0}
"""A longer delay of a value hides what comes and goes (clinical brief 1.4: at most 15 s of MEDIUM,
10 s of HIGH; LOW: the longest of the shipped profile, section 4, HR-R)."""
LONGEST_DELAY_S = 300.0
"""Longer is no delay but an alarm that is off: refused."""
FRESH_S = (2.0, 30.0)
"""A value counts for at least two of its seconds, or the rule never judges anything, and at most as
long as the slowest monitor takes for three (decision 0009)."""


@dataclass(frozen=True, slots=True)
class Span:
    """What a limit may be: beyond ``far`` it equals off."""

    upper_far: float
    lower_far: float


EQUALS_OFF = {
    Vital.SYSTOLIC: Span(220, 70),
    Vital.DIASTOLIC: Span(130, 40),
    Vital.PULSE_RATE: Span(160, 35),
    Vital.HEART_RATE: Span(160, 35),
    Vital.SPO2: Span(99, 85),
}
"""Wider than these no patient of this clinic would ever raise an alarm in time: NEWS2 scores its
highest at systolic 220 and 90, pulse 131 and 40, SpO2 91; 85 % is the floor that ISO 80601-2-61
sets for a default, and an upper limit of 100 % is met by nobody (clinical brief 1.6, 1.8; hazard
H13)."""
FAR_FROM_BASELINE = {
    Vital.SYSTOLIC: 80,
    Vital.DIASTOLIC: 50,
    Vital.PULSE_RATE: 60,
    Vital.HEART_RATE: 60,
    Vital.SPO2: 10,
}
"""A change from the baseline so large equals off: twice what ships, and for SpO2 twice the 5 % of
another maker (V 51)."""
FAR_SHARE = (0.4, 1.6)
"""The same for shares of the baseline: twice the 30 % that ship."""


def crossing_problems(rules: Iterable[AlarmRule]) -> Iterator[Problem]:
    """Yield what is wrong between the limits of different rules."""
    rules = tuple(rules)
    yield from _group_problems(rules)
    limits = list(_absolute(rules))
    for rule, clause in limits:
        for other, against in limits:
            if clause.vital is not against.vital:
                continue
            if clause.is_upper and not against.is_upper and clause.number <= against.number:
                yield (
                    f"rule {rule.id}, when",
                    f"'{clause}' crosses '{against}' of {other.id}: one of them always alarms",
                )
            is_worse = rule.tiers[-1].priority > other.tiers[-1].priority
            if is_worse and clause.is_upper is against.is_upper and _is_nearer(clause, against):
                milder = f"'{against}' of {other.id}"
                problem = f"'{clause}' is more urgent than {milder}, so it must lie further out"
                yield f"rule {rule.id}, when", problem


def late_problems(rules: Iterable[AlarmRule]) -> Iterator[Problem]:
    """Yield the delays that are too long for any alarm."""
    for rule in rules:
        if isinstance(rule, ValueLimit | FrameSilence | ValueMissing):
            for tier in rule.tiers:
                if tier.delay_s > LONGEST_DELAY_S:
                    problem = (
                        f"{tier.delay_s:g} s is more than {LONGEST_DELAY_S:g} s: it is no alarm"
                    )
                    yield f"rule {rule.id}, delay_s", problem


def _group_problems(rules: Iterable[AlarmRule]) -> Iterator[Problem]:
    """A group is about one thing: an alarm must never hide another of another organ."""
    subjects: dict[str, str] = {}
    for rule in rules:
        subject = _subject(rule)
        if rule.group and subjects.setdefault(rule.group, subject) != subject:
            yield (
                f"rule {rule.id}, group",
                f"'{rule.group}' is about {subjects[rule.group]}, this rule about {subject}",
            )


def _subject(rule: AlarmRule) -> str:
    match rule:
        case CuffLimit() | CuffChange():
            return "blood pressure"
        case ValueLimit():
            return str(rule.vital)
        case FrameSilence() | ValueMissing():
            return "the device"
        case CuffFailed() | CuffOverdue():
            return "the cuff"
        case _:
            return rule.id


def warnings(rules: Iterable[AlarmRule]) -> tuple[str, ...]:
    """Return a sentence for each limit that equals off, or comes too late to help."""
    rules = tuple(rules)
    wide = [
        f"{rule.id}: '{clause}' is so wide that it equals off"
        for rule, clause in _lone(rules)
        if _is_off(clause)
    ]
    late = [
        f"{rule.id}: a delay of {tier.delay_s:g} s hides what comes and goes ({tier.priority.name})"
        for rule in rules
        if isinstance(rule, ValueLimit)
        for tier in rule.tiers
        if tier.delay_s > LATE_S[tier.priority]
    ]
    blind = [
        f"{rule.id}: a value that counts for {rule.stale_after_s:g} s is {_blindness(rule)}"
        for rule in rules
        if isinstance(rule, ValueLimit) and _blindness(rule)
    ]
    return (*wide, *late, *blind)


def _blindness(rule: ValueLimit) -> str:
    shortest, longest = FRESH_S
    if rule.stale_after_s < shortest:
        return "never judged by a monitor that sends once a second"
    return "not of now" if rule.stale_after_s > longest else ""


def _lone(rules: Iterable[AlarmRule]) -> Iterator[tuple[AlarmRule, Clause]]:
    """Yield the limits of one clause."""
    for rule in rules:
        if isinstance(rule, LimitRule):
            for limit in rule.when:
                if len(limit.clauses) == 1:
                    yield rule, limit.clauses[0]


def _absolute(rules: Iterable[AlarmRule]) -> Iterator[tuple[AlarmRule, Clause]]:
    """Yield the limits of one clause that are numbers, not shares of a baseline."""
    return ((rule, clause) for rule, clause in _lone(rules) if not clause.is_relative)


def _is_nearer(clause: Clause, other: Clause) -> bool:
    if clause.is_upper:
        return clause.number < other.number
    return clause.number > other.number


def _is_off(clause: Clause) -> bool:
    if clause.is_relative:
        return _is_far_from_baseline(clause)
    span = EQUALS_OFF.get(clause.vital)
    if span is None:
        return False
    return clause.number > span.upper_far if clause.is_upper else clause.number < span.lower_far


def _is_far_from_baseline(clause: Clause) -> bool:
    """Whether so much must change that it equals off; a limit on the calm side is always near."""
    least, most = FAR_SHARE
    far = FAR_FROM_BASELINE.get(clause.vital)
    if clause.is_upper:
        return clause.factor > most or (far is not None and clause.number > far)
    return clause.factor < least or (far is not None and clause.number < -far)
