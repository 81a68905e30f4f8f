"""The board agrees with an independent evaluation of the table on every onset and clearance.

Knows the reference, random courses and the shipped profile. The reference is checked by hand too:
on the stories, whose lines were written from the table without it.
"""

from hypothesis import given, settings

from monitor.alarms.profile import Profile
from tests.monitor.alarms.courses import Watched, cuff_courses, sample_courses, whole_courses
from tests.monitor.alarms.reference import (
    GROUPS,
    TOO_MUCH,
    Base,
    Course,
    Published,
    published,
    rows_by_second,
)
from tests.thorough import times

ALL_RULES = {rule for group in GROUPS for rule in group}


def test_the_profile_has_every_rule_of_the_reference(profile: Profile) -> None:
    assert {rule.id for rule in profile.rules} >= ALL_RULES


def agree(profile: Profile, course: Course, tick_s: int = 1) -> None:
    board = Watched(profile, course, tick_s)
    expected = published(course, ALL_RULES)
    assert board.published() == expected
    assert sorted(board.onsets) == [(one.onset_s, one.rule, one.level) for one in expected]


@settings(max_examples=times(2000, 50))
@given(cuff_courses())
def test_on_any_course_of_the_cuff(profile: Profile, course: Course) -> None:
    agree(profile, course, tick_s=20)


@settings(max_examples=times(2000, 50))
@given(sample_courses())
def test_on_any_course_of_pulse_and_oxygen(profile: Profile, course: Course) -> None:
    agree(profile, course)


@settings(max_examples=times(500, 10))
@given(whole_courses())
def test_on_any_course_of_everything(profile: Profile, course: Course) -> None:
    agree(profile, course)


# ---- the referee itself


def test_the_reference_publishes_the_worst_of_a_group_and_then_what_it_covered() -> None:
    course = Course(1000, {300: (161, 90), 600: (182, 90), 720: (169, 90)})
    assert published(course, ALL_RULES) == [
        Published(300, "BP-H1", "low", 600),
        Published(600, "BP-H2", "high", 720),
        Published(720, "BP-H1", "medium", None),
    ]


def test_the_reference_counts_a_delay_from_the_first_second() -> None:
    course = Course(40, pulse=dict.fromkeys(range(30), 121.0) | dict.fromkeys(range(30, 41), 100.0))
    assert published(course, ALL_RULES) == [Published(15, "HR-H1", "medium", 40)]


def test_the_reference_has_no_relative_rows_without_a_baseline() -> None:
    assert not {"BP-R1", "BP-R2", "HR-R"} & set(rows_by_second(Course(1)))
    assert set(rows_by_second(Course(1, base=Base(125, 78, 70, 98)))) == ALL_RULES


def test_the_reference_hides_no_fall_behind_a_rise_that_waits_for_its_clear_value() -> None:
    course = Course(1000, {300: (205, 100), 600: (79, 55), 900: (205, 100)})
    assert published(course, {"BP-H3", "BP-L2"}) == [
        Published(300, "BP-H3", "high", None),
        Published(600, "BP-L2", "high", 900),
    ]


@given(whole_courses())
def test_the_reference_publishes_one_row_of_a_group_and_direction_at_a_time(course: Course) -> None:
    for group in GROUPS:
        last: dict[bool, Published] = {}
        for one in (one for one in published(course, ALL_RULES) if one.rule in group):
            before = last.get(one.rule in TOO_MUCH)
            assert before is None or (before.clearance_s or 0) <= one.onset_s
            last[one.rule in TOO_MUCH] = one
