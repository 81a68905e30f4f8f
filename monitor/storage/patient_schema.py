"""The tables of patients and their courses: every change is a new version, the latest counts.

Knows columns and constraints. Must not know how they are filled; a change here needs a migration.

``salt`` makes the hash of a version that the audit log keeps (patients.py) say nothing about a
name once the version is erased. ``*_key`` are the forms in which names and numbers are searched.
"""

from sqlalchemy import (
    BLOB,
    INTEGER,
    TEXT,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    Table,
)


def patient_tables(metadata: MetaData) -> tuple[Table, ...]:
    """Add patient, patient_version and course to ``metadata``.

    ``date_of_birth`` and ``started`` are ISO 8601 dates.
    """
    patient = Table(
        "patient",
        metadata,
        Column("id", TEXT, primary_key=True),
        Column("added_utc_us", INTEGER, nullable=False),
        sqlite_with_rowid=False,
    )
    version = Table(
        "patient_version",
        metadata,
        Column("patient_id", TEXT, ForeignKey("patient.id"), primary_key=True),
        Column("version", INTEGER, primary_key=True),
        Column("family_name", TEXT, nullable=False),
        Column("given_name", TEXT, nullable=False),
        Column("date_of_birth", TEXT),
        Column("clinic_number", TEXT, nullable=False),
        Column("sex", TEXT),
        Column("note", TEXT, nullable=False),
        Column("family_key", TEXT, nullable=False),
        Column("given_key", TEXT, nullable=False),
        Column("number_key", TEXT, nullable=False),
        *_authorship(),
        CheckConstraint("sex IN ('female', 'male', 'other', 'unknown')", name="sex"),
        CheckConstraint(
            "family_name <> '' AND (date_of_birth IS NOT NULL OR clinic_number <> '')",
            name="two_identifiers",
        ),
        Index("ix_patient_version_date_of_birth", "date_of_birth"),
        Index("ix_patient_version_number_key", "number_key"),
        sqlite_with_rowid=False,
    )
    course = Table(
        "course",
        metadata,
        Column("id", TEXT, primary_key=True),
        Column("version", INTEGER, primary_key=True),
        Column("patient_id", TEXT, ForeignKey("patient.id"), nullable=False),
        Column("started", TEXT, nullable=False),
        Column("title", TEXT, nullable=False),
        Column("planned_sessions", INTEGER),
        *_authorship(),
        CheckConstraint("planned_sessions > 0", name="planned_sessions"),
        Index("ix_course_patient_id", "patient_id"),
        sqlite_with_rowid=False,
    )
    return patient, version, course


def patient_erasure_table(metadata: MetaData) -> Table:
    """Add the table of patients that may be deleted: see schema.erasure."""
    return Table(
        "patient_erasure",
        metadata,
        Column("patient_id", TEXT, primary_key=True),
        Column("audit_number", INTEGER, ForeignKey("audit.number"), nullable=False),
        sqlite_with_rowid=False,
    )


def _authorship() -> tuple[Column[object], ...]:
    return (
        Column("at_utc_us", INTEGER, nullable=False),
        Column("by", TEXT, nullable=False),
        Column("by_id", TEXT, nullable=False),
        Column("salt", BLOB, nullable=False),
    )
