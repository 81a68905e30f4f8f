"""Conditions of the link, the device's clock, ratings by staff, and the program itself.

Knows evidence and one kind of rule at a time. Must not know the lifecycle's states. Pure.
"""

from dataclasses import dataclass

from monitor.alarms.cadence import patience_s
from monitor.alarms.evidence import Evidence
from monitor.alarms.finding import ABSENT, PRESENT, UNKNOWN, Finding, Look
from monitor.alarms.rule_kinds import (
    DeviceClockOff,
    FrameSilence,
    NamedFault,
    ObservationDue,
    ScaleLow,
)
from monitor.alarms.rules import Tier


@dataclass(frozen=True, slots=True)
class SilenceMemory:
    """How many frames there had been when it was last silent."""

    silent_at_count: int = 0


def frame_silence(
    rule: FrameSilence, tier: Tier, memory: SilenceMemory, look: Look
) -> tuple[Finding, SilenceMemory]:
    """Compare the age of the last valid frame with the tier's delay."""
    count = look.evidence.frame_count
    silence_s = look.t - look.evidence.last_frame_s
    limit_s = patience_s(tier.delay_s, look.evidence.frame_interval_s)
    known = ({"silence_s": silence_s}, {"silence_s": limit_s})
    if silence_s > limit_s:
        return Finding(PRESENT, rule.words, *known), SilenceMemory(count)
    if look.is_raised and count - memory.silent_at_count < rule.clear_frames:
        return Finding(PRESENT, rule.words, *known, is_held=True), memory
    return Finding(ABSENT, "Data from the monitor again", *known), memory


def device_clock(rule: DeviceClockOff, evidence: Evidence) -> Finding:
    """Compare the device's clock with ours, beside what somebody has accepted."""
    if evidence.device_clock_s is None:
        return Finding(UNKNOWN, "the monitor tells no time")
    off_s = evidence.device_clock_s - evidence.accepted_clock_s
    known = ({"off_s": off_s}, {"off_s": rule.more_than_s})
    if abs(off_s) > rule.more_than_s:
        return Finding(PRESENT, f"The monitor's clock {_way(off_s, evidence)}", *known)
    return Finding(ABSENT, "The monitor's clock agrees", *known)


def _way(off_s: float, evidence: Evidence) -> str:
    if evidence.accepted_clock_s:  # what is new is the move; by how much it is off, was accepted
        direction = "forward" if off_s > 0 else "back"
        return f"moved {_span(abs(off_s))} {direction} against this computer's"
    return f"is {_span(abs(off_s))} {'ahead' if off_s > 0 else 'behind'}"


def _span(seconds: float) -> str:
    for size, word in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} s"


def scale_low(rule: ScaleLow, tier: Tier, look: Look) -> Finding:
    """Compare the last total of a scale with the tier's step."""
    rated = look.evidence.scales.get(rule.scale)
    if rated is None or rated.value is None:
        return Finding(UNKNOWN, f"{rule.scale} not rated")
    step = 0.0 if tier.after is None else tier.after
    known = ({rule.scale: rated.value}, {rule.scale: step})
    text = f"{rule.scale} {rated.value:g}"
    if rated.value <= step:
        return Finding(PRESENT, f"{text}: {step:g} or less", *known)
    if look.is_raised and rated.value < rule.clears_from:
        return Finding(PRESENT, f"{text}, not yet {rule.clears_from:g}", *known, is_held=True)
    return Finding(ABSENT, text, *known)


def observation_due(rule: ObservationDue, tier: Tier, look: Look) -> Finding:
    """Compare the age of the last ratings with their interval, while there is an infusion."""
    evidence = look.evidence
    if evidence.infusion_s is None:
        return Finding(ABSENT, "no infusion yet")
    late = []
    for scale in rule.scales:
        rated = evidence.scales.get(scale)
        last_s = evidence.infusion_s if rated is None else max(rated.t, evidence.infusion_s)
        if look.t - last_s > rule.every_s + tier.delay_s:
            late.append(scale)
    limit = {"age_s": rule.every_s + tier.delay_s}
    if late:
        return Finding(PRESENT, f"{rule.words}: {' and '.join(late)}", limit=limit)
    return Finding(ABSENT, "Observations entered", limit=limit)


def named_fault(rule: NamedFault, evidence: Evidence) -> Finding:
    """Say what the part says of itself."""
    match evidence.fault_text(rule.fault):
        case None:
            return Finding(UNKNOWN, "not heard of yet")
        case "":
            return Finding(ABSENT, f"{rule.title}: well again")
        case text:
            kind = "".join(letter for letter in text if not letter.isdigit())  # not "5 %", "4 %"
            return Finding(PRESENT, f"{rule.title}: {text}", parts=frozenset({kind}))
