"""HR-H1 told as stories: a pulse value a second, or none.

Knows the shipped profile and the board. Above 120 for 15 s; clear below 115 for 10 s; stale 5 s.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.snapshot import AlarmState
from monitor.vitals import Vital

if TYPE_CHECKING:
    from conftest import Chair

RULE = "HR-H1"
PENDING, SOUNDS = "medium: quiet to pending", "medium: pending to sounding"


@pytest.mark.parametrize(
    ("pulse", "alarms"), [(119, False), (120, False), (120.5, True), (121, True)]
)
def test_only_above_the_limit_counts(chair: "Chair", pulse: float, alarms: bool) -> None:
    chair.pulses(0, 30, pulse)
    assert chair.changes(RULE) == ([PENDING, SOUNDS] if alarms else [])


def test_it_sounds_after_fifteen_seconds_and_not_a_moment_before(chair: "Chair") -> None:
    chair.pulses(0, 14, 131)
    chair.tick(14.99)
    assert chair.changes(RULE) == [PENDING]
    assert chair.state(RULE) == "nothing"
    chair.tick(15)
    assert chair.changes(RULE) == [PENDING, SOUNDS]
    change = chair.last(RULE)
    assert (change.text, change.since_s) == ("Pulse 131 above 120", 0)
    assert (change.value, change.limit) == ({"pulse_rate": 131}, {"pulse_rate": 120})


def test_one_value_at_the_limit_begins_the_delay_anew(chair: "Chair") -> None:
    chair.pulses(0, 14, 131)
    chair.pulse(15, 120)
    chair.pulses(16, 30, 131)
    assert SOUNDS not in chair.changes(RULE)
    chair.pulse(31, 131)
    assert chair.changes(RULE)[-1] == SOUNDS


def test_a_gap_in_the_delay_neither_starts_nor_clears_it(chair: "Chair") -> None:
    chair.pulses(0, 5, 131)
    chair.tick(*range(6, 60))
    assert chair.changes(RULE) == [PENDING]
    chair.pulse(60, 131)
    assert chair.changes(RULE) == [PENDING, SOUNDS]


def test_a_value_is_good_for_five_seconds_and_no_longer(chair: "Chair") -> None:
    chair.pulses(0, 10, 131)
    chair.tick(15)
    assert chair.state(RULE) == "sounding"
    chair.tick(15.01)
    assert chair.view(RULE).text == "Pulse 131 above 120 (no valid pulse now)"


@pytest.mark.parametrize("no_pulse", [None, math.nan, math.inf])
def test_an_invalid_pulse_neither_starts_nor_ends(chair: "Chair", no_pulse: float | None) -> None:
    chair.pulses(0, 20, no_pulse)
    assert chair.changes(RULE) == []
    chair.pulses(21, 40, 131)
    chair.pulses(41, 100, no_pulse)
    assert chair.state(RULE) == "sounding"
    assert chair.view(RULE).value == {"pulse_rate": 131}


def test_it_ends_after_ten_seconds_below_the_clear_value(chair: "Chair") -> None:
    chair.pulses(0, 15, 131)
    chair.pulses(16, 25, 114)
    chair.tick(25.99)
    assert chair.view(RULE).text == "Pulse 114 below 115, not yet for 10 s"
    chair.tick(26)
    assert chair.changes(RULE)[-1] == "medium: sounding to unseen"
    assert chair.last(RULE).text == "Pulse 114 again"
    assert chair.view(RULE).text == "Pulse 131 above 120"


@pytest.mark.parametrize("pulse", [115, 118, 120])
def test_in_the_band_it_goes_on(chair: "Chair", pulse: float) -> None:
    chair.pulses(0, 15, 131)
    chair.pulses(16, 200, pulse)
    assert chair.state(RULE) == "sounding"
    assert chair.view(RULE).text == f"Pulse {pulse} not yet below 115"
    chair.pulses(201, 211, 100)
    assert chair.state(RULE) == "unseen"
    assert chair.view(RULE).text == "Pulse 131 above 120", "what happened, not how it ended"


@pytest.mark.parametrize("between", [115, 125, None])
def test_a_break_in_the_calm_begins_its_ten_seconds_anew(
    chair: "Chair", between: float | None
) -> None:
    chair.pulses(0, 15, 131)
    chair.pulses(16, 24, 110)
    chair.pulse(25, between)
    chair.pulses(26, 35, 110)
    assert chair.state(RULE) == "sounding"
    chair.pulse(36, 110)
    assert chair.state(RULE) == "unseen"


def test_the_calm_is_not_counted_through_silence(chair: "Chair") -> None:
    chair.pulses(0, 15, 131)
    chair.pulse(16, 110)
    chair.tick(*range(17, 60))
    chair.pulse(60, 110)
    assert chair.state(RULE) == "sounding"


def test_acknowledged_it_sounds_again_after_five_minutes_even_without_a_pulse(
    chair: "Chair",
) -> None:
    chair.pulses(0, 15, 131)
    chair.acknowledge(20, RULE)
    chair.tick(319)
    assert chair.state(RULE) == "acknowledged"
    chair.tick(320)
    assert chair.last(RULE).text == "Pulse 131 above 120 (no valid pulse now)"
    assert (chair.state(RULE), chair.last(RULE).since_s) == ("sounding", 0)


def test_after_a_restart_only_the_clear_limits_end_it(
    open_chair: Callable[[float], "Chair"],
) -> None:
    chair = open_chair(100)
    chair.board.value(Vital.PULSE_RATE, 90, 131)
    chair.board.restore(RULE, Priority.MEDIUM, AlarmState.SOUNDING, 0, None, None)
    chair.tick(100)
    assert chair.view(RULE).text == "Pulse above 120 (no valid pulse now)"
    chair.pulses(101, 110, 118)
    chair.pulses(111, 120, 110)
    assert (chair.changes(RULE), chair.state(RULE)) == ([], "sounding")
    chair.pulse(121, 110)
    assert chair.state(RULE) == "unseen"


def test_a_delay_under_way_goes_on_after_a_restart(
    open_chair: Callable[[float], "Chair"],
) -> None:
    chair = open_chair(14)
    chair.board.restore(RULE, Priority.MEDIUM, AlarmState.PENDING, 0, None, None)
    chair.pulse(14, 131)
    assert chair.changes(RULE) == []
    chair.pulse(15, 131)
    assert chair.changes(RULE) == [SOUNDS]


def seconds_expected_to_be_raised(pulses: list[int | None]) -> list[bool]:
    """The table row once more, one valid or invalid value a second; slow and simple."""
    raised, since, calm, result = False, None, 0, []
    for t, pulse in enumerate(pulses):
        calm = calm + 1 if pulse is not None and pulse < 115 else 0
        if pulse is not None and not raised:
            since = (t if since is None else since) if pulse > 120 else None
            raised = since is not None and t - since >= 15
        elif raised and calm >= 11:
            raised, since = False, None
        result.append(raised)
    return result


spans = st.tuples(
    st.sampled_from([None, 100, 114, 115, 118, 120, 121, 140]),
    st.sampled_from([1, 2, 9, 10, 11, 14, 15, 16, 40]),
)


@given(st.lists(spans, max_size=12))
def test_any_course_of_the_pulse_is_judged_as_the_table_row_says(
    profile: Profile, course: list[tuple[int | None, int]]
) -> None:
    board = AlarmBoard(profile)
    pulses = [pulse for pulse, seconds in course for _ in range(seconds)]
    seen = []
    for t, pulse in enumerate(pulses):
        board.value(Vital.PULSE_RATE, t, pulse)
        board.tick(t)
        states = {view.rule: view.state for view in board.views()}
        seen.append(states.get(RULE) is AlarmState.SOUNDING)
        if states.get(RULE) is AlarmState.UNSEEN:
            board.acknowledge(t, RULE)
    assert seen == seconds_expected_to_be_raised(pulses)
