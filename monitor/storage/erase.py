"""Deleting by rule: who is due; everything of one patient, or a session of nobody, gone and logged.

Knows which tables speak of a patient. Must not know why the clinic keeps records how long.

Backups and exports made before keep what they hold. The name shown when a session was opened for
another patient by mistake stays in that session.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action, require
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.naming import names_patient
from monitor.patients import Details
from monitor.snapshot import Phase
from monitor.storage import audit, schema
from monitor.storage.chain import erase_session
from monitor.storage.database import Database
from monitor.storage.guards import PATIENT_ERASED
from monitor.storage.patients import found_patient
from monitor.storage.rows import to_microseconds, to_utc
from monitor.texts import checked_text, search_key

LONGEST_REASON = 500
_NO_NAMES = frozenset({"not", "identified", "demo", "patient"})
"""What a session is called whose patient nobody knows."""
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
class LoneSession:
    """A session of no registered patient: a demonstration, or one that was never identified.

    ``label`` is the name that was shown.
    """

    session_id: str
    label: str
    opened_utc: datetime
    has_ended: bool


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


def lone_sessions(database: Database) -> tuple[LoneSession, ...]:
    """Return the sessions of no registered patient that have ended, the oldest first."""
    with database.reading() as connection:
        found = _lone(connection, _tip.phase == Phase.ENDED.value)
    return tuple(sorted(found, key=lambda one: (one.opened_utc, one.session_id)))


def lone_sessions_due(
    sessions: Iterable[LoneSession], retention_years: int, now: Instant
) -> tuple[LoneSession, ...]:
    """Return those that were opened so many years ago; the rule is the one for patients."""
    before = _years_before(now.utc, retention_years)
    return tuple(one for one in sessions if one.opened_utc < before)


def find_lone_session(database: Database, session_id: str) -> LoneSession:
    """Return a session of no registered patient. Raises OperatorError when it is none."""
    with database.reading() as connection:
        return _found_lone(connection, session_id)


def erase_lone_session(
    database: Database, session_id: str, by: Actor, reason: str, now: Instant
) -> None:
    """Delete a session of no registered patient, in one transaction, and log it.

    Raises OperatorError when ``by`` may not, when it is no such session or has not ended, and for
    a reason that holds the name that was shown.
    """
    require(by.role, Action.DELETE_PATIENT)
    why = checked_text("reason", reason, LONGEST_REASON)
    with database.writing() as connection:
        session = _found_lone(connection, session_id)
        if not session.has_ended:
            raise OperatorError("The session has not ended", "end it first")
        _refuse_names(why, _as_details(session.label))
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        erase_session(connection, session_id, by.user_id, why, to_microseconds(now.utc))


def session_was_erased(database: Database, session_id: str) -> bool:
    """Whether a session of this id was deleted before."""
    erased = schema.erasure.c.session_id
    with database.reading() as connection:
        return connection.execute(select(erased).where(erased == session_id)).first() is not None


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
        _refuse_names(why, found_patient(connection, patient_id).details)
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


def _lone(connection: Connection, only: ColumnElement[bool]) -> list[LoneSession]:
    known = select(schema.patient_version.c.patient_id)
    of_nobody = _tip.patient_id.is_(None) | _tip.patient_id.not_in(known)
    query = (
        select(
            _tip.session_id,
            func.coalesce(_tip.patient, _session.patient).label("label"),
            _session.opened_utc_us,
            _tip.phase,
        )
        .join_from(schema.session_tip, schema.session, _tip.session_id == _session.id)
        .where(of_nobody, only)
    )
    return [
        LoneSession(
            row.session_id,
            row.label,
            to_utc(row.opened_utc_us),
            row.phase == Phase.ENDED.value,
        )
        for row in connection.execute(query)
    ]


def _found_lone(connection: Connection, session_id: str) -> LoneSession:
    if found := _lone(connection, _tip.session_id == session_id):
        return found[0]
    there = select(_tip.session_id).where(_tip.session_id == session_id)
    if connection.execute(there).first() is None:
        raise OperatorError("There is no such session", "see 'vigil retention' or 'vigil sessions'")
    raise OperatorError(
        "The session belongs to a registered patient", "delete the patient with all sessions"
    )


def _as_details(label: str) -> Details:
    """Return what the name that was shown says of somebody, without words that name nobody."""
    words = (word for word in label.split() if search_key(word) not in _NO_NAMES)
    return Details(" ".join(words))


def _refuse_names(reason: str, details: Details) -> None:
    """Raise OperatorError for a reason that would keep in the log for good who it was."""
    if names_patient(reason, details):
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
