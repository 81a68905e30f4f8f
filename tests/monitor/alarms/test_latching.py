"""What stays of an alarm that is over: nothing, the picture, or picture and sound.

Knows the board and its views. Source: clinical brief 1.5 and the column "Latch" of section 4.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.alarms.rules import Latch
from monitor.errors import OperatorError
from monitor.snapshot import AlarmState
from tests.monitor.alarms.profiles import only

if TYPE_CHECKING:
    from conftest import Chair


def silences(profile: Profile, latch: Latch) -> AlarmBoard:
    """Return a board with one rule of two tiers, LOW after 5 s and MEDIUM after 15 s."""
    rules = tuple(replace(rule, latch=latch) for rule in profile.rules if rule.id == "TECH-3")
    return AlarmBoard(replace(profile, rules=rules))


def frames(board: AlarmBoard, *times: float) -> None:
    for t in times:
        board.frame(t)
        board.tick(t)


def shown(board: AlarmBoard) -> list[tuple[Priority, AlarmState, bool]]:
    return [(view.priority, view.state, view.is_heard) for view in board.views()]


@pytest.mark.parametrize(
    ("latch", "stays"),
    [
        (Latch.NO, []),
        (Latch.VISUAL, [(Priority.MEDIUM, AlarmState.UNSEEN, False)]),
        (Latch.YES, [(Priority.MEDIUM, AlarmState.UNSEEN, True)]),
    ],
)
def test_an_alarm_that_ends_unseen_leaves_what_its_rule_latches(
    profile: Profile, latch: Latch, stays: list[tuple[Priority, AlarmState, bool]]
) -> None:
    board = silences(profile, latch)
    board.tick(16)
    assert shown(board) == [(Priority.MEDIUM, AlarmState.SOUNDING, True)]
    frames(board, 17, 18, 19)
    assert shown(board) == stays
    board.acknowledge(20)
    assert board.views() == ()


@pytest.mark.parametrize("latch", Latch)
def test_what_was_acknowledged_is_neither_seen_nor_heard_when_it_ends(
    profile: Profile, latch: Latch
) -> None:
    board = silences(profile, latch)
    board.tick(16)
    board.acknowledge(16.5)
    assert [is_heard for _, _, is_heard in shown(board)] == [False]
    frames(board, 17, 18, 19)
    assert board.views() == ()


def test_a_worse_tier_that_sounds_on_is_not_hidden_by_a_milder_one_that_goes_on(
    profile: Profile,
) -> None:
    board = silences(profile, Latch.YES)
    board.tick(16)
    frames(board, 17, 18, 19)
    board.tick(25)
    over, goes_on = shown(board)
    assert over == (Priority.MEDIUM, AlarmState.UNSEEN, True)
    assert goes_on == (Priority.LOW, AlarmState.SOUNDING, True), "what is over covers nothing"
    board.acknowledge(26)
    assert shown(board) == [(Priority.LOW, AlarmState.ACKNOWLEDGED, False)]


def test_by_the_shipped_profile_pressure_sounds_on_and_pulse_only_shows(chair: "Chair") -> None:
    chair.cuff(0, 184, 101)
    chair.cuff(60, 150, 92)
    chair.pulses(60, 75, 131)
    chair.pulses(76, 90, 100)
    heard = {view.rule: (view.state, view.is_heard) for view in chair.board.views()}
    assert heard["BP-H2"] == (AlarmState.UNSEEN, True)
    assert heard["HR-H1"] == (AlarmState.UNSEEN, False)


def test_what_sounds_on_leads_by_its_priority_and_stands_below_what_goes_on(
    chair: "Chair",
) -> None:
    chair.cuff(0, 184, 101)
    chair.cuff(60, 150, 92)
    chair.frame(*range(60, 64))
    chair.fault(64, "no audio device")
    assert [view.rule for view in chair.board.views()] == ["BP-H2", "TECH-9", "BP-D"]
    chair.acknowledge(65, "BP-H2")
    shown = [view.rule for view in chair.board.views()]
    assert shown == ["TECH-9", "BP-D"], "BP-H1 ended behind BP-H2 and was seen with it"


def test_a_restart_does_not_silence_what_sounds_on(profile: Profile) -> None:
    board = AlarmBoard(only(profile, "BP-H2"), opened_s=500)
    board.restore("BP-H2", Priority.HIGH, AlarmState.UNSEEN, 300, None, 400)
    board.tick(500)
    assert shown(board) == [(Priority.HIGH, AlarmState.UNSEEN, True)]


# ---- which occurrence was seen


def test_an_occurrence_that_began_later_is_not_acknowledged_unseen(chair: "Chair") -> None:
    chair.cuff(0, 184, 101)
    chair.cuff(60, 150, 92)
    on_the_screen = chair.view("BP-H2").since_s
    chair.cuff(120, 190, 105)
    with pytest.raises(OperatorError, match="BP-H2 that began meanwhile is not acknowledged"):
        chair.board.acknowledge(121, "BP-H2", on_the_screen)
    assert chair.state("BP-H2") == "sounding"
    chair.log += chair.board.acknowledge(122, "BP-H2", chair.view("BP-H2").since_s)
    assert chair.state("BP-H2") == "acknowledged"


def test_a_worse_tier_that_began_later_is_not_acknowledged_unseen(chair: "Chair") -> None:
    chair.tick(6)
    on_the_screen = chair.view("TECH-3").since_s
    chair.tick(16)
    with pytest.raises(OperatorError, match="TECH-3"):
        chair.board.acknowledge(16.5, "TECH-3", on_the_screen)
    assert chair.view("TECH-3").state is AlarmState.SOUNDING


def test_one_occurrence_stays_the_same_through_its_end_and_its_sounding_again(
    chair: "Chair",
) -> None:
    chair.cuff(0, 184, 101)
    seen_at = chair.view("BP-H2").since_s
    chair.cuff(60, 150, 92)
    chair.log += chair.board.acknowledge(61, "BP-H2", seen_at)
    assert chair.state("BP-H2") == "nothing"
    assert chair.board.acknowledge(62, "BP-H2", seen_at) == (), "over meanwhile: nothing to refuse"
