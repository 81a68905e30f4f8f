"""Where courses are kept: a patient's series of sessions; each change is a new version.

Knows their table, and how many sessions name a course. Must not know what is in the sessions.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from monitor.accounts.people import Actor
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.patients import Course, CourseDetails, checked_course
from monitor.storage import schema
from monitor.storage.database import Database
from monitor.storage.patients import found_patient
from monitor.storage.rows import Values, to_microseconds, to_utc
from monitor.storage.versions import (
    COURSE_ADDED,
    COURSE_CHANGED,
    authorship,
    refuse_outdated,
    write_version,
)

_course = schema.course


class CourseRegister:
    """The courses of one clinic. Every method raises OperatorError when the disk fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, details: CourseDetails, by: Actor, now: Instant, today: date) -> Course:
        """Begin a course. Raises OperatorError for what is wrong."""
        cleaned = checked_course(details, today)
        with self._database.writing() as connection:
            found_patient(connection, cleaned.patient_id)
            row = _row(uuid.uuid4().hex, 1, cleaned, authorship(by, to_microseconds(now.utc)))
            _write(connection, row, COURSE_ADDED)
        return _course_from(row)

    def change(
        self, course: Course, details: CourseDetails, by: Actor, now: Instant, today: date
    ) -> Course:
        """Write a new version of a course; it stays the same patient's. Raises OperatorError."""
        cleaned = checked_course(details, today)
        if cleaned.patient_id != course.details.patient_id:
            raise OperatorError("A course stays with its patient", "begin one for the other")
        with self._database.writing() as connection:
            known = {one.id: one.version for one in courses_of(connection, cleaned.patient_id)}
            version = known.get(course.id, 0)
            refuse_outdated(course.version, version)
            who = authorship(by, to_microseconds(now.utc))
            row = _row(course.id, version + 1, cleaned, who)
            _write(connection, row, COURSE_CHANGED)
        return _course_from(row)

    def of(self, patient_id: str) -> tuple[Course, ...]:
        """Return a patient's courses as known now, in the order in which they began."""
        with self._database.reading() as connection:
            return courses_of(connection, patient_id)

    def open_of(self, patient_id: str, today: date) -> tuple[Course, ...]:
        """Return the courses that have begun by today and have sessions left, the newest last."""
        tip = schema.session_tip.c
        query = (
            select(tip.course_id, func.count())
            .where(tip.patient_id == patient_id, tip.course_id.is_not(None))
            .group_by(tip.course_id)
        )
        with self._database.reading() as connection:
            had = {row[0]: row[1] for row in connection.execute(query)}
            found = courses_of(connection, patient_id)
        return tuple(one for one in found if _is_open(one, had.get(one.id, 0), today))


def _is_open(course: Course, had: int, today: date) -> bool:
    """Whether a course of which so many sessions were opened takes another one."""
    planned = course.details.planned_sessions
    return course.details.started <= today and (planned is None or had < planned)


def courses_of(connection: Connection, patient_id: str) -> tuple[Course, ...]:
    """Return a patient's courses in the caller's transaction, in the order in which they began."""
    query = select(_course).where(_course.c.patient_id == patient_id)
    rows = connection.execute(query.order_by(_course.c.version)).mappings()
    latest = {row["id"]: _course_from(row) for row in rows}
    return tuple(sorted(latest.values(), key=lambda one: (one.details.started, one.id)))


def _write(connection: Connection, row: Values, action: str) -> None:
    write_version(connection, _course, row, action, {"patient": row["patient_id"]})


def _row(course_id: str, version: int, details: CourseDetails, who: Values) -> Values:
    return {
        "id": course_id,
        "version": version,
        "patient_id": details.patient_id,
        "started": details.started.isoformat(),
        "title": details.title,
        "planned_sessions": details.planned_sessions,
        **who,
    }


def _course_from(row: Mapping[Any, Any]) -> Course:
    details = CourseDetails(
        row["patient_id"],
        date.fromisoformat(row["started"]),
        row["title"],
        row["planned_sessions"],
    )
    return Course(row["id"], row["version"], details, to_utc(row["at_utc_us"]), row["by"])
