"""The tables: one for sessions, and one for each kind of row a session leaves behind.

Knows columns and constraints. Must not know how they are filled; a change here needs a migration.

Every row is keyed by (session_id, seq), so that sending it again changes nothing. ``t_s`` is
seconds on the session's monotonic timeline; ``*_utc_us`` and ``utc_us`` are whole microseconds
since 1970-01-01T00:00:00Z, which hold every moment exactly. JSON is kept as text.
"""

from sqlalchemy import (
    INTEGER,
    REAL,
    TEXT,
    CheckConstraint,
    Column,
    ForeignKey,
    MetaData,
    Table,
)

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
        CheckConstraint("seq > 0", name="seq"),
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

ROW_TABLES = (reading, blood_pressure, alarm_transition, happening)
TABLES = (session, *ROW_TABLES)
"""In the order in which they may be filled: a row needs its session."""
