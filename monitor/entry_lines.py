"""What people entered, as a line of the running list, in the words of the clinic.

Knows the records of entries. Must not know screens; the line is plain text, whatever was typed.
"""

from typing import assert_never

from monitor.records import (
    AmendmentKept,
    DoseKept,
    Entry,
    EventKept,
    IdentificationKept,
    LimitChangeKept,
    NoteKept,
    ScaleKept,
    SignatureKept,
)


def line_of(row: Entry) -> str:
    """Return the line, with who entered it."""
    by = f" ({row.by})" if row.by else ""
    return " ".join(f"{_what(row)}{by}".split())


def when(row: Entry) -> float:
    """Return the second on the session's timeline at which it happened, or was entered."""
    match row:
        case EventKept() | DoseKept() | ScaleKept():
            return row.at_s
        case _:
            return row.stamp.t_s


def _what(row: Entry) -> str:
    match row:
        case IdentificationKept():
            line = f"Patient: {row.patient}"
        case EventKept():
            line = f"{row.code}: {row.text}" if row.text else row.code
        case DoseKept():
            line = f"{row.drug} {row.amount:g} {row.unit} {row.route}"
        case ScaleKept():
            line = f"{row.name} {row.total:g}"
        case NoteKept():
            line = f"Note: {row.text}"
        case LimitChangeKept():
            what = str(row.field).replace("_", " ")
            line = (
                f"Limit {row.rule} {what}: {_number(row.old)} to {_number(row.new)}, {row.reason}"
            )
        case AmendmentKept(old=None):
            line = f"Amended, {row.field}: {row.new}, {row.reason}"
        case AmendmentKept():
            line = f"Amended, {row.field}: {row.old} to {row.new}, {row.reason}"
        case SignatureKept():
            line = f"Signed, {row.meaning}"
        case _:
            assert_never(row)
    return line


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
