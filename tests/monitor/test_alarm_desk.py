"""The alarms of a session in time: the plan of cuff readings, and rows for what the board says.

Knows the session by its events, rows and snapshots.
"""

from dataclasses import replace

import pytest

from monitor.alarm_settings import set_alarms
from monitor.alarms.board import AlarmBoard
from monitor.alarms.profile import Profile, shipped_profile
from monitor.channel_messages import EndInfusion, StartInfusion
from monitor.clock import ManualClock
from monitor.events import CuffPhase, CuffState, DeviceNotice, NoticeCode
from monitor.ledger import Ledger
from monitor.session import Session
from tests.monitor.fakes import OPENED_UTC, PROFILE, STANDING, Story, opened_record


@pytest.fixture(name="live")
def a_live_session() -> Story:
    story = Story()
    story.up()
    return story


def session(profile: Profile, cuff_interval_s: float) -> tuple[Session, ManualClock]:
    clock = ManualClock(OPENED_UTC, monotonic=100.0)
    opened = replace(opened_record(), cuff_interval_s=cuff_interval_s)
    return Session.open(opened, profile, clock.now())[0], clock


def planned_s(running: Session, clock: ManualClock) -> float:
    running.tick(clock.now())
    plan = running.snapshot(clock.now(), STANDING).cuff_plan
    assert plan is not None
    return plan.interval_s


def test_the_plan_of_the_profile_follows_the_infusion() -> None:
    profile = shipped_profile("pain_long_infusion_v1")
    running, clock = session(profile, profile.cuff_interval_s(0.0))
    first = planned_s(running, clock)
    clock.advance(7200)
    assert planned_s(running, clock) == first, "the infusion has not begun"
    running.command(StartInfusion("s1"), clock.now())
    assert planned_s(running, clock) == first
    clock.advance(3600)
    assert planned_s(running, clock) == 900, "every 15 min after the first hour"
    running.command(EndInfusion("s1"), clock.now())
    assert planned_s(running, clock) == 900


def test_another_plan_that_was_made_for_the_session_goes_before_the_profile() -> None:
    running, clock = session(shipped_profile("pain_long_infusion_v1"), 600.0)
    running.command(StartInfusion("s1"), clock.now())
    clock.advance(7200)
    assert planned_s(running, clock) == 600


def test_the_next_reading_is_expected_as_the_device_measures(live: Story) -> None:
    plan = live.shown().cuff_plan
    assert plan is not None
    assert (plan.last_s, plan.interval_s, plan.learned_s) == (0, 300, 0)
    assert plan.expected_s == 300
    for _ in range(4):
        live.clock.advance(600)
        live.cuff(120, 80)
    plan = live.shown().cuff_plan
    assert plan is not None
    assert (plan.last_s, plan.learned_s, plan.expected_s) == (2400, 600, 3000)
    assert plan.is_slower_than_planned


def test_readings_that_stay_away_alarm_by_the_plan(live: Story) -> None:
    live.cuff(120, 80)
    live.wait(420, step_s=1)
    assert live.state("TECH-4") == "nothing"
    live.wait(1)
    view = live.alarm("TECH-4")
    assert view is not None
    assert view.text == "Blood pressure overdue: none for 7 min, planned every 5 min"


def test_a_reading_that_never_came_is_overdue_after_a_restart_as_before(live: Story) -> None:
    live.wait(421, step_s=1)
    assert live.state("TECH-4") == "sounding"
    back = live.killed_and_back(away_s=4)
    back.wait(0.25)
    assert back.state("TECH-4") == "sounding"
    back.cuff(120, 80)
    assert back.state("TECH-4") == "nothing"


# ---- what the device says of its cuff


@pytest.mark.parametrize(
    ("code", "is_failure"),
    [
        (NoticeCode.FAILED, True),
        (NoticeCode.CUFF_LEAK, True),
        (NoticeCode.MOTION, True),
        (NoticeCode.ABORTED, False),
    ],
)
def test_an_inflation_without_a_reading_is_an_alarm_unless_somebody_stopped_it(
    live: Story, code: NoticeCode, is_failure: bool
) -> None:
    live.say(DeviceNotice(0, live.clock.now(), code, "no reading"))
    assert live.state("TECH-6") == ("sounding" if is_failure else "nothing")
    plan = live.shown().cuff_plan
    assert plan is not None
    assert plan.failures == is_failure


def test_the_second_failure_in_a_row_is_worse_and_a_reading_ends_it(live: Story) -> None:
    for _ in range(2):
        live.clock.advance(60)
        live.say(DeviceNotice(0, live.clock.now(), NoticeCode.FAILED, "no reading"))
    view = live.alarm("TECH-6")
    assert view is not None
    assert (view.priority.word, view.text) == (
        "medium",
        "Blood pressure could not be measured 2 times in a row",
    )
    live.cuff(120, 80)
    assert live.state("TECH-6") == "nothing"


def test_a_lost_link_ends_the_inflation_that_was_under_way(live: Story) -> None:
    live.pulses(5, 72)
    live.say(CuffState(0, live.clock.now(), CuffPhase.MEASURING))
    live.down()
    live.wait(12)
    assert {view.rule for view in live.shown().alarms} >= {"TECH-3"}
    back = live.killed_and_back(away_s=1)
    back.wait(0.25)
    assert not back.shown().cuff_is_measuring


# ---- never passed over in silence


def test_what_is_no_setting_is_a_bug() -> None:
    ledger = Ledger(opened_record(), 0.0)
    with pytest.raises(AssertionError):
        set_alarms(ledger, AlarmBoard(PROFILE), "no setting", Story().clock.now())  # type: ignore[arg-type]  # on purpose
