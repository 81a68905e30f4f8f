"""The number in an alarm's sentence is short, and never contradicts the sentence."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.alarms.board import AlarmBoard
from monitor.alarms.limits import limit_from
from monitor.alarms.profile import default_profile
from monitor.alarms.told import COMPARE, Against, told, told_bound
from monitor.vitals import Vital


@pytest.mark.parametrize(
    ("value", "op", "bound", "said"),
    [
        (87.0, "<", 88.0, "87"),
        (87.93, "<", 88.0, "87.9"),
        (87.96, "<", 88.0, "87.96"),
        (87.999, "<", 88.0, "87.99"),
        (87.2, "<", 88.0, "87"),
        (160.4, ">", 160.0, "160.4"),
        (160.001, ">", 160.0, "160.01"),
        (160.0, ">", 160.0, "160"),
        (179.6, ">=", 180.0, "179.6"),
        (180.0, ">=", 180.0, "180"),
        (184.5, ">=", 180.0, "185"),
        (93.97, ">=", 94.0, "93.97"),
        (93.44, ">=", 91.0, "93"),
        (157.72, "<", 157.74, "157.69"),
    ],
)
def test_a_value_has_as_few_decimals_as_leave_the_comparison_true(
    value: float, op: str, bound: float, said: str
) -> None:
    assert told(value, Against(op, bound)) == said


@given(st.floats(0, 350), st.sampled_from(sorted(COMPARE)), st.floats(0, 350))
@example(87.9999999, "<", 88.0)
@example(88.0000001, "<", 88.0)
@example(159.9, ">=", 159.94)
def test_the_sentence_is_true_if_and_only_if_the_comparison_is(
    value: float, op: str, bound: float
) -> None:
    said, beside = told(value, Against(op, bound)), told_bound(bound)
    assert COMPARE[op](float(said), float(beside)) is COMPARE[op](value, bound)
    assert len(said.partition(".")[2]) <= 2
    assert abs(float(said) - value) <= 0.5


def test_a_value_beside_nothing_is_the_whole_number_of_the_screen() -> None:
    assert (told(97.67), told(124.5), told(124.4)) == ("98", "125", "124")


def test_every_comparison_of_a_value_stays_as_it_is() -> None:
    assert told(160.2, Against(">", 160.0), Against("<=", 150.0)) == "160.2"
    assert told(150.3, Against(">", 160.0), Against("<=", 150.0)) == "150.3"
    assert told(155.3, Against(">", 160.0), Against("<=", 150.0)) == "155"
    assert told(160.001, Against("<=", 150.0), Against(">", 160.0)) == "160.01"
    assert told(149.999, Against("<", 150.0), Against(">", 160.0)) == "149.99"


def test_a_clause_tells_value_bound_and_baseline_in_short() -> None:
    clause = limit_from("systolic >= 1.3 * baseline").clauses[0]
    baseline = {Vital.SYSTOLIC: 121.37}
    assert clause.words({Vital.SYSTOLIC: 157.83}, baseline) == (
        "systolic 158 at or above 157.8 (baseline 121.4)"
    )


# ---- as it is said on the screen


def said_of(board: AlarmBoard, rule: str) -> list[str]:
    return [view.text for view in board.views() if view.rule == rule]


def test_an_oxygen_alarm_never_says_that_88_is_below_88() -> None:
    board = AlarmBoard(default_profile())
    for t in range(16):
        board.value(Vital.SPO2, t, 87.96)
        board.tick(t)
    assert said_of(board, "O2-2") == ["SpO2 87.96 below 88"]


def test_a_value_that_is_not_yet_clear_is_not_said_to_be_the_clear_value() -> None:
    board = AlarmBoard(default_profile())
    for t in range(20):
        board.value(Vital.SPO2, t, 90.4 if t < 16 else 93.97)
        board.tick(t)
    assert said_of(board, "O2-1") == ["SpO2 93.97 not yet at or above 94"]


@pytest.mark.parametrize(
    ("after", "said"),
    [(90.4, "Systolic 90 is -31 in 5 min"), (155.6, "Systolic 156 is +35 in 5 min")],
)
def test_a_sudden_change_has_its_sign_and_whole_numbers(after: float, said: str) -> None:
    board = AlarmBoard(default_profile())
    board.pressure(0, 121.0, 70)
    board.tick(0)
    board.pressure(300, after, 70)
    board.tick(300)
    assert said_of(board, "BP-D") == [said]
