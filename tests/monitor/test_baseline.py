"""The baseline of a session: measured before the infusion, or said by a person.

Knows the session by its commands, rows and snapshots.
"""

import pytest

from monitor.channel_messages import SetBaseline, StartInfusion
from monitor.errors import OperatorError
from monitor.vitals import Vital
from tests.monitor.fakes import Story


@pytest.fixture(name="live")
def a_live_session() -> Story:
    story = Story()
    story.up()
    return story


def lasting(story: Story, seconds: int, pulse: float) -> None:
    """The device says so once a second; the engine ticks four times as often."""
    for _ in range(seconds):
        story.wait(1)
        story.pulse(pulse)
        story.read(Vital.SPO2, 98)


def log(story: Story) -> list[str]:
    return [entry.text for entry in story.session.picture.trends.log]


def calling(story: Story) -> set[str]:
    return {view.rule for view in story.shown().alarms if view.is_calling}


# ---- said


def test_a_baseline_can_be_said_and_the_relative_limits_hold(live: Story) -> None:
    live.do(SetBaseline("s1", 110, 70, 60, 98, "Dr. Weber"))
    base = live.shown().baseline
    assert base is not None
    assert (base.systolic, base.diastolic, base.pulse, base.spo2, base.readings) == (
        110,
        70,
        60,
        98,
        0,
    )
    live.cuff(150, 80)
    assert "BP-R1" in calling(live)
    assert log(live)[-2] == "Baseline values: 110/70, pulse 60, SpO2 98 (Dr. Weber)"


def test_without_a_baseline_the_relative_limits_are_off(live: Story) -> None:
    live.cuff(150, 80)
    live.cuff(158, 99)
    assert calling(live) == set()
    assert live.shown().baseline is None


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (SetBaseline("s1", 20, 10), "A baseline systolic of 20 is not possible"),
        (SetBaseline("s1", 120, 300), "A baseline diastolic of 300 is not possible"),
        (SetBaseline("s1", 120, 80, 10), "A baseline pulse of 10 is not possible"),
        (SetBaseline("s1", 120, 80, 60, 101), "A baseline spo2 of 101 is not possible"),
        (SetBaseline("s1", 120, 120), "The diastolic baseline is not below the systolic"),
        (SetBaseline("s1", float("nan"), 70), "A baseline systolic of nan is not possible"),
    ],
)
def test_a_baseline_that_nobody_has_is_refused(live: Story, command: SetBaseline, why: str) -> None:
    with pytest.raises(OperatorError, match=why):
        live.do(command)
    assert live.shown().baseline is None


def test_a_baseline_may_be_known_in_part(live: Story) -> None:
    live.do(SetBaseline("s1", None, None, 60, None, "Dr. Weber"))
    live.cuff(170, 80)
    assert "BP-R1" not in calling(live)
    assert log(live)[-2] == "Baseline values: --/--, pulse 60 (Dr. Weber)"


# ---- measured


def measured(story: Story, *readings: tuple[float, float]) -> None:
    for systolic, diastolic in readings:
        lasting(story, 60, 72)
        story.cuff(systolic, diastolic)


def test_the_baseline_is_the_median_of_the_last_three_readings(live: Story) -> None:
    measured(live, (180, 99), (120, 80), (130, 70), (126, 76))
    live.do(StartInfusion("s1", "Nurse Kim"))
    base = live.shown().baseline
    assert base is not None
    assert (base.systolic, base.diastolic, base.pulse, base.spo2, base.readings) == (
        126,
        76,
        72,
        98,
        3,
    )


def test_two_readings_are_enough_and_one_is_not(live: Story) -> None:
    measured(live, (120, 80))
    live.do(StartInfusion("s1"))
    assert live.shown().baseline is None
    other = Story()
    other.up()
    measured(other, (120, 80), (127, 75))
    other.do(StartInfusion("s1"))
    base = other.shown().baseline
    assert base is not None
    assert (base.systolic, base.diastolic, base.readings) == (123.5, 77.5, 2)


def test_a_baseline_that_was_said_is_not_measured_over(live: Story) -> None:
    measured(live, (120, 80), (127, 75))
    live.do(SetBaseline("s1", 140, 85, by="Dr. Weber"))
    live.do(StartInfusion("s1"))
    base = live.shown().baseline
    assert base is not None
    assert base.systolic == 140


def test_few_or_old_values_are_no_level_of_pulse_and_oxygen(live: Story) -> None:
    lasting(live, 60, 72)
    live.wait(301)
    live.cuff(120, 80)
    lasting(live, 9, 80)
    live.cuff(120, 80)
    live.do(StartInfusion("s1"))
    base = live.shown().baseline
    assert base is not None
    assert (base.pulse, base.spo2) == (None, None)
    other = Story()
    other.up()
    other.cuff(120, 80)
    lasting(other, 10, 80)
    other.cuff(121, 80)
    other.do(StartInfusion("s1"))
    again = other.shown().baseline
    assert again is not None
    assert (again.pulse, again.spo2) == (80, 98)


def test_the_newest_reading_is_judged_by_a_baseline_that_comes_after_it() -> None:
    story = Story()
    for systolic in (150, 152, 98):
        story.cuff(systolic, 60)
        story.wait(60)
    story.do(StartInfusion("s1"))
    story.wait(0.25)
    assert story.state("BP-L2") == "sounding"
