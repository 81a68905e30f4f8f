"""Conditions of the cuff: readings beyond limits, sudden changes, failures, and readings overdue.

One inflation is one observation, systolic and diastolic together. Must not know the lifecycle's
states or other kinds of rules. Pure: the memory goes in and comes out.
"""

from dataclasses import dataclass, replace
from math import inf
from typing import assert_never

from monitor.alarms.evidence import Cuff, Evidence
from monitor.alarms.finding import ABSENT, PRESENT, UNKNOWN, Finding, Look
from monitor.alarms.limit_rules import CuffLimit
from monitor.alarms.limits import Limit, Values, capital
from monitor.alarms.rule_kinds import CuffChange, CuffFailed, CuffOverdue, SourcesDiffer
from monitor.alarms.rules import Tier
from monitor.alarms.told import Against, told
from monitor.vitals import Vital

REPEAT = "Repeat now"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """One reading was beyond a limit, at ``first_s``; the next one may refute or confirm it."""

    first_s: float


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The excess stands; ``calm`` readings in a row were clear of it since.

    ``is_repeated``: a second reading beyond a limit said so, not only the time without a repeat.
    """

    calm: int = 0
    is_repeated: bool = True


Excess = Unconfirmed | Confirmed | None


@dataclass(frozen=True, slots=True)
class CuffMemory:
    """Which inflations were looked at, what they add up to, and by which words it began."""

    count: int = 0
    newest_s: float = -inf
    excess: Excess = None


# ---- beyond a limit


def cuff_limit(
    rule: CuffLimit, tier: Tier, memory: CuffMemory, look: Look
) -> tuple[Finding, CuffMemory]:
    """Say whether so many readings stand beyond a limit."""
    looked = add_up(rule, memory, look.evidence)
    cuff, baseline = look.evidence.last_cuff, look.evidence.baseline
    if cuff is None or not cuff.is_usable:
        return Finding(UNKNOWN, "no valid cuff reading"), looked
    value = {vital.value: number for vital, number in cuff.values.items()}
    limit = _limits_by_name(rule, baseline)
    if not _is_reached(tier, looked.excess):
        is_ended = isinstance(memory.excess, Unconfirmed) and looked.excess is None
        was_doubtful = is_ended and rule.may_be_refuted
        text = _calm_words(rule, cuff, was_doubtful, baseline)
        return Finding(ABSENT, text, value, limit), looked
    over = _over(rule, cuff, baseline)
    text = _over_words(over, cuff, baseline) if over else _held_words(rule, cuff, looked, baseline)
    asks = isinstance(looked.excess, Unconfirmed) and rule.asks_for_repeat
    prompt = REPEAT if asks else ""
    return Finding(PRESENT, text, value, limit, is_held=not over, prompt=prompt), looked


def raised_cuff_memory(rule: CuffLimit, memory: CuffMemory, look: Look) -> CuffMemory:
    """Return the memory of an alarm that is known to be raised, whatever the readings add up to."""
    looked = add_up(rule, memory, look.evidence)
    return looked if looked.excess else replace(looked, excess=Confirmed())


def add_up(rule: CuffLimit, memory: CuffMemory, evidence: Evidence) -> CuffMemory:
    """Take the inflations that came since, one after the other."""
    excess, newest_s = memory.excess, memory.newest_s
    for cuff in evidence.cuffs_after(memory.count):
        is_news = cuff.t > newest_s
        # A reading that arrives out of order may raise the alarm, but can never end it.
        if cuff.is_usable and (is_news or _over(rule, cuff, evidence.baseline)):
            excess = _next_excess(rule, excess, cuff, evidence.baseline)
            newest_s = max(newest_s, cuff.t)
    return CuffMemory(evidence.cuff_count, newest_s, excess)


def _is_reached(tier: Tier, excess: Excess) -> bool:
    match excess:
        case None:
            return False
        case Unconfirmed():
            return tier.after in (None, 1)
        case Confirmed(_, is_repeated):
            return is_repeated or tier.after in (None, 1)
        case _:
            assert_never(excess)


def _next_excess(rule: CuffLimit, excess: Excess, cuff: Cuff, baseline: Values) -> Excess:
    is_over = bool(_over(rule, cuff, baseline))
    is_calm = not is_over and _is_calm(rule, cuff, baseline)
    match excess:
        case None:
            return Unconfirmed(cuff.t) if is_over else None
        case Unconfirmed() if is_over:
            return Confirmed()
        case Unconfirmed(first_s) if is_calm:
            is_refuted = _is_in_time(rule.refuted_within_s, cuff.t - first_s)
            return None if is_refuted else _count_calm(rule, Confirmed(is_repeated=False), is_calm)
        case Unconfirmed():
            return excess
        case Confirmed():
            stands = replace(excess, is_repeated=excess.is_repeated or is_over)
            return _count_calm(rule, stands, is_calm)
        case _:
            assert_never(excess)


def _is_in_time(within_s: float | None, after_s: float) -> bool:
    return within_s is None or after_s <= within_s


def _count_calm(rule: CuffLimit, confirmed: Confirmed, is_calm: bool) -> Excess:
    calm = confirmed.calm + 1 if is_calm else 0
    return None if calm >= rule.clear_readings else replace(confirmed, calm=calm)


def _over(rule: CuffLimit, cuff: Cuff, baseline: Values) -> tuple[Limit, ...]:
    return tuple(limit for limit in rule.when if limit.is_met(cuff.values, baseline))


def _is_calm(rule: CuffLimit, cuff: Cuff, baseline: Values) -> bool:
    """Whether no clearing limit speaks against it; one that needs a baseline may say nothing."""
    met = [limit.is_met(cuff.values, baseline) for limit in rule.clears]
    return False not in met and True in met


def _limits_by_name(rule: CuffLimit, baseline: Values) -> dict[str, float]:
    """Return per vital the bound that is reached first."""
    bounds: dict[str, float] = {}
    for limit in rule.when:
        clause = limit.clauses[0]
        bound = clause.bound(baseline)
        if bound is not None:
            known = bounds.get(clause.vital.value, bound)
            bounds[clause.vital.value] = (min if clause.is_upper else max)(known, bound)
    return bounds


# ---- its words


def _over_words(over: tuple[Limit, ...], cuff: Cuff, baseline: Values) -> str:
    text = ", ".join(limit.clauses[0].words(cuff.values, baseline) for limit in over)
    return capital(text)


def _held_words(rule: CuffLimit, cuff: Cuff, looked: CuffMemory, baseline: Values) -> str:
    reading = f"Pressure {_pair_against(rule, cuff, baseline)}"
    clear = " and ".join(
        limit.clauses[0].words({}, baseline)
        for limit in rule.clears
        if limit.clauses[0].bound(baseline) is not None
    )
    calm = looked.excess.calm if isinstance(looked.excess, Confirmed) else 0
    if calm == 0:
        return f"{reading} is within the limit of this alarm, but not yet {clear}"
    needed = rule.clear_readings - calm
    more = "one more reading" if needed == 1 else f"{needed} more readings"
    return f"{reading} is within the limit of this alarm: {more} with {clear} will end it"


def _calm_words(rule: CuffLimit, cuff: Cuff, was_doubtful: bool, baseline: Values) -> str:
    pair = _pair_against(rule, cuff, baseline)
    return f"Not confirmed, repeat {pair}" if was_doubtful else f"Pressure {pair}"


def _pair_against(rule: CuffLimit, cuff: Cuff, baseline: Values) -> str:
    """Write both pressures so that each is as clear of the limits as it is measured."""
    against: dict[Vital, list[Against]] = {Vital.SYSTOLIC: [], Vital.DIASTOLIC: []}
    for limit in (*rule.when, *rule.clears):
        for clause in limit.clauses:
            against.get(clause.vital, []).extend(clause.against(baseline))
    systolic = told(cuff.systolic, *against[Vital.SYSTOLIC])
    return f"{systolic}/{told(cuff.diastolic, *against[Vital.DIASTOLIC])}"


def _pair(cuff: Cuff) -> str:
    return f"{told(cuff.systolic)}/{told(cuff.diastolic)}"


# ---- a sudden change


def cuff_change(rule: CuffChange, look: Look) -> Finding:
    """Compare the last reading with the one before it."""
    usable = [cuff for cuff in look.evidence.cuffs if cuff.is_usable]
    if not usable:
        return Finding(UNKNOWN, "no valid cuff reading")
    before, last = usable[-2] if len(usable) > 1 else usable[-1], usable[-1]
    change = last.systolic - before.systolic
    known = ({"systolic": last.systolic}, {"change": rule.at_least_mmhg})
    if abs(change) >= rule.at_least_mmhg and 0 < last.t - before.t <= rule.within_s:
        minutes = (last.t - before.t) / 60
        by = told(abs(change), Against(">=", rule.at_least_mmhg))
        sign = "+" if change > 0 else "-"
        text = f"Systolic {told(last.systolic)} is {sign}{by} in {minutes:.0f} min"
        return Finding(PRESENT, text, *known)
    return Finding(ABSENT, f"Pressure {_pair(last)}", *known)


# ---- two sources of the pulse


def sources_differ(rule: SourcesDiffer, look: Look) -> Finding:
    """Compare the cuff's pulse with the oximeter's at the last readings that had both."""
    both = [
        (cuff.pulse, cuff.other_pulse)
        for cuff in look.evidence.cuffs
        if cuff.pulse is not None and cuff.other_pulse is not None
    ]
    if not both:
        return Finding(UNKNOWN, "no pulse from two sources")
    last = both[-rule.readings :]
    differences = [abs(one - other) for one, other in last]
    by_cuff, by_oximeter = last[-1]
    known = ({"cuff": by_cuff, "oximeter": by_oximeter}, {"difference": rule.more_than_per_min})
    if len(last) == rule.readings and min(differences) > rule.more_than_per_min:
        text = f"Pulse {told(by_cuff)} by cuff, {told(by_oximeter)} by oximeter: check the source"
        return Finding(PRESENT, text, *known)
    return Finding(ABSENT, "Both pulses agree", *known)


# ---- no reading


def cuff_failed(rule: CuffFailed, tier: Tier, look: Look) -> Finding:
    """Count the inflations without a reading since the last one with it."""
    failures, needed = look.evidence.cuff_failures, tier.after or 1
    known = ({"failures": float(failures)}, {"failures": float(needed)})
    if failures >= needed:
        times = "" if failures == 1 else f" {failures} times in a row"
        return Finding(PRESENT, f"{rule.words}{times}", *known)
    return Finding(ABSENT, "Blood pressure measured again", *known)


def cuff_overdue(rule: CuffOverdue, tier: Tier, look: Look) -> Finding:
    """Compare the age of the last reading with the planned interval."""
    age_s = look.t - look.evidence.last_cuff_s
    due_s = (tier.after or 1) * look.evidence.cuff_interval_s + tier.delay_s
    known = ({"age_s": age_s}, {"age_s": due_s})
    if age_s > due_s:
        planned = look.evidence.cuff_interval_s / 60
        text = f"{rule.words}: none for {age_s / 60:.0f} min, planned every {planned:g} min"
        return Finding(PRESENT, text, *known)
    return Finding(ABSENT, "Blood pressure measured", *known)
