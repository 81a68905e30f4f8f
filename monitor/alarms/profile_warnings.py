"""What of an alarm profile is weaker than what ships, so that who approves it does so knowingly.

Knows profiles. Must not refuse anything (crossing.py does), nor know who approves.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from monitor.alarms.crossing import warnings
from monitor.alarms.limit_rules import LimitRule
from monitor.alarms.limits import name_of
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile, default_profile
from monitor.alarms.rule_kinds import AlarmRule, NamedFault, ScaleLow
from monitor.alarms.rules import Latch, Tier
from monitor.vitals import Vital

TWICE = 2.0
"""A number of a technical rule that is more than twice the shipped one is said."""
LATEST_REALARM_S: Mapping[Priority, float] = {
    Priority.HIGH: 240.0,
    Priority.MEDIUM: 600.0,
    Priority.LOW: 1200.0,
}
"""Twice what ships (clinical brief, section 4, Behaviour: 2 min of HIGH, 5 min of MEDIUM)."""
LATEST_ESCALATION_S = 120.0
"""Until then a second station may have to be told (clinical brief, section 4, Behaviour)."""
RAREST_CUFF_S = 1200.0
"""The longest that ships (Esketamine)."""
_THRESHOLDS = ("at_least_mmhg", "more_than_per_min", "more_than_s", "every_s", "cuff_hold_s")
_LATCHES = tuple(Latch)
Direction = tuple[Vital, bool, bool]
"""A vital, whether too much of it is meant, and whether the limit holds for some patients only."""


def warnings_of(profile: Profile) -> tuple[str, ...]:
    """Return a sentence, without full stop, for each thing that makes a profile weaker."""
    return (*warnings(profile.rules), *_of_times(profile), *_against_default(profile))


def _of_times(profile: Profile) -> Iterator[str]:
    for priority, seconds in profile.realarm_s.items():
        if seconds > LATEST_REALARM_S[priority]:
            yield f"realarm_s: {seconds:g} s is long until a {priority.name} sounds again"
    if profile.escalates_after_s > LATEST_ESCALATION_S:
        yield f"escalates_after_s: nobody hears more of a HIGH for {profile.escalates_after_s:g} s"
    for rule in profile.rules:
        if (rule.escalates_after_s or 0.0) > LATEST_ESCALATION_S:
            yield f"{rule.id}: nobody hears more of it for {rule.escalates_after_s:g} s"
    for step in profile.cuff:
        if step.interval_s > RAREST_CUFF_S:
            yield f"cuff: {step.interval_s:g} s are long between two blood pressures"


# ---- beside the shipped default


@cache
def _default() -> Profile:
    return default_profile()


def _against_default(profile: Profile) -> Iterator[str]:
    for shipped in _default().rules:
        own = profile.rule(shipped.id)
        if own is None:
            yield f"{shipped.id} is missing: nobody is told of '{shipped.words}'"
        elif type(own) is not type(shipped):
            yield f"{own.id} is of another kind than the shipped one ('{shipped.words}')"
        else:
            yield from _weaker(own, shipped)


def _weaker(own: AlarmRule, shipped: AlarmRule) -> Iterator[str]:
    if isinstance(own, LimitRule) and isinstance(shipped, LimitRule):
        yield from _lost_limits(own, shipped)
    match own, shipped:
        case NamedFault(fault=now), NamedFault(fault=before) if now != before:
            yield f"{own.id} speaks of '{now}', and nobody of '{before}'"
    yield from _lost_scope(own, shipped)
    yield from _late_tiers(own, shipped)
    if _LATCHES.index(own.latch) < _LATCHES.index(shipped.latch):
        yield f"{own.id}: latch = {own.latch}, so one that ends unseen is not found again"
    for name in _THRESHOLDS:
        mine, theirs = getattr(own, name, None), getattr(shipped, name, None)
        if mine is not None and theirs is not None and mine > TWICE * theirs:
            yield f"{own.id}, {name}: {mine:g} is more than twice the shipped {theirs:g}"


def _lost_limits(own: LimitRule, shipped: LimitRule) -> Iterator[str]:
    """Find the limits that do not stand alone any more, so that something else must be met too."""
    missing = _directions(shipped) - _directions(own)
    for vital, is_upper, _ in sorted(missing):
        side = "high" if is_upper else "low"
        yield f"{own.id} has no plain limit of {side} {name_of(vital)} any more"


def _directions(rule: LimitRule) -> set[Direction]:
    alone = (limit.clauses[0] for limit in rule.when if len(limit.clauses) == 1)
    return {(clause.vital, clause.is_upper, clause.only is not None) for clause in alone}


def _lost_scope(own: AlarmRule, shipped: AlarmRule) -> Iterator[str]:
    for name in ("vitals", "scales"):
        mine, theirs = getattr(own, name, ()), getattr(shipped, name, ())
        for lost in [each for each in theirs if each not in mine]:
            yield f"{own.id} does not watch {lost} any more"


def _late_tiers(own: AlarmRule, shipped: AlarmRule) -> Iterator[str]:
    for theirs in shipped.tiers:
        mine = next((tier for tier in own.tiers if tier.priority >= theirs.priority), None)
        if mine is None:
            yield f"{own.id} is never {theirs.priority.name} any more"
        elif _is_later(mine, theirs, counts_down=isinstance(own, ScaleLow)):
            yield f"{own.id}: {theirs.priority.name} comes later than in the shipped profile"


def _is_later(mine: Tier, theirs: Tier, *, counts_down: bool) -> bool:
    """Whether a tier waits for more; delays of limits are judged by themselves (crossing.py)."""
    steps = (mine.after or 1.0, theirs.after or 1.0)
    if steps[0] != steps[1]:
        return (steps[0] < steps[1]) if counts_down else (steps[0] > steps[1])
    return mine.delay_s > TWICE * max(theirs.delay_s, 1.0)
