"""What ``vigil sessions --alarms`` says: the alarm figures of each session, and over all.

Knows figures and words. Must not know where they are stored, or import Qt. Sessions of simulated
devices are summed up apart: they say nothing of patients.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from monitor.alarms.crowds import Crowd
from monitor.alarms.priority import Priority
from monitor.alarms.quality import BENCHMARK_MIX, AlarmQuality
from monitor.alarms.quality_over_all import GOAL_MEDIAN, GOAL_P90, OverAll, over_all
from monitor.storage.stored import SessionSummary
from ui.voice import table, tell, tell_json

Figures = Sequence[tuple[SessionSummary, AlarmQuality]]
WORST_FIRST = tuple(sorted(Priority, reverse=True))
UNKNOWN = "-"
"""For a share of nothing."""


def tell_alarms(found: Figures, *, as_json: bool) -> None:
    """Print a line a session and, for real and for simulated ones, what they are together."""
    if as_json:
        for summary, quality in found:
            tell_json(_of_session(summary) | alarm_fact(quality))
    elif found:
        table(_HEAD, [_line(summary, quality) for summary, quality in found])
    for is_simulated in (False, True):
        own = [quality for summary, quality in found if summary.is_simulated is is_simulated]
        if not own:
            continue
        if as_json:
            tell_json(_over_all_fact(over_all(own), is_simulated=is_simulated))
        else:
            _tell_over_all(over_all(own), is_simulated=is_simulated)


# ---- for programs


def _of_session(summary: SessionSummary) -> dict[str, Any]:
    return {
        "kind": "session",
        "session": summary.session_id,
        "opened_utc": summary.opened_utc,
        "simulated": summary.is_simulated,
        "phase": summary.phase.value,
    }


def alarm_fact(quality: AlarmQuality) -> dict[str, Any]:
    """Return the figures under their names; ``null`` is a share or a middle of nothing."""
    mix = quality.mix
    return {
        "hours": quality.hours,
        "onsets": quality.onsets,
        "onsets_by_priority": _by_priority(quality.by_priority, 0),
        "onsets_by_rule": dict(sorted(quality.by_rule.items())),
        "per_hour": quality.per_hour,
        "high_medium_per_hour": quality.urgent_per_hour,
        "priority_mix": None if mix is None else _by_priority(mix, 0.0),
        "confirmed": quality.confirmed,
        "refuted": quality.refuted,
        "confirmed_share": quality.confirmed_share,
        "acknowledged": quality.acknowledged,
        "acknowledged_share": quality.acknowledged_share,
        "acknowledged_median_s": quality.acknowledged_median_s,
        "acknowledged_p90_s": quality.acknowledged_p90_s,
        "ended_unacknowledged": quality.ended,
        "seen_later": quality.seen_later,
        "overtaken": quality.overtaken,
        "unanswered": quality.unanswered,
        "realarms": quality.realarms,
        "audio_paused_share": quality.paused_share,
        "audio_off_share": quality.audio_off_share,
        "alarm_off_share": quality.alarm_off_share,
        "floods": [_span(flood) for flood in quality.floods],
        "chatter": [{"rule": each.rule} | _span(each) for each in quality.chatter],
    }


def _over_all_fact(figures: OverAll, *, is_simulated: bool) -> dict[str, Any]:
    total = alarm_fact(figures.total)
    del total["floods"], total["chatter"]  # their seconds are of different sessions
    return {
        "kind": "over_all",
        "simulated": is_simulated,
        "sessions": figures.sessions,
        "sessions_with_any_share": figures.any_share,
        "sessions_with_high_medium_share": figures.urgent_share,
        "high_medium_median": figures.urgent_median,
        "high_medium_p90": figures.urgent_p90,
        "within_goal": figures.is_within_goal,
        "sessions_with_flood": figures.sessions_flooded,
        "sessions_with_chatter": figures.sessions_chattering,
        "chattering_rules": _rules(figures.total.chatter),
    } | total


def _by_priority(figures: dict[Priority, Any], none: float) -> dict[str, Any]:
    return {each.word: figures.get(each, none) for each in WORST_FIRST}


def _span(crowd: Crowd) -> dict[str, Any]:
    return {"from_s": crowd.from_s, "to_s": crowd.to_s, "onsets": crowd.onsets}


def _rules(crowds: Iterable[Crowd]) -> list[str]:
    return sorted({crowd.rule for crowd in crowds})


# ---- for people

_HEAD = (
    "session", "opened (UTC)", "minutes", "HIGH", "MEDIUM", "LOW", "an hour", "confirmed",
    "acknowledged", "after (s)", "paused", "flood", "chatter", "state",
)  # fmt: skip


def _line(summary: SessionSummary, quality: AlarmQuality) -> tuple[str, ...]:
    return (
        summary.session_id[:8],
        f"{summary.opened_utc:%Y-%m-%d %H:%M}",
        f"{quality.session_s / 60:.1f}",
        *(str(quality.by_priority.get(each, 0)) for each in WORST_FIRST),
        _number(quality.per_hour, ".1f"),
        _of(quality.confirmed, quality.confirmed + quality.refuted),
        _of(quality.acknowledged, quality.onsets),
        _number(quality.acknowledged_median_s, ".0f"),
        _percent(quality.paused_share),
        ", ".join(_minutes(flood) for flood in quality.floods) or UNKNOWN,
        ", ".join(_rules(quality.chatter)) or UNKNOWN,
        summary.phase.value + (" (simulated)" if summary.is_simulated else ""),
    )


def _tell_over_all(figures: OverAll, *, is_simulated: bool) -> None:
    total = figures.total
    whose = " of simulated devices" if is_simulated else ""
    tell("")
    tell(f"Over all {figures.sessions} sessions{whose}, {total.hours:.1f} hours:")
    table(
        ("", ""),
        [
            ("  alarms", f"{total.onsets}, {_number(total.per_hour, '.1f')} an hour"),
            ("  HIGH and MEDIUM", _urgent_words(figures)),
            ("  sessions with any", f"{figures.sessions_any} ({_percent(figures.any_share)})"),
            ("  priorities", _mix_words(total)),
            ("  confirmed", _confirmed_words(total)),
            ("  acknowledged", _acknowledged_words(total)),
            ("  sounded again", f"{total.realarms} after they were acknowledged"),
            ("  kept quiet", _quiet_words(total)),
            ("  floods", f"{len(total.floods)} in {figures.sessions_flooded} sessions"),
            ("  chatter", _chatter_words(figures)),
            ("  by rule", _rule_words(total)),
        ],
    )


def _urgent_words(figures: OverAll) -> str:
    median, p90 = _number(figures.urgent_median, "g"), _number(figures.urgent_p90, "g")
    return (
        f"{figures.total.urgent}, {_number(figures.total.urgent_per_hour, '.1f')} an hour;"
        f" a session: median {median} (goal {GOAL_MEDIAN}),"
        f" 90th percentile {p90} (goal at most {GOAL_P90});"
        f" in {figures.sessions_urgent} sessions ({_percent(figures.urgent_share)})"
    )


def _mix_words(total: AlarmQuality) -> str:
    mix = total.mix
    return ", ".join(
        f"{each.name} {_percent(mix[each] if mix else None)} (about {BENCHMARK_MIX[each]:.0%})"
        for each in WORST_FIRST
    )


def _confirmed_words(total: AlarmQuality) -> str:
    judged = total.confirmed + total.refuted
    return f"{_of(total.confirmed, judged)} cuff alarms ({_percent(total.confirmed_share)})"


def _acknowledged_words(total: AlarmQuality) -> str:
    median = _number(total.acknowledged_median_s, ".0f")
    p90 = _number(total.acknowledged_p90_s, ".0f")
    return (
        f"{_of(total.acknowledged, total.onsets)} ({_percent(total.acknowledged_share)}),"
        f" after {median} s in the middle, nine of ten within {p90} s;"
        f" {total.ended} ended before that, {total.seen_later} of them seen later;"
        f" {total.overtaken} gave way to a worse one"
    )


def _quiet_words(total: AlarmQuality) -> str:
    return (
        f"AUDIO PAUSED {_percent(total.paused_share)},"
        f" AUDIO OFF {_percent(total.audio_off_share)},"
        f" ALARM OFF {_percent(total.alarm_off_share)} of the time"
    )


def _chatter_words(figures: OverAll) -> str:
    rules = ", ".join(_rules(figures.total.chatter))
    return f"in {figures.sessions_chattering} sessions" + (f": {rules}" if rules else "")


def _rule_words(total: AlarmQuality) -> str:
    often = sorted(total.by_rule.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{rule} {count}" for rule, count in often) or UNKNOWN


def _minutes(crowd: Crowd) -> str:
    return f"min {crowd.from_s / 60:.0f}-{crowd.to_s / 60:.0f}"


def _number(value: float | None, form: str) -> str:
    return UNKNOWN if value is None else format(value, form)


def _percent(value: float | None) -> str:
    return _number(value, ".0%")


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else UNKNOWN
