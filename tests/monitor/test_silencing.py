"""AUDIO PAUSED, AUDIO OFF and ALARM OFF in a session: what still shows, what sounds, what ends it.

Knows the session by its commands, rows and snapshots. Who may do what: test_authority.py.
"""

import pytest

from monitor.alarms.quality import alarm_quality
from monitor.alarms.silence import Silence
from monitor.channel_messages import ChangeLimit, PauseAudio, SwitchAlarm, SwitchAudio
from monitor.entry_messages import AmendEntry, EnterScale
from monitor.errors import OperatorError
from monitor.records import Record
from monitor.snapshot import AudioState, AudioView
from monitor.vitals import Vital
from tests.monitor.fakes import Story

ON, PAUSED, OFF = AudioState.ON, AudioState.PAUSED, AudioState.OFF


@pytest.fixture(name="live")
def a_live_session() -> Story:
    story = Story()
    story.up()
    return story


def pause(story: Story) -> None:
    story.do(PauseAudio("s1", by="Nurse Kim"))


def lasting(story: Story, seconds: int, pulse: float) -> None:
    """The device says so once a second; the engine ticks four times as often."""
    for _ in range(seconds):
        story.wait(1)
        story.pulse(pulse)
        story.read(Vital.SPO2, 98)


def log(story: Story) -> list[str]:
    return [entry.text for entry in story.session.picture.trends.log]


def heard(story: Story) -> set[str]:
    return {view.rule for view in story.shown().alarms if view.is_heard}


def calling(story: Story) -> set[str]:
    return {view.rule for view in story.shown().alarms if view.is_calling}


# ---- AUDIO PAUSED


def test_a_pause_silences_for_two_minutes_and_the_picture_stays(live: Story) -> None:
    live.session.fault("sound", "no sound device")
    live.wait(0.25)
    pause(live)
    t = live.t
    audio = live.shown().audio
    assert (audio.state, audio.since_s, audio.until_s, audio.by) == (
        PAUSED,
        t,
        t + 120,
        "Nurse Kim",
    )
    assert calling(live) == {"TECH-9"}
    assert heard(live) == set()
    live.wait(119.75)
    assert live.shown().audio.state is PAUSED
    assert heard(live) == set()
    live.wait(0.25)
    assert live.shown().audio.state is ON
    assert "TECH-9" in heard(live)
    assert log(live)[-1] == "Alarm sound on again: time over"


def test_a_new_high_breaks_through_a_pause(live: Story) -> None:
    pause(live)
    live.clock.advance(10)
    live.cuff(184, 101)
    assert live.shown().audio.state is ON
    assert live.shown().audio.reason == "a new high alarm"
    assert "BP-H2" in heard(live)
    assert log(live)[-1] == "Alarm sound on again: a new high alarm"


@pytest.mark.parametrize(("systolic", "rule"), [(165, "BP-H1"), (85, "BP-L1")])
def test_what_is_less_than_high_does_not_break_a_pause(
    live: Story, systolic: float, rule: str
) -> None:
    pause(live)
    live.cuff(systolic, 60)
    assert rule in calling(live)
    assert heard(live) == set()
    assert live.shown().audio.state is PAUSED


def test_an_acknowledged_high_that_sounds_again_does_not_break_a_pause(live: Story) -> None:
    live.cuff(184, 101)
    live.acknowledge("BP-H2")
    lasting(live, 60, 70)
    pause(live)
    lasting(live, 61, 70)
    assert live.state("BP-H2") == "sounding", "its two minutes are over"
    assert heard(live) == set()
    assert live.shown().audio.state is PAUSED


def test_a_high_that_is_over_and_comes_again_breaks_a_pause(live: Story) -> None:
    live.cuff(184, 101)
    live.clock.advance(60)
    live.cuff(150, 90)
    assert live.state("BP-H2") == "unseen"
    pause(live)
    live.clock.advance(30)
    live.cuff(186, 101)
    assert "BP-H2" in heard(live)


def test_a_pause_can_be_ended_and_begun_anew(live: Story) -> None:
    pause(live)
    live.clock.advance(100)
    pause(live)
    assert live.shown().audio.until_s == live.t + 120
    live.do(PauseAudio("s1", is_on=False, by="Nurse Kim"))
    assert live.shown().audio.state is ON
    assert log(live)[-1] == "Alarm sound on again (Nurse Kim)"


def test_ending_a_pause_that_there_is_not_leaves_no_row(live: Story) -> None:
    assert live.do(PauseAudio("s1", is_on=False, by="Nurse Kim")) == []


# ---- AUDIO OFF


def test_audio_off_lasts_and_is_broken_by_nothing(live: Story) -> None:
    live.do(SwitchAudio("s1", True, "  patient asked  ", "Dr. Weber"))
    live.cuff(205, 121)
    live.wait(600)
    assert heard(live) == set()
    assert "BP-H3" in calling(live)
    audio = live.shown().audio
    assert (audio.state, audio.until_s, audio.by, audio.reason) == (
        OFF,
        None,
        "Dr. Weber",
        "patient asked",
    )
    live.do(SwitchAudio("s1", False, by="Dr. Weber"))
    assert "BP-H3" in heard(live)


def test_a_pause_does_not_end_audio_off(live: Story) -> None:
    live.do(SwitchAudio("s1", True, "patient asked", "Dr. Weber"))
    assert live.do(PauseAudio("s1", by="Nurse Kim")) == []
    assert live.do(PauseAudio("s1", is_on=False, by="Nurse Kim")) == []
    assert live.shown().audio.state is OFF


def test_switching_to_what_it_is_already_leaves_no_row(live: Story) -> None:
    assert live.do(SwitchAudio("s1", False, by="Dr. Weber")) == []
    live.do(SwitchAudio("s1", True, "patient asked", "Dr. Weber"))
    assert live.do(SwitchAudio("s1", True, "again", "Dr. Weber")) == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_what_silences_for_long_needs_a_reason_of_one_line(live: Story, reason: str) -> None:
    for command in (
        SwitchAudio("s1", True, reason, "Dr. Weber"),
        SwitchAlarm("s1", "HR-H1", True, reason, "Dr. Weber"),
        ChangeLimit("s1", "HR-H1", "pulse_rate", 130, reason, "Dr. Weber"),
    ):
        with pytest.raises(OperatorError, match="reason"):
            live.do(command)
    assert live.shown().audio.state is ON
    assert live.shown().alarms_off == ()


# ---- ALARM OFF


def test_an_alarm_that_is_off_neither_calls_nor_breaks_a_pause(live: Story) -> None:
    live.do(SwitchAlarm("s1", "BP-H2", True, "known hypertension", "Dr. Weber"))
    pause(live)
    live.cuff(184, 80)
    assert calling(live) == {"BP-H1"}
    assert live.shown().audio.state is PAUSED
    off = live.shown().alarms_off
    assert [(o.rule, o.by, o.reason) for o in off] == [("BP-H2", "Dr. Weber", "known hypertension")]
    assert off[0].words == "Systolic at or above 180 or diastolic at or above 110"
    assert "BP-H2" not in {limit.rule for limit in live.shown().limits}
    live.do(SwitchAlarm("s1", "BP-H2", False, by="Dr. Weber"))
    live.wait(0.25)
    assert calling(live) == {"BP-H2"}
    assert live.shown().alarms_off == ()


@pytest.mark.parametrize("rule", ["TECH-9", "TECH-9R", "TECH-10", "TECH-11", "TECH-12"])
def test_what_is_about_the_program_itself_stays_on(live: Story, rule: str) -> None:
    with pytest.raises(OperatorError, match="stays on"):
        live.do(SwitchAlarm("s1", rule, True, "annoying", "Dr. Weber"))


def test_an_alarm_that_there_is_not_cannot_be_switched(live: Story) -> None:
    with pytest.raises(OperatorError, match="There is no alarm BP-H9"):
        live.do(SwitchAlarm("s1", "BP-H9", True, "x", "Dr. Weber"))


def test_switching_an_alarm_to_what_it_is_leaves_no_row(live: Story) -> None:
    assert live.do(SwitchAlarm("s1", "HR-H1", False, by="Dr. Weber")) == []
    live.do(SwitchAlarm("s1", "HR-H1", True, "athlete", "Dr. Weber"))
    assert live.do(SwitchAlarm("s1", "HR-H1", True, "again", "Dr. Weber")) == []


# ---- the figures of these rows


def test_the_time_in_each_state_can_be_read_from_the_rows(live: Story) -> None:
    pause(live)
    lasting(live, 30, 70)
    live.cuff(184, 80)
    live.do(SwitchAudio("s1", True, "asked", "Dr. Weber"))
    lasting(live, 20, 70)
    live.do(SwitchAudio("s1", False, by="Dr. Weber"))
    live.do(SwitchAlarm("s1", "HR-H1", True, "athlete", "Dr. Weber"))
    lasting(live, 10, 70)
    rows: list[Record] = live.later_rows()
    silenced = alarm_quality(rows, live.t).silenced
    assert (silenced.paused_s, silenced.audio_off_s, silenced.alarm_off_s) == (30, 20, 10)


def test_a_pause_whose_end_is_not_on_record_silences_nothing() -> None:
    silence = Silence()
    silence.set_audio(AudioView(AudioState.PAUSED, until_s=None))
    assert not silence.is_silent(1.0)


def test_a_rating_that_is_amended_is_judged_by_what_it_should_read() -> None:
    story = Story()
    story.do(EnterScale("s1", "MOAA/S", 5.0))
    story.wait(0.25)
    (rated,) = story.session.picture.entries
    story.do(AmendEntry("s1", rated.stamp.seq, "total", 1.0, "typed wrongly"))
    story.wait(0.25)
    assert story.state("CLIN-1") == "sounding"
