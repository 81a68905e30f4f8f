"""Two identifiers, nothing impossible, and whoever may be the same patient is found."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.errors import OperatorError
from monitor.patients import CourseDetails, Details, Patient, checked, checked_course, duplicates

TODAY = date(2026, 11, 22)
BORN = date(1970, 1, 2)
ANNA = Details("Weber", "Anna", BORN, "4711")


def known(details: Details) -> Patient:
    return Patient("p-1", 1, details, datetime(2026, 1, 1, tzinfo=UTC), "Ben")


def test_the_label_names_both_identifiers() -> None:
    assert ANNA.label == "Weber, Anna · born 1970-01-02 · no. 4711"
    assert Details("Sukarno", date_of_birth=BORN).label == "Sukarno · born 1970-01-02"


def test_names_are_kept_whatever_they_look_like() -> None:
    odd = Details('O\'Hara; "<img src=x>" =1+1', "李 💊", BORN)
    assert checked(odd, TODAY) == odd


@pytest.mark.parametrize(
    ("details", "says"),
    [
        (Details("Weber", "Anna"), "name alone is not enough"),
        (Details("", "Anna", BORN), "family name is empty"),
        (Details("***", "Anna", BORN), "no letter"),
        (Details("x" * 10_000, "Anna", BORN), "10,000 characters"),
        (Details("Weber", "x\u202ey", BORN), "cannot be shown"),
        (Details("Weber", "Anna", date(2026, 11, 23)), "2026-11-23 is in the future"),
        (Details("Weber", "Anna", date(1899, 12, 31)), "before 1900"),
        (Details("Weber", "Anna", None, "\u200b"), "name alone is not enough"),
        (Details("Weber", "Anna", None, "\u3164"), "name alone is not enough"),
        (Details("Weber", "Anna", BORN, "-\u0301-"), "no letter or digit"),
        (Details("Web\uffffer", "Anna", BORN), "cannot be shown"),
        (Details("Weber", "Anna", BORN, "7" * 65), "clinic number has 65 characters"),
        (Details("Weber", "Anna", BORN, note="x" * 4001), "note has 4,001"),
    ],
)
def test_what_cannot_be_true_is_refused_in_one_sentence(details: Details, says: str) -> None:
    with pytest.raises(OperatorError, match=says) as refused:
        checked(details, TODAY)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("born", [TODAY, date(1900, 1, 1)])
def test_the_first_and_last_possible_days_of_birth_are_taken(born: date) -> None:
    assert checked(Details("Weber", "", born), TODAY).date_of_birth == born


@pytest.mark.parametrize(
    ("candidate", "reason", "is_sure"),
    [
        (Details("Other", "Name", date(1980, 1, 1), " 47 11"), "the same clinic number", True),
        (Details("WÉBER", "anna", BORN), "the same name and date of birth", True),
        (Details("Anna", "Weber", BORN), "other way round", True),
        (Details("Webber", "Anna", BORN), "similar name", False),
        (Details("Weber-Schmidt", "Anna", BORN), "similar name", False),
        (Details("Weber", "Anna", None, "12"), "the same name", False),
    ],
)
def test_whoever_may_be_the_same_is_found(candidate: Details, reason: str, is_sure: bool) -> None:
    (found,) = duplicates(candidate, [known(ANNA)])
    assert reason in found.reason
    assert found.is_sure is is_sure


@pytest.mark.parametrize(
    "candidate",
    [
        Details("Weber", "Anna", date(1970, 1, 3)),
        Details("Müller", "Josef", BORN),
        replace(ANNA, date_of_birth=date(1981, 5, 5), clinic_number="4712"),
    ],
)
def test_somebody_else_is_not_taken_for_a_duplicate(candidate: Details) -> None:
    assert duplicates(candidate, [known(ANNA)]) == ()


def test_two_spellings_of_an_umlaut_are_alike() -> None:
    candidate = Details("Mueller", "Jürgen", BORN)
    (found,) = duplicates(candidate, [known(Details("Müller", "Juergen", BORN))])
    assert not found.is_sure


def test_sure_duplicates_come_first() -> None:
    near, same = known(Details("Webers", "Anna", BORN)), known(ANNA)
    assert [one.is_sure for one in duplicates(ANNA, [near, same])] == [True, False]


@pytest.mark.parametrize(
    ("course", "says"),
    [
        (CourseDetails("p-1", BORN, ""), "title is empty"),
        (CourseDetails("p-1", BORN, "Series", 0), "0 sessions are planned"),
        (CourseDetails("p-1", date(1800, 1, 1), "Series"), "cannot begin"),
    ],
)
def test_a_course_that_cannot_be_is_refused(course: CourseDetails, says: str) -> None:
    with pytest.raises(OperatorError, match=says):
        checked_course(course, TODAY)


def test_a_number_with_what_nobody_sees_is_the_same_number() -> None:
    assert checked(replace(ANNA, clinic_number="47\u200b11"), TODAY) == ANNA
    (found,) = duplicates(Details("Other", clinic_number="47\u206011\u3164"), [known(ANNA)])
    assert found.is_sure
