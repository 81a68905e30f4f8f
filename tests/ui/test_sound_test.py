"""The sound test: what nobody has confirmed is a fault, and no alarm waits for a test."""

import math
from dataclasses import dataclass, field

import pytest

from monitor.alarms.priority import Priority
from tests.ui.fixtures import FakeSounder
from ui.bursts import Tone
from ui.hearing import Hearing
from ui.sound_test import ANSWER_WITHIN_S, GRACE_S, HOLDS_S
from ui.view_models.sound_test import NOT_CONFIRMED, Verdict
from ui.view_models.sounding import Wanted
from ui.volume import OutputState

SESSION = Wanted(has_session=True)


@dataclass
class Bench:
    """Hearing on a time of its own."""

    sounder: FakeSounder = field(default_factory=FakeSounder)
    state: OutputState = field(default_factory=lambda: OutputState("sink", False, 50))
    now_s: float = 1000.0
    grace_s: float = GRACE_S

    def __post_init__(self) -> None:
        self.hearing = Hearing(self.sounder, lambda: self.now_s, lambda: self.state, self.grace_s)

    def wait(self, seconds: float, wanted: Wanted = SESSION) -> None:
        for _ in range(round(seconds)):
            self.now_s += 1.0
            self.hearing.tick(wanted)

    def confirm(self, is_heard: bool = True) -> None:
        self.hearing.start_test()
        self.wait(3)
        self.hearing.answer(is_heard)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_sound_that_was_heard_is_no_fault(bench: Bench) -> None:
    bench.wait(1)
    bench.confirm()
    assert bench.sounder.tones == [Tone.MEDIUM]
    assert (bench.hearing.fault, bench.hearing.alarm) == ("", "")
    assert bench.hearing.take_ended() == [Verdict.HEARD]
    assert bench.hearing.take_ended() == []
    bench.wait(GRACE_S + 1)
    assert bench.hearing.alarm == ""


def test_a_sound_that_was_not_heard_is_an_alarm_at_once(bench: Bench) -> None:
    bench.confirm(is_heard=False)
    assert bench.hearing.alarm.startswith(NOT_CONFIRMED)
    assert bench.hearing.take_ended() == [Verdict.NOT_HEARD]
    bench.confirm()
    assert bench.hearing.alarm == ""


def test_a_test_without_an_answer_is_an_alarm_even_after_one_that_was_heard(bench: Bench) -> None:
    bench.confirm()
    bench.hearing.start_test()
    bench.wait(ANSWER_WITHIN_S - 1)
    assert bench.hearing.strip is not None
    assert bench.hearing.alarm == ""
    bench.wait(1)
    assert bench.hearing.strip is None
    assert "nobody answered" in bench.hearing.alarm
    assert bench.hearing.take_ended() == [Verdict.HEARD, Verdict.NO_ANSWER]


def test_an_untested_sound_is_shown_at_once_and_an_alarm_once_a_session_had_time_to_test(
    bench: Bench,
) -> None:
    bench.wait(1000, Wanted())
    assert bench.hearing.fault.startswith(NOT_CONFIRMED)
    assert bench.hearing.alarm == ""
    bench.wait(1 + GRACE_S - 1)
    assert bench.hearing.alarm == ""
    bench.wait(1)
    assert bench.hearing.alarm.startswith(NOT_CONFIRMED)


def test_another_session_later_has_its_own_time(bench: Bench) -> None:
    bench.wait(GRACE_S)
    bench.wait(1, Wanted())
    bench.wait(GRACE_S)
    assert bench.hearing.alarm == ""


def test_an_answer_holds_for_a_working_day(bench: Bench) -> None:
    bench.confirm()
    bench.now_s += HOLDS_S
    bench.wait(0)
    assert bench.hearing.fault == ""
    bench.wait(1)
    assert bench.hearing.fault.startswith(NOT_CONFIRMED)


def test_at_a_new_session_an_old_answer_is_asked_for_and_alarms_only_after_two_minutes(
    bench: Bench,
) -> None:
    bench.confirm()
    bench.wait(1, Wanted())
    bench.now_s += HOLDS_S
    bench.wait(GRACE_S)
    assert bench.hearing.fault.startswith(NOT_CONFIRMED)
    assert bench.hearing.alarm == ""
    bench.wait(1)
    assert bench.hearing.alarm.startswith(NOT_CONFIRMED)
    bench.confirm()
    assert (bench.hearing.fault, bench.hearing.alarm) == ("", "")


def test_at_a_new_session_on_another_output_it_is_asked_and_alarms_only_after_two_minutes(
    bench: Bench,
) -> None:
    bench.confirm()
    bench.wait(1, Wanted())
    bench.sounder.output = "headphones"
    bench.wait(GRACE_S)
    assert "output has changed" in bench.hearing.fault
    assert bench.hearing.alarm == ""
    bench.wait(1)
    assert "output has changed" in bench.hearing.alarm


def test_an_output_that_changes_after_the_answer_of_this_session_is_an_alarm_at_once(
    bench: Bench,
) -> None:
    bench.wait(1)
    bench.sounder.output = "headphones"
    bench.wait(1)
    assert bench.hearing.alarm == ""  # nobody has heard the other one either
    bench.confirm()
    bench.sounder.output = "speaker"
    assert "output has changed" in bench.hearing.alarm


def test_a_demonstration_shows_an_untested_sound_and_never_alarms_for_it() -> None:
    shown = Bench(grace_s=math.inf)
    shown.wait(10 * GRACE_S)
    assert shown.hearing.fault.startswith(NOT_CONFIRMED)
    assert shown.hearing.alarm == ""
    shown.sounder.fault = "no audio output"
    assert shown.hearing.alarm == "no audio output"


@pytest.mark.parametrize("who", ["qt", "system"])
def test_another_output_must_be_tested_again(bench: Bench, who: str) -> None:
    bench.confirm()
    if who == "qt":
        bench.sounder.output = "headphones"
    else:
        bench.state = OutputState("hdmi", is_muted=False, percent=50)
    assert "output has changed" in bench.hearing.alarm
    bench.confirm()
    assert bench.hearing.alarm == ""


def test_an_output_whose_name_is_not_known_is_not_called_another_one(bench: Bench) -> None:
    bench.confirm()
    bench.state = OutputState()
    assert bench.hearing.alarm == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (OutputState("sink", is_muted=True, percent=50), "muted"),
        (OutputState("sink", is_muted=False, percent=0), "0 %"),
    ],
)
def test_a_computer_that_swallows_the_sound_is_an_alarm_whatever_was_heard_before(
    bench: Bench, state: OutputState, words: str
) -> None:
    bench.confirm()
    bench.wait(1, Wanted(Priority.HIGH, has_session=True))
    assert bench.hearing.voice is Priority.HIGH
    bench.state = state
    assert words in bench.hearing.alarm
    assert bench.hearing.voice is None


# ---- alarms win


def test_an_alarm_that_begins_during_the_test_is_heard_at_once_and_ends_it(bench: Bench) -> None:
    bench.hearing.start_test()
    bench.now_s += 0.1
    bench.hearing.tick(Wanted(Priority.LOW, has_session=True))
    assert bench.sounder.tones == [Tone.MEDIUM, Tone.LOW]
    assert bench.sounder.stops == 1
    assert bench.hearing.strip is None
    assert bench.hearing.take_ended() == [Verdict.INTERRUPTED]


def test_an_interrupted_test_changes_nothing_that_was_known(bench: Bench) -> None:
    bench.confirm()
    bench.hearing.start_test()
    bench.wait(1, Wanted(Priority.HIGH, has_session=True))
    assert bench.hearing.alarm == ""
    bench.hearing.answer(False)  # too late: nothing is asked any more
    assert bench.hearing.alarm == ""


def test_while_an_alarm_sounds_its_own_burst_is_the_test(bench: Bench) -> None:
    """Or nobody could ever confirm the sound while "sound was not confirmed" itself sounds."""
    loud = Wanted(Priority.MEDIUM, has_session=True)
    bench.wait(5, loud)
    bench.hearing.start_test()
    assert bench.sounder.tones == [Tone.MEDIUM] * 2
    bench.wait(3, loud)
    strip = bench.hearing.strip
    assert strip is not None
    assert "the alarm" in strip.question
    bench.hearing.answer(True)
    assert bench.hearing.alarm == ""


def test_a_worse_alarm_ends_a_test_beside_a_lesser_one(bench: Bench) -> None:
    bench.wait(5, Wanted(Priority.LOW, has_session=True))
    bench.hearing.start_test()
    bench.wait(1, Wanted(Priority.HIGH, has_session=True))
    assert bench.sounder.tones[-1] is Tone.HIGH
    assert bench.hearing.take_ended() == [Verdict.INTERRUPTED]


def test_an_answer_that_nobody_asked_for_is_none(bench: Bench) -> None:
    bench.hearing.answer(True)
    assert bench.hearing.take_ended() == []
    assert bench.hearing.fault.startswith(NOT_CONFIRMED)


def test_while_something_is_off_the_reminder_sounds(bench: Bench) -> None:
    bench.wait(130, Wanted(is_reminding=True, has_session=True))
    assert bench.sounder.tones == [Tone.REMINDER]
