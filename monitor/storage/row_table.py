"""The shape that all tables of session rows share.

Knows their key, their times and their place in the chain. Must not know what the rows say.
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


def row_table(metadata: MetaData, name: str, *more: Column[object] | CheckConstraint) -> Table:
    """Add a table of session rows to ``metadata``; columns as explained in schema.py."""
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
