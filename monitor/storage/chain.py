"""The chain of each session: every row holds a value over itself and over all rows before it.

Knows how rows become links, and which of them the audit log must hear of. Must not know who
verifies it. How a row is hashed: hashing.py.

The session's own row is the first; its readings, alarms and happenings follow in the order of
``seq`` within what is written at once, else of arrival. ``link`` counts them from 1 without holes,
whatever rows were lost before they came here, so that a missing link is a removed row.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.sqlite import insert

from monitor.snapshot import Phase
from monitor.storage import audit, schema
from monitor.storage.database import Database
from monitor.storage.guards import SESSION_ERASED
from monitor.storage.hashing import GENESIS, follow, leaf_of
from monitor.storage.heads import Signer, seal
from monitor.storage.rows import Values, to_microseconds
from monitor.storage.summary import COLUMNS, Summary

PROGRAM = "vigil"
"""The audit log's actor for what the program does by itself."""
UNNAMED = "unnamed"
"""The actor where a person acted whose account is not known."""
OPENED, ENDED = "session.opened", "session.ended"
ADOPTED = "session.adopted"
"""In the place of OPENED for the sessions that were there before the chain (revision 0002)."""
ANCHORED = "session.anchored"
STATION_STARTED, STATION_STOPPED = "station.started", "station.stopped"
ENTERED = {table: f"session.{table.name}" for table in schema.ENTRIES}
"""The audit log's action for each kind of row that people enter."""
SIGNED = ENTERED[schema.signature]
SET = {"audio": "session.audio", "alarm_off": "session.alarm_off"}
"""The audit log's action for each kind of happening by which people silence alarms."""


@dataclass(slots=True)
class Tip:
    """Where a session's chain ends: see schema.session_tip."""

    links: int
    last_seq: int
    anchored: int
    chain: bytes
    summary: Summary = field(default_factory=Summary)

    def anchor(self) -> dict[str, Any]:
        """Return what an audit row says of the chain, so that it holds for good."""
        self.anchored = self.links
        return anchor(self.links, self.chain)


def tip_from(row: Mapping[Any, Any]) -> Tip:
    """Return the tip that was kept as this row of session_tip."""
    summary = Summary(**{name: row[name] for name in COLUMNS})
    return Tip(row["links"], row["last_seq"], row["anchored"], row["chain"], summary)


Batch = Mapping[Table, Sequence[Values]]

_NEW_ROW = {table: insert(table) for table in schema.TABLES}


def anchor(links: int, chain: bytes) -> dict[str, Any]:
    """Return the audit detail that says which chain value a session's link has."""
    return {"links": links, "chain": chain.hex()}


def keep(connection: Connection, batch: Batch, signer: Signer | None = None) -> None:
    """Write the rows that are not there yet, as the next links of their sessions.

    The caller's transaction holds the write lock. Openings and ends of sessions are logged in it,
    and the log is signed then. Raises BugError for a row without a canonical form.
    """
    tips = _tips(connection, _session_ids(batch))
    _open_sessions(connection, batch[schema.session], tips)
    for session_id, rows in _by_session(batch).items():
        tip = tips.setdefault(session_id, Tip(0, 0, 0, GENESIS))
        fresh = _fresh(connection, session_id, rows, tip)
        _add_links(connection, fresh, tip)
        _log(connection, session_id, fresh, tip)
        if fresh:
            _put_tip(connection, session_id, tip)
    seal(connection, signer)


def anchor_all(connection: Connection, at_utc_us: int) -> None:
    """Log the chain value of every session that has grown since it was logged last."""
    grown = select(schema.session_tip).where(
        schema.session_tip.c.links > schema.session_tip.c.anchored
    )
    for row in connection.execute(grown).mappings().all():
        tip = tip_from(row)
        detail = tip.anchor()
        session_id = row["session_id"]
        entry = audit.Entry(at_utc_us, PROGRAM, ANCHORED, session_id, detail)
        audit.add(connection, entry)
        _put_tip(connection, session_id, tip)


def log_station(
    database: Database,
    action: str,
    detail: Mapping[str, Any],
    at: datetime,
    signer: Signer | None = None,
) -> None:
    """Log that a recording process starts or stops, anchor what has grown, and sign all of it.

    Raises OperatorError when it cannot be written.
    """
    at_utc_us = to_microseconds(at)
    with database.writing() as connection:
        anchor_all(connection, at_utc_us)
        audit.add(connection, audit.Entry(at_utc_us, PROGRAM, action, "", detail))
        seal(connection, signer)


def erase_session(
    connection: Connection, session_id: str, actor: str, reason: str, at_utc_us: int
) -> None:
    """Delete a session with all its rows, and log that. Nothing else can delete one."""
    entry = audit.Entry(at_utc_us, actor, SESSION_ERASED, session_id, {"reason": reason})
    number = audit.add(connection, entry)
    connection.execute(schema.erasure.insert().values(session_id=session_id, audit_number=number))
    for table in (*schema.ROW_TABLES, schema.session_tip):
        connection.execute(table.delete().where(table.c.session_id == session_id))
    connection.execute(schema.session.delete().where(schema.session.c.id == session_id))


def _session_ids(batch: Batch) -> set[str]:
    of_rows = {row["session_id"] for table in schema.ROW_TABLES for row in batch[table]}
    return of_rows | {row["id"] for row in batch[schema.session]}


def _tips(connection: Connection, session_ids: Collection[str]) -> dict[str, Tip]:
    table = schema.session_tip
    rows = connection.execute(select(table).where(table.c.session_id.in_(session_ids)))
    return {row["session_id"]: tip_from(row) for row in rows.mappings()}


def _open_sessions(connection: Connection, rows: Sequence[Values], tips: dict[str, Tip]) -> None:
    for row in rows:
        if row["id"] not in tips:
            chain = follow(GENESIS, leaf_of(schema.session, row))
            connection.execute(_NEW_ROW[schema.session], [row | {"chain": chain}])
            tips[row["id"]] = Tip(0, row["seq"], 0, chain, Summary(last_t_s=row["t_s"]))
            detail = anchor(0, chain)
            opened_us = row["opened_utc_us"]
            entry = audit.Entry(opened_us, PROGRAM, OPENED, row["id"], detail)
            audit.add(connection, entry)
            _put_tip(connection, row["id"], tips[row["id"]])


Rows = list[tuple[Table, Values]]


def _by_session(batch: Batch) -> dict[str, Rows]:
    """Return each session's rows in the order of ``seq``."""
    found: dict[str, Rows] = defaultdict(list)
    for table in schema.ROW_TABLES:
        for row in batch[table]:
            found[row["session_id"]].append((table, row))
    for rows in found.values():
        rows.sort(key=lambda one: one[1]["seq"])
    return found


def _fresh(connection: Connection, session_id: str, rows: Rows, tip: Tip) -> Rows:
    """Return the rows that are not in the database, each once."""
    first = rows[0][1]["seq"]
    known = _known(connection, session_id, first) if first <= tip.last_seq else set()
    fresh: Rows = []
    for table, row in rows:
        if (table.name, row["seq"]) not in known:
            known.add((table.name, row["seq"]))
            fresh.append((table, row))
    return fresh


def _known(connection: Connection, session_id: str, first: int) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for table in schema.ROW_TABLES:
        query = select(table.c.seq).where(table.c.session_id == session_id, table.c.seq >= first)
        found.update((table.name, seq) for seq in connection.execute(query).scalars())
    return found


def _add_links(connection: Connection, rows: Rows, tip: Tip) -> None:
    linked: dict[Table, list[Values]] = defaultdict(list)
    for table, row in rows:
        tip.links += 1
        tip.chain = follow(tip.chain, leaf_of(table, row))
        tip.last_seq = max(tip.last_seq, row["seq"])
        tip.summary.take(table.name, row, tip.links)
        linked[table].append(row | {"link": tip.links, "chain": tip.chain})
    for table, values in linked.items():
        connection.execute(_NEW_ROW[table], values)


def _log(connection: Connection, session_id: str, rows: Rows, tip: Tip) -> None:
    """Log what people entered or set, and the session's end; each holds the chain as it is now."""
    for table, row in rows:
        if table in ENTERED:
            detail = {"seq": row["seq"]} | tip.anchor()
            actor = row["by_id"] or UNNAMED
            entry = audit.Entry(row["utc_us"], actor, ENTERED[table], session_id, detail)
            audit.add(connection, entry)
        elif table is schema.happening and row["kind"] in SET:
            said = json.loads(row["detail"])
            actor = said.get("by_id") or (UNNAMED if said.get("by") else PROGRAM)
            detail = {"seq": row["seq"]} | tip.anchor()
            audit.add(
                connection,
                audit.Entry(row["utc_us"], actor, SET[row["kind"]], session_id, detail),
            )
    ended_utc_us = _ended_utc_us(rows)
    if ended_utc_us is not None:
        end = audit.Entry(ended_utc_us, PROGRAM, ENDED, session_id, tip.anchor())
        audit.add(connection, end)


def _put_tip(connection: Connection, session_id: str, tip: Tip) -> None:
    values = {
        "links": tip.links,
        "last_seq": tip.last_seq,
        "anchored": tip.anchored,
        "chain": tip.chain,
        **{name: getattr(tip.summary, name) for name in COLUMNS},
    }
    put = insert(schema.session_tip).values(session_id=session_id, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["session_id"], set_=values))


def _ended_utc_us(rows: Rows) -> int | None:
    """Return when the session was ended by one of these rows, None when by none."""
    phases = (row for table, row in rows if table is schema.happening and row["kind"] == "phase")
    for row in phases:
        if json.loads(row["detail"]).get("phase") == Phase.ENDED:
            return int(row["utc_us"])
    return None
