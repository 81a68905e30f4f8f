"""Is a rule met now? One short function per kind of rule, each to be read beside its table row.

Knows rules, evidence and what a rule must remember between looks (hysteresis). Must not know the
lifecycle's states, priorities or who is told. Pure: the memory goes in and comes out.
"""

from dataclasses import dataclass, field, replace
from math import inf
from typing import TypeVar, assert_never

from monitor.alarms.cadence import patience_s
from monitor.alarms.evidence import Cuff, Evidence
from monitor.alarms.lifecycle import Condition
from monitor.alarms.rules import AlarmRule, FrameSilence, NamedFault, PressureHigh, RateHigh, Tier
from monitor.vitals import Vital

PRESENT, ABSENT, UNKNOWN = Condition.PRESENT, Condition.ABSENT, Condition.UNKNOWN


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at the evidence found; ``value`` and ``limit`` by vital name, in its unit.

    ``is_held``: no longer beyond the limit, but not yet clear. ``prompt`` asks for an action.
    """

    condition: Condition
    text: str
    value: dict[str, float] = field(default_factory=dict)
    limit: dict[str, float] = field(default_factory=dict)
    is_held: bool = False
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the evidence, at second ``t``.

    ``is_raised``: the alarm in question sounds or is acknowledged, so its clearing limits hold.
    """

    evidence: Evidence
    t: float
    is_raised: bool


# ---- what rules remember


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """One reading was beyond a limit, at ``first_s``; a prompt repeat may still refute it."""

    first_s: float


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The excess stands; ``calm`` readings in a row were clear of it since."""

    calm: int = 0


Excess = Unconfirmed | Confirmed | None


@dataclass(frozen=True, slots=True)
class PressureMemory:
    """Which inflations were looked at, and what they add up to."""

    count: int = 0
    newest_s: float = -inf
    excess: Excess = None


@dataclass(frozen=True, slots=True)
class RateMemory:
    """Since when the rate is clear without a break; None when it is not."""

    calm_since: float | None = None


@dataclass(frozen=True, slots=True)
class SilenceMemory:
    """How many frames there had been when it was last silent."""

    silent_at_count: int = 0


Memory = PressureMemory | RateMemory | SilenceMemory | None
M = TypeVar("M", PressureMemory, RateMemory, SilenceMemory)


def _own(memory: Memory, kind: type[M]) -> M:
    return memory if isinstance(memory, kind) else kind()


# ---- the two ways in


def evaluate(rule: AlarmRule, tier: Tier, memory: Memory, look: Look) -> tuple[Finding, Memory]:
    """Say whether this tier's condition is there; return the finding and what to remember."""
    match rule:
        case PressureHigh():
            return _pressure_high(rule, _own(memory, PressureMemory), look.evidence)
        case RateHigh():
            return _rate_high(rule, _own(memory, RateMemory), look)
        case FrameSilence():
            return _frame_silence(rule, tier, _own(memory, SilenceMemory), look)
        case NamedFault():
            return _named_fault(rule, look.evidence), None
        case _:
            assert_never(rule)


def raised_memory(rule: AlarmRule, memory: Memory, evidence: Evidence) -> Memory:
    """Return the memory of a rule whose alarm is known to be raised, from before a restart.

    It then ends only by the clearing limits, on evidence from after the restart.
    """
    match rule:
        case PressureHigh():
            looked = _add_up(rule, _own(memory, PressureMemory), evidence)
            return looked if looked.excess else replace(looked, excess=Confirmed())
        case FrameSilence():
            return SilenceMemory(evidence.frame_count)
        case RateHigh() | NamedFault():
            return memory
        case _:
            assert_never(rule)


# ---- cuff pressure


def _pressure_high(
    rule: PressureHigh, memory: PressureMemory, evidence: Evidence
) -> tuple[Finding, PressureMemory]:
    looked = _add_up(rule, memory, evidence)
    cuff = evidence.last_cuff
    if cuff is None or not cuff.is_usable:
        return Finding(UNKNOWN, "no valid cuff reading"), looked
    value = {Vital.SYSTOLIC.value: cuff.systolic, Vital.DIASTOLIC.value: cuff.diastolic}
    limit = {
        Vital.SYSTOLIC.value: rule.systolic_mmhg,
        Vital.DIASTOLIC.value: rule.diastolic_mmhg,
    }
    if looked.excess is None:
        was_doubtful = isinstance(memory.excess, Unconfirmed)
        return Finding(ABSENT, _calm_words(rule, cuff, was_doubtful), value, limit), looked
    is_held = not _is_over(rule, cuff)
    text = _held_words(rule, cuff, looked.excess) if is_held else _over_words(rule, cuff)
    prompt = "Repeat now" if isinstance(looked.excess, Unconfirmed) else ""
    return Finding(PRESENT, text, value, limit, is_held, prompt), looked


def _add_up(rule: PressureHigh, memory: PressureMemory, evidence: Evidence) -> PressureMemory:
    excess, newest_s = memory.excess, memory.newest_s
    for cuff in evidence.cuffs_after(memory.count):
        is_news = cuff.t > newest_s
        # A reading that arrives out of order may raise the alarm, but can never end it.
        if cuff.is_usable and (is_news or _is_over(rule, cuff)):
            excess = _next_excess(rule, excess, cuff)
            newest_s = max(newest_s, cuff.t)
    return PressureMemory(evidence.cuff_count, newest_s, excess)


def _next_excess(rule: PressureHigh, excess: Excess, cuff: Cuff) -> Excess:
    is_calm = _is_calm(rule, cuff)
    match excess:
        case None:
            return Unconfirmed(cuff.t) if _is_over(rule, cuff) else None
        case Unconfirmed(first_s) if is_calm and cuff.t - first_s <= rule.confirm_within_s:
            return None
        case Unconfirmed() if not is_calm and not _is_over(rule, cuff):
            return excess
        case Unconfirmed():
            return _count_calm(rule, Confirmed(), is_calm)
        case Confirmed():
            return _count_calm(rule, excess, is_calm)
        case _:
            assert_never(excess)


def _count_calm(rule: PressureHigh, confirmed: Confirmed, is_calm: bool) -> Excess:
    calm = confirmed.calm + 1 if is_calm else 0
    return None if calm >= rule.clear_readings else Confirmed(calm)


def _is_over(rule: PressureHigh, cuff: Cuff) -> bool:
    return cuff.systolic >= rule.systolic_mmhg or cuff.diastolic >= rule.diastolic_mmhg


def _is_calm(rule: PressureHigh, cuff: Cuff) -> bool:
    return cuff.systolic <= rule.clear_systolic_mmhg and cuff.diastolic <= rule.clear_diastolic_mmhg


def _over_words(rule: PressureHigh, cuff: Cuff) -> str:
    over = [
        f"{name} {value:g} at or above {limit:g}"
        for name, value, limit in (
            ("systolic", cuff.systolic, rule.systolic_mmhg),
            ("diastolic", cuff.diastolic, rule.diastolic_mmhg),
        )
        if value >= limit
    ]
    return ", ".join(over).capitalize()


def _held_words(rule: PressureHigh, cuff: Cuff, excess: Unconfirmed | Confirmed) -> str:
    reading = f"Pressure {cuff.systolic:g}/{cuff.diastolic:g}"
    clear = f"{rule.clear_systolic_mmhg:g}/{rule.clear_diastolic_mmhg:g} or lower"
    calm = excess.calm if isinstance(excess, Confirmed) else 0
    if calm == 0:
        return f"{reading} is under the limit, but not yet {clear}"
    needed = rule.clear_readings - calm
    more = "one more reading" if needed == 1 else f"{needed} more readings"
    return f"{reading} is down again: {more} of {clear} will end this alarm"


def _calm_words(rule: PressureHigh, cuff: Cuff, was_doubtful: bool) -> str:
    reading = f"{cuff.systolic:g}/{cuff.diastolic:g}"
    if was_doubtful:
        return f"Not confirmed: repeat {reading}"
    return f"Pressure {reading} below {rule.systolic_mmhg:g}/{rule.diastolic_mmhg:g}"


# ---- pulse


def _rate_high(rule: RateHigh, memory: RateMemory, look: Look) -> tuple[Finding, RateMemory]:
    interval_s = look.evidence.value_interval_s(Vital.PULSE_RATE)
    within_s = patience_s(rule.stale_after_s, interval_s)
    sample = look.evidence.fresh_value(Vital.PULSE_RATE, look.t, within_s)
    if sample is None or sample.value is None:
        return Finding(UNKNOWN, "no valid pulse now"), RateMemory()
    rate, limit, clear = sample.value, rule.above_per_min, rule.clear_below_per_min
    known = ({Vital.PULSE_RATE.value: rate}, {Vital.PULSE_RATE.value: limit})
    if rate > limit:
        return Finding(PRESENT, f"Pulse {rate:g} above {limit:g}", *known), RateMemory()
    if not look.is_raised:
        return Finding(ABSENT, f"Pulse {rate:g} not above {limit:g}", *known), RateMemory()
    if rate >= clear:
        held = f"Pulse {rate:g} not yet below {clear:g}"
        return Finding(PRESENT, held, *known, is_held=True), RateMemory()
    calm_since = sample.t if memory.calm_since is None else memory.calm_since
    text = f"Pulse {rate:g} below {clear:g}"
    # However slowly the device sends, one value shows no more calm than it does at one a second.
    calm_until = min(look.t, sample.t + rule.stale_after_s)
    if calm_until - calm_since >= rule.clear_for_s:
        return Finding(ABSENT, text, *known), RateMemory(calm_since)
    held = f"{text}, not yet for {rule.clear_for_s:g} s"
    return Finding(PRESENT, held, *known, is_held=True), RateMemory(calm_since)


# ---- the link


def _frame_silence(
    rule: FrameSilence, tier: Tier, memory: SilenceMemory, look: Look
) -> tuple[Finding, SilenceMemory]:
    count = look.evidence.frame_count
    silence_s = look.t - look.evidence.last_frame_s
    limit_s = patience_s(tier.delay_s, look.evidence.frame_interval_s)
    known = ({"silence_s": silence_s}, {"silence_s": limit_s})
    if silence_s > limit_s:
        return Finding(PRESENT, rule.words, *known), SilenceMemory(count)
    if look.is_raised and count - memory.silent_at_count < rule.clear_frames:
        return Finding(PRESENT, rule.words, *known, is_held=True), memory
    return Finding(ABSENT, "Data from the monitor again", *known), memory


# ---- the system itself


def _named_fault(rule: NamedFault, evidence: Evidence) -> Finding:
    match evidence.fault_text(rule.fault):
        case None:
            return Finding(UNKNOWN, "not heard of yet")
        case "":
            return Finding(ABSENT, f"{rule.title}: well again")
        case text:
            return Finding(PRESENT, f"{rule.title}: {text}")
