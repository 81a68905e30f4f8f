"""A stored session as CSV: one line per row of the record, ready for a spreadsheet.

Knows the columns of the contract (contracts, "CSV export"). Must not know SQL or screens.

``time_utc`` and ``infusion_s`` say when a value was measured; for a cuff reading that is when it
was taken, where the device tells. ``recorded_utc`` and ``session_s`` say when it reached us.
"""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never

from monitor.export.session_file import new_file
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    Record,
    SessionOpened,
    TransitionKept,
)
from monitor.storage.stored import StoredSession
from monitor.vitals import Vital

Cell = str | float | bool | None

VITAL_COLUMNS = {
    Vital.SYSTOLIC: "systolic_mmHg",
    Vital.DIASTOLIC: "diastolic_mmHg",
    Vital.MEAN: "mean_mmHg",
    Vital.PULSE_RATE: "pulse_per_min",
    Vital.HEART_RATE: "heart_rate_per_min",
    Vital.SPO2: "spo2_percent",
    Vital.RESPIRATORY_RATE: "respiratory_rate_per_min",
    Vital.TEMPERATURE: "temperature_celsius",
}
COLUMNS = (
    "time_utc",
    "infusion_s",
    "kind",
    "vital",
    *VITAL_COLUMNS.values(),
    "quality",
    "is_stale",
    "device",
    "source",
    "alarm_rule",
    "alarm_priority",
    "alarm_from",
    "alarm_to",
    "by",
    "text",
    "detail",
    "recorded_utc",
    "session_s",
    "seq",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def write_csv(
    stored: StoredSession, path: Path, done: Callable[[int], object] = lambda _rows: None
) -> None:
    """Write the session to a new file; ``done`` hears how many rows were written each time.

    Raises OperatorError when the file exists or cannot be written.
    """
    started_s = stored.infusion_started_s
    with new_file(path) as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for record in (stored.opened, *stored.rows):
            cells = {**_when(record, started_s), **_what(record)}
            writer.writerow({column: _written(cell) for column, cell in cells.items()})
            done(1)


def _when(record: Record, started_s: float | None) -> dict[str, Cell]:
    stamp = record.stamp
    utc, t_s = stamp.utc, stamp.t_s
    if isinstance(record, PressureKept) and record.taken_utc is not None:
        t_s -= (utc - record.taken_utc).total_seconds()
        utc = record.taken_utc
    return {
        "time_utc": rfc3339(utc),
        "infusion_s": None if started_s is None else round(t_s - started_s, 6),
        "recorded_utc": rfc3339(stamp.utc),
        "session_s": stamp.t_s,
        "seq": stamp.seq,
    }


def _what(record: Record) -> dict[str, Cell]:
    match record:
        case ReadingKept():
            return _reading(record)
        case PressureKept():
            return _pressure(record)
        case TransitionKept():
            return _transition(record)
        case HappeningKept():
            return {"kind": record.kind, "detail": _json(record.detail)}
        case SessionOpened():
            return _opened(record)
        case _:
            assert_never(record)


def _reading(record: ReadingKept) -> dict[str, Cell]:
    return {
        "kind": "reading",
        VITAL_COLUMNS[record.vital]: record.value,
        "vital": record.vital.value,
        "quality": record.quality.value,
        "device": record.device,
        "source": record.source,
    }


def _pressure(record: PressureKept) -> dict[str, Cell]:
    return {
        "kind": "blood_pressure",
        VITAL_COLUMNS[Vital.SYSTOLIC]: record.systolic,
        VITAL_COLUMNS[Vital.DIASTOLIC]: record.diastolic,
        VITAL_COLUMNS[Vital.MEAN]: record.mean,
        VITAL_COLUMNS[Vital.PULSE_RATE]: record.pulse,
        "quality": record.quality.value,
        "is_stale": record.is_stale,
        "device": record.device,
        "source": "cuff",
    }


def _transition(record: TransitionKept) -> dict[str, Cell]:
    times = {
        "since_s": record.since_s,
        "until_s": record.until_s,
        "ended_s": record.ended_s,
    }
    return {
        "kind": "alarm",
        "alarm_rule": record.rule,
        "alarm_priority": record.priority.word,
        "alarm_from": record.old.value,
        "alarm_to": record.new.value,
        "by": record.by,
        "text": record.text,
        "detail": _json({"value": record.value, "limit": record.limit, **times}),
    }


def _opened(record: SessionOpened) -> dict[str, Cell]:
    detail = {
        "session": record.stamp.session_id,
        "chair": record.chair,
        "patient": record.patient,
        "port": record.port,
        "is_simulated": record.is_simulated,
        "planned_infusion_s": record.planned_infusion_s,
        "cuff_interval_s": record.cuff_interval_s,
        "time_zone": record.time_zone,
        "utc_offset_s": record.utc_offset_s,
        "app_version": record.app_version,
        "profile": record.profile,
    }
    return {"kind": "session", "device": record.driver, "detail": _json(detail)}


def rfc3339(utc: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, to the microsecond."""
    return utc.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _json(detail: dict[str, Any]) -> str:
    return json.dumps(detail, ensure_ascii=False)


def _written(cell: Cell) -> str:
    """Write a cell: numbers with a dot and no needless zeros, text that no program will run."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return str(cell)
