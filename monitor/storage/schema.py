"""The tables: one for sessions, one for each kind of row a session leaves behind, and the evidence.

Knows columns and constraints; triggers are made in guards.py. Must not know how they are filled;
a change here needs a migration.

Every row is keyed by (session_id, seq), so that sending it again changes nothing. ``t_s`` is
seconds on the session's monotonic timeline; ``*_utc_us`` and ``utc_us`` are whole microseconds
since 1970-01-01T00:00:00Z, which hold every moment exactly. JSON is kept as text.
``link`` and ``chain`` are a row's place and value in the hash chain of its session (chain.py).
What people enter has its tables in entry_schema.py, patients in patient_schema.py, alarm profiles
in profile_schema.py.
"""

from sqlalchemy import (
    BLOB,
    INTEGER,
    REAL,
    TEXT,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    Table,
)

from monitor.storage import guards
from monitor.storage.entry_schema import entry_tables
from monitor.storage.guards import PATIENT_ERASED, SESSION_ERASED
from monitor.storage.patient_schema import patient_erasure_table, patient_tables
from monitor.storage.people_schema import attempt_table, person_table
from monitor.storage.profile_schema import profile_table
from monitor.storage.row_table import row_table

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
    Index("ix_session_list", "opened_utc_us", "id", "chair", "patient", "driver", "is_simulated"),
    sqlite_with_rowid=False,
)
"""One row a session. The index holds all that a list shows: profiles are long, and not read."""

reading = row_table(
    metadata,
    "reading",
    Column("device", TEXT, nullable=False),
    Column("vital", TEXT, nullable=False),
    Column("value", REAL),
    Column("quality", TEXT, nullable=False),
    Column("source", TEXT, nullable=False),
)

blood_pressure = row_table(
    metadata,
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

alarm_transition = row_table(
    metadata,
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

happening = row_table(
    metadata,
    "happening",
    Column("kind", TEXT, nullable=False),
    Column("detail", TEXT, nullable=False),
)

ENTRIES = entry_tables(metadata)
identification, event, dose, scale, note, limit_change, amendment, signature = ENTRIES

# ---- the evidence

session_tip = Table(
    "session_tip",
    metadata,
    Column("session_id", TEXT, ForeignKey("session.id"), primary_key=True),
    Column("links", INTEGER, nullable=False),
    Column("last_seq", INTEGER, nullable=False),
    Column("anchored", INTEGER, nullable=False),
    Column("chain", BLOB, nullable=False),
    Column("phase", TEXT, nullable=False),
    Column("last_t_s", REAL, nullable=False),
    Column("readings", INTEGER, nullable=False),
    Column("pressures", INTEGER, nullable=False),
    Column("alarms", INTEGER, nullable=False),
    Column("patient_id", TEXT),
    Column("course_id", TEXT),
    Column("patient", TEXT),
    Column("identified_seq", INTEGER, nullable=False),
    Column("signed_link", INTEGER, nullable=False),
    Index("ix_session_tip_patient_id", "patient_id"),
    sqlite_with_rowid=False,
)
"""Where each session's chain ends; ``anchored`` of its ``links`` are held by an audit row.

From ``phase`` on: what the rows add up to (summary.py), so that a list reads no rows.
"""

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

# ---- the patients

patient, patient_version, course = patient_tables(metadata)
patient_erasure = patient_erasure_table(metadata)

# ---- the alarm profiles

alarm_profile = profile_table(metadata)

ROW_TABLES = (reading, blood_pressure, alarm_transition, happening, *ENTRIES)
TABLES = (session, *ROW_TABLES)
"""In the order in which they may be filled: a row needs its session."""

EVIDENCE = (audit, signed_head, erasure)
VERSIONED = (patient_version, course)
"""Whose rows' hashes the audit log holds, salted."""

_BY_PATIENT = "patient_erasure.patient_id"

TRIGGERS = dict(
    [
        *guards.kept("session", "id"),
        *(guard for table in ROW_TABLES for guard in guards.kept(table.name, "session_id")),
        *(guard for table in EVIDENCE for guard in guards.kept(table.name)),
        guards.appended("audit"),
        guards.appended("signed_head"),
        guards.not_again("session"),
        guards.erasure_logged("erasure", "session_id", SESSION_ERASED),
        *guards.closed_by_signature(table.name for table in ROW_TABLES),
        *guards.kept("patient", "id", by=_BY_PATIENT),
        *guards.kept("patient_version", "patient_id", by=_BY_PATIENT),
        *guards.kept("course", "patient_id", by=_BY_PATIENT),
        *guards.kept("patient_erasure"),
        guards.appended("patient_version", "version", group="patient_id"),
        guards.appended("course", "version", group="id"),
        guards.not_again("patient", by=_BY_PATIENT),
        guards.erasure_logged("patient_erasure", "patient_id", PATIENT_ERASED),
        *(guards.once(table, "id") for table in ("session", "patient")),
        *(guards.once(table.name, "session_id", "seq") for table in ROW_TABLES),
        guards.once("erasure", "session_id"),
        guards.once("patient_erasure", "patient_id"),
        *guards.kept("alarm_profile"),
        guards.appended("alarm_profile"),
        guards.rising("alarm_profile", "version", "name"),
        guards.tip_kept(),
        *guards.accounts_kept(),
    ]
)
"""By name: what makes the database itself refuse what the program never does."""
