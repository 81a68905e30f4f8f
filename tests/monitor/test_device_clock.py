"""TECH-8 as stories: the clock on the monitor's screen differs, is accepted, and is set.

Knows a told session in Berlin, winter time, and an engine. Must not know drivers.
"""

from datetime import timedelta

import pytest

from monitor.clock import ManualClock
from monitor.events import DeviceClock, LinkDown
from monitor.snapshot import AlarmView
from monitor.time_zone import on_the_wall
from tests.monitor.fakes import OPENED_UTC, Story, transitions
from tests.monitor.test_engine import Clinic

RULE = "TECH-8"
BERLIN = timedelta(hours=1)
HOUR = 3600.0
BEGINS, ACCEPTED = "TECH-8 low: quiet to sounding", "TECH-8 low: sounding to acknowledged"


def shows(clock: ManualClock, ahead_s: float, zone: timedelta = BERLIN) -> DeviceClock:
    """Return what a monitor says whose clock is so far ahead of the one on the wall."""
    now = clock.now()
    local = (now.utc + zone + timedelta(seconds=ahead_s)).replace(tzinfo=None)
    return DeviceClock(0, now, local)


def said(story: Story, ahead_s: float) -> None:
    story.clock.advance(1)
    story.say(shows(story.clock, ahead_s))


def alarm(story: Story) -> AlarmView:
    found = story.alarm(RULE)
    assert found is not None
    return found


@pytest.fixture
def story() -> Story:
    story = Story()
    story.up()
    return story


# ---- the limit


@pytest.mark.parametrize("ahead_s", [0.0, 59.0, -59.0, 60.0, -60.0])
def test_up_to_a_minute_is_no_alarm(story: Story, ahead_s: float) -> None:
    said(story, ahead_s)
    assert transitions(story.rows, RULE) == []
    assert story.kept("device_clock") == [{"off_s": ahead_s}]


@pytest.mark.parametrize("ahead_s", [61.0, -61.0, HOUR, -8 * 365 * 86_400.0, 136 * 365 * 86_400.0])
def test_more_than_a_minute_is_a_low_alarm_at_once(story: Story, ahead_s: float) -> None:
    said(story, ahead_s)
    assert transitions(story.rows, RULE) == [BEGINS]


@pytest.mark.parametrize(
    ("ahead_s", "text"),
    [
        (61.0, "The monitor's clock is 61 s ahead"),
        (-HOUR, "The monitor's clock is 60 min behind"),
        (-2920 * 86_400.0, "The monitor's clock is 2920 days behind"),
    ],
)
def test_the_alarm_says_by_how_much(story: Story, ahead_s: float, text: str) -> None:
    said(story, ahead_s)
    assert alarm(story).text == text


def test_a_monitor_on_utc_differs_by_the_zone_and_is_accepted_once(story: Story) -> None:
    story.say(shows(story.clock, 0.0, zone=timedelta(0)))
    assert story.kept("device_clock") == [{"off_s": -HOUR}]
    story.acknowledge(RULE)
    story.wait(600, step_s=5)
    story.say(shows(story.clock, 0.0, zone=timedelta(0)))
    assert transitions(story.rows, RULE) == [BEGINS, ACCEPTED, "TECH-8 low: acknowledged to quiet"]


def test_a_monitor_that_is_set_to_summer_time_in_the_session_has_changed(story: Story) -> None:
    said(story, 0.0)
    story.wait(1800, step_s=5)
    said(story, HOUR)
    assert transitions(story.rows, RULE) == [BEGINS]


def test_a_monitor_that_stays_on_winter_time_with_the_session_has_not(story: Story) -> None:
    """The session stays in the zone it was opened in; the next one begins in the new one."""
    said(story, 0.0)
    story.wait(3600, step_s=5)
    assert story.clock.now().utc > OPENED_UTC + timedelta(minutes=30)
    said(story, 0.0)
    assert transitions(story.rows, RULE) == []


# ---- accepted, changed, set right


def test_whoever_acknowledges_it_has_accepted_it(story: Story) -> None:
    said(story, HOUR)
    story.acknowledge(RULE)
    story.wait(3)
    assert story.state(RULE) == "nothing"
    assert story.kept("device_clock")[-1] == {"off_s": HOUR, "is_accepted": True, "by": "nurse"}


@pytest.mark.parametrize(
    ("ahead_s", "text"),
    [
        (2 * HOUR, "The monitor's clock moved 60 min forward against this computer's"),
        (HOUR - 61, "The monitor's clock moved 61 s back against this computer's"),
        (0.0, "The monitor's clock moved 60 min back against this computer's"),
    ],
)
def test_one_that_was_accepted_and_changes_alarms_again(
    story: Story, ahead_s: float, text: str
) -> None:
    said(story, HOUR)
    story.acknowledge(RULE)
    story.wait(3)
    said(story, ahead_s)
    assert alarm(story).state == "sounding"
    assert alarm(story).text == text
    story.acknowledge(RULE)
    story.wait(3)
    assert story.state(RULE) == "nothing"


def test_one_that_was_accepted_and_changes_a_little_does_not(story: Story) -> None:
    said(story, HOUR)
    story.acknowledge(RULE)
    story.wait(3)
    said(story, HOUR + 59)
    assert story.state(RULE) == "nothing"


def test_one_that_is_set_right_before_anybody_accepted_it_ends_by_itself(story: Story) -> None:
    said(story, HOUR)
    said(story, 0.0)
    assert transitions(story.rows, RULE) == [BEGINS, "TECH-8 low: sounding to quiet"]


# ---- a restart


def test_what_was_accepted_stays_accepted_after_a_restart(story: Story) -> None:
    said(story, HOUR)
    story.acknowledge(RULE)
    story.wait(3)
    back = story.killed_and_back(20)
    back.up()
    said(back, HOUR)
    back.wait(10)
    assert back.state(RULE) == "nothing"
    assert len(transitions(back.rows, RULE)) == len(transitions(story.rows, RULE))
    said(back, 2 * HOUR)
    assert back.state(RULE) == "sounding"


def test_what_was_not_accepted_sounds_on_after_a_restart_before_the_monitor_speaks(
    story: Story,
) -> None:
    said(story, HOUR)
    back = story.killed_and_back(20)
    back.wait(1)
    assert back.state(RULE) == "sounding"
    assert alarm(back).text == "The monitor's clock is 60 min ahead"


# ---- nothing else moves


@pytest.mark.parametrize("by_s", [HOUR, -HOUR, 86_400.0])
def test_our_own_clock_that_is_set_changes_no_age_and_no_alarm_but_this_one(
    story: Story, by_s: float
) -> None:
    said(story, 0.0)
    story.cuff(128, 76)
    story.pulses(20, 71)
    story.clock.step_wall_clock(by_s)
    story.clock.advance(1)
    story.say(shows(story.clock, -by_s))
    story.pulses(2, 71)
    shown = story.shown()
    assert [view.rule for view in shown.alarms] == [RULE]
    assert shown.pulse is not None
    assert shown.now_s - shown.pulse.at_s == 0
    assert shown.pressure is not None
    assert shown.now_s - shown.pressure.taken_s == 23
    assert {name.split()[0] for name in transitions(story.rows)} == {RULE}


@pytest.mark.parametrize("ahead_s", [HOUR, -HOUR])
def test_the_monitors_clock_that_is_set_changes_no_age(story: Story, ahead_s: float) -> None:
    said(story, 0.0)
    story.cuff(128, 76)
    story.pulses(20, 71)
    said(story, ahead_s)
    shown = story.shown()
    assert shown.pulse is not None
    assert shown.now_s - shown.pulse.at_s == 1
    assert shown.pressure is not None
    assert shown.now_s - shown.pressure.taken_s == 21


# ---- a clock that runs at another speed


def test_a_clock_that_runs_away_fills_three_rows_and_then_one_a_minute(story: Story) -> None:
    for n in range(600):
        said(story, 19.0 * n)
    assert len(story.kept("device_clock")) == 3 + 9
    assert transitions(story.rows, RULE) == [BEGINS]


def test_the_last_of_many_changes_is_kept_when_its_minute_comes_and_alarms_then(
    story: Story,
) -> None:
    for ahead_s in (10.0, 20.0, 30.0, HOUR):
        said(story, ahead_s)
    assert [row["off_s"] for row in story.kept("device_clock")] == [10, 20, 30]
    story.pulses(59, 71)
    assert story.state(RULE) == "sounding"
    assert [row["off_s"] for row in story.kept("device_clock")] == [10, 20, 30, HOUR]


def test_many_changes_that_end_where_they_began_leave_nothing_to_keep(story: Story) -> None:
    for ahead_s in (10.0, 20.0, 30.0, HOUR, 30.0):
        said(story, ahead_s)
    story.pulses(120, 71)
    assert [row["off_s"] for row in story.kept("device_clock")] == [10, 20, 30]


def test_a_clock_that_drifts_less_than_five_seconds_leaves_one_row(story: Story) -> None:
    for ahead_s in (0.0, 3.0, 5.0, -5.0):
        said(story, ahead_s)
    assert len(story.kept("device_clock")) == 1


def test_the_running_list_says_how_the_clock_stands(story: Story) -> None:
    for ahead_s in (-0.6, HOUR):
        said(story, ahead_s)
    story.acknowledge(RULE)
    said(story, -0.2)
    lines = [line.text for line in story.session.picture.trends.log if "clock" in line.text]
    assert lines[0] == "The monitor's clock agrees with this computer's"
    assert "The monitor's clock differs by +3600 s, noticed" in lines
    assert "The monitor's clock differs by +3600 s, accepted (nurse)" in lines
    assert "The monitor's clock agrees with this computer's" in lines[-2:]


# ---- a session that begins when the monitor has spoken already


def clock_rows(clinic: Clinic) -> list[object]:
    rows = clinic.rows_of(clinic.session_id())
    return [row.detail["off_s"] for row in rows if getattr(row, "kind", "") == "device_clock"]


def test_a_session_that_begins_later_knows_what_the_clock_was_told_before() -> None:
    clinic = Clinic()
    clinic.up()
    clinic.device(shows(clinic.clock, HOUR))
    clinic.clock.advance(86_400)
    clinic.open()
    assert clock_rows(clinic) == [HOUR]
    assert RULE in [view.rule for view in clinic.shown().alarms]
    stamps = [row.stamp.t_s for row in clinic.rows_of(clinic.session_id())]
    assert min(stamps) == 0.0


def test_what_a_monitor_told_is_forgotten_when_its_line_is_lost() -> None:
    clinic = Clinic()
    clinic.up()
    clinic.device(shows(clinic.clock, HOUR))
    clinic.device(LinkDown(clinic.clock.now(), "cable pulled"))
    clinic.open()
    assert clock_rows(clinic) == []


def test_a_clock_of_the_last_year_there_is_stops_nobody() -> None:
    clinic = Clinic()
    clinic.up()
    end = clinic.clock.now().utc.replace(tzinfo=None, year=9999, month=12, day=31)
    clinic.device(DeviceClock(0, clinic.clock.now(), end))
    clinic.clock.advance(30 * 86_400)
    clinic.open()
    assert RULE in [view.rule for view in clinic.shown().alarms]


def test_a_clock_on_the_wall_has_no_zone() -> None:
    assert on_the_wall(OPENED_UTC).tzinfo is None
