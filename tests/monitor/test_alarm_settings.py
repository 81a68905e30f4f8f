"""Limits changed for a session, and all settings of its alarms after a restart.

Knows the session by its commands, rows and snapshots. Who may do what: test_authority.py.
"""

from datetime import timedelta

import pytest

from monitor.channel_messages import (
    ChangeLimit,
    EndSession,
    PauseAudio,
    SetBaseline,
    SwitchAlarm,
    SwitchAudio,
)
from monitor.clock import ManualClock
from monitor.errors import OperatorError
from monitor.events import DeviceClock
from monitor.records import LimitChangeKept
from monitor.snapshot import AudioState, Phase
from monitor.vitals import Vital
from tests.monitor.fakes import Story, opened_record, transitions

ON, PAUSED, OFF = AudioState.ON, AudioState.PAUSED, AudioState.OFF


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


def calling(story: Story) -> set[str]:
    return {view.rule for view in story.shown().alarms if view.is_calling}


# ---- limits


def test_a_changed_limit_holds_at_once_and_is_on_record(live: Story) -> None:
    (row,) = live.do(ChangeLimit("s1", "HR-H1", "pulse_rate", 110, "sedated", "Dr. Weber", "u7"))
    assert isinstance(row, LimitChangeKept)
    assert (row.rule, row.field, row.old, row.new) == ("HR-H1", "pulse_rate", 120, 110)
    assert (row.reason, row.by, row.by_id) == ("sedated", "Dr. Weber", "u7")
    lasting(live, 17, 112)
    assert live.state("HR-H1") == "sounding"
    drawn = {limit.rule: limit.value for limit in live.shown().limits}
    assert drawn["HR-H1"] == 110


def test_a_second_change_says_what_the_first_left(live: Story) -> None:
    live.do(ChangeLimit("s1", "HR-H1", "pulse_rate", 130, "athlete", "Dr. Weber"))
    (row,) = live.do(ChangeLimit("s1", "HR-H1", "pulse_rate", 125, "athlete", "Dr. Weber"))
    assert isinstance(row, LimitChangeKept)
    assert (row.old, row.new) == (130, 125)


def test_a_limit_that_crosses_another_is_refused_and_leaves_no_row(live: Story) -> None:
    before = len(live.rows)
    with pytest.raises(
        OperatorError, match="This limit is not taken: 60 would lie at or below the HIGH alarm"
    ):
        live.do(ChangeLimit("s1", "BP-H1", "systolic", 60, "x", "Dr. Weber"))
    assert len(live.rows) == before
    assert {limit.value for limit in live.shown().limits if limit.rule == "BP-H1"} == {160, 100}


@pytest.mark.parametrize("fault", ["waiting", "record", "chair"])
def test_a_changed_limit_does_not_lose_the_programs_own_alarms(live: Story, fault: str) -> None:
    live.do(ChangeLimit("s1", "HR-H1", "pulse_rate", 130, "athlete", "Dr. Weber"))
    live.session.fault(fault, "something is wrong")
    live.wait(121)
    assert {"TECH-10", "TECH-11", "TECH-12"} & calling(live)


# ---- the end of the session


def test_off_and_pause_are_of_this_session_only(live: Story) -> None:
    live.do(SwitchAudio("s1", True, "patient asked", "Dr. Weber"))
    live.do(SwitchAlarm("s1", "HR-H1", True, "athlete", "Dr. Weber"))
    live.do(ChangeLimit("s1", "BP-H1", "systolic", 170, "known", "Dr. Weber"))
    live.do(SetBaseline("s1", 110, 70))
    live.do(EndSession("s1"))
    assert live.shown().phase is Phase.ENDED
    following = Story().shown()
    assert (following.audio.state, following.alarms_off, following.baseline) == (ON, (), None)
    assert 160 in {limit.value for limit in following.limits}


# ---- a restart


def settings(story: Story) -> list[object]:
    shown = story.shown()
    return [shown.audio, shown.alarms_off, shown.baseline, shown.limits]


def everything_set(story: Story) -> None:
    story.do(SetBaseline("s1", 110, 70, 60, 98, "Dr. Weber"))
    story.do(ChangeLimit("s1", "BP-H1", "systolic", 170, "known", "Dr. Weber"))
    story.do(SwitchAlarm("s1", "HR-H1", True, "athlete", "Dr. Weber"))
    story.do(SwitchAlarm("s1", "HR-L1", True, "athlete", "Dr. Weber"))
    story.do(SwitchAlarm("s1", "HR-L1", False, by="Dr. Weber"))


@pytest.mark.parametrize("is_off", [True, False])
def test_all_settings_are_there_after_a_restart(live: Story, is_off: bool) -> None:
    everything_set(live)
    live.do(SwitchAudio("s1", True, "asked", "Dr. Weber") if is_off else PauseAudio("s1", by="Kim"))
    before = settings(live)
    back = live.killed_and_back(away_s=20)
    assert settings(back) == before
    back.wait(0.25)
    assert settings(back) == before


def test_a_pause_ends_in_time_though_the_computer_was_away(live: Story) -> None:
    live.do(PauseAudio("s1", by="Nurse Kim"))
    back = live.killed_and_back(away_s=100)
    back.wait(19.75)
    assert back.shown().audio.state is PAUSED
    back.wait(0.25)
    assert back.shown().audio.state is ON


def test_a_pause_that_was_over_meanwhile_ends_with_the_first_tick(live: Story) -> None:
    live.do(PauseAudio("s1", by="Nurse Kim"))
    back = live.killed_and_back(away_s=121)
    back.wait(0.25)
    assert back.shown().audio.state is ON


def test_a_time_away_of_unknown_length_ends_a_pause_and_not_audio_off(live: Story) -> None:
    def back(story: Story) -> Story:
        clock = ManualClock(story.clock.now().utc - timedelta(hours=1), monotonic=7.0)
        return story.resumed(story.later_rows(), clock)

    live.do(PauseAudio("s1", by="Nurse Kim"))
    paused = back(live)
    assert paused.shown().unsure_before_s is not None
    paused.wait(0.25)
    assert paused.shown().audio.state is ON
    live.do(SwitchAudio("s1", True, "asked", "Dr. Weber"))
    off = back(live)
    off.wait(0.25)
    assert off.shown().audio.state is OFF


def test_an_alarm_raised_under_a_changed_limit_survives_a_restart(live: Story) -> None:
    live.do(ChangeLimit("s1", "HR-H1", "pulse_rate", 110, "sedated", "Dr. Weber"))
    lasting(live, 20, 112)
    back = live.killed_and_back(away_s=2)
    back.up()
    lasting(back, 5, 108)
    assert back.state("HR-H1") == "sounding", "it clears below 105"


# ---- the device's clock: test_device_clock.py


def test_acknowledging_something_else_accepts_no_clock(live: Story) -> None:
    now = live.clock.now()
    shows = now.utc + timedelta(seconds=opened_record().utc_offset_s + 3600)
    live.say(DeviceClock(0, now, shows.replace(tzinfo=None)))
    live.cuff(184, 101)
    live.acknowledge("BP-H2")
    assert live.state("TECH-8") == "sounding"
    assert transitions(live.rows, "TECH-8") == ["TECH-8 low: quiet to sounding"]
