"""Reads the fields of one rule of a profile, each checked for its kind.

Knows the kinds of rules and how their fields are written. Must not know files or whole profiles.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from math import isfinite
from typing import Any

from monitor.alarms.limit_rules import CuffLimit, ValueLimit
from monitor.alarms.limits import MEND, Limit, limit_from
from monitor.alarms.priority import Priority
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
from monitor.alarms.rules import Latch, Tier
from monitor.errors import OperatorError
from monitor.vitals import Vital

__all__ = ["MEND", "count_of", "needed", "number_of", "only", "rule_from", "table_of", "text_of"]

KINDS: Mapping[str, type[AlarmRule]] = {
    "cuff_limit": CuffLimit,
    "cuff_change": CuffChange,
    "cuff_failed": CuffFailed,
    "cuff_overdue": CuffOverdue,
    "value_limit": ValueLimit,
    "value_missing": ValueMissing,
    "value_invalid": ValueInvalid,
    "sources_differ": SourcesDiffer,
    "frame_silence": FrameSilence,
    "device_clock": DeviceClockOff,
    "scale_low": ScaleLow,
    "observation_due": ObservationDue,
    "named_fault": NamedFault,
}


def rule_from(table: dict[str, Any]) -> AlarmRule:
    """Read one ``[[rule]]`` table. Raises OperatorError naming rule and field."""
    rule_id = text_of(needed(table, "id", "rule "), "rule, id")
    where = f"rule {rule_id}, "
    kind_name = text_of(needed(table, "kind", where), f"{where}kind")
    kind = KINDS.get(kind_name)
    if kind is None:
        raise wrong(f"{where}kind", f'"{kind_name}" is none of {", ".join(KINDS)}')
    known = fields(kind)
    only(table, {"kind", *(field.name for field in known)}, where)
    values = {
        field.name: _field(table, field, where)
        for field in known
        if field.name in table or field.default is MISSING
    }
    return kind(**values)


def _field(table: dict[str, Any], field: Field[Any], where: str) -> Any:
    value = needed(table, field.name, where)
    name = where + field.name
    match field.name:
        case "when" | "clears" | "at_once":
            return _limits(value, name)
        case "tiers":
            return _tiers(value, name)
        case "vitals":
            known = [vital.value for vital in Vital]
            return tuple(Vital(_word(each, known, name)) for each in _list(value, name))
        case "scales":
            return tuple(text_of(each, name) for each in _list(value, name))
        case "latch":
            return Latch(_word(value, [latch.value for latch in Latch], name))
        case _:
            return _plain(value, field.type, name)


def _plain(value: Any, kind: Any, name: str) -> Any:
    if kind is str:
        return text_of(value, name)
    return count_of(value, name) if kind is int else number_of(value, name)


def _limits(value: Any, name: str) -> tuple[Limit, ...]:
    try:
        return tuple(limit_from(text_of(each, name)) for each in _list(value, name))
    except OperatorError as error:
        raise wrong(name, error.what) from error


def _tiers(value: Any, name: str) -> tuple[Tier, ...]:
    return tuple(_tier(table_of(table, name), name) for table in _list(value, name))


def _tier(table: dict[str, Any], name: str) -> Tier:
    only(table, {"priority", "delay_s", "after"}, f"{name}, ")
    known = [priority.word for priority in Priority]
    word = _word(needed(table, "priority", f"{name}, "), known, f"{name}, priority")
    delay_s = number_of(table.get("delay_s", 0.0), f"{name}, delay_s")
    after = number_of(table["after"], f"{name}, after") if "after" in table else None
    return Tier(Priority[word.upper()], delay_s, after)


# ---- one value of the file


def wrong(field: str, problem: str) -> OperatorError:
    """Return what to say of a field."""
    return OperatorError(f"{field}: {problem}", MEND)


def needed(table: dict[str, Any], field: str, where: str) -> Any:
    """Return a field that must be there. Raises OperatorError."""
    value = table.get(field, MISSING)
    if value is MISSING:
        raise wrong(f"{where}{field}", "it is missing")
    return value


def only(table: dict[str, Any], known: set[str], where: str) -> None:
    """Raise OperatorError when there is a field that nobody knows: it may be a slip."""
    for field in table:
        if field not in known:
            raise wrong(f"{where}{field}", "there is no such field")


def table_of(value: Any, name: str) -> dict[str, Any]:
    """Return a table. Raises OperatorError."""
    if not isinstance(value, dict):
        raise wrong(name, "it must be a table")
    return value


def text_of(value: Any, name: str) -> str:
    """Return a text that is not empty. Raises OperatorError."""
    if not isinstance(value, str) or not value.strip():
        raise wrong(name, "it must be a text that is not empty")
    return value


def number_of(value: Any, name: str) -> float:
    """Return a finite number. Raises OperatorError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise wrong(name, "it must be a number")
    return float(value)


def count_of(value: Any, name: str) -> int:
    """Return a whole number from 1 up. Raises OperatorError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise wrong(name, "it must be a whole number from 1 up")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise wrong(name, "it must be a list")
    return value


def _word(value: Any, known: list[str], name: str) -> str:
    if value not in known:
        raise wrong(name, f"it must be one of {', '.join(known)}")
    return str(value)
