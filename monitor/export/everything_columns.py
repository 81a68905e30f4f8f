"""What the columns of the record are called in an export of everything, and what stands in them.

Knows columns by name, and the rule behind resources/docs/schema.md: a unit in every name, moments
as RFC 3339 UTC, bytes as hexadecimal digits. Must not know files or SQL.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from monitor.export.csv_export import rfc3339
from monitor.storage.rows import to_utc
from monitor.vitals import Vital

Value = str | float | int | bool | None

RENAMED = {
    "utc_us": "recorded_utc",
    "t_s": "session_s",
    "systolic": "systolic_mmHg",
    "diastolic": "diastolic_mmHg",
    "mean": "mean_mmHg",
    "pulse": "pulse_per_min",
    "last_t_s": "last_session_s",
}
BYTES = {
    "chain": "chain_hex",
    "salt": "salt_hex",
    "audit_chain": "audit_chain_hex",
}
UNIT = "unit"
_MOMENT = "_utc_us"
_FIRST = ("opened_utc", "recorded_utc", "at_utc", "added_utc", "last_utc")
_SECOND = ("session_s",)
_FACTS = ("is_", "must_")


def name_of(table: str, column: str) -> str:
    """Return a column's name in exported files."""
    if column.endswith(_MOMENT):
        return column.removesuffix("_us")
    if (table, column) == ("signed_head", "signature"):
        return "signature_hex"
    return BYTES.get(column) or RENAMED.get(column, column)


def header(table: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the names of all fields of a table, in the order of ``fields``."""
    return tuple(names[0] for names in _layout(table, columns))


def reader(table: str, columns: Sequence[str]) -> Callable[[Sequence[Any]], list[Value]]:
    """Return the function that makes of a row of ``columns`` the values under ``header``."""
    layout = [(place, make) for _, place, make in _layout(table, columns)]
    return lambda row: [make(row[place]) for place, make in layout]


_Field = tuple[str, int, Callable[[Any], Value]]


def _layout(table: str, columns: Sequence[str]) -> list[_Field]:
    """Return name, place in the row, and what is made of the value: times first."""
    found: list[_Field] = []
    for place, column in enumerate(columns):
        found.append((name_of(table, column), place, _maker(column)))
        if (table, column) == ("reading", "value"):
            found.append((UNIT, list(columns).index("vital"), _unit))
    return sorted(found, key=_rank)


def _rank(field: _Field) -> int:
    name = field[0]
    return 0 if name in _FIRST else 1 if name in _SECOND else 2


def _maker(column: str) -> Callable[[Any], Value]:
    if column.endswith(_MOMENT) or column == "utc_us":
        return _moment
    return _fact if column.startswith(_FACTS) else _plain


def _plain(value: Any) -> Value:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and math.isinf(value):
        return str(value)  # JSON has no such number
    return value  # type: ignore[no-any-return]  # SQLite knows no other kinds


def _fact(value: Any) -> Value:
    return bool(value) if type(value) is int and value in (0, 1) else _plain(value)


def _moment(value: Any) -> Value:
    """Write microseconds since 1970 as a time; what another program put there stays as it is."""
    try:
        return rfc3339(to_utc(value)) if type(value) is int else _plain(value)
    except OverflowError:
        return _plain(value)


def _unit(vital: Any) -> Value:
    return Vital(vital).unit.value if vital in _VITALS else None


_VITALS = frozenset(vital.value for vital in Vital)
