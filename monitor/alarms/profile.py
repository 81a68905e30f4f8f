"""An alarm profile: which rules are in force with which numbers, read from TOML and checked once.

Knows the file's fields and how to refuse a wrong one by file, rule and field. Must not know
readings, sessions or where profiles are kept.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from math import isfinite
from pathlib import Path
from typing import Any

from monitor.alarms.priority import Priority
from monitor.alarms.rules import (
    AlarmRule,
    FrameSilence,
    Latch,
    NamedFault,
    PressureHigh,
    RateHigh,
    Tier,
)
from monitor.errors import OperatorError
from resources import path_to

KINDS: dict[str, type[AlarmRule]] = {
    "pressure_high": PressureHigh,
    "rate_high": RateHigh,
    "frame_silence": FrameSilence,
    "named_fault": NamedFault,
}
MEND = "correct it in the alarm profile"


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules in force. ``raw`` is what they were read from, to be kept with the session.

    ``realarm_s``: how long after an acknowledgement an alarm that goes on sounds again.
    """

    name: str
    version: int
    raw: dict[str, Any]
    rules: tuple[AlarmRule, ...]
    realarm_s: Mapping[Priority, float]

    @property
    def title(self) -> str:
        """Name and version as staff know it: "Ketamine IV v1"."""
        return f"{self.name} v{self.version}"


def default_profile() -> Profile:
    """Return the profile that is shipped: adults, "Ketamine IV v1"."""
    return load_profile(path_to("defaults/ketamine_iv_v1.toml"))


def load_profile(path: Path) -> Profile:
    """Read a profile file. Raises OperatorError naming file, rule and field (or line)."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise OperatorError(f"alarm profile {path.name}: {reason}", "check the file") from error
    except UnicodeDecodeError as error:
        raise OperatorError(f"alarm profile {path.name}: it is no UTF-8 text", MEND) from error
    except tomllib.TOMLDecodeError as error:
        end = f"at the end, line {text.count(chr(10)) + 1}"
        reason = str(error).replace("at end of document", end)
        raise OperatorError(f"alarm profile {path.name}: {reason}", MEND) from error
    return profile_from(raw, path.name)


def profile_from(raw: dict[str, Any], source: str = "kept with the session") -> Profile:
    """Build a profile from its raw form (see ``Profile.raw``). Raises OperatorError."""
    try:
        _only(raw, {"name", "version", "realarm_s", "rule"}, "")
        name = _text(_needed(raw, "name", ""), "name")
        version = _count(_needed(raw, "version", ""), "version")
        realarm_s = _realarm(_needed(raw, "realarm_s", ""))
        return Profile(name, version, raw, rules_from(raw), realarm_s)
    except OperatorError as error:
        raise OperatorError(f"alarm profile {source}: {error.what}", error.what_to_do) from error


def rules_from(raw: dict[str, Any]) -> tuple[AlarmRule, ...]:
    """Read the ``[[rule]]`` tables. Raises OperatorError naming rule and field."""
    tables = raw.get("rule")
    if not isinstance(tables, list) or not tables:
        raise _wrong("rule", "there is no [[rule]] table, so nothing would alarm")
    rules = tuple(_rule(_table(table, "rule")) for table in tables)
    ids = [rule.id for rule in rules]
    for rule_id in ids:
        if ids.count(rule_id) > 1:
            raise _wrong(f"rule {rule_id}", "it is there more than once")
    return rules


def _rule(table: dict[str, Any]) -> AlarmRule:
    rule_id = _text(_needed(table, "id", "rule "), "rule, id")
    where = f"rule {rule_id}, "
    kind_name = _text(_needed(table, "kind", where), f"{where}kind")
    kind = KINDS.get(kind_name)
    if kind is None:
        raise _wrong(f"{where}kind", f'"{kind_name}" is none of {", ".join(KINDS)}')
    known = fields(kind)
    _only(table, {"kind", *(field.name for field in known)}, where)
    values = {field.name: _field(table, field, where) for field in known}
    return kind(**values)


def _field(table: dict[str, Any], field: Field[Any], where: str) -> Any:
    value = _needed(table, field.name, where)
    name = where + field.name
    if field.type is float:
        return _number(value, name)
    if field.type is int:
        return _count(value, name)
    if field.type is Latch:
        return Latch(_word(value, [latch.value for latch in Latch], name))
    if field.type is str:
        return _text(value, name)
    return _tiers(value, name)


def _tiers(value: Any, name: str) -> tuple[Tier, ...]:
    if not isinstance(value, list):
        raise _wrong(name, "it must be a list of { priority, delay_s }")
    return tuple(_tier(_table(table, name), name) for table in value)


def _tier(table: dict[str, Any], name: str) -> Tier:
    _only(table, {"priority", "delay_s"}, f"{name}, ")
    priority = _priority(_needed(table, "priority", f"{name}, "), f"{name}, priority")
    return Tier(priority, _number(_needed(table, "delay_s", f"{name}, "), f"{name}, delay_s"))


def _realarm(value: Any) -> dict[Priority, float]:
    table = _table(value, "realarm_s")
    _only(table, {priority.word for priority in Priority}, "realarm_s, ")
    times = {
        priority: _number(_needed(table, priority.word, "realarm_s, "), "realarm_s")
        for priority in Priority
    }
    if not 0 < times[Priority.HIGH] <= times[Priority.MEDIUM] <= times[Priority.LOW]:
        raise _wrong("realarm_s", "each must be above 0, and the more urgent not the later")
    return times


# ---- one value of the file


def _wrong(field: str, problem: str) -> OperatorError:
    return OperatorError(f"{field}: {problem}", MEND)


def _needed(table: dict[str, Any], field: str, where: str) -> Any:
    value = table.get(field, MISSING)
    if value is MISSING:
        raise _wrong(f"{where}{field}", "it is missing")
    return value


def _only(table: dict[str, Any], known: set[str], where: str) -> None:
    for field in table:
        if field not in known:
            raise _wrong(f"{where}{field}", "there is no such field")


def _table(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(name, "it must be a table")
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, "it must be a text that is not empty")
    return value


def _word(value: Any, known: list[str], name: str) -> str:
    if value not in known:
        raise _wrong(name, f"it must be one of {', '.join(known)}")
    return str(value)


def _priority(value: Any, name: str) -> Priority:
    return Priority[_word(value, [priority.word for priority in Priority], name).upper()]


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise _wrong(name, "it must be a number")
    return float(value)


def _count(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _wrong(name, "it must be a whole number from 1 up")
    return value
