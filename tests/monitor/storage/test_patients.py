"""Patients and courses are found, changed by new versions only, and deleted by rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.accounts.people import Actor, Role
from monitor.clock import Instant
from monitor.errors import BugError, OperatorError
from monitor.patients import CourseDetails, Details, Patient, Sex
from monitor.storage.chain_check import Flaw
from monitor.storage.courses import CourseRegister
from monitor.storage.database import Database
from monitor.storage.patients import PatientRegister
from monitor.storage.verify import verify

BY = Actor("u-2", "Ben Okoye", Role.NURSE)
NOW = Instant(0.0, datetime(2026, 11, 22, 9, tzinfo=UTC))
TODAY = date(2026, 11, 22)
BORN = date(1970, 1, 2)
ANNA = Details('O\'Hara "x" <b>=1+1</b>', "Anna", BORN, "47 11", Sex.FEMALE, "line\nline")


@pytest.fixture
def patients(database: Database) -> PatientRegister:
    return PatientRegister(database)


@pytest.fixture
def anna(patients: PatientRegister) -> Patient:
    return patients.add(ANNA, BY, NOW, TODAY)


def new(patients: PatientRegister, details: Details) -> Patient:
    return patients.add(details, BY, NOW, TODAY)


def test_a_patient_comes_back_as_entered(patients: PatientRegister, anna: Patient) -> None:
    assert patients.find(anna.id) == anna
    assert (anna.version, anna.details, anna.by) == (1, ANNA, "Ben Okoye (nurse)")


def test_a_change_is_a_new_version_and_the_old_one_stays(patients, anna) -> None:
    corrected = replace(ANNA, family_name="Oliveira", date_of_birth=date(1970, 2, 1))
    changed = patients.change(anna, corrected, BY, NOW, TODAY)
    assert patients.find(anna.id) == changed
    assert [one.details for one in patients.versions(anna.id)] == [ANNA, corrected]


def test_of_two_changes_at_the_same_time_the_second_is_refused(patients, anna) -> None:
    patients.change(anna, replace(ANNA, given_name="Anne"), BY, NOW, TODAY)
    with pytest.raises(OperatorError, match="changed this meanwhile"):
        patients.change(anna, replace(ANNA, given_name="Ann"), BY, NOW, TODAY)


@pytest.mark.parametrize(
    "typed",
    ["o'h", "O", "anna o'har", "Hára", "4711", "47 1", "1970-01-02", "1970", "=1+1", ""],
)
def test_a_patient_is_found_by_name_number_or_birth(patients, anna, typed: str) -> None:
    assert [one.id for one in patients.search(typed)] == [anna.id]


@pytest.mark.parametrize("typed", ["nna", "%", "_", "x' OR 1", "5", "\ud800q", "y" * 10_000])
def test_what_fits_nobody_finds_nobody(patients, anna, typed: str) -> None:
    assert patients.search(typed) == ()


def test_only_the_latest_version_is_searched_and_the_day_narrows_it(patients, anna) -> None:
    patients.change(anna, replace(ANNA, family_name="Zoll", note=""), BY, NOW, TODAY)
    assert patients.search("o'hara") == ()
    assert len(patients.search("zoll", BORN)) == 1
    assert patients.search("zoll", date(1971, 1, 2)) == ()


def test_past_a_sure_duplicate_only_with_a_word(patients, anna) -> None:
    again = Details("Somebody", "Else", date(1990, 9, 9), "4711")
    with pytest.raises(OperatorError, match="the same clinic number"):
        patients.add(again, BY, NOW, TODAY)
    assert len(patients.search("")) == 1
    other = patients.add(again, BY, NOW, TODAY, despite=True)
    assert {one.id for one in patients.search("4711")} == {anna.id, other.id}


def test_a_change_into_somebody_else_is_refused_and_into_oneself_is_not(patients, anna) -> None:
    ben = new(patients, Details("Bell", "Ben", date(1980, 1, 1)))
    with pytest.raises(OperatorError, match="same clinic number"):
        patients.change(ben, replace(ben.details, clinic_number="4711"), BY, NOW, TODAY)
    patients.change(anna, replace(ANNA, given_name="Anne"), BY, NOW, TODAY)
    assert patients.find_duplicates(ANNA, besides=anna.id) == ()
    (found,) = patients.find_duplicates(ANNA)
    assert (found.patient.id, found.is_sure) == (anna.id, True)


def test_a_patient_that_is_refused_leaves_nothing(patients, database) -> None:
    with pytest.raises(OperatorError, match="future"):
        new(patients, replace(ANNA, date_of_birth=TODAY + timedelta(days=1)))
    assert patients.search("") == ()
    assert verify(database).audit_rows == 0


def test_courses_belong_to_a_patient_and_change_by_versions(database, anna) -> None:
    courses = CourseRegister(database)
    details = CourseDetails(anna.id, TODAY, "Six infusions", 6)
    course = courses.add(details, BY, NOW, TODAY)
    longer = courses.change(course, replace(details, planned_sessions=8), BY, NOW, TODAY)
    assert courses.of(anna.id) == (longer,)
    assert (longer.id, longer.version, longer.details.planned_sessions) == (course.id, 2, 8)
    with pytest.raises(OperatorError, match="no such patient"):
        courses.add(replace(details, patient_id="nobody"), BY, NOW, TODAY)
    with pytest.raises(OperatorError, match="stays with its patient"):
        courses.change(longer, replace(details, patient_id="p-2"), BY, NOW, TODAY)
    with pytest.raises(OperatorError, match="meanwhile"):
        courses.change(course, details, BY, NOW, TODAY)


@pytest.mark.parametrize("table", ["patient", "patient_version", "course"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = 'x'"])
def test_the_database_refuses_to_change_or_delete_them(
    database, anna, table: str, statement: str
) -> None:
    CourseRegister(database).add(CourseDetails(anna.id, TODAY, "Series"), BY, NOW, TODAY)
    column = "patient_id" if table == "patient_version" else "id"
    with pytest.raises(BugError, match="never"), database.writing() as connection:
        connection.exec_driver_sql(statement.format(table, column))


def test_the_database_takes_versions_only_in_their_order(database, anna) -> None:
    copied = "INSERT INTO patient_version SELECT patient_id, version + 2, family_name, given_name, "
    copied += "date_of_birth, clinic_number, sex, note, family_key, given_key, number_key, "
    copied += 'at_utc_us, "by", by_id, salt FROM patient_version'
    with pytest.raises(BugError, match="at the end"), database.writing() as connection:
        connection.exec_driver_sql(copied)


ALTERED = {
    "UPDATE patient_version SET family_name = 'Other'": ("patient_version", Flaw.CHANGED),
    "UPDATE patient_version SET salt = x'00'": ("patient_version", Flaw.CHANGED),
    "UPDATE course SET planned_sessions = 99": ("course", Flaw.CHANGED),
    "DELETE FROM patient_version WHERE version = 2": ("patient_version", Flaw.REMOVED),
    "DELETE FROM course": ("course", Flaw.REMOVED),
    "UPDATE course SET version = 9": ("course", Flaw.REMOVED),
    "INSERT INTO course SELECT 'c-9', version, patient_id, started, title, planned_sessions,"
    ' at_utc_us, "by", by_id, salt FROM course': ("course", Flaw.INSERTED),
}


@pytest.mark.parametrize("statement", ALTERED)
def test_a_version_altered_with_another_tool_is_found(
    database, patients, anna, statement: str
) -> None:
    patients.change(anna, replace(ANNA, given_name="Anne"), BY, NOW, TODAY)
    CourseRegister(database).add(CourseDetails(anna.id, TODAY, "Series"), BY, NOW, TODAY)
    assert verify(database).is_intact
    with database.writing() as connection:
        run = connection.exec_driver_sql
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = run(query).all()
        for name, _ in triggers:
            run(f"DROP TRIGGER {name}")
        run(statement)
        for _, sql in triggers:
            run(sql)
    (first,) = verify(database).breaks
    assert (first.table, first.flaw) == ALTERED[statement]


def test_the_log_names_no_patient(database, anna) -> None:
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT actor, action, subject, detail FROM audit").all()
    assert [tuple(row[:3]) for row in rows] == [("u-2", "patient.added", anna.id)]
    assert not any(word in str(rows) for word in ("Hara", "Anna", "1970", "4711", "47 11"))
