"""The alarm figures of sessions as the session itself leaves its rows: also after a restart."""

from monitor.alarms.priority import Priority
from monitor.alarms.quality import AlarmQuality, alarm_quality
from monitor.alarms.silenced import Silenced
from monitor.channel_messages import PauseAudio, SwitchAlarm, SwitchAudio
from tests.monitor.fakes import Story


def quality_of(story: Story) -> AlarmQuality:
    return alarm_quality(story.later_rows())


def raised() -> Story:
    """A session whose first cuff reading is markedly too high."""
    story = Story()
    story.up()
    story.cuff(185, 95)
    return story


def test_a_clear_repeat_refutes_the_first_reading() -> None:
    story = raised()
    story.clock.advance(2)
    story.cuff(140, 85)
    quality = quality_of(story)
    assert quality.by_priority[Priority.HIGH] == 1
    assert quality.refuted >= 1
    assert quality.confirmed_share == 0.0


def test_a_second_high_reading_lets_it_stand_also_when_it_is_over_later() -> None:
    story = raised()
    for systolic in (190, 140, 140):
        story.clock.advance(2)
        story.cuff(systolic, 85)
    quality = quality_of(story)
    assert quality.by_priority[Priority.HIGH] == 1
    assert quality.confirmed_share == 1.0


def test_a_session_that_comes_back_repeats_no_alarm_and_its_answer_still_counts() -> None:
    story = raised()
    before = quality_of(story)
    back = story.killed_and_back(10.0)
    back.frame()
    assert quality_of(back).by_rule == before.by_rule
    back.acknowledge("BP-H2")
    quality = quality_of(back)
    assert quality.by_rule == before.by_rule
    assert quality.acknowledged == before.acknowledged + 1
    assert 10.0 in [round(s, 3) for s in quality.acknowledged_s]


def test_what_people_keep_quiet_is_measured_from_the_rows_that_their_commands_leave() -> None:
    story = Story()
    story.up()
    story.do(PauseAudio("s1", by="Ben"))
    story.clock.advance(150)
    story.frame()
    story.do(SwitchAudio("s1", True, "asleep", "Dr. Weber"))
    story.do(SwitchAlarm("s1", "HR-H1", True, "pacemaker", "Dr. Weber"))
    story.clock.advance(50)
    story.frame()
    story.do(SwitchAudio("s1", False, by="Dr. Weber"))
    story.do(SwitchAlarm("s1", "HR-H1", False, by="Dr. Weber"))
    story.clock.advance(20)
    story.frame()
    silenced = quality_of(story).silenced
    assert silenced == Silenced(paused_s=120.0, audio_off_s=50.0, alarm_off_s=50.0)


def test_a_first_excess_that_the_second_reading_confirms_gives_way_to_its_medium() -> None:
    story = Story()
    story.up()
    for _ in range(2):
        story.clock.advance(2)
        story.cuff(165, 95)
    quality = quality_of(story)
    assert quality.by_rule["BP-H1"] == 2
    assert (quality.overtaken, quality.confirmed, quality.refuted) == (1, 1, 0)
