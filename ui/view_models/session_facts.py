"""What the alarms of a session rest on, as short facts: profile, baseline, cuff plan, crowds.

Knows clinical.md sections 2 and 4, and what a person must be told of them (hazards H12, H13, H14,
H25). Must not know Qt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.snapshot import BaselineView, Phase, SessionSnapshot
from ui.view_models.seen import Seen
from ui.view_models.words import minutes_text, whole

BASELINE_READINGS = 2
"""Fewer cuff readings than this give no baseline (clinical.md 3.5)."""


class Weight(StrEnum):
    """How a fact is shown; none of them is an alarm."""

    CALM = "calm"
    NOTE = "note"
    CAUTION = "caution"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in words."""

    text: str
    weight: Weight = Weight.CALM


def session_facts(seen: Seen) -> tuple[Fact, ...]:
    """Return the facts of a session, in the order in which they matter."""
    snapshot = seen.snapshot
    return (
        *_crowds(snapshot),
        *_cuff(snapshot),
        *_baseline(snapshot),
        *(Fact(f"Limit equals OFF: {text}", Weight.CAUTION) for text in snapshot.limit_warnings),
        *_profile(snapshot),
    )


def baseline_text(baseline: BaselineView) -> str:
    """Return ``118/74 · PR 68 · SpO₂ 98``; what is not known is left out."""
    known = []
    if baseline.systolic is not None and baseline.diastolic is not None:
        known.append(f"{whole(baseline.systolic)}/{whole(baseline.diastolic)}")
    if baseline.pulse is not None:
        known.append(f"PR {whole(baseline.pulse)}")
    if baseline.spo2 is not None:
        known.append(f"SpO₂ {whole(baseline.spo2)}")
    return " · ".join(known)


def _crowds(snapshot: SessionSnapshot) -> Iterator[Fact]:
    if snapshot.is_flood:
        yield Fact("5 or more alarms in 10 min", Weight.NOTE)
    if snapshot.chatter:
        yield Fact(f"Keeps coming and going: {', '.join(snapshot.chatter)}", Weight.NOTE)


def _cuff(snapshot: SessionSnapshot) -> Iterator[Fact]:
    plan = snapshot.cuff_plan
    if plan is not None and plan.is_slower_than_planned:
        learned, planned = minutes_text(plan.learned_s), minutes_text(plan.interval_s)
        yield Fact(f"Monitor measures every {learned}, plan every {planned}", Weight.CAUTION)


def _baseline(snapshot: SessionSnapshot) -> Iterator[Fact]:
    baseline = snapshot.baseline
    if baseline is not None:
        of = f" ({baseline.readings} readings)" if baseline.readings else " (entered)"
        yield Fact(f"Baseline {baseline_text(baseline)}{of}")
    elif snapshot.phase in (Phase.INFUSION, Phase.RECOVERY):
        yield Fact("No baseline: relative alarm limits off", Weight.CAUTION)
    else:
        count = snapshot.baseline_readings
        yield Fact(
            f"Baseline: {count} of {BASELINE_READINGS} readings"
            if count < BASELINE_READINGS
            else f"Baseline: {count} readings, taken when the infusion starts",
            Weight.NOTE if count < BASELINE_READINGS else Weight.CALM,
        )


def _profile(snapshot: SessionSnapshot) -> Iterator[Fact]:
    if not snapshot.profile:
        return
    changed = sum(one.is_changed for one in snapshot.limit_settings)
    if not changed:
        yield Fact(f"Limits: {snapshot.profile}")
        return
    how_many = "1 limit" if changed == 1 else f"{changed} limits"
    yield Fact(f"Limits: {snapshot.profile}, {how_many} changed (L)", Weight.NOTE)
