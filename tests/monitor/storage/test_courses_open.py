"""Which course goes on by itself: begun, and with sessions left."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.accounts.people import Actor, Role
from monitor.clock import Instant
from monitor.patients import CourseDetails, Details
from monitor.storage.courses import CourseRegister
from monitor.storage.database import Database
from monitor.storage.patients import PatientRegister
from monitor.storage.recorder import append
from tests.monitor.storage.conftest import OPENED, Maker

NURSE = Actor("u-1", "Anna", Role.NURSE)
THEN = Instant(0.0, OPENED)
TODAY = OPENED.date()


@pytest.mark.parametrize(
    ("planned", "had", "begins", "is_open"),
    [
        (None, 5, TODAY, True),
        (2, 0, TODAY, True),
        (2, 1, TODAY, True),
        (2, 2, TODAY, False),
        (None, 0, TODAY + timedelta(days=1), False),
    ],
)
def test_a_course_is_open_from_its_day_until_its_sessions_are_had(
    database: Database, planned: int | None, had: int, begins: date, is_open: bool
) -> None:
    patient = PatientRegister(database).add(Details("Weber", clinic_number="1"), NURSE, THEN, TODAY)
    courses = CourseRegister(database)
    details = CourseDetails(patient.id, begins, "Series", planned)
    course = courses.add(details, NURSE, THEN, TODAY)
    for number in range(had):
        maker = Maker(f"s{number}")
        identified = replace(maker.identification(patient.id), course_id=course.id)
        append(database, [maker.opened(), identified])
    assert [one.id for one in courses.open_of(patient.id, TODAY)] == [course.id] * is_open
    assert courses.open_of("somebody else", TODAY) == ()
