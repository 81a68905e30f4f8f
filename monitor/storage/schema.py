"""The tables: one for sessions, one for each kind of row a session leaves behind, and the evidence.

Knows columns, constraints and triggers. Must not know how they are filled; a change here needs a
migration.

Every row is keyed by (session_id, seq), so that sending it again changes nothing. ``t_s`` is
seconds on the session's monotonic timeline; ``*_utc_us`` and ``utc_us`` are whole microseconds
since 1970-01-01T00:00:00Z, which hold every moment exactly. JSON is kept as text.
``link`` and ``chain`` are a row's place and value in the hash chain of its session (chain.py).
"""

from sqlalchemy import (
    BLOB,
    INTEGER,
    REAL,
    TEXT,
    CheckConstraint,
    Column,
    ForeignKey,
    MetaData,
    Table,
)

from monitor.storage.people_schema import attempt_table, person_table

APPLICATION_ID = 0x5649474C
"""The letters VIGL in the file header: how we know our own files."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

session = Table(
    "session",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("seq", INTEGER, nullable=False),
    Column("t_s", REAL, nullable=False),
    Column("opened_utc_us", INTEGER, nullable=False),
    Column("chair", TEXT, nullable=False),
    Column("patient", TEXT, nullable=False),
    Column("driver", TEXT, nullable=False),
    Column("port", TEXT, nullable=False),
    Column("is_simulated", INTEGER, nullable=False),
    Column("planned_infusion_s", REAL, nullable=False),
    Column("cuff_interval_s", REAL, nullable=False),
    Column("time_zone", TEXT, nullable=False),
    Column("utc_offset_s", INTEGER, nullable=False),
    Column("app_version", TEXT, nullable=False),
    Column("profile", TEXT, nullable=False),
    Column("chain", BLOB, nullable=False),
    CheckConstraint("is_simulated IN (0, 1)", name="is_simulated"),
    sqlite_with_rowid=False,
)


def _row_table(name: str, *more: Column[object] | CheckConstraint) -> Table:
    return Table(
        name,
        metadata,
        Column("session_id", TEXT, ForeignKey("session.id"), primary_key=True),
        Column("seq", INTEGER, primary_key=True),
        Column("t_s", REAL, nullable=False),
        Column("utc_us", INTEGER, nullable=False),
        *more,
        Column("link", INTEGER, nullable=False),
        Column("chain", BLOB, nullable=False),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("link > 0", name="link"),
        sqlite_with_rowid=False,
    )


reading = _row_table(
    "reading",
    Column("device", TEXT, nullable=False),
    Column("vital", TEXT, nullable=False),
    Column("value", REAL),
    Column("quality", TEXT, nullable=False),
    Column("source", TEXT, nullable=False),
)

blood_pressure = _row_table(
    "blood_pressure",
    Column("device", TEXT, nullable=False),
    Column("systolic", REAL, nullable=False),
    Column("diastolic", REAL, nullable=False),
    Column("mean", REAL),
    Column("pulse", REAL),
    Column("taken_utc_us", INTEGER),
    Column("is_stale", INTEGER, nullable=False),
    Column("quality", TEXT, nullable=False),
    CheckConstraint("is_stale IN (0, 1)", name="is_stale"),
)

alarm_transition = _row_table(
    "alarm_transition",
    Column("rule", TEXT, nullable=False),
    Column("priority", TEXT, nullable=False),
    Column("old", TEXT, nullable=False),
    Column("new", TEXT, nullable=False),
    Column("value", TEXT, nullable=False),
    Column("limit", TEXT, nullable=False),
    Column("text", TEXT, nullable=False),
    Column("by", TEXT, nullable=False),
    Column("since_s", REAL),
    Column("until_s", REAL),
    Column("ended_s", REAL),
    CheckConstraint("priority IN ('low', 'medium', 'high')", name="priority"),
)

happening = _row_table(
    "happening",
    Column("kind", TEXT, nullable=False),
    Column("detail", TEXT, nullable=False),
)

# ---- the evidence

session_tip = Table(
    "session_tip",
    metadata,
    Column("session_id", TEXT, ForeignKey("session.id"), primary_key=True),
    Column("links", INTEGER, nullable=False),
    Column("last_seq", INTEGER, nullable=False),
    Column("anchored", INTEGER, nullable=False),
    Column("chain", BLOB, nullable=False),
    sqlite_with_rowid=False,
)
"""Where each session's chain ends; ``anchored`` of its ``links`` are held by an audit row."""

audit = Table(
    "audit",
    metadata,
    Column("number", INTEGER, primary_key=True, autoincrement=False),
    Column("at_utc_us", INTEGER, nullable=False),
    Column("actor", TEXT, nullable=False),
    Column("action", TEXT, nullable=False),
    Column("subject", TEXT, nullable=False),
    Column("detail", TEXT, nullable=False),
    Column("chain", BLOB, nullable=False),
    sqlite_with_rowid=False,
)
"""Who did what when, numbered from 1 without holes. ``detail`` is a JSON object without names."""

signed_head = Table(
    "signed_head",
    metadata,
    Column("number", INTEGER, primary_key=True, autoincrement=False),
    Column("at_utc_us", INTEGER, nullable=False),
    Column("audit_number", INTEGER, nullable=False),
    Column("audit_chain", BLOB, nullable=False),
    Column("key_id", TEXT, nullable=False),
    Column("signature", BLOB, nullable=False),
    sqlite_with_rowid=False,
)
"""The installation's signature over the audit log up to ``audit_number``, and so over the rest."""

erasure = Table(
    "erasure",
    metadata,
    Column("session_id", TEXT, primary_key=True),
    Column("audit_number", INTEGER, ForeignKey("audit.number"), nullable=False),
    sqlite_with_rowid=False,
)
"""Sessions that may be deleted: the only way past the triggers, open when the log says why."""

# ---- the people

person = person_table(metadata)
sign_in_attempt = attempt_table(metadata)

ROW_TABLES = (reading, blood_pressure, alarm_transition, happening)
TABLES = (session, *ROW_TABLES)
"""In the order in which they may be filled: a row needs its session."""

EVIDENCE = (audit, signed_head, erasure)

SESSION_ERASED = "session.erased"
"""The audit row's action without which the database lets nobody delete a session."""


def _refusal(name: str, event: str, table: str, when: str, sentence: str) -> tuple[str, str]:
    condition = f" WHEN {when}" if when else ""
    return name, (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def _guards(table: Table) -> list[tuple[str, str]]:
    name = table.name
    key = "id" if table is session else "session_id"
    not_erased = f"NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.{key})"  # noqa: S608 - names of ours
    when = "" if table in EVIDENCE else not_erased
    return [
        _refusal(f"{name}_unchanged", "UPDATE", name, "", f"{name} rows are never changed"),
        _refusal(f"{name}_kept", "DELETE", name, when, f"{name} rows are never deleted"),
    ]


def _appended(table: Table) -> tuple[str, str]:
    name = table.name
    when = f"NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM {name})"  # noqa: S608 - a name of ours
    sentence = f"{name} rows are only added at the end"
    return _refusal(f"{name}_appended", "INSERT", name, when, sentence)


TRIGGERS = dict(
    [
        *(guard for table in (*TABLES, *EVIDENCE) for guard in _guards(table)),
        _appended(audit),
        _appended(signed_head),
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
            "NOT EXISTS (SELECT 1 FROM audit WHERE number = NEW.audit_number "  # noqa: S608 - words of ours
            f"AND action = '{SESSION_ERASED}' AND subject = NEW.session_id)",
            "an erasure needs its audit row",
        ),
    ]
)
"""By name: what makes the database itself refuse what the program never does."""
