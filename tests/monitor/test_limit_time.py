"""How long values were beyond the limits: a few seconds counted by hand."""

import pytest

from monitor.alarms.profile import default_profile
from monitor.limit_time import CUFF_COUNTS_S, SAMPLE_COUNTS_S, LimitTime
from monitor.vitals import Vital

RULES = default_profile().rules


def counted(time: LimitTime) -> dict[str, float]:
    return {rule: seconds for rule, seconds in time.seconds.items() if seconds}


def cuff(time: LimitTime, t: float, systolic: float, diastolic: float) -> None:
    time.pass_until(t)
    values = {Vital.SYSTOLIC: systolic, Vital.DIASTOLIC: diastolic}
    time.measured(t, values, CUFF_COUNTS_S)


def pulse(time: LimitTime, t: float, value: float | None) -> None:
    time.pass_until(t)
    time.measured(t, {Vital.PULSE_RATE: value}, SAMPLE_COUNTS_S)


def test_a_reading_counts_until_the_next_one() -> None:
    time = LimitTime(RULES)
    cuff(time, 60, 165, 80)
    cuff(time, 360, 182, 80)
    cuff(time, 660, 120, 80)
    time.pass_until(9999)
    assert counted(time) == {"BP-H1": 600, "BP-H2": 300}


def test_a_reading_counts_for_a_quarter_of_an_hour_at_most() -> None:
    time = LimitTime(RULES)
    cuff(time, 0, 140, 102)
    time.pass_until(5000)
    assert counted(time) == {"BP-H1": CUFF_COUNTS_S}


@pytest.mark.parametrize(("systolic", "beyond"), [(160, {}), (160.5, {"BP-H1": 10})])
def test_at_a_limit_that_must_be_exceeded_nothing_counts(
    systolic: float, beyond: dict[str, float]
) -> None:
    time = LimitTime(RULES)
    cuff(time, 0, systolic, 80)
    time.pass_until(10)
    assert counted(time) == beyond


def test_a_sample_counts_until_the_next_one_and_for_five_seconds_at_most() -> None:
    time = LimitTime(RULES)
    for t in (0, 1, 2.5):
        pulse(time, t, 125)
    pulse(time, 3, 100)
    pulse(time, 4, 125)
    pulse(time, 60, 125)
    pulse(time, 61, None)
    time.pass_until(100)
    assert counted(time) == {"HR-H1": 3 + 5 + 1}


def test_relative_limits_count_from_when_there_is_a_baseline() -> None:
    time = LimitTime(RULES)
    cuff(time, 0, 150, 80)
    time.pass_until(100)
    time.baseline({Vital.SYSTOLIC: 110.0})
    time.pass_until(300)
    assert counted(time) == {"BP-R1": 200, "BP-R2": 200}
