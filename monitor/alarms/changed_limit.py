"""One number of a profile changed for one session: what may be changed, and what follows from it.

Knows profiles. Must not know who may change them, or where it is recorded.
"""

import copy
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from monitor.alarms.limit_rules import LimitRule
from monitor.alarms.limits import Clause, Only, limit_from
from monitor.alarms.profile import Profile, profile_from
from monitor.errors import OperatorError
from monitor.vitals import Vital

SOURCE = "with this limit"


@dataclass(frozen=True, slots=True)
class ChangeableLimit:
    """A limit of a session: ``field`` is its vital, ``value`` its number.

    It may be changed unless ``why_fixed`` says when it counts.

    Of a limit that counts from the baseline, ``value`` is what is added to it (mmHg, /min, %).
    """

    rule: str
    field: str
    value: float
    is_upper: bool
    is_relative: bool
    why_fixed: str = ""


def fixed(profile: Profile) -> tuple[ChangeableLimit, ...]:
    """Return the limits that count for some baselines only: no single number is theirs."""
    return tuple(
        ChangeableLimit(
            rule.id,
            clause.vital.value,
            clause.number,
            clause.is_upper,
            clause.is_relative,
            f"counts {_when(clause.only)} {clause.vital.unit}",
        )
        for rule in profile.rules
        if isinstance(rule, LimitRule)
        for limit in rule.when
        for clause in limit.clauses
        if len(limit.clauses) == 1 and clause.only is not None and clause.factor in {0.0, 1.0}
    )


def _when(only: Only) -> str:
    return f"{'if' if only.is_if else 'unless'} baseline {only.op} {only.number:g}"


def changeable(profile: Profile) -> tuple[ChangeableLimit, ...]:
    """Return the limits of a profile that may be changed for a session."""
    return tuple(
        ChangeableLimit(rule.id, vital.value, clause.number, clause.is_upper, clause.is_relative)
        for rule in profile.rules
        if isinstance(rule, LimitRule)
        for vital in rule.vitals
        if (clause := _clause(rule, vital)) is not None
    )


def with_limit(profile: Profile, rule_id: str, field: str, new: float) -> Profile:
    """Return the profile with another limit of one vital; its clear value moves along.

    Raises OperatorError when there is no such limit, or when it would be none.
    """
    rule = profile.rule(rule_id)
    if not isinstance(rule, LimitRule) or field not in {vital.value for vital in rule.vitals}:
        raise OperatorError(
            f"The alarm {rule_id[:40]} has no limit of {field[:40]}", "choose one of the profile"
        )
    clause = _clause(rule, Vital(field))
    if clause is None:
        raise OperatorError(
            f"The limit of {field} in {rule_id} is not one number", "change the profile instead"
        )
    why = _crossed(profile, rule, replace(clause, number=float(f"{new:g}")))
    if why and isfinite(new):
        raise OperatorError(f"This limit is not taken: {why}", "choose another number")
    raw = copy.deepcopy(profile.raw)
    table = next(each for each in raw["rule"] if each["id"] == rule_id)
    _move(table, Vital(field), new - clause.number, relative=clause.is_relative)
    try:
        return profile_from(raw, SOURCE)
    except OperatorError as error:
        why = error.what.removeprefix(f"alarm profile {SOURCE}: ")
        raise OperatorError(f"This limit is not taken: {why}", "choose another number") from error


def _crossed(profile: Profile, rule: LimitRule, new: Clause) -> str:
    """Say for the person at the chair which other alarm the new number would cross, or ""."""
    others = (
        (other, limit.clauses[0])
        for other in profile.rules
        if isinstance(other, LimitRule) and other.id != rule.id
        for limit in other.when
        if len(limit.clauses) == 1
    )
    for other, against in others:
        is_comparable = against.vital is new.vital and not (new.is_relative or against.is_relative)
        how = _lies(rule, new, other, against) if is_comparable else ""
        if how:
            word = other.tiers[-1].priority.word.upper()
            which = f"the {word} alarm at {against.number:g} ({other.id})"
            return f"{new.number:g} would lie {how} {which}"
    return ""


def _lies(rule: LimitRule, new: Clause, other: LimitRule, against: Clause) -> str:
    """Say how a number lies to that of another rule where it must not, as crossing.py judges it."""
    beyond = new.number - against.number if new.is_upper else against.number - new.number
    if new.is_upper is not against.is_upper:
        side = "below" if new.is_upper else "above"
        return f"at or {side}" if beyond <= 0 else ""
    gap = rule.tiers[-1].priority - other.tiers[-1].priority
    if gap < 0 < beyond:
        return "beyond"
    return "before" if beyond < 0 < gap else ""


def _move(table: dict[str, Any], vital: Vital, by: float, *, relative: bool) -> None:
    """Move the bounds of a vital in the raw form of a rule, where they are of the same origin."""
    for name in ("when", "clears"):
        table[name] = [_moved(text, vital, by, relative=relative) for text in table[name]]


def _moved(text: str, vital: Vital, by: float, *, relative: bool) -> str:
    limit = limit_from(text)
    (clause, *more) = limit.clauses
    if more or clause.vital is not vital or clause.is_relative is not relative:
        return text
    return str(clause.moved(by))


def _clause(rule: LimitRule, vital: Vital) -> Clause | None:
    """Return the one limit of a vital that stands alone in its rule."""
    alone = [
        limit.clauses[0]
        for limit in rule.when
        if len(limit.clauses) == 1 and limit.clauses[0].vital is vital
    ]
    plain = [clause for clause in alone if not clause.is_relative] or alone
    usable = [clause for clause in plain if clause.factor in (0.0, 1.0) and clause.only is None]
    return usable[0] if len(usable) == 1 else None
