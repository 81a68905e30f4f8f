"""An ended session as it stands in one transaction, and what is added to it there.

Knows the end of a session's chain. Must not know who may add what (sign_off.py).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Connection, Table, select

from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.patients import Patient
from monitor.records import Entry, HappeningKept, SessionRow, Stamp
from monitor.snapshot import Phase
from monitor.storage import schema
from monitor.storage.chain import Tip, keep, tip_from
from monitor.storage.courses import courses_of
from monitor.storage.database import Database
from monitor.storage.heads import Signer
from monitor.storage.history import rows_of
from monitor.storage.patients import known_patient
from monitor.storage.rows import Values, decode, encode

Made = TypeVar("Made", bound=Entry)

_MEASURED = (schema.reading, schema.blood_pressure, schema.alarm_transition)
"""Of these there are thousands: a row is fetched when it is asked for."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A session after its end: what was entered, and the stamp that the next row gets."""

    entered: Sequence[SessionRow]
    tip: Tip
    stamp: Stamp
    missing: int
    """Rows of the session that have not arrived, or were lost."""
    _connection: Connection = field(repr=False)

    @property
    def is_signed(self) -> bool:
        """Whether the database takes only amendments and signatures."""
        return self.tip.summary.signed_link > 0

    def row(self, seq: int) -> SessionRow:
        """Return a row as it was written. Raises OperatorError when there is none."""
        found = [row for row in self.entered if row.stamp.seq == seq]
        for table in _MEASURED if not found else ():
            at = (table.c.session_id == self.stamp.session_id, table.c.seq == seq)
            rows = self._connection.execute(select(table).where(*at)).mappings()
            found += [decode(table, row) for row in rows]
        if not found:
            raise OperatorError(f"The session has no row {seq}", "choose the row to amend")
        return found[0]

    def patient(self, patient_id: str) -> tuple[Patient | None, Collection[str]]:
        """Return a patient as registered, None when there is none, and the patient's courses."""
        found = known_patient(self._connection, patient_id)
        courses = courses_of(self._connection, patient_id) if found is not None else ()
        return found, [course.id for course in courses]


def add(
    database: Database,
    session_id: str,
    now: Instant,
    make: Callable[[Ended], Sequence[Made]],
    signer: Signer | None = None,
) -> Sequence[Made]:
    """Add what ``make`` returns to an ended session, numbered on from its last row.

    Raises OperatorError when there is no such session or it runs, or what ``make`` raises; nothing
    was written then.
    """
    with database.writing() as connection:
        ended = _ended(connection, session_id, now)
        first = ended.stamp.seq
        made = [
            replace(one, stamp=replace(one.stamp, seq=first + n))
            for n, one in enumerate(make(ended))
        ]
        batch: dict[Table, list[Values]] = {table: [] for table in schema.TABLES}
        for one in made:
            table, values = encode(one)
            batch[table].append(values)
        keep(connection, batch, signer)
    return made


def _ended(connection: Connection, session_id: str, now: Instant) -> Ended:
    tips = schema.session_tip
    found = connection.execute(select(tips).where(tips.c.session_id == session_id)).mappings()
    tip = next((tip_from(row) for row in found), None)
    if tip is None:
        raise OperatorError("There is no such session", "look at the list of sessions")
    if tip.summary.phase != Phase.ENDED:
        raise OperatorError("The session has not ended", "enter it at the chair, or end it first")
    tables = (schema.happening, *schema.ENTRIES)
    rows = [row for table in tables for row in rows_of(connection, table, session_id)]
    rows.sort(key=lambda row: row.stamp.seq)
    opened = select(schema.session.c.seq).where(schema.session.c.id == session_id)
    missing = tip.last_seq - connection.execute(opened).scalar_one() - tip.links
    return Ended(rows, tip, _stamp(rows, tip, now), missing, connection)


def _stamp(rows: Sequence[SessionRow], tip: Tip, now: Instant) -> Stamp:
    """Return the stamp of the next row; a clock that was set back makes it no earlier."""
    end = next(row.stamp for row in rows if _is_end(row))
    since = max(now.utc - end.utc, timedelta(0))
    t_s = round(end.t_s + since.total_seconds(), 6)
    return Stamp(end.session_id, tip.last_seq + 1, t_s, now.utc)


def _is_end(row: SessionRow) -> bool:
    return isinstance(row, HappeningKept) and row.detail.get("phase") == Phase.ENDED
