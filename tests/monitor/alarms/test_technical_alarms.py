"""TECH-3 and TECH-9 told as stories: a device that falls silent, a sound that cannot be made.

Knows the shipped profile and the board. Silence > 5 s LOW, > 15 s MEDIUM; 3 valid frames end it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from monitor.alarms.board import AlarmBoard
from monitor.alarms.own_rules import with_own_rules
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.snapshot import AlarmState
from monitor.vitals import Vital
from tests.monitor.alarms.profiles import only

if TYPE_CHECKING:
    from conftest import Chair

SILENT, SOUND = "TECH-3", "TECH-9"
LOW_ON, MEDIUM_ON = "low: quiet to sounding", "medium: quiet to sounding"
LOW_OFF, MEDIUM_OFF = "low: sounding to quiet", "medium: sounding to quiet"
WORSE = [LOW_ON, LOW_OFF, MEDIUM_ON]
"""The worse tier takes the place of the milder one."""


def test_a_device_that_never_says_anything_alarms_by_ticks_alone(chair: "Chair") -> None:
    chair.tick(0, 1, 4.9, 5)
    assert chair.changes(SILENT) == []
    chair.tick(5.01)
    assert chair.changes(SILENT) == [LOW_ON]
    chair.tick(15)
    assert chair.changes(SILENT) == [LOW_ON]
    chair.tick(15.01)
    assert chair.changes(SILENT) == WORSE
    assert chair.last(SILENT).text == "No data from the monitor"


def test_silence_counts_from_the_last_valid_frame(chair: "Chair") -> None:
    chair.frame(*range(100))
    chair.tick(104)
    assert chair.changes(SILENT) == []
    chair.tick(104.01)
    assert chair.changes(SILENT) == [LOW_ON]


def test_one_late_tick_announces_the_worse_tier_alone(chair: "Chair") -> None:
    chair.frame(0)
    chair.tick(600)
    assert chair.changes(SILENT) == [MEDIUM_ON]


def test_only_the_worst_tier_is_shown(chair: "Chair") -> None:
    chair.tick(6)
    assert chair.view(SILENT).priority is Priority.LOW
    chair.tick(16)
    shown = [view.priority for view in chair.board.views() if view.rule == SILENT]
    assert shown == [Priority.MEDIUM]


def test_the_third_valid_frame_ends_it(chair: "Chair") -> None:
    chair.tick(6, 16)
    chair.frame(20, 20.5)
    assert chair.state(SILENT) == "sounding"
    chair.frame(21)
    assert chair.changes(SILENT) == [*WORSE, MEDIUM_OFF]
    assert chair.last(SILENT).text == "Data from the monitor again"


def test_a_new_silence_between_the_frames_begins_their_count_anew(chair: "Chair") -> None:
    chair.tick(6)
    chair.frame(7, 8)
    chair.tick(14)
    chair.frame(15, 16)
    assert chair.state(SILENT) == "sounding"
    chair.frame(17)
    assert chair.state(SILENT) == "nothing"


def test_acknowledged_as_low_it_sounds_anew_when_it_becomes_medium(chair: "Chair") -> None:
    chair.tick(6)
    chair.acknowledge(7)
    assert (chair.state(SILENT), chair.view(SILENT).until_s) == ("acknowledged", 607)
    chair.tick(16)
    view = chair.view(SILENT)
    assert (view.state, view.priority) == (AlarmState.SOUNDING, Priority.MEDIUM)


def test_acknowledging_the_worse_tier_covers_the_milder_one_behind_it(chair: "Chair") -> None:
    chair.tick(6, 16)
    chair.acknowledge(20)
    assert chair.changes(SILENT) == [*WORSE, "medium: sounding to acknowledged"]
    chair.tick(320)
    assert chair.view(SILENT).state is AlarmState.SOUNDING


def test_a_restart_neither_ends_the_silence_nor_invents_one(
    open_chair: Callable[[float], "Chair"],
) -> None:
    chair = open_chair(3000)
    chair.tick(3000, 3005)
    assert chair.changes(SILENT) == []
    chair.board.restore(SILENT, Priority.LOW, AlarmState.SOUNDING, 2900, None, None)
    chair.frame(3006, 3007)
    assert chair.state(SILENT) == "sounding"
    chair.frame(3008)
    assert chair.changes(SILENT) == [LOW_OFF]


def test_a_sound_that_cannot_be_made_is_an_alarm_at_once(chair: "Chair") -> None:
    chair.tick(0)
    chair.fault(1, "no audio device")
    assert chair.changes(SOUND) == [MEDIUM_ON]
    assert chair.last(SOUND).text == "Alarm sound: no audio device"
    chair.fault(2, "volume is zero")
    assert chair.view(SOUND).text == "Alarm sound: volume is zero"
    chair.fault(3, "")
    assert chair.changes(SOUND) == [MEDIUM_ON, MEDIUM_OFF]
    assert chair.last(SOUND).text == "Alarm sound: well again"


def test_sound_of_which_nothing_was_heard_yet_neither_starts_nor_ends(chair: "Chair") -> None:
    chair.tick(0, 4)
    assert chair.changes(SOUND) == []
    chair.board.restore(SOUND, Priority.MEDIUM, AlarmState.SOUNDING, 0, None, None)
    chair.tick(4.5)
    assert chair.view(SOUND).text == "Alarm sound (not heard of yet)"
    chair.fault(5, "")
    assert chair.state(SOUND) == "nothing"


@pytest.mark.parametrize("rule", ["", SOUND])
def test_the_sound_alarm_is_acknowledged_like_any_other(chair: "Chair", rule: str) -> None:
    chair.fault(1, "no audio device")
    chair.acknowledge(2, rule)
    assert chair.view(SOUND).until_s == 302


# ---- the program's own rules, whatever the profile says


@pytest.mark.parametrize(
    ("rule", "fault", "priority", "after_s"),
    [
        ("TECH-10", "waiting", Priority.MEDIUM, 120),
        ("TECH-11", "record", Priority.HIGH, 0),
        ("TECH-12", "chair", Priority.HIGH, 0),
        ("TECH-13", "profile", Priority.MEDIUM, 0),
    ],
)
def test_the_programs_own_alarms_sound_in_time_beside_any_profile(
    profile: Profile, rule: str, fault: str, priority: Priority, after_s: float
) -> None:
    board = AlarmBoard(with_own_rules(only(profile, "HR-H1")))
    board.fault(fault, "something is wrong")
    for t in [t for t in (0, after_s - 0.25) if 0 <= t < after_s]:
        board.tick(t)
        assert board.views() == ()
    board.tick(after_s)
    (view,) = board.views()
    assert (view.rule, view.priority) == (rule, priority)
    board.fault(fault, "")
    board.tick(after_s + 1)
    assert board.views() == ()


def test_a_rule_of_the_profile_is_not_there_twice(profile: Profile) -> None:
    once = with_own_rules(profile)
    assert with_own_rules(once) == once
    assert once.rules[: len(profile.rules)] == profile.rules


# ---- what was never measured is not missed


@pytest.mark.parametrize("rule", ["TECH-2", "TECH-7"])
def test_a_vital_that_was_never_measured_in_the_session_is_not_missed(
    chair: "Chair", rule: str
) -> None:
    """A probe that nobody has put on yet."""
    for t in range(40):
        chair.board.value(Vital.SPO2, t, None)
        chair.tick(t)
    chair.tick(*range(40, 120))
    assert chair.changes(rule) == []
    chair.board.value(Vital.SPO2, 120, 98)
    for t in range(121, 160):
        if rule == "TECH-7":
            chair.board.value(Vital.SPO2, t, None)
        chair.frame(t)
    assert chair.state(rule) == "sounding"


def test_who_answers_a_lost_link_has_not_answered_a_value_that_stays_away_afterwards(
    chair: "Chair",
) -> None:
    for t in range(30):
        chair.board.value(Vital.SPO2, t, 97.0)
        chair.frame(t)
    for t in range(30, 60):
        chair.tick(t)
    chair.acknowledge(60)
    assert chair.state("TECH-3") == "acknowledged"
    for t in range(61, 75):  # the link is back, the oximeter is not
        chair.frame(t)
    assert chair.state("TECH-3") == "nothing"
    assert chair.state("TECH-2") == "sounding"


def test_one_good_value_before_the_oximeter_falls_silent_ends_no_alarm(chair: "Chair") -> None:
    for t in range(20):
        chair.board.value(Vital.SPO2, t, 80.0)
        chair.frame(t)
    chair.board.value(Vital.SPO2, 20, 97.0)
    for t in range(20, 40):
        chair.frame(t)
    assert chair.state("O2-2") == "sounding"


def test_a_fall_that_ends_is_not_called_unconfirmed(chair: "Chair") -> None:
    chair.cuff(60, 75, 40)
    chair.cuff(120, 110, 70)
    assert "confirmed" not in chair.last("BP-L2").text
