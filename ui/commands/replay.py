"""``vigil replay``: a trace of vitals through the alarm board, and what alarms.

Composes file, replay and terminal. Must not import Qt.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from monitor.alarms.priority import Priority
from monitor.alarms.profile import default_profile, find_profile
from monitor.errors import OperatorError
from monitor.replay import Replay, Replayed
from monitor.snapshot import AlarmState
from monitor.trace import LONGEST_LINE, Trace, baseline_from, read_trace
from monitor.vitals import Vital
from ui.voice import note, table, tell, tell_json

HEAD = ("time", "alarm", "priority", "was", "is", "value", "limit")
MOST_REJECTED_SAID = 10
BASELINE_NAMES = {
    Vital.SYSTOLIC: "systolic",
    Vital.DIASTOLIC: "diastolic",
    Vital.PULSE_RATE: "pulse",
    Vital.SPO2: "spo2",
}


def replay(options: argparse.Namespace) -> int:
    """Play the trace and tell every change of an alarm, then what it adds up to."""
    profile = find_profile(options.profile) if options.profile else default_profile()
    baseline = None if options.baseline is None else baseline_from(options.baseline)
    trace = _open(options.trace)
    _tell_rejected(trace.rejected)
    played = Replay(trace, profile, baseline, options.hold or 0.0)
    if options.json:
        for one in played.changes():
            tell_json(_fact(one))
        tell_json({"kind": "summary", "profile": profile.title, **_summary(trace, played)})
    else:
        _tell(trace, played)
    return 0


def _open(path: Path) -> Trace:
    try:
        with path.open("rb") as file:
            return read_trace(_lines(file.readline), path.name)
    except OSError as cause:
        reason = cause.strerror or "it cannot be read"
        raise OperatorError(f"The trace {path} cannot be read ({reason})", "name a file") from cause


def _lines(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield lines, none of them longer than a little more than one may be."""
    return iter(partial(readline, LONGEST_LINE + 1), b"")


def _tell_rejected(rejected: tuple[str, ...]) -> None:
    for sentence in rejected[:MOST_REJECTED_SAID]:
        note(f"vigil: {sentence}.")
    if len(rejected) > MOST_REJECTED_SAID:
        note(f"vigil: {len(rejected) - MOST_REJECTED_SAID} more values are left out.")


# ---- for a script


def _fact(one: Replayed) -> dict[str, Any]:
    change = one.change
    return {
        "t_s": float(one.t_s),
        "rule": change.rule,
        "priority": change.priority.word,
        "from": change.old.value,
        "to": change.new.value,
        "value": change.value,
        "limit": change.limit,
    }


def _summary(trace: Trace, played: Replay) -> dict[str, Any]:
    return {
        "duration_s": trace.rows[-1].t_s - trace.rows[0].t_s,
        "rows": len(trace.rows),
        "cuff_readings": sum(row.pressure is not None for row in trace.rows),
        "rejected": len(trace.rejected),
        "baseline": {name: played.baseline.get(vital) for vital, name in BASELINE_NAMES.items()},
        "counts": {priority.word: played.onsets[priority] for priority in reversed(Priority)},
        "time_above_limit_s": _rounded(played.seconds_beyond),
    }


def _rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    return {rule: round(duration, 3) for rule, duration in seconds.items()}


# ---- for a person


def _tell(trace: Trace, played: Replay) -> None:
    """Print a table."""
    shown = [one for one in played.changes() if _is_news(one)]
    if shown:
        table(HEAD, [_line(one) for one in shown])
    else:
        tell("No alarm.")
    facts = _summary(trace, played)
    counts = ", ".join(f"{count} {word}" for word, count in facts["counts"].items())
    tell(f"Alarms in {facts['duration_s'] / 60:.1f} min, as they sounded: {counts}.")
    beyond = [f"{rule} {_clock(s)}" for rule, s in facts["time_above_limit_s"].items() if s]
    tell(f"Time beyond the limits of: {', '.join(beyond) or 'none'}.")


def _is_news(one: Replayed) -> bool:
    """Whether a change is more than a delay that began, or that ended with nothing."""
    old, new = one.change.old, one.change.new
    return AlarmState.PENDING not in (old, new) or new is AlarmState.SOUNDING


def _line(one: Replayed) -> tuple[str, ...]:
    change = one.change
    return (
        _clock(one.t_s),
        change.rule,
        change.priority.word,
        change.old.value,
        change.new.value,
        _numbers(change.value),
        _numbers(change.limit),
    )


def _numbers(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in values.items())


def _clock(seconds: float) -> str:
    """Return minutes and seconds, with a sign before the start of the infusion."""
    minutes, rest = divmod(round(abs(seconds)), 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes}:{rest:02}"
