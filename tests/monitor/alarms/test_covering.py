"""Of a group of rules the worst raised alarm alone is announced; it stands for what it covers.

Knows the board, the shipped profile and the groups of its rows.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.errors import OperatorError
from monitor.snapshot import AlarmOffView, AlarmState
from monitor.vitals import Vital
from tests.monitor.alarms.profiles import only

if TYPE_CHECKING:
    from conftest import Chair


def shown(chair: "Chair", *families: str) -> list[str]:
    return [
        f"{view.rule} {view.priority.word} {view.state}"
        for view in chair.board.views()
        if view.rule.startswith(families or ("BP",))
    ]


def switch_off(chair: "Chair", t: float, rule: str) -> None:
    chair.board.silence.switch_off(AlarmOffView(rule, "", t, "Dr. Weber", "known"))
    chair.tick(t)


# ---- worse covers


def test_one_inflation_is_one_announcement_the_worst_of_its_rows(chair: "Chair") -> None:
    chair.cuff(60, 205, 121)
    told = [(c.rule, c.new) for c in chair.log if c.rule.startswith("BP")]
    assert told == [("BP-H3", AlarmState.SOUNDING)]


def test_a_worse_alarm_takes_the_place_of_a_milder_one(chair: "Chair") -> None:
    chair.cuff(60, 165, 90)
    assert shown(chair) == ["BP-H1 low sounding"]
    chair.cuff(120, 184, 95)
    assert shown(chair) == ["BP-H2 high sounding"]
    assert chair.changes("BP-H1") == ["low: quiet to sounding", "low: sounding to quiet"]


def test_a_worse_tier_is_announced_anew_though_the_milder_one_is_acknowledged(
    chair: "Chair",
) -> None:
    chair.cuff(60, 165, 90)
    chair.acknowledge(70)
    chair.cuff(120, 166, 90)
    assert shown(chair) == ["BP-H1 medium sounding"]
    chair.acknowledge(130)
    chair.cuff(420, 181, 90)
    assert shown(chair) == ["BP-H2 high sounding"]
    chair.acknowledge(430)
    chair.cuff(720, 201, 90)
    assert shown(chair) == ["BP-H3 high sounding"], "the same priority, but worse"


def test_of_two_alarms_of_one_priority_the_first_of_the_profile_is_announced(
    chair: "Chair",
) -> None:
    chair.cuff(60, 165, 45)
    assert shown(chair) == ["BP-H1 low sounding"]


def test_alarms_of_different_groups_do_not_cover_each_other(chair: "Chair") -> None:
    chair.cuff(0, 184, 101)
    chair.pulses(0, 15, 131)
    chair.fault(16, "no audio device")
    assert shown(chair, "BP", "HR", "TECH-9") == [
        "BP-H2 high sounding",
        "HR-H1 medium sounding",
        "TECH-9 medium sounding",
    ]


def test_a_covered_delay_leaves_no_row(chair: "Chair") -> None:
    chair.pulses(0, 12, 150)
    assert chair.changes("HR-H2") == ["high: quiet to pending", "high: pending to sounding"]
    assert chair.changes("HR-H1") == ["medium: quiet to pending", "medium: pending to quiet"]
    chair.pulses(13, 30, 150)
    assert len(chair.changes("HR-H1")) == 2


# ---- what becomes of the covered when its cover ends


def test_when_the_cover_ends_the_covered_comes_out_as_it_is_then(chair: "Chair") -> None:
    chair.pulses(0, 30, 150)
    chair.pulses(31, 41, 130)
    assert shown(chair, "HR") == ["HR-H2 high unseen", "HR-H1 medium sounding"]
    assert chair.last("HR-H1").since_s == 0, "it goes on since its own beginning"
    assert chair.last("HR-H1").text == "Pulse 130 above 120"


def test_what_ended_behind_its_cover_does_not_come_out(chair: "Chair") -> None:
    chair.cuff(60, 184, 95)
    chair.acknowledge(61)
    chair.cuff(100, 140, 80)
    assert shown(chair, "BP-H") == []


def test_an_alarm_that_is_over_but_unseen_covers_nothing_that_goes_on(chair: "Chair") -> None:
    chair.cuff(60, 184, 95)
    chair.cuff(120, 168, 95)
    assert shown(chair, "BP-H") == ["BP-H2 high unseen", "BP-H1 medium sounding"]
    assert chair.view("BP-H2").is_heard, "it is latched"
    assert chair.view("BP-H1").is_heard


def test_an_alarm_that_is_over_and_unseen_stands_for_milder_ones_that_are_too(
    chair: "Chair",
) -> None:
    chair.cuff(60, 184, 95)
    chair.cuff(120, 140, 80)
    assert shown(chair, "BP-H") == ["BP-H2 high unseen"]
    chair.acknowledge(130, "BP-H2")
    assert shown(chair, "BP-H") == [], "whoever saw the worst has seen them all"


# ---- acknowledging


def test_who_acknowledges_the_worst_acknowledges_what_it_covers(chair: "Chair") -> None:
    chair.pulses(0, 30, 150)
    chair.acknowledge(31)
    chair.pulses(31, 41, 130)
    assert shown(chair, "HR") == ["HR-H1 medium acknowledged"]
    assert chair.view("HR-H1").until_s == 31 + 300, "for as long as its own priority"


def test_what_begins_behind_an_acknowledged_cover_is_acknowledged_with_it(chair: "Chair") -> None:
    chair.pulses(0, 11, 150)
    chair.acknowledge(11)
    chair.pulses(12, 16, 150)
    chair.pulses(17, 27, 130)
    assert shown(chair, "HR") == ["HR-H1 medium acknowledged"]
    assert chair.view("HR-H1").until_s == 15 + 300, "since it would have sounded"


def test_a_cover_that_sounds_again_has_not_answered_for_what_began_since(chair: "Chair") -> None:
    chair.pulses(0, 11, 150)
    chair.acknowledge(11)
    chair.pulses(12, 131, 150)
    assert shown(chair, "HR") == ["HR-H2 high sounding"], "two minutes are over"
    chair.pulses(132, 142, 130)
    assert "HR-H1 medium acknowledged" in shown(chair, "HR")


def test_the_occurrence_that_is_meant_is_acknowledged_and_the_other_of_its_rule_is_not(
    profile: Profile, make_chair: Callable[[Profile], "Chair"]
) -> None:
    """The confirmed one is over, the first reading of another excess sounds: both are shown."""
    chair = make_chair(only(profile, "BP-H1"))
    for t, systolic in ((0, 165), (60, 165), (120, 140), (420, 166)):
        chair.cuff(t, systolic, 80)
    assert shown(chair) == ["BP-H1 low sounding", "BP-H1 medium unseen"]
    low, medium = chair.board.views()
    chair.log += chair.board.acknowledge(430, "BP-H1", low.since_s)
    assert shown(chair) == ["BP-H1 low acknowledged", "BP-H1 medium unseen"]
    chair.log += chair.board.acknowledge(431, "BP-H1", medium.since_s)
    assert shown(chair) == ["BP-H1 low acknowledged"]
    with pytest.raises(OperatorError, match="BP-H1 that began meanwhile is not acknowledged"):
        chair.board.acknowledge(432, "BP-H1", medium.since_s)


@pytest.fixture
def make_chair(chair: "Chair") -> Callable[[Profile], "Chair"]:
    return type(chair)


# ---- too high, then too low


def test_a_fall_is_not_hidden_by_the_crisis_before_it(chair: "Chair") -> None:
    """After more than 3 min one calm reading does not end BP-H2; 75 is no calm."""
    chair.cuff(60, 184, 95)
    chair.cuff(360, 75, 40)
    assert shown(chair, "BP-H2", "BP-L") == ["BP-H2 high sounding", "BP-L2 high sounding"]


def test_who_acknowledged_the_crisis_has_not_acknowledged_the_fall(chair: "Chair") -> None:
    chair.cuff(60, 184, 95)
    chair.acknowledge(280)
    chair.cuff(360, 75, 40)
    assert shown(chair, "BP-L", "BP-H") == ["BP-L2 high sounding", "BP-H2 high acknowledged"]


@pytest.mark.parametrize("systolic", [85, 89])
def test_a_mild_fall_is_not_hidden_by_the_crisis_before_it_either(
    chair: "Chair", systolic: float
) -> None:
    chair.cuff(60, 184, 95)
    chair.acknowledge(70)
    chair.cuff(360, systolic, 55)
    assert shown(chair, "BP-L") == ["BP-L1 low sounding"]


def test_a_fall_that_ended_unseen_is_not_hidden_by_a_crisis_that_did(chair: "Chair") -> None:
    chair.cuff(60, 184, 95)
    chair.cuff(360, 75, 40)
    chair.cuff(420, 120, 70)
    assert shown(chair, "BP-H", "BP-L2") == ["BP-H2 high unseen", "BP-L2 high unseen"]
    chair.acknowledge(430, "BP-H2")
    assert shown(chair, "BP-L2") == ["BP-L2 high unseen"]


def test_a_pulse_too_low_is_not_hidden_by_one_too_high_of_which_nothing_is_known(
    chair: "Chair",
) -> None:
    chair.pulses(0, 20, 150)
    chair.acknowledge(20)
    for t in range(21, 40, 3):  # every third value only: the calm of 10 s never counts through
        chair.pulse(t, 30)
        chair.pulse(t + 1, None)
        chair.tick(t + 2)
    assert "HR-L2 high sounding" in shown(chair, "HR")


def test_systolic_too_high_and_diastolic_too_low_at_once_are_one_condition(
    chair: "Chair",
) -> None:
    chair.cuff(60, 165, 45)
    chair.cuff(120, 165, 45)
    assert shown(chair) == ["BP-H1 medium sounding"]


# ---- what the record says of a covered alarm


def test_a_covered_alarm_goes_quiet_with_its_onset_for_it_goes_on(chair: "Chair") -> None:
    chair.cuff(60, 165, 95)
    chair.cuff(120, 184, 95)
    low = next(c for c in chair.log if c.rule == "BP-H1" and c.new is AlarmState.QUIET)
    assert (low.priority, low.since_s) == (Priority.LOW, 60)


def test_an_acknowledged_alarm_goes_quiet_with_its_onset_as_well(chair: "Chair") -> None:
    chair.cuff(60, 165, 95)
    chair.acknowledge(61)
    chair.cuff(120, 184, 95)
    assert chair.last("BP-H1").since_s == 60


def test_an_alarm_that_is_off_goes_quiet_with_its_onset(chair: "Chair") -> None:
    chair.cuff(60, 184, 95)
    switch_off(chair, 70, "BP-H2")
    assert (chair.last("BP-H2").new, chair.last("BP-H2").since_s) == (AlarmState.QUIET, 60)


def test_an_alarm_that_is_over_goes_quiet_without_an_onset(chair: "Chair") -> None:
    chair.cuff(60, 165, 95)
    chair.cuff(120, 150, 95)
    assert (chair.last("BP-H1").new, chair.last("BP-H1").since_s) == (AlarmState.UNSEEN, 60)
    chair.acknowledge(130)
    assert (chair.last("BP-H1").new, chair.last("BP-H1").since_s) == (AlarmState.QUIET, None)
    assert chair.last("BP-H1").text == "Systolic 165 above 160", "it is what was seen"


def test_an_alarm_that_nobody_has_seen_keeps_its_onset_behind_a_worse_one(chair: "Chair") -> None:
    chair.cuff(60, 165, 95)
    chair.cuff(120, 150, 95)
    chair.cuff(180, 70, 45)
    assert (chair.last("BP-H1").old, chair.last("BP-H1").new) == ("unseen", "quiet")
    assert chair.last("BP-H1").since_s == 60


def test_an_alarm_that_ends_behind_a_worse_one_that_is_over_is_over(chair: "Chair") -> None:
    chair.pulses(0, 30, 145)
    chair.pulses(31, 50, 125)
    assert set(shown(chair, "HR")) == {"HR-H1 medium sounding", "HR-H2 high unseen"}
    chair.pulses(51, 70, 110)
    assert (chair.last("HR-H1").old, chair.last("HR-H1").new) == ("sounding", "quiet")
    assert (chair.last("HR-H1").since_s, chair.last("HR-H1").text) == (None, "Pulse 110 again")


# ---- ALARM OFF


def test_an_alarm_that_is_off_is_not_announced_and_covers_nothing(chair: "Chair") -> None:
    switch_off(chair, 0, "BP-H2")
    chair.cuff(60, 184, 95)
    assert shown(chair, "BP-H") == ["BP-H1 low sounding"]
    assert chair.changes("BP-H2") == []
    chair.cuff(360, 205, 95)
    assert shown(chair, "BP-H") == ["BP-H3 high sounding"]


def test_switching_off_an_alarm_that_sounds_brings_out_what_it_covered(chair: "Chair") -> None:
    chair.cuff(60, 184, 95)
    switch_off(chair, 70, "BP-H2")
    assert chair.changes("BP-H2") == ["high: quiet to sounding", "high: sounding to quiet"]
    assert shown(chair, "BP-H") == ["BP-H1 low sounding"]


def test_an_alarm_that_is_off_answers_for_nothing_that_it_covered(chair: "Chair") -> None:
    chair.cuff(60, 184, 95)
    chair.acknowledge(61)
    switch_off(chair, 70, "BP-H2")
    chair.cuff(80, 186, 95)
    assert shown(chair, "BP-H") == ["BP-H1 medium sounding"]


def test_an_alarm_that_is_on_again_is_announced_as_it_is(chair: "Chair") -> None:
    switch_off(chair, 0, "BP-H2")
    chair.cuff(60, 184, 95)
    chair.board.silence.switch_on("BP-H2")
    chair.tick(70)
    assert shown(chair, "BP-H") == ["BP-H2 high sounding"]
    assert chair.last("BP-H2").since_s == 60


# ---- a restart


@pytest.mark.parametrize("state", [AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED])
def test_after_a_restart_what_was_covered_is_there_when_its_cover_ends(
    open_chair: Callable[[float], "Chair"], state: AlarmState
) -> None:
    """There is no row of it: it must be known from the worse one, and then end by itself."""
    chair = open_chair(100)
    chair.board.restore("HR-H2", Priority.HIGH, state, 20, 5000, None)
    chair.tick(100)
    assert [view.rule for view in chair.board.views() if view.rule[:2] == "HR"] == ["HR-H2"]
    chair.pulses(101, 111, 118)
    word = "sounding" if state is AlarmState.SOUNDING else "acknowledged"
    assert f"HR-H1 medium {word}" in shown(chair, "HR")
    chair.pulses(112, 122, 100)
    assert shown(chair, "HR-H1") in ([], ["HR-H1 medium unseen"])


def test_a_restart_invents_only_what_the_worse_one_implies(profile: Profile) -> None:
    board = AlarmBoard(profile, 100)
    board.evidence.baseline = {Vital.PULSE_RATE: 130.0}
    board.restore("HR-H2", Priority.HIGH, AlarmState.SOUNDING, 20, None, None)
    board.silence.switch_off(AlarmOffView("HR-H2", "", 100, "", ""))
    board.tick(100)
    assert [view.rule for view in board.views() if view.rule[:2] == "HR"] == ["HR-H1"]
    board.silence.switch_off(AlarmOffView("HR-H1", "", 100, "", ""))
    board.tick(101)
    assert [view.rule for view in board.views() if view.rule[:2] == "HR"] == [], (
        "150 is not 30 above a baseline of 130, and not low"
    )


def test_a_restart_invents_nothing_behind_an_alarm_that_is_over(profile: Profile) -> None:
    board = AlarmBoard(profile, 100)
    board.restore("HR-H2", Priority.HIGH, AlarmState.UNSEEN, 20, None, 90)
    board.tick(100)
    assert [view.rule for view in board.views() if view.rule[:2] == "HR"] == ["HR-H2"]


def test_a_restart_keeps_what_is_known_of_the_covered(profile: Profile) -> None:
    board = AlarmBoard(profile, 100)
    board.restore("O2-1", Priority.MEDIUM, AlarmState.UNSEEN, 20, None, 60)
    board.restore("O2-2", Priority.HIGH, AlarmState.SOUNDING, 80, None, None)
    board.tick(100)
    board.acknowledge(101)
    assert [view.rule for view in board.views() if view.rule[:2] == "O2"] == ["O2-2"]
