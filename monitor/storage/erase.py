"""Deleting a patient by rule: who is due, and everything of one patient gone, the log told so.

Knows which tables speak of a patient. Must not know why the clinic keeps records how long.

Backups and exports made before keep what they hold. The name shown when a session was opened for
another patient by mistake stays in that session.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action, require
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.naming import names_patient
from monitor.patients import Patient
from monitor.snapshot import Phase
from monitor.storage import audit, schema
from monitor.storage.chain import erase_session
from monitor.storage.database import Database
from monitor.storage.guards import PATIENT_ERASED
from monitor.storage.patients import found_patient
from monitor.storage.rows import to_microseconds, to_utc
from monitor.texts import checked_text

LONGEST_REASON = 500
_BY_PATIENT = (schema.course, schema.patient_version)

_tip, _session = schema.session_tip.c, schema.session.c


@dataclass(frozen=True, slots=True)
class DuePatient:
    """A patient whose record is older than the clinic keeps it."""

    patient_id: str
    label: str
    last_utc: datetime
    sessions: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted."""

    sessions: int
    courses: int


def due_for_deletion(
    database: Database, retention_years: int, now: Instant
) -> tuple[DuePatient, ...]:
    """Return the patients of whom nothing was recorded for so many years, the oldest first.

    What counts is the last session, else the last change of the patient's details. A patient with
    a session that has not ended is never due. Raises OperatorError when that is no number of years.
    """
    before_us = to_microseconds(_years_before(now.utc, retention_years))
    with database.reading() as connection:
        due = [
            DuePatient(
                row.patient_id,
                found_patient(connection, row.patient_id).details.label,
                to_utc(row.last_us),
                row.sessions,
            )
            for row in connection.execute(_last_seen())
            if row.last_us < before_us and not row.running
        ]
    return tuple(sorted(due, key=lambda one: one.last_utc))


def sessions_of_nobody(database: Database) -> int:
    """Return how many ended sessions belong to no registered patient: no rule finds them."""
    known = select(schema.patient_version.c.patient_id)
    of_nobody = _tip.patient_id.is_(None) | _tip.patient_id.not_in(known)
    query = select(func.count()).where(_tip.phase == Phase.ENDED.value, of_nobody)
    with database.reading() as connection:
        return connection.execute(query).scalar_one()


def erase_patient(
    database: Database, patient_id: str, by: Actor, reason: str, now: Instant
) -> Erased:
    """Delete a patient with all versions, courses and sessions, in one transaction, and log it.

    Raises OperatorError when ``by`` may not, when there is no such patient, and while a session of
    the patient has not ended.
    """
    require(by.role, Action.DELETE_PATIENT)
    why = checked_text("reason", reason, LONGEST_REASON)
    at_us = to_microseconds(now.utc)
    with database.writing() as connection:
        _refuse_names(why, found_patient(connection, patient_id))
        sessions = _sessions(connection, patient_id)
        courses = _courses(connection, patient_id)
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        for session_id in sessions:
            erase_session(connection, session_id, by.user_id, why, at_us)
        detail = {"reason": why, "sessions": len(sessions), "courses": courses}
        entry = audit.Entry(at_us, by.user_id, PATIENT_ERASED, patient_id, detail)
        _erase_versions(connection, entry)
    return Erased(len(sessions), courses)


def was_erased(database: Database, patient_id: str) -> bool:
    """Whether a patient of this id was deleted before."""
    erased = schema.patient_erasure.c.patient_id
    with database.reading() as connection:
        return connection.execute(select(erased).where(erased == patient_id)).first() is not None


def _years_before(utc: datetime, years: int) -> datetime:
    if not 1 <= years <= 200:
        raise OperatorError(f"Records cannot be kept for {years} years", "choose 1 to 200")
    utc = utc.astimezone(UTC)
    is_leap_day = (utc.month, utc.day) == (2, 29)
    return utc.replace(year=utc.year - years, day=28 if is_leap_day else utc.day)


def _last_seen() -> Any:
    version = schema.patient_version.c
    changed = func.max(version.at_utc_us)
    sessions = (
        select(
            _tip.patient_id,
            func.max(_session.opened_utc_us).label("last_us"),
            func.count().label("sessions"),
            func.sum(_tip.phase != Phase.ENDED.value).label("running"),
        )
        .join_from(schema.session_tip, schema.session, _tip.session_id == _session.id)
        .where(_tip.patient_id.is_not(None))
        .group_by(_tip.patient_id)
        .subquery()
    )
    return (
        select(
            version.patient_id,
            func.coalesce(sessions.c.last_us, changed).label("last_us"),
            func.coalesce(sessions.c.sessions, 0).label("sessions"),
            func.coalesce(sessions.c.running, 0).label("running"),
        )
        .outerjoin(sessions, sessions.c.patient_id == version.patient_id)
        .group_by(version.patient_id)
    )


def _sessions(connection: Connection, patient_id: str) -> list[str]:
    query = select(_tip.session_id, _tip.phase).where(_tip.patient_id == patient_id)
    found = connection.execute(query).all()
    if any(row.phase != Phase.ENDED.value for row in found):
        raise OperatorError("The patient has a session that has not ended", "end it first")
    return [row.session_id for row in found]


def _courses(connection: Connection, patient_id: str) -> int:
    course = schema.course.c
    query = select(func.count(func.distinct(course.id))).where(course.patient_id == patient_id)
    return connection.execute(query).scalar_one()


def _refuse_names(reason: str, patient: Patient) -> None:
    """Raise OperatorError for a reason that would keep in the log for good who it was."""
    if names_patient(reason, patient.details):
        raise OperatorError(
            "The reason names the patient",
            "leave out name, clinic number and date of birth: the log is kept",
        )


def _erase_versions(connection: Connection, entry: audit.Entry) -> None:
    number, patient_id = audit.add(connection, entry), entry.subject
    erasure = {"patient_id": patient_id, "audit_number": number}
    connection.execute(schema.patient_erasure.insert().values(erasure))
    for table in _BY_PATIENT:
        connection.execute(table.delete().where(table.c.patient_id == patient_id))
    connection.execute(schema.patient.delete().where(schema.patient.c.id == patient_id))
