"""Conditions of what comes all the time: pulse and SpO2 beyond limits, missing or invalid.

Knows values and their age. Must not know the lifecycle's states or other kinds of rules. Pure: the
memory goes in and comes out.
"""

from dataclasses import dataclass

from monitor.alarms.cadence import patience_s
from monitor.alarms.evidence import Sample
from monitor.alarms.finding import ABSENT, PRESENT, UNKNOWN, Finding, Look
from monitor.alarms.limit_rules import ValueLimit
from monitor.alarms.limits import Values, capital, name_of
from monitor.alarms.rule_kinds import ValueInvalid, ValueMissing
from monitor.alarms.rules import Tier
from monitor.alarms.told import Against, told
from monitor.vitals import Vital


@dataclass(frozen=True, slots=True)
class CalmMemory:
    """Since when the value is clear without a break; None when it is not."""

    calm_since: float | None = None


# ---- beyond a limit


def value_limit(rule: ValueLimit, memory: CalmMemory, look: Look) -> tuple[Finding, CalmMemory]:
    """Say whether the value is beyond a limit now, or not yet clear of it."""
    evidence, vital = look.evidence, rule.vital
    within_s = patience_s(rule.stale_after_s, evidence.value_interval_s(vital))
    sample = evidence.fresh_value(vital, look.t, within_s)
    if sample is None or sample.value is None:
        return Finding(UNKNOWN, f"no valid {name_of(vital)} now"), CalmMemory()
    values, baseline = {vital: sample.value}, evidence.baseline
    over = [limit for limit in rule.when if limit.is_met(values, baseline)]
    known = ({vital.value: sample.value}, _bound(rule, baseline))
    if over:
        is_at_once = any(limit.is_met(values, baseline) for limit in rule.at_once)
        text = capital(over[0].clauses[0].words(values, baseline))
        parts = frozenset({"at once"} if is_at_once else ())
        return Finding(PRESENT, text, *known, is_at_once=is_at_once, parts=parts), CalmMemory()
    if not look.is_raised:
        return Finding(ABSENT, _number(rule.vital, sample.value), *known), CalmMemory()
    unclear = [limit for limit in rule.clears if limit.is_met(values, baseline) is False]
    if unclear:
        clear = unclear[0].clauses[0]
        number = _number(vital, sample.value, *clear.against(baseline))
        held = f"{number} not yet {clear.bound_words(baseline)}"
        return Finding(PRESENT, held, *known, is_held=True), CalmMemory()
    return _calm(rule, memory, look, sample, known)


def _calm(
    rule: ValueLimit,
    memory: CalmMemory,
    look: Look,
    sample: Sample,
    known: tuple[dict[str, float], dict[str, float]],
) -> tuple[Finding, CalmMemory]:
    calm_since = sample.t if memory.calm_since is None else memory.calm_since
    value = sample.value or 0.0
    values = {rule.vital: value}
    met = [limit for limit in rule.clears if limit.is_met(values, look.evidence.baseline)]
    if not met:
        return Finding(UNKNOWN, "no baseline"), CalmMemory()
    # However slowly the device sends, one value shows no more calm than it does at one a second.
    calm_until = min(look.t, sample.t + rule.stale_after_s)
    is_repeated = sample.t > calm_since or rule.clear_for_s == 0.0  # one good value may be chance
    if is_repeated and calm_until - calm_since >= rule.clear_for_s:
        back = f"{_number(rule.vital, value)} again"
        return Finding(ABSENT, back, *known), CalmMemory(calm_since)
    text = capital(met[0].clauses[0].words(values, look.evidence.baseline))
    held = f"{text}, not yet for {rule.clear_for_s:g} s"
    return Finding(PRESENT, held, *known, is_held=True), CalmMemory(calm_since)


def _number(vital: Vital, value: float, *against: Against) -> str:
    return capital(f"{name_of(vital)} {told(value, *against)}")


def _bound(rule: ValueLimit, baseline: Values) -> dict[str, float]:
    """Return the bound that is reached first."""
    clauses = [limit.clauses[0] for limit in rule.when]
    bounds = [bound for clause in clauses if (bound := clause.bound(baseline)) is not None]
    if not bounds:
        return {}
    return {rule.vital.value: (min if clauses[0].is_upper else max)(bounds)}


def is_milder(rule: ValueLimit, worse: ValueLimit, baseline: Values) -> bool:
    """Whether whatever is beyond the limit of the worse rule is beyond this one's too."""
    if rule.vital is not worse.vital or rule.is_upper is not worse.is_upper:
        return False
    own, its = _bound(rule, baseline).get(rule.vital), _bound(worse, baseline).get(rule.vital)
    if own is None or its is None:
        return False
    return own <= its if rule.is_upper else own >= its


# ---- missing or marked


def value_missing(rule: ValueMissing, tier: Tier, look: Look) -> Finding:
    """Say which of the vitals that were measured come no more."""
    late: dict[Vital, float] = {}
    for vital in rule.vitals:
        stream = look.evidence.stream(vital)
        if stream is not None and stream.was_valid:
            age_s = look.t - _expected_since_s(stream.latest.t, look)
            if age_s > patience_s(tier.delay_s, stream.cadence.interval_s):
                late[vital] = age_s
    text = f"{_names(late)}: no new value"
    return _late(rule, tier, look, late, text)


def _expected_since_s(last_s: float, look: Look) -> float:
    """Return since when a value should have come: not while the link is lost, TECH-3 says that.

    Whoever answers a lost link has not answered a value that stays away when the link is back.
    """
    if look.is_raised:
        return last_s
    return look.t if look.evidence.is_silent(look.t) else max(last_s, look.evidence.link_back_s)


def value_invalid(rule: ValueInvalid, tier: Tier, look: Look) -> Finding:
    """Say which of the vitals that were measured the device has marked for too long."""
    late: dict[Vital, float] = {}
    for vital in rule.vitals:
        stream = look.evidence.stream(vital)
        if stream is not None and stream.was_valid and stream.invalid_since_s is not None:
            since_s = look.t - stream.invalid_since_s
            if since_s >= tier.delay_s:
                late[vital] = since_s
    text = f"{_names(late)}: sensor off or signal too poor"
    return _late(rule, tier, look, late, text)


def _late(
    rule: ValueMissing, tier: Tier, look: Look, late: dict[Vital, float], text: str
) -> Finding:
    known = (
        {f"{vital.value}_s": round(age_s, 3) for vital, age_s in late.items()},
        {"age_s": tier.delay_s},
    )
    if not late:
        return Finding(ABSENT, "Values come again", *known)
    if not look.is_raised and _cuff_squeezes(rule, look):
        return Finding(UNKNOWN, "the cuff inflates")
    return Finding(PRESENT, text, *known, parts=frozenset(vital.value for vital in late))


def _cuff_squeezes(rule: ValueMissing, look: Look) -> bool:
    """Whether the cuff may be why: it inflates on the probe's arm, but not for ever."""
    since_s = look.evidence.measuring_since_s
    return since_s is not None and look.t - since_s <= rule.cuff_hold_s


def _names(vitals: dict[Vital, float]) -> str:
    return capital(" and ".join(name_of(vital) for vital in vitals))
