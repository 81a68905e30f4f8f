"""One sound at a time: the worst wins, a worse one interrupts, what nobody answers gets louder."""

import pytest

from monitor.alarms.priority import Priority
from tests.ui.fixtures import FakeSounder
from ui.bursts import RECIPES, Tone
from ui.sound import AlarmSound

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def played(
    wanted: list[tuple[float, Priority | None]], until_s: float
) -> list[tuple[float, Priority]]:
    """Return when what was played, when the wanted priority changes at the given times."""
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    heard: list[tuple[float, Priority]] = []
    for tenth in range(round(until_s * 10)):
        now = tenth / 10
        current = [priority for at, priority in wanted if at <= now][-1]
        alarms.update(current, now)
        heard += [(now, priority) for priority in sounder.played[len(heard) :]]
    return heard


@pytest.mark.parametrize(("priority", "period"), [(HIGH, 8.3), (MEDIUM, 16.0), (LOW, 30.6)])
def test_a_burst_repeats_after_its_pause(priority: Priority, period: float) -> None:
    times = [at for at, _ in played([(0, priority)], 40)]
    assert times[1] - times[0] == pytest.approx(period, abs=0.11)


def test_a_worse_alarm_interrupts_at_once() -> None:
    assert played([(0, MEDIUM), (0.5, HIGH)], 2) == [(0, MEDIUM), (0.5, HIGH)]


def test_a_lesser_alarm_waits_for_the_end_of_the_burst() -> None:
    assert played([(0, HIGH), (1, LOW)], 5) == [(0, HIGH), (3.4, LOW)]


def test_silence_when_nothing_sounds() -> None:
    assert played([(0, None)], 5) == []


def test_a_new_alarm_after_quiet_is_heard_at_once_and_not_after_the_pause() -> None:
    assert played([(0, HIGH), (4, None), (4.5, HIGH)], 6) == [(0, HIGH), (4.5, HIGH)]


def test_acknowledging_cuts_the_burst_and_it_comes_back_when_nobody_heard_the_acknowledgement() -> (
    None
):
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    alarms.update(HIGH, 0.0)
    alarms.hush(0.5)
    assert sounder.stops == 1
    alarms.update(HIGH, 1.0)
    assert sounder.played == [HIGH]
    alarms.update(HIGH, 1.6)
    assert sounder.played == [HIGH, HIGH]


def test_a_worse_alarm_breaks_through_an_acknowledgement() -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    alarms.update(MEDIUM, 0.0)
    alarms.hush(0.1)
    alarms.update(HIGH, 0.2)
    assert sounder.played == [MEDIUM, HIGH]


# ---- a burst that has begun


@pytest.mark.parametrize("priority", [HIGH, MEDIUM])
def test_a_short_alarm_that_does_not_latch_still_completes_its_burst(priority: Priority) -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    alarms.update(priority, 0.0)
    for tenth in range(1, 200):
        alarms.update(None, tenth / 10)
    assert sounder.played == [priority]
    assert sounder.stops == 0


def test_over_all_chairs_there_is_one_sound_at_a_time() -> None:
    """Whatever comes in whatever order: nothing begins before the last has ended or was cut."""
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    over_s, seen = 0.0, 0
    wishes = [None, LOW, MEDIUM, HIGH, LOW, None, MEDIUM, LOW, HIGH, None, None, LOW]
    for tenth in range(1200):
        now, stops = tenth / 10, sounder.stops
        wanted = wishes[(tenth // 7 * 5) % len(wishes)]
        alarms.update(wanted, now, is_escalated=tenth % 3 == 0)
        alarms.remind(now)
        if sounder.tones[seen:]:
            assert len(sounder.tones) == seen + 1
            assert now >= over_s or sounder.stops == stops + 1
            over_s, seen = now + RECIPES[sounder.tones[-1]].burst_s, len(sounder.tones)
    assert seen > 10


# ---- louder


def test_a_high_alarm_that_nobody_answers_gets_louder_after_the_burst_under_way() -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    for tenth in range(50):
        alarms.update(HIGH, tenth / 10, is_escalated=tenth >= 10)
    assert sounder.tones == [Tone.HIGH, Tone.HIGH_LOUD]
    assert sounder.stops == 0


def test_a_louder_alarm_repeats_after_the_same_pause() -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    for tenth in range(120):
        alarms.update(HIGH, tenth / 10, is_escalated=True)
    assert sounder.tones == [Tone.HIGH_LOUD] * 2


# ---- the voice that the station is told of


def test_the_voice_is_whose_bursts_are_heard_and_nobodys_after_the_alarm() -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    assert alarms.voice is None
    alarms.update(HIGH, 0.0)
    assert alarms.voice is HIGH
    alarms.update(MEDIUM, 1.0)
    assert alarms.voice is HIGH  # its burst is still under way, and MEDIUM comes next
    alarms.update(MEDIUM, 4.0)
    assert alarms.voice is MEDIUM
    alarms.update(None, 5.0)
    assert alarms.voice is None


def test_an_alarm_that_was_just_acknowledged_has_no_voice() -> None:
    alarms = AlarmSound(FakeSounder())
    alarms.update(HIGH, 0.0)
    alarms.hush(0.5)
    alarms.update(HIGH, 0.6)
    assert alarms.voice is None


def test_a_broken_loudspeaker_has_no_voice() -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    alarms.update(HIGH, 0.0)
    sounder.fault = "no audio output"
    assert alarms.voice is None


# ---- the reminder


def reminders(until_s: float, is_off: "list[tuple[float, float]]") -> list[float]:
    """Return when the soft tone is heard while something is off in these spans."""
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    heard = []
    for tenth in range(round(until_s * 10)):
        now = tenth / 10
        alarms.update(None, now)
        if any(begin <= now < end for begin, end in is_off):
            alarms.remind(now)
        if len(sounder.tones) > len(heard):
            heard.append(now)
    assert set(sounder.tones) <= {Tone.REMINDER}
    return heard


def test_while_a_sound_is_off_a_soft_tone_comes_every_two_minutes() -> None:
    assert reminders(400, [(0, 400)]) == [120, 240, 360]


def test_what_is_off_anew_gets_its_own_two_minutes() -> None:
    assert reminders(400, [(0, 100), (200, 400)]) == [320]


def test_the_reminder_waits_for_the_end_of_a_burst() -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    heard = {}
    for tenth in range(1260):
        now = tenth / 10
        alarms.update(HIGH if now == 118.0 else None, now)
        alarms.remind(now)
        heard.update(dict.fromkeys(set(sounder.tones) - set(heard), now))
    assert heard == {Tone.HIGH: 118.0, Tone.REMINDER: 121.4}
    assert sounder.stops == 0


def test_an_alarm_cuts_the_reminder() -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    for second in range(121):
        alarms.remind(float(second))
    assert sounder.tones == [Tone.REMINDER]
    alarms.update(LOW, 120.1)
    assert sounder.tones == [Tone.REMINDER, Tone.LOW]
    assert sounder.stops == 1
