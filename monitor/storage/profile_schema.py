"""The table of alarm profiles: every version that somebody approved, letter for letter.

Knows columns, constraints and the log's word for an approval. Must not know how they are filled; a
change here needs a migration.

A row is never changed, replaced or removed: the newest version of a name is the one in force, and
the ones before it are what it can fall back on.
"""

from sqlalchemy import INTEGER, TEXT, CheckConstraint, Column, MetaData, Table

APPROVED = "profile.approved"
"""The audit log's action; without such a row nothing in the table counts."""


def profile_table(metadata: MetaData) -> Table:
    """Add alarm_profile to ``metadata``. ``text`` is the TOML as it was approved."""
    return Table(
        "alarm_profile",
        metadata,
        Column("number", INTEGER, primary_key=True, autoincrement=False),
        Column("name", TEXT, nullable=False),
        Column("version", INTEGER, nullable=False),
        Column("text", TEXT, nullable=False),
        Column("approved_by", TEXT, nullable=False),
        Column("by_id", TEXT, nullable=False),
        Column("at_utc_us", INTEGER, nullable=False),
        Column("reason", TEXT, nullable=False),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("reason <> ''", name="reason"),
        sqlite_with_rowid=False,
    )
