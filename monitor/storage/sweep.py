"""Recomputes the chain of one session in one sweep over bare rows, as fast as Python can.

Knows the tables of a session's rows and the canonical form. Must not judge: where anything at all
is not as it was written there is no answer here, and the careful check (chain_check.py) says what.

The canonical form comes from one msgspec class for each table, whose fields are the hashed columns
in their order and whose NULLs are left out: byte for byte what hashing.leaf encodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Table

from monitor.snapshot import Phase
from monitor.storage import schema
from monitor.storage.chain_check import Link
from monitor.storage.connection import library
from monitor.storage.hashing import GENESIS, hashed_columns
from monitor.storage.sum_check import sum_of
from monitor.storage.summary import Summary

_encode = msgspec.msgpack.Encoder().encode
Row = tuple[Any, ...]
"""A row as the library gives it: place, chain, and the hashed columns."""


@dataclass(frozen=True, slots=True)
class Swept:
    """A session's chain, recomputed and found as it was written.

    ``chains`` are the values by place. ``links`` are the rows other than readings, in their
    places, the session's own first; of readings there are thousands, and only their number, the
    greatest ``t_s`` and the greatest ``seq`` of all rows matter.
    """

    chains: Sequence[bytes]
    links: Sequence[Link]
    readings: int
    last_reading_s: float
    last_seq: int

    @property
    def sum(self) -> Summary:
        """What all rows add up to."""
        summary = sum_of(self.links)
        summary.readings += self.readings
        if summary.phase != Phase.ENDED:  # else the end says when the session was over
            summary.last_t_s = max(summary.last_t_s, self.last_reading_s)
        return summary


@dataclass(frozen=True, slots=True)
class _Form:
    """How the rows of a table are asked for, and how they become their canonical form."""

    table: str
    names: tuple[str, ...]
    query: str
    canonical: Any


def _form(table: Table) -> _Form:
    names = hashed_columns(table)
    place, key = ("0", "id") if table is schema.session else ("link", "session_id")
    columns = ", ".join(f'"{name}"' for name in names)
    query = f"SELECT {place}, chain, {columns} FROM {table.name} WHERE {key} = ?"  # noqa: S608 - names of ours
    fields = [(name, Any, None) for name in names]
    canonical = msgspec.defstruct(f"Canonical_{table.name}", fields, omit_defaults=True, gc=False)
    return _Form(str(table.name), names, query, canonical)


FORMS = tuple(_form(table) for table in schema.TABLES)
_READING = next(form for form in FORMS if form.table == schema.reading.name)
_T_S, _SEQ = (_READING.names.index(name) + 2 for name in ("t_s", "seq"))


def canonical_form(form: _Form, values: Sequence[Any]) -> bytes:
    """Return the canonical form of a row, whose values come in the order of ``form.names``."""
    return bytes(_encode((form.table, form.canonical(*values))))


def swept(connection: Connection, session_id: Any) -> Swept | None:
    """Return the chain of a session when every row of it is as it was written; else None."""
    raw: Any = connection.connection.driver_connection
    before, raw.text_factory = raw.text_factory, str
    try:
        found = [(form, raw.execute(form.query, (session_id,)).fetchall()) for form in FORMS]
        return _in_one_sweep(found)
    except (TypeError, ValueError, OverflowError, library().Error):
        return None  # it holds what no row of ours can
    finally:
        raw.text_factory = before


def _in_one_sweep(found: Sequence[tuple[_Form, Sequence[Row]]]) -> Swept | None:
    placed = _placed(found)
    chains = None if placed is None else _recomputed(*placed)
    if placed is None or chains is None:
        return None
    forms, rows = placed
    links = [
        Link(form.table, "seq", row[0], row[1], dict(zip(form.names, row[2:], strict=True)))
        for form, row in zip(forms, rows, strict=True)
        if form is not _READING
    ]
    readings = next(rows for form, rows in found if form is _READING)
    last_s = max((row[_T_S] for row in readings), default=0.0)
    last_seq = max([one.seq for one in links] + [row[_SEQ] for row in readings])
    return Swept(chains, links, len(readings), last_s, last_seq)


def _placed(
    found: Sequence[tuple[_Form, Sequence[Row]]],
) -> tuple[list[_Form], list[Row]] | None:
    """Return the rows in their places with their forms; None unless each place has its one row."""
    count = sum(len(rows) for _, rows in found)
    places: list[Row | None] = [None] * count
    forms = [_READING] * count
    for form, rows in found:
        for row in rows:
            place = row[0]
            if type(place) is not int or not 0 <= place < count or places[place] is not None:
                return None
            places[place] = row
            forms[place] = form
    return forms, [row for row in places if row is not None]


def _recomputed(forms: Sequence[_Form], rows: Sequence[Row]) -> list[bytes] | None:
    """Return the chain values, each computed from the one before; None when a row has another."""
    previous, chains = GENESIS, []
    for form, row in zip(forms, rows, strict=True):
        own = sha256(b"\x00" + _encode((form.table, form.canonical(*row[2:])))).digest()
        previous = sha256(b"\x01" + previous + own).digest()
        if previous != row[1]:
            return None
        chains.append(previous)
    return chains
