"""A patient is deleted by rule and for good, and the log tells that without a name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.accounts.people import Actor, Role
from monitor.clock import Instant
from monitor.errors import BugError, OperatorError
from monitor.patients import CourseDetails, Details, Patient
from monitor.storage.courses import CourseRegister
from monitor.storage.database import Database
from monitor.storage.erase import Erased, due_for_deletion, erase_patient
from monitor.storage.history import list_sessions
from monitor.storage.patients import PatientRegister
from monitor.storage.recorder import append
from monitor.storage.verify import verify
from tests.monitor.storage.conftest import OPENED, Maker

ADMIN = Actor("u-9", "Ada", Role.ADMINISTRATOR)
THEN = Instant(0.0, OPENED)
TODAY = OPENED.date()
ANNA = Details("Weber", "Anna", date(1970, 1, 2), "4711")


@pytest.fixture
def anna(database: Database) -> Patient:
    patients = PatientRegister(database)
    anna = patients.add(ANNA, ADMIN, THEN, TODAY)
    patients.change(anna, replace(ANNA, note="moved"), ADMIN, THEN, TODAY)
    CourseRegister(database).add(CourseDetails(anna.id, TODAY, "Series"), ADMIN, THEN, TODAY)
    return anna


def session_of(database: Database, session_id: str, patient_id: str, phase: str = "ended") -> None:
    maker = Maker(session_id)
    rows = [maker.opened(), maker.identification(patient_id), maker.reading(), maker.note()]
    append(database, [*rows, maker.phase(phase, 60.0)])


def after(years: float) -> Instant:
    return Instant(0.0, OPENED + timedelta(days=365.25 * years))


def test_everything_of_the_patient_goes_and_nothing_of_others(database, anna) -> None:
    patients = PatientRegister(database)
    ben = patients.add(Details("Bell", "Ben", date(1980, 1, 1)), ADMIN, THEN, TODAY)
    for session_id, patient_id in (("one", anna.id), ("two", anna.id), ("his", ben.id)):
        session_of(database, session_id, patient_id)
    erased = erase_patient(database, anna.id, ADMIN, "ten years are over", after(11))
    assert erased == Erased(sessions=2, courses=1)
    assert [one.id for one in patients.search("")] == [ben.id]
    assert [one.session_id for one in list_sessions(database)] == ["his"]
    verdict = verify(database)
    assert verdict.is_intact
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT actor, action, subject, detail FROM audit WHERE action LIKE '%erased'"
        ).all()
    assert [row[1] for row in rows] == ["session.erased", "session.erased", "patient.erased"]
    assert rows[-1][2] == anna.id
    assert "Weber" not in str(rows)


def test_an_erased_patient_does_not_come_back(database, anna) -> None:
    erase_patient(database, anna.id, ADMIN, "on request", THEN)
    with pytest.raises(OperatorError, match="no such patient"):
        erase_patient(database, anna.id, ADMIN, "again", THEN)
    with pytest.raises(BugError, match="erased"), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO patient VALUES (?, 0)", (anna.id,))


@pytest.mark.parametrize(
    ("by", "reason", "says"),
    [
        (replace(ADMIN, role=Role.PHYSICIAN), "rule", "Only an administrator may delete"),
        (ADMIN, " ", "reason is empty"),
        (ADMIN, "Mrs WEBER asked for it", "reason names the patient"),
        (ADMIN, "no. 47 11", "reason names the patient"),
        (ADMIN, "born 2.1.1970", "reason names the patient"),
    ],
)
def test_who_may_not_or_says_too_much_is_refused(database, anna, by, reason, says) -> None:
    with pytest.raises(OperatorError, match=says):
        erase_patient(database, anna.id, by, reason, THEN)
    assert PatientRegister(database).find(anna.id)


def test_a_running_session_keeps_its_patient(database, anna) -> None:
    session_of(database, "now", anna.id, "infusion")
    with pytest.raises(OperatorError, match="has not ended"):
        erase_patient(database, anna.id, ADMIN, "rule", after(50))
    assert due_for_deletion(database, 10, after(50)) == ()


def test_the_way_to_delete_stays_shut_without_the_log(database, anna) -> None:
    with pytest.raises(BugError, match="audit row"), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO patient_erasure VALUES (?, 1)", (anna.id,))


def test_due_is_who_was_not_here_for_so_long(database, anna) -> None:
    session_of(database, "one", anna.id)
    assert due_for_deletion(database, 10, after(9.9)) == ()
    (due,) = due_for_deletion(database, 10, after(10.1))
    assert (due.patient_id, due.last_utc, due.sessions) == (anna.id, OPENED, 1)
    assert "Weber" in due.label


def test_a_patient_without_sessions_is_due_after_the_last_change(database, anna) -> None:
    assert due_for_deletion(database, 1, after(0.9)) == ()
    assert [one.sessions for one in due_for_deletion(database, 1, after(1.1))] == [0]


def test_a_leap_day_is_no_stumbling_block(database) -> None:
    leap_day = Instant(0.0, datetime(2028, 2, 29, tzinfo=UTC))
    assert due_for_deletion(database, 1, leap_day) == ()
    with pytest.raises(OperatorError, match="0 years"):
        due_for_deletion(database, 0, leap_day)
