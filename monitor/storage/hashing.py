"""How a row is hashed: its canonical form, its leaf, and the value that ties it to the row before.

Knows rows as values by column name. Must not know where chains begin and end (chain.py, audit.py).

    canonical  MessagePack of [table, {column: value}]: columns by name in code point order, without
               NULL, ``link`` and ``chain``; integers in the shortest form, reals as float64 with
               -0.0 as 0.0, text as UTF-8
    leaf       SHA-256 of 0x00 and the canonical form
    chain      SHA-256 of 0x01, the chain value before, and the leaf (prefixes as in RFC 6962, 2.1)

The first row of a chain follows on 32 zero bytes. What is written here never changes: a later
version may only add columns that can be NULL.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import INTEGER, REAL, Table

from monitor.errors import BugError
from monitor.storage import schema
from monitor.storage.rows import Values

GENESIS = bytes(32)
UNHASHED = ("link", "chain")

_encode = msgspec.msgpack.Encoder().encode


def leaf(table: str, values: Mapping[str, Any]) -> bytes:
    """Return the hash of one row's canonical form; ``values`` in the order of the columns' names.

    Raises ValueError or OverflowError for what has no canonical form.
    """
    kept = {name: value for name, value in values.items() if value is not None}
    return sha256(b"\x00" + _encode((table, kept))).digest()


def follow(previous: bytes, leaf_hash: bytes) -> bytes:
    """Return the chain value of a row that comes after the one with the value ``previous``."""
    return sha256(b"\x01" + previous + leaf_hash).digest()


def hashed_columns(table: Table) -> tuple[str, ...]:
    """Return the names of the columns that are in a row's canonical form, in their order."""
    names = (str(column.name) for column in table.columns)
    return tuple(sorted(name for name in names if name not in UNHASHED))


def _real(value: Any) -> float:
    return float(value) + 0.0  # SQLite, too, keeps -0.0 as 0.0


def _as_kept(table: Table) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """Return what the database makes of a value of each hashed column."""
    makes: dict[type, Callable[[Any], Any]] = {REAL: _real, INTEGER: int}
    return tuple((n, makes.get(type(table.c[n].type))) for n in hashed_columns(table))


_HASHED = (*schema.TABLES, schema.audit, *schema.VERSIONED, schema.person, schema.alarm_profile)
_AS_KEPT = {table: _as_kept(table) for table in _HASHED}


def leaf_of(table: Table, row: Values) -> bytes:
    """Return the leaf of a row that is about to be written. Raises BugError when it has none."""
    try:
        values = {
            name: make(row[name]) if make and row[name] is not None else row[name]
            for name, make in _AS_KEPT[table]
        }
        return leaf(str(table.name), values)
    except (TypeError, ValueError, OverflowError) as cause:
        raise BugError(f"A row of {table.name} holds what the database cannot") from cause
