"""Rows of the table that compare: two sources of the pulse, two readings, a value and a baseline.

Knows the shipped profile and the board.
"""

from typing import TYPE_CHECKING

import pytest

from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.snapshot import AlarmState
from monitor.vitals import Vital
from tests.monitor.alarms.profiles import only

if TYPE_CHECKING:
    from conftest import Chair


def cuff(chair: "Chair", t: float, pulse: float | None, oximeter: float | None = None) -> None:
    """An inflation that counted a pulse, while the oximeter said another."""
    if oximeter is not None:
        chair.board.value(Vital.PULSE_RATE, t, oximeter)
    chair.board.pressure(t, 120, 80, pulse)
    chair.tick(t)


# ---- PR-D: two sources of the pulse


def test_two_readings_in_a_row_that_differ_ask_to_check_the_source(chair: "Chair") -> None:
    cuff(chair, 300, 100, 79)
    assert chair.state("PR-D") == "nothing"
    cuff(chair, 600, 51, 72)
    view = chair.view("PR-D")
    assert (view.priority, view.text) == (
        Priority.LOW,
        "Pulse 51 by cuff, 72 by oximeter: check the source",
    )
    assert chair.last("PR-D").value == {"cuff": 51, "oximeter": 72}
    assert chair.last("PR-D").limit == {"difference": 20}


@pytest.mark.parametrize("between", [92.0, 72.0, 52.0])
def test_a_reading_that_agrees_within_twenty_begins_anew(chair: "Chair", between: float) -> None:
    cuff(chair, 300, 100, 72)
    cuff(chair, 600, between, 72)
    cuff(chair, 900, 100, 72)
    assert chair.state("PR-D") == "nothing"


def test_it_ends_with_a_reading_that_agrees(chair: "Chair") -> None:
    cuff(chair, 300, 100, 72)
    cuff(chair, 600, 100, 72)
    cuff(chair, 900, 80, 72)
    assert chair.changes("PR-D") == ["low: quiet to sounding", "low: sounding to quiet"]
    assert chair.last("PR-D").text == "Both pulses agree"


def test_a_reading_without_both_pulses_says_nothing_of_it(chair: "Chair") -> None:
    cuff(chair, 300, 100, 72)
    cuff(chair, 600, None, 72)
    cuff(chair, 900, 100, None)
    assert chair.changes("PR-D") == []
    cuff(chair, 1200, 100, 72)
    assert chair.state("PR-D") == "sounding"


@pytest.mark.parametrize(("age_s", "counts"), [(0, True), (30, True), (30.1, False)])
def test_the_oximeters_pulse_must_be_of_the_same_moment(
    chair: "Chair", age_s: float, counts: bool
) -> None:
    for t in (300, 600):
        chair.board.value(Vital.PULSE_RATE, t - age_s, 72)
        chair.board.pressure(t, 120, 80, 100)
        chair.tick(t)
    assert (chair.state("PR-D") == "sounding") is counts


# ---- relative limits whose baseline goes


def test_a_relative_alarm_without_a_baseline_any_more_can_no_longer_be_judged(
    profile: Profile, chair: "Chair"
) -> None:
    chair.board.evidence.baseline = {Vital.PULSE_RATE: 60.0}
    chair.pulses(0, 61, 95)
    assert chair.state("HR-R") == "sounding"
    chair.board.evidence.baseline = {}
    chair.pulses(62, 90, 70)
    assert chair.view("HR-R").text == "Pulse 95 at or above 90 (baseline 60) (no baseline)"
    chair.board.evidence.baseline = {Vital.PULSE_RATE: 60.0}
    chair.pulse(91, 70)
    assert chair.state("HR-R") == "nothing"


def test_a_slow_pulse_is_judged_against_a_slow_baseline(chair: "Chair") -> None:
    chair.board.adopt(only(chair.board.profile, "HR-L1"))
    chair.board.evidence.baseline = {Vital.PULSE_RATE: 55.0}
    chair.pulses(0, 30, 45)
    assert chair.state("HR-L1") == "nothing"
    chair.pulses(31, 46, 39.5)
    assert chair.view("HR-L1").text == "Pulse 39.5 below 40 (baseline 55)"
    chair.pulse(47, 43)
    assert chair.view("HR-L1").text == "Pulse 43 not yet above 43"
    chair.pulse(48, 43.5)
    assert chair.state("HR-L1") == "unseen"


# ---- ratings


def test_an_older_rating_that_is_entered_later_changes_nothing(chair: "Chair") -> None:
    chair.board.rated("MOAA/S", 600, 4)
    chair.board.rated("MOAA/S", 300, 1)
    chair.tick(601)
    assert chair.state("CLIN-1") == "nothing"
    chair.board.rated("MOAA/S", 600, 3)
    chair.tick(602)
    assert chair.view("CLIN-1").priority is Priority.MEDIUM


# ---- other rules for the same session


def test_an_alarm_of_a_rule_that_stays_goes_on_under_other_rules(
    profile: Profile, chair: "Chair"
) -> None:
    chair.pulses(0, 20, 131)
    chair.acknowledge(20, "HR-H1")
    chair.board.adopt(only(profile, "HR-H1"))
    chair.tick(21)
    assert [view.rule for view in chair.board.views()] == ["HR-H1"]
    chair.board.adopt(profile)
    chair.pulse(22, 150)
    assert chair.view("HR-H1").state is AlarmState.ACKNOWLEDGED
    chair.pulses(23, 40, 150)
    assert chair.state("HR-H2") == "sounding"


# ---- TECH-8, in words


@pytest.mark.parametrize(
    ("off_s", "text"),
    [
        (61, "is 61 s ahead"),
        (119, "is 119 s ahead"),
        (120, "is 2 min ahead"),
        (-7199, "is 120 min behind"),
        (-7200, "is 2 h behind"),
        (172_799, "is 48 h ahead"),
        (172_800, "is 2 days ahead"),
    ],
)
def test_a_clock_is_off_in_units_that_can_be_grasped(
    chair: "Chair", off_s: float, text: str
) -> None:
    chair.board.evidence.device_clock_s = off_s
    chair.tick(1)
    assert chair.view("TECH-8").text == f"The monitor's clock {text}"


@pytest.mark.parametrize(("off_s", "alarms"), [(60, False), (-60, False), (60.1, True)])
def test_a_minute_is_allowed(chair: "Chair", off_s: float, alarms: bool) -> None:
    chair.board.evidence.device_clock_s = off_s
    chair.tick(1)
    assert (chair.view("TECH-8") is not None) is alarms
