"""What people entered, to table rows and back: every field is the column of its name.

Knows the records of entries and which fields are kept as JSON. Must not open or query anything.
"""

import json
from dataclasses import fields
from typing import Any, get_args

from sqlalchemy import Table

from monitor.records import (
    AmendmentKept,
    DoseKept,
    Entry,
    EventKept,
    IdentificationKept,
    LimitChangeKept,
    Meaning,
    NoteKept,
    ScaleKept,
    SignatureKept,
    Stamp,
)
from monitor.storage import schema

TABLE_OF: dict[type[Entry], Table] = {
    IdentificationKept: schema.identification,
    EventKept: schema.event,
    DoseKept: schema.dose,
    ScaleKept: schema.scale,
    NoteKept: schema.note,
    LimitChangeKept: schema.limit_change,
    AmendmentKept: schema.amendment,
    SignatureKept: schema.signature,
}
KIND_IN: dict[Table, type[Entry]] = {table: kind for kind, table in TABLE_OF.items()}

_AS_JSON = frozenset({(ScaleKept, "detail")}) | {
    (kind, name) for kind in (LimitChangeKept, AmendmentKept) for name in ("old", "new")
}
_NAMES = {
    kind: tuple(field.name for field in fields(kind) if field.name != "stamp")
    for kind in get_args(Entry)
}


def values_of(entry: Entry) -> dict[str, Any]:
    """Return the values of an entry's own columns. Raises TypeError or ValueError."""
    kind = type(entry)
    values = {name: getattr(entry, name) for name in _NAMES[kind]}
    for name, value in values.items():
        if (kind, name) in _AS_JSON:
            values[name] = json.dumps(value, ensure_ascii=False)
    if isinstance(entry, SignatureKept):
        values["meaning"] = entry.meaning.value
    return values


def entry_from(table: Table, row: Any, stamp: Stamp) -> Entry:
    """Return the entry that was stored as this row."""
    kind = KIND_IN[table]
    values = {name: row[name] for name in _NAMES[kind]}
    for name, value in values.items():
        if (kind, name) in _AS_JSON:
            values[name] = json.loads(value)
    if kind is SignatureKept:
        values["meaning"] = Meaning(values["meaning"])
    return kind(stamp, **values)
