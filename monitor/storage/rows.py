"""Records to table rows and back, without loss.

Knows the columns and the records. Must not open or query anything.
"""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import Table

from monitor.alarms.priority import Priority
from monitor.errors import BugError
from monitor.readings import Quality
from monitor.records import (
    Entry,
    HappeningKept,
    PressureKept,
    ReadingKept,
    Record,
    SessionOpened,
    SessionRow,
    Stamp,
    TransitionKept,
)
from monitor.snapshot import AlarmState
from monitor.storage import schema
from monitor.storage.entry_rows import KIND_IN, TABLE_OF, entry_from, values_of
from monitor.vitals import Vital

Values = dict[str, Any]
Row = Mapping[Any, Any]
"""One row as the database gave it, by column name."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def encode(record: Record) -> tuple[Table, Values]:
    """Return the table of a record and its values by column name.

    Raises BugError for what no table can hold: NaN, a time without its zone, foreign objects.
    """
    try:
        table, values = _encode(record)
    except (TypeError, ValueError) as cause:
        raise BugError(f"{_name(record)} cannot be stored") from cause
    if any(isinstance(value, float) and math.isnan(value) for value in values.values()):
        raise BugError(f"{_name(record)} has a value that is not a number")
    return table, values


def decode(table: Table, row: Row) -> SessionRow:
    """Return the record that was stored as this row of one of the row tables."""
    if table is schema.reading:
        return _reading(row)
    if table is schema.blood_pressure:
        return _pressure(row)
    if table is schema.alarm_transition:
        return _transition(row)
    if table is schema.happening:
        return HappeningKept(_stamp(row), row["kind"], json.loads(row["detail"]))
    if table in KIND_IN:
        return entry_from(table, row, _stamp(row))
    raise BugError(f"No record is stored in the table {table.name}")


def decode_session(row: Row) -> SessionOpened:
    """Return the opening record that was stored as this row of the session table."""
    return SessionOpened(
        Stamp(row["id"], row["seq"], row["t_s"], to_utc(row["opened_utc_us"])),
        row["chair"],
        row["patient"],
        row["driver"],
        row["port"],
        bool(row["is_simulated"]),
        row["planned_infusion_s"],
        row["cuff_interval_s"],
        row["time_zone"],
        row["utc_offset_s"],
        row["app_version"],
        json.loads(row["profile"]),
    )


def to_microseconds(utc: datetime) -> int:
    """Return whole microseconds since 1970 UTC. Raises TypeError without a time zone."""
    return (utc - _EPOCH) // _MICROSECOND


def to_utc(microseconds: int) -> datetime:
    """Return the moment that ``to_microseconds`` made a number of."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _name(record: Record) -> str:
    return f"{type(record).__name__} {record.stamp.seq}"


def _encode(record: Record) -> tuple[Table, Values]:
    match record:
        case SessionOpened():
            return schema.session, _of_session(record)
        case ReadingKept():
            return schema.reading, _of_reading(record)
        case PressureKept():
            return schema.blood_pressure, _of_pressure(record)
        case TransitionKept():
            return schema.alarm_transition, _of_transition(record)
        case HappeningKept():
            detail = {"kind": record.kind, "detail": json.dumps(record.detail)}
            return schema.happening, _of_stamp(record.stamp) | detail
        case _ if isinstance(record, Entry):
            return TABLE_OF[type(record)], _of_stamp(record.stamp) | values_of(record)
        case _:
            assert_never(record)


def _of_stamp(stamp: Stamp) -> Values:
    return {
        "session_id": stamp.session_id,
        "seq": stamp.seq,
        "t_s": stamp.t_s,
        "utc_us": to_microseconds(stamp.utc),
    }


def _of_session(record: SessionOpened) -> Values:
    return {
        "id": record.stamp.session_id,
        "seq": record.stamp.seq,
        "t_s": record.stamp.t_s,
        "opened_utc_us": to_microseconds(record.stamp.utc),
        "chair": record.chair,
        "patient": record.patient,
        "driver": record.driver,
        "port": record.port,
        "is_simulated": int(record.is_simulated),
        "planned_infusion_s": record.planned_infusion_s,
        "cuff_interval_s": record.cuff_interval_s,
        "time_zone": record.time_zone,
        "utc_offset_s": record.utc_offset_s,
        "app_version": record.app_version,
        "profile": json.dumps(record.profile),
    }


def _of_reading(record: ReadingKept) -> Values:
    return _of_stamp(record.stamp) | {
        "device": record.device,
        "vital": record.vital.value,
        "value": record.value,
        "quality": record.quality.value,
        "source": record.source,
    }


def _of_pressure(record: PressureKept) -> Values:
    taken = record.taken_utc
    return _of_stamp(record.stamp) | {
        "device": record.device,
        "systolic": record.systolic,
        "diastolic": record.diastolic,
        "mean": record.mean,
        "pulse": record.pulse,
        "taken_utc_us": None if taken is None else to_microseconds(taken),
        "is_stale": int(record.is_stale),
        "quality": record.quality.value,
    }


def _of_transition(record: TransitionKept) -> Values:
    return _of_stamp(record.stamp) | {
        "rule": record.rule,
        "priority": record.priority.word,
        "old": record.old.value,
        "new": record.new.value,
        "value": json.dumps(record.value),
        "limit": json.dumps(record.limit),
        "text": record.text,
        "by": record.by,
        "since_s": record.since_s,
        "until_s": record.until_s,
        "ended_s": record.ended_s,
    }


def _stamp(row: Row) -> Stamp:
    return Stamp(row["session_id"], row["seq"], row["t_s"], to_utc(row["utc_us"]))


def _reading(row: Row) -> ReadingKept:
    return ReadingKept(
        _stamp(row),
        row["device"],
        Vital(row["vital"]),
        row["value"],
        Quality(row["quality"]),
        row["source"],
    )


def _pressure(row: Row) -> PressureKept:
    taken_us = row["taken_utc_us"]
    return PressureKept(
        _stamp(row),
        row["device"],
        row["systolic"],
        row["diastolic"],
        row["mean"],
        row["pulse"],
        None if taken_us is None else to_utc(taken_us),
        bool(row["is_stale"]),
        Quality(row["quality"]),
    )


def _transition(row: Row) -> TransitionKept:
    return TransitionKept(
        _stamp(row),
        row["rule"],
        Priority[row["priority"].upper()],
        AlarmState(row["old"]),
        AlarmState(row["new"]),
        json.loads(row["value"]),
        json.loads(row["limit"]),
        row["text"],
        row["by"],
        row["since_s"],
        row["until_s"],
        row["ended_s"],
    )
