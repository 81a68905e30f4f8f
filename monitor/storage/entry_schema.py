"""The tables of what people enter in a session: who the patient is, doses, notes, signatures.

Knows columns and constraints. Must not know how they are filled; a change here needs a migration.

``by`` is who did it in words, as printed; ``by_id`` their account's id, as in the audit log.
``at_s`` is when it happened on the session's timeline, ``t_s`` when it was entered. ``old`` and
``new`` are JSON. No foreign key leads to a patient: a row of a running session is never refused.
"""

from sqlalchemy import INTEGER, REAL, TEXT, CheckConstraint, Column, MetaData, Table

from monitor.storage.row_table import row_table


def entry_tables(metadata: MetaData) -> tuple[Table, ...]:
    """Add the tables to ``metadata``."""
    return (
        _entry(
            metadata,
            "identification",
            _text("patient_id"),
            Column("course_id", TEXT),
            _text("patient"),
            _text("reason"),
        ),
        _entry(metadata, "event", _text("code"), _text("text"), _real("at_s")),
        _entry(
            metadata,
            "dose",
            _text("drug"),
            _text("route"),
            _real("amount"),
            _text("unit"),
            Column("weight_kg", REAL),
            _text("lot"),
            Column("waste", REAL),
            _text("witness"),
            _real("at_s"),
            CheckConstraint("amount > 0", name="amount"),
        ),
        _entry(metadata, "scale", _text("name"), _real("total"), _text("detail"), _real("at_s")),
        _entry(metadata, "note", _text("text")),
        _entry(metadata, "limit_change", *_texts("rule", "field", "old", "new", "reason")),
        _entry(
            metadata,
            "amendment",
            _text("target_table"),
            Column("target_seq", INTEGER, nullable=False),
            *_texts("field", "old", "new", "reason"),
        ),
        _entry(
            metadata,
            "signature",
            _text("meaning"),
            _text("comment"),
            Column("covers_link", INTEGER, nullable=False),
            _text("covers_chain"),
            CheckConstraint(
                "meaning IN ('authorship', 'review', 'approval', 'responsibility')", name="meaning"
            ),
        ),
    )


def _entry(metadata: MetaData, name: str, *more: Column[object] | CheckConstraint) -> Table:
    return row_table(metadata, name, *more, *_texts("by", "by_id"))


def _text(name: str) -> Column[object]:
    return Column(name, TEXT, nullable=False)


def _texts(*names: str) -> tuple[Column[object], ...]:
    return tuple(_text(name) for name in names)


def _real(name: str) -> Column[object]:
    return Column(name, REAL, nullable=False)
