"""A stored session as CSV: one line per row of the record, ready for a spreadsheet.

Knows the columns of the contract (contracts, "CSV export"). Must not know SQL or screens.

``time_utc`` and ``infusion_s`` say when a value was measured or a thing was done; for a cuff
reading when it was taken, where the device tells. They are blank for one that the device still
showed from before the connection (``is_stale``): nobody knows. ``recorded_utc`` and ``session_s``
say when a row reached us.
"""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO, assert_never

import msgspec

from monitor.export.cells import Cell, written
from monitor.export.entry_kinds import ENTRY_NAMES
from monitor.export.session_file import new_file
from monitor.records import (
    DoseKept,
    Entry,
    EventKept,
    HappeningKept,
    PressureKept,
    ReadingKept,
    Record,
    ScaleKept,
    SessionOpened,
    TransitionKept,
)
from monitor.storage.stored import StoredSession
from monitor.vitals import Vital

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
    "is_simulated",
)


def write_csv(
    stored: StoredSession, path: Path, done: Callable[[int], object] = lambda _rows: None
) -> None:
    """Write the session to a new file; ``done`` hears how many rows were written each time.

    Raises OperatorError when the file exists or cannot be written.
    """
    with new_file(path) as file:
        put_csv(stored, file, done)


def put_csv(
    stored: StoredSession, file: TextIO, done: Callable[[int], object] = lambda _rows: None
) -> None:
    """Write the session to an open text file; every line says whether it is simulated."""
    started_s, is_simulated = stored.infusion_started_s, stored.opened.is_simulated
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    for record in (stored.opened, *stored.rows):
        cells = {**_when(record, started_s), **_what(record), "is_simulated": is_simulated}
        writer.writerow({column: written(cell) for column, cell in cells.items()})
        done(1)


def _when(record: Record, started_s: float | None) -> dict[str, Cell]:
    stamp = record.stamp
    recorded: dict[str, Cell] = {
        "recorded_utc": rfc3339(stamp.utc),
        "session_s": stamp.t_s,
        "seq": stamp.seq,
    }
    if isinstance(record, PressureKept) and record.is_stale:
        return recorded
    before_s = _happened_before_s(record)
    t_s = stamp.t_s - before_s
    return {
        "time_utc": rfc3339(stamp.utc - timedelta(seconds=before_s)),
        "infusion_s": None if started_s is None else round(t_s - started_s, 6),
        **recorded,
    }


def _happened_before_s(record: Record) -> float:
    """Return how long before it was recorded a thing was measured, or done by a person."""
    match record:
        case PressureKept(stamp=stamp, taken_utc=datetime() as taken_utc):
            return (stamp.utc - taken_utc).total_seconds()
        case EventKept() | DoseKept() | ScaleKept():
            return record.stamp.t_s - record.at_s
        case _:
            return 0.0


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
        case _ if isinstance(record, Entry):
            return _entry(record)
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


def _entry(record: Entry) -> dict[str, Cell]:
    """Return what a person entered: the words in their column, every other field in the detail."""
    fields: dict[str, Any] = msgspec.to_builtins(record)
    del fields["stamp"]
    words: dict[str, Cell] = {
        name: str(fields.pop(name)) for name in ("by", "text") if name in fields
    }
    return {"kind": ENTRY_NAMES[type(record)], **words, "detail": _json(fields)}


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
