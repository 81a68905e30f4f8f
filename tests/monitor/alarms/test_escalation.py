"""A HIGH that nobody answers grows louder: after a minute, BP-H3 after half a minute.

Knows the board and the shipped profile.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from monitor.alarms.priority import Priority
from monitor.snapshot import AlarmState

if TYPE_CHECKING:
    from conftest import Chair


def escalated(chair: "Chair", t: float) -> set[str]:
    chair.tick(t)
    return {view.rule for view in chair.board.views() if view.is_escalated}


@pytest.mark.parametrize(("systolic", "rule", "after_s"), [(184, "BP-H2", 60), (205, "BP-H3", 30)])
def test_a_high_that_nobody_answered_is_escalated(
    chair: "Chair", systolic: float, rule: str, after_s: float
) -> None:
    chair.cuff(100, systolic, 90)
    assert escalated(chair, 100 + after_s - 0.01) == set()
    assert escalated(chair, 100 + after_s) == {rule}
    assert escalated(chair, 100 + after_s + 900) == {rule}


def test_what_is_less_than_high_never_is(chair: "Chair") -> None:
    chair.pulses(0, 400, 131)
    assert escalated(chair, 400) == set()
    assert chair.state("HR-H1") == "sounding"


def test_a_high_with_a_delay_counts_from_when_it_sounds(chair: "Chair") -> None:
    chair.pulses(0, 69, 150)
    assert escalated(chair, 69.75) == set()
    assert escalated(chair, 70) == {"HR-H2"}


def test_an_acknowledged_high_is_not_and_counts_anew_when_it_sounds_again(
    chair: "Chair",
) -> None:
    chair.cuff(100, 184, 90)
    assert escalated(chair, 160) == {"BP-H2"}
    chair.acknowledge(170)
    assert escalated(chair, 170) == set()
    assert escalated(chair, 289) == set()
    assert chair.state("BP-H2") == "acknowledged"
    assert escalated(chair, 290) == set()
    assert chair.state("BP-H2") == "sounding"
    assert escalated(chair, 349.9) == set()
    assert escalated(chair, 350) == {"BP-H2"}


def test_a_high_that_is_over_is_not_escalated_though_it_is_heard(chair: "Chair") -> None:
    chair.cuff(100, 184, 90)
    chair.cuff(159, 150, 90)
    assert escalated(chair, 300) == set()
    assert chair.view("BP-H2").is_heard


def test_a_high_that_comes_again_counts_anew(chair: "Chair") -> None:
    chair.cuff(100, 184, 90)
    chair.cuff(130, 150, 90)
    chair.cuff(150, 184, 90)
    assert escalated(chair, 209.9) == set()
    assert escalated(chair, 210) == {"BP-H2"}


def test_a_worse_high_counts_from_its_own_beginning(chair: "Chair") -> None:
    chair.cuff(100, 184, 90)
    chair.cuff(150, 205, 90)
    assert escalated(chair, 179.9) == set()
    assert escalated(chair, 180) == {"BP-H3"}


def test_a_restart_does_not_begin_the_minute_anew(open_chair: Callable[[float], "Chair"]) -> None:
    chair = open_chair(140)
    chair.board.restore("BP-H2", Priority.HIGH, AlarmState.SOUNDING, 100, None, None)
    assert escalated(chair, 150) == set()
    assert escalated(chair, 160) == {"BP-H2"}
