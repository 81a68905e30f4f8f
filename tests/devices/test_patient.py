"""Tell that simulated patients live through what their titles say, within physiology."""

import random

import pytest

from devices.simulation.device import TrueVitals
from devices.simulation.patient import drug_response, patient
from devices.simulation.scenarios import INFUSION_STARTS_S, SCENARIOS, find_scenario
from monitor.errors import OperatorError
from monitor.vitals import Vital, is_possible, is_possible_pressure

VISIT_S = 3900
SEEDS = range(5)


def is_severe(truth: TrueVitals) -> bool:
    return truth.systolic >= 180 or truth.diastolic >= 110


def seconds_where(truths: list[TrueVitals], condition: str) -> list[int]:
    tests = {
        "severe": is_severe,
        "fast": lambda v: v.pulse > 120,
        "sensor off": lambda v: not v.finger_sensor_on,
        "cuff fails": lambda v: not v.cuff_can_measure,
        "low oxygen": lambda v: v.spo2 < 90,
    }
    return [t for t, truth in enumerate(truths) if tests[condition](truth)]


def visit(name: str, seed: int = 0) -> list[TrueVitals]:
    person = patient(name, seed)
    return [person(float(t)) for t in range(VISIT_S)]


@pytest.mark.parametrize("name", [scenario.name for scenario in SCENARIOS])
def test_every_patient_stays_alive_and_possible(name: str) -> None:
    for truth in visit(name):
        assert is_possible_pressure(truth.systolic, truth.diastolic)
        assert is_possible(Vital.PULSE_RATE, truth.pulse)
        assert is_possible(Vital.SPO2, truth.spo2)


def test_the_truth_does_not_depend_on_the_order_of_the_questions() -> None:
    moments = [t / 3 for t in range(6000)]
    straight, shuffled = patient("session", 3), patient("session", 3)
    expected = {t: straight(t) for t in moments}
    random.Random(1).shuffle(moments)
    assert all(shuffled(t) == expected[t] for t in moments)


def test_another_seed_is_another_patient_with_the_same_story() -> None:
    assert patient("calm", 1)(100.0) != patient("calm", 2)(100.0)


def test_the_response_to_the_drug_peaks_at_forty_minutes_and_is_over_at_ninety() -> None:
    course = {minute: drug_response(minute) for minute in range(-10, 200)}
    assert max(course, key=lambda minute: course[minute]) == 40
    assert course[40] == 1.0
    assert all(course[minute] == 0 for minute in course if minute <= 5 or minute >= 90)
    assert 0 < course[60] < 0.7
    steps = [abs(course[minute + 1] - course[minute]) for minute in range(-10, 198)]
    assert max(steps) < 0.1


def test_a_calm_infusion_raises_no_alarm() -> None:
    for seed in SEEDS:
        truths = visit("calm", seed)
        assert not any(seconds_where(truths, what) for what in ("severe", "fast", "low oxygen"))
        assert truths[2700].systolic > truths[0].systolic


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("phase_s", range(0, 300, 25))
def test_the_spike_of_a_session_is_met_by_two_cuff_readings_and_then_clears(
    seed: int, phase_s: int
) -> None:
    person = patient("session", seed)
    readings = [is_severe(person(float(t))) for t in range(phase_s, 3600, 300)]
    assert 2 <= sum(readings) <= 3
    first = readings.index(True)
    assert readings[first : first + 2] == [True, True]
    assert readings[-2:] == [False, False]


def test_a_session_has_one_spike_of_about_ten_minutes_half_an_hour_into_the_infusion() -> None:
    spike = seconds_where(visit("session"), "severe")
    assert spike == list(range(spike[0], spike[-1] + 1))
    assert 540 <= len(spike) <= 700
    assert 23 * 60 <= spike[0] - INFUSION_STARTS_S <= 27 * 60


def test_a_session_has_one_minute_of_fast_pulse_and_45_seconds_without_sensor() -> None:
    truths = visit("session")
    fast, off = seconds_where(truths, "fast"), seconds_where(truths, "sensor off")
    assert 56 <= len(fast) <= 66
    assert fast == list(range(fast[0], fast[-1] + 1))
    assert len(off) == 45
    assert off == list(range(off[0], off[-1] + 1))
    assert not seconds_where(truths, "cuff fails")


def test_the_other_stories_do_what_their_titles_say() -> None:
    assert len(seconds_where(visit("hypertensive"), "severe")) > 20 * 60
    assert 590 <= len(seconds_where(visit("tachycardia"), "fast")) <= 640
    assert 180 <= len(seconds_where(visit("desaturation"), "low oxygen")) <= 270
    assert len(seconds_where(visit("cuff_fails"), "cuff fails")) == 900


def test_no_story_begins_before_the_infusion() -> None:
    for scenario in SCENARIOS:
        person = patient(scenario, 0)
        at_rest = [person(float(t)) for t in range(int(INFUSION_STARTS_S))]
        assert all(abs(v.systolic - scenario.baseline.systolic) < 4 for v in at_rest)


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OperatorError, match=r"no scenario called 'party': .*session, calm"):
        find_scenario("party")
    with pytest.raises(OperatorError):
        patient("party")
