"""Is a rule met now? The one place that leads from each kind of rule to its condition.

Knows which function judges which kind, and what each must remember between looks. Must not know
the lifecycle's states, priorities or who is told. Pure: the memory goes in and comes out.
"""

from typing import TypeVar, assert_never

from monitor.alarms.cuff_conditions import (
    CuffMemory,
    cuff_change,
    cuff_failed,
    cuff_limit,
    cuff_overdue,
    raised_cuff_memory,
    sources_differ,
)
from monitor.alarms.finding import Finding, Look
from monitor.alarms.limit_rules import CuffLimit, ValueLimit
from monitor.alarms.rule_kinds import (
    AlarmRule,
    CuffChange,
    CuffFailed,
    CuffOverdue,
    DeviceClockOff,
    FrameSilence,
    NamedFault,
    ObservationDue,
    ScaleLow,
    SourcesDiffer,
    ValueInvalid,
    ValueMissing,
)
from monitor.alarms.rules import Tier
from monitor.alarms.system_conditions import (
    SilenceMemory,
    device_clock,
    frame_silence,
    named_fault,
    observation_due,
    scale_low,
)
from monitor.alarms.value_conditions import CalmMemory, value_invalid, value_limit, value_missing

Memory = CuffMemory | CalmMemory | SilenceMemory | None
M = TypeVar("M", CuffMemory, CalmMemory, SilenceMemory)


def _own(memory: Memory, kind: type[M]) -> M:
    return memory if isinstance(memory, kind) else kind()


def evaluate(  # noqa: PLR0911, PLR0912 - one line for each kind of rule
    rule: AlarmRule, tier: Tier, memory: Memory, look: Look
) -> tuple[Finding, Memory]:
    """Say whether this tier's condition is there; return the finding and what to remember."""
    match rule:
        case CuffLimit():
            return cuff_limit(rule, tier, _own(memory, CuffMemory), look)
        case CuffChange():
            return cuff_change(rule, look), None
        case ValueLimit():
            return value_limit(rule, _own(memory, CalmMemory), look)
        case FrameSilence():
            return frame_silence(rule, tier, _own(memory, SilenceMemory), look)
        case ValueInvalid():  # before ValueMissing, of which it is a kind
            return value_invalid(rule, tier, look), None
        case ValueMissing():
            return value_missing(rule, tier, look), None
        case CuffOverdue():
            return cuff_overdue(rule, tier, look), None
        case CuffFailed():
            return cuff_failed(rule, tier, look), None
        case SourcesDiffer():
            return sources_differ(rule, look), None
        case DeviceClockOff():
            return device_clock(rule, look.evidence), None
        case ScaleLow():
            return scale_low(rule, tier, look), None
        case ObservationDue():
            return observation_due(rule, tier, look), None
        case NamedFault():
            return named_fault(rule, look.evidence), None
        case _:
            assert_never(rule)


def raised_memory(rule: AlarmRule, memory: Memory, look: Look) -> Memory:
    """Return the memory of a rule whose alarm is known to be raised, from before a restart.

    It then ends only by the clearing limits, on evidence from after the restart.
    """
    match rule:
        case CuffLimit():
            return raised_cuff_memory(rule, _own(memory, CuffMemory), look)
        case FrameSilence():
            return SilenceMemory(look.evidence.frame_count)
        case _:
            return memory
