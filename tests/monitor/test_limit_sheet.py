"""What the picture of a session says of its limits, its baseline, floods and chatter.

Knows the public methods of Session. Must not know screens.
"""

from monitor.alarms.profile import default_profile
from monitor.channel_messages import ChangeLimit, StartInfusion
from monitor.limit_sheet import LimitSheet
from monitor.vitals import Vital
from tests.monitor.fakes import Story

RAISE = ChangeLimit("s1", "HR-H1", "pulse_rate", 125.0, "trains for marathons", by="Dr A")


def pulse_limit(story: Story) -> tuple[float, float, bool]:
    (found,) = [one for one in story.shown().limit_settings if one.rule == "HR-H1"]
    return found.value, found.standard, found.is_changed


def test_a_session_shows_every_limit_that_may_be_changed() -> None:
    shown = Story().shown().limit_settings
    assert {one.rule for one in shown} >= {"BP-H1", "BP-H2", "BP-R1", "HR-H1", "O2-1"}
    relative = next(one for one in shown if (one.rule, one.vital) == ("BP-R1", Vital.SYSTOLIC))
    assert relative.is_relative
    assert relative.value == 40.0


def test_a_limit_that_goes_by_the_baseline_is_shown_and_says_so() -> None:
    shown = Story().shown().limit_settings
    found = [(one.value, one.why_fixed) for one in shown if one.rule == "HR-L1"]
    assert found == [
        (50.0, "counts unless baseline < 60 /min"),
        (-15.0, "counts if baseline < 60 /min"),
    ]
    rules = [one.rule for one in shown]
    assert rules.index("HR-L1") < rules.index("O2-1")


def test_a_changed_limit_stands_beside_that_of_the_profile() -> None:
    story = Story()
    assert pulse_limit(story) == (120.0, 120.0, False)
    story.do(RAISE)
    assert pulse_limit(story) == (125.0, 120.0, True)


def test_a_limit_of_a_session_that_came_back_is_still_called_changed() -> None:
    story = Story()
    story.do(RAISE)
    assert pulse_limit(story.killed_and_back(5.0)) == (125.0, 120.0, True)


def test_a_limit_so_wide_that_it_is_off_is_told() -> None:
    story = Story()
    assert story.shown().limit_warnings == ()
    story.do(ChangeLimit("s1", "O2-2", "spo2", 60.0, "probe on a cold finger", by="Dr A"))
    (warning,) = story.shown().limit_warnings
    assert "O2-2" in warning


def test_the_sheet_is_worked_out_once_a_profile() -> None:
    profile = default_profile()
    sheet = LimitSheet(profile)
    assert sheet.views(profile) is sheet.views(profile)


def test_cuff_readings_are_counted_until_there_are_enough() -> None:
    story = Story()
    story.up()
    counts = [story.shown().baseline_readings]
    for systolic in (118.0, 122.0, 120.0, 121.0):
        story.clock.advance(60)
        story.cuff(systolic, 75)
        counts.append(story.shown().baseline_readings)
    assert counts == [0, 1, 2, 3, 3]
    story.do(StartInfusion("s1"))
    baseline = story.shown().baseline
    assert baseline is not None
    assert (baseline.systolic, baseline.readings) == (121.0, 3)


def test_an_alarm_that_keeps_coming_and_going_is_chatter() -> None:
    story = Story()
    story.up()
    for _ in range(3):
        assert story.shown().chatter == ()
        story.pulses(20, 130)
        story.pulses(12, 90)
        story.acknowledge()
    assert story.shown().chatter == ("HR-H1",)
    assert not story.shown().is_flood


def test_an_alarm_that_sounds_again_after_an_acknowledgement_is_no_chatter() -> None:
    story = Story()
    story.up()
    for _ in range(4):
        story.pulses(130, 150)
        assert story.state("HR-H2") == "sounding"
        story.acknowledge()
    assert story.shown().chatter == ()


def test_five_alarms_in_ten_minutes_are_a_flood_and_forgotten_after_that() -> None:
    story = Story()
    story.up()
    for _ in range(5):
        assert not story.shown().is_flood
        story.pulses(20, 130)
        story.pulses(12, 90)
        story.acknowledge()
    assert story.shown().is_flood
    story.pulses(610, 90)
    assert not story.shown().is_flood
    assert story.shown().chatter == ()


def test_chatter_is_still_known_after_a_restart() -> None:
    story = Story()
    story.up()
    for _ in range(3):
        story.pulses(20, 130)
        story.pulses(12, 90)
        story.acknowledge()
    assert story.killed_and_back(5.0).shown().chatter == ("HR-H1",)


def test_an_alarm_about_vigil_itself_is_told_from_one_about_the_patient() -> None:
    story = Story()
    story.up()
    story.session.fault("sound", "no output")
    story.cuff(205, 100)
    told = {one.rule: one.is_own for one in story.shown().alarms}
    assert told == {"TECH-9": True, "BP-H3": False}
