"""Evidence: every session's rows in a hash chain, an audit log, signed heads, and triggers.

Frozen, its own copy of the hashing included: what was released is changed by a later revision only.

The tables are built anew, because SQLite adds no column that may not be NULL to rows that exist.
One row at a time is in memory; the disk needs room for a second copy of the database meanwhile.
"""

import heapq
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_TABLES = ("reading", "blood_pressure", "alarm_transition", "happening")
AT_ONCE = 1000
GENESIS = bytes(32)

Row = dict[str, Any]


def upgrade() -> None:
    for name in (*ROW_TABLES, "session"):
        op.rename_table(name, f"old_{name}")
    _create_session_tables()
    _create_evidence_tables()
    connection = op.get_bind()
    log = _Log(connection)
    for session_id in [row[0] for row in connection.execute(_sessions())]:
        _carry_session(connection, session_id, log)
    for name in (*ROW_TABLES, "session"):
        op.drop_table(f"old_{name}")
    for statement in TRIGGERS:
        op.execute(sa.text(statement))


def downgrade() -> None:
    raise NotImplementedError("A database is never taken back to an older form")


# ---- what is in the database already


def _follow(previous: bytes, table: str, row: Row) -> bytes:
    kept = {name: row[name] for name in sorted(row) if row[name] is not None}
    leaf = sha256(b"\x00" + msgspec.msgpack.encode((table, kept))).digest()
    return sha256(b"\x01" + previous + leaf).digest()


class _Log:
    """The audit log as it grows."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._number, self._chain = 0, GENESIS

    def adopt(self, session_id: str, links: int, chain: bytes) -> None:
        """Say from which value on a session that was there already is in a chain."""
        detail = {"chain": chain.hex(), "links": links}
        self._number += 1
        row: Row = {
            "number": self._number,
            "at_utc_us": (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC))
            // timedelta(microseconds=1),
            "actor": "vigil",
            "action": "session.adopted",
            "subject": session_id,
            "detail": msgspec.json.encode(detail).decode(),
        }
        self._chain = _follow(self._chain, "audit", row)
        _insert(self._connection, "audit")([row | {"chain": self._chain}])


def _sessions() -> sa.TextClause:
    return sa.text("SELECT id FROM old_session ORDER BY opened_utc_us, id")


def _carry_session(connection: sa.Connection, session_id: str, log: _Log) -> None:
    (opened,) = _rows(connection, "session", "id", session_id)
    chain = _follow(GENESIS, "session", opened)
    _insert(connection, "session")([opened | {"chain": chain}])
    links, last_seq = 0, int(opened["seq"])
    waiting: dict[str, list[Row]] = {name: [] for name in ROW_TABLES}
    for name, row in _in_order(connection, session_id):
        links, last_seq = links + 1, row["seq"]
        chain = _follow(chain, name, row)
        waiting[name].append(row | {"link": links, "chain": chain})
        if len(waiting[name]) == AT_ONCE:
            _insert(connection, name)(waiting[name])
            waiting[name].clear()
    for name, rows in waiting.items():
        if rows:
            _insert(connection, name)(rows)
    tip = {"session_id": session_id, "links": links, "last_seq": last_seq, "anchored": links}
    _insert(connection, "session_tip")([tip | {"chain": chain}])
    log.adopt(session_id, links, chain)


def _in_order(connection: sa.Connection, session_id: str) -> Iterator[tuple[str, Row]]:
    def stream(name: str) -> Iterator[tuple[str, Row]]:
        return ((name, row) for row in _rows(connection, name, "session_id", session_id))

    return heapq.merge(*map(stream, ROW_TABLES), key=lambda one: one[1]["seq"])


def _rows(connection: sa.Connection, name: str, key: str, value: str) -> Iterator[Row]:
    order = "" if key == "id" else " ORDER BY seq"
    query = sa.text(f"SELECT * FROM old_{name} WHERE {key} = :value{order}")  # noqa: S608 - names of ours
    found = connection.execute(query, {"value": value}).mappings()
    while rows := list(islice(found, AT_ONCE)):
        yield from map(dict, rows)


def _insert(connection: sa.Connection, name: str) -> Callable[[list[Row]], object]:
    def insert(rows: list[Row]) -> object:
        names = ", ".join(f'"{column}"' for column in rows[0])
        places = ", ".join(f":{column}" for column in rows[0])
        return connection.execute(
            sa.text(f"INSERT INTO {name} ({names}) VALUES ({places})"),  # noqa: S608 - names of ours
            rows,
        )

    return insert


# ---- tables


def _create_session_tables() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.TEXT, nullable=False),
        sa.Column("seq", sa.INTEGER, nullable=False),
        sa.Column("t_s", sa.REAL, nullable=False),
        sa.Column("opened_utc_us", sa.INTEGER, nullable=False),
        sa.Column("chair", sa.TEXT, nullable=False),
        sa.Column("patient", sa.TEXT, nullable=False),
        sa.Column("driver", sa.TEXT, nullable=False),
        sa.Column("port", sa.TEXT, nullable=False),
        sa.Column("is_simulated", sa.INTEGER, nullable=False),
        sa.Column("planned_infusion_s", sa.REAL, nullable=False),
        sa.Column("cuff_interval_s", sa.REAL, nullable=False),
        sa.Column("time_zone", sa.TEXT, nullable=False),
        sa.Column("utc_offset_s", sa.INTEGER, nullable=False),
        sa.Column("app_version", sa.TEXT, nullable=False),
        sa.Column("profile", sa.TEXT, nullable=False),
        sa.Column("chain", sa.BLOB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.CheckConstraint("is_simulated IN (0, 1)", name=op.f("ck_session_is_simulated")),
        sqlite_with_rowid=False,
    )
    _row_table(
        "reading",
        sa.Column("device", sa.TEXT, nullable=False),
        sa.Column("vital", sa.TEXT, nullable=False),
        sa.Column("value", sa.REAL),
        sa.Column("quality", sa.TEXT, nullable=False),
        sa.Column("source", sa.TEXT, nullable=False),
    )
    _row_table(
        "blood_pressure",
        sa.Column("device", sa.TEXT, nullable=False),
        sa.Column("systolic", sa.REAL, nullable=False),
        sa.Column("diastolic", sa.REAL, nullable=False),
        sa.Column("mean", sa.REAL),
        sa.Column("pulse", sa.REAL),
        sa.Column("taken_utc_us", sa.INTEGER),
        sa.Column("is_stale", sa.INTEGER, nullable=False),
        sa.Column("quality", sa.TEXT, nullable=False),
        sa.CheckConstraint("is_stale IN (0, 1)", name=op.f("ck_blood_pressure_is_stale")),
    )
    _row_table(
        "alarm_transition",
        sa.Column("rule", sa.TEXT, nullable=False),
        sa.Column("priority", sa.TEXT, nullable=False),
        sa.Column("old", sa.TEXT, nullable=False),
        sa.Column("new", sa.TEXT, nullable=False),
        sa.Column("value", sa.TEXT, nullable=False),
        sa.Column("limit", sa.TEXT, nullable=False),
        sa.Column("text", sa.TEXT, nullable=False),
        sa.Column("by", sa.TEXT, nullable=False),
        sa.Column("since_s", sa.REAL),
        sa.Column("until_s", sa.REAL),
        sa.Column("ended_s", sa.REAL),
        sa.CheckConstraint(
            "priority IN ('low', 'medium', 'high')", name=op.f("ck_alarm_transition_priority")
        ),
    )
    _row_table(
        "happening",
        sa.Column("kind", sa.TEXT, nullable=False),
        sa.Column("detail", sa.TEXT, nullable=False),
    )


def _row_table(name: str, *more: sa.Column[object] | sa.CheckConstraint) -> None:
    op.create_table(
        name,
        sa.Column("session_id", sa.TEXT, nullable=False),
        sa.Column("seq", sa.INTEGER, nullable=False),
        sa.Column("t_s", sa.REAL, nullable=False),
        sa.Column("utc_us", sa.INTEGER, nullable=False),
        *more,
        sa.Column("link", sa.INTEGER, nullable=False),
        sa.Column("chain", sa.BLOB, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "seq", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=f"fk_{name}_session"),
        sa.CheckConstraint("seq > 0", name=op.f(f"ck_{name}_seq")),
        sa.CheckConstraint("link > 0", name=op.f(f"ck_{name}_link")),
        sqlite_with_rowid=False,
    )


def _create_evidence_tables() -> None:
    op.create_table(
        "session_tip",
        sa.Column("session_id", sa.TEXT, nullable=False),
        sa.Column("links", sa.INTEGER, nullable=False),
        sa.Column("last_seq", sa.INTEGER, nullable=False),
        sa.Column("anchored", sa.INTEGER, nullable=False),
        sa.Column("chain", sa.BLOB, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_session_tip"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_session_tip_session"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.INTEGER, nullable=False),
        sa.Column("at_utc_us", sa.INTEGER, nullable=False),
        sa.Column("actor", sa.TEXT, nullable=False),
        sa.Column("action", sa.TEXT, nullable=False),
        sa.Column("subject", sa.TEXT, nullable=False),
        sa.Column("detail", sa.TEXT, nullable=False),
        sa.Column("chain", sa.BLOB, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signed_head",
        sa.Column("number", sa.INTEGER, nullable=False),
        sa.Column("at_utc_us", sa.INTEGER, nullable=False),
        sa.Column("audit_number", sa.INTEGER, nullable=False),
        sa.Column("audit_chain", sa.BLOB, nullable=False),
        sa.Column("key_id", sa.TEXT, nullable=False),
        sa.Column("signature", sa.BLOB, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_signed_head"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasure",
        sa.Column("session_id", sa.TEXT, nullable=False),
        sa.Column("audit_number", sa.INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_erasure"),
        sa.ForeignKeyConstraint(["audit_number"], ["audit.number"], name="fk_erasure_audit"),
        sqlite_with_rowid=False,
    )


# ---- triggers


def _refusal(name: str, event: str, table: str, when: str, sentence: str) -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def _never_changed(table: str) -> str:
    return _refusal(f"{table}_unchanged", "UPDATE", table, "", f"{table} rows are never changed")


def _never_deleted(table: str, key: str = "") -> str:
    erased = f"SELECT 1 FROM erasure WHERE session_id = OLD.{key}"  # noqa: S608 - names of ours
    when = f"NOT EXISTS ({erased})" if key else ""
    return _refusal(f"{table}_kept", "DELETE", table, when, f"{table} rows are never deleted")


def _only_at_the_end(table: str) -> str:
    when = f"NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM {table})"  # noqa: S608 - a name of ours
    sentence = f"{table} rows are only added at the end"
    return _refusal(f"{table}_appended", "INSERT", table, when, sentence)


EVIDENCE = ("audit", "signed_head", "erasure")
TRIGGERS = (
    *(_never_changed(table) for table in ("session", *ROW_TABLES, *EVIDENCE)),
    _never_deleted("session", "id"),
    *(_never_deleted(table, "session_id") for table in ROW_TABLES),
    *(_never_deleted(table) for table in EVIDENCE),
    _only_at_the_end("audit"),
    _only_at_the_end("signed_head"),
    _refusal(
        "session_not_again",
        "INSERT",
        "session",
        "EXISTS (SELECT 1 FROM erasure WHERE session_id = NEW.id)",
        "the session was erased",
    ),
    _refusal(
        "erasure_logged",
        "INSERT",
        "erasure",
        "NOT EXISTS (SELECT 1 FROM audit WHERE number = NEW.audit_number "
        "AND action = 'session.erased' AND subject = NEW.session_id)",
        "an erasure needs its audit row",
    ),
)
