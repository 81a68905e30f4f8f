"""The lifecycle machine: every cell of the table by example, and what must hold for any history.

Knows lifecycle.py only.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor.alarms.lifecycle import (
    Acknowledged,
    Condition,
    Pending,
    Quiet,
    Sounding,
    State,
    Timing,
    Unseen,
    acknowledge,
    advance,
)

PRESENT, ABSENT, UNKNOWN = Condition.PRESENT, Condition.ABSENT, Condition.UNKNOWN
AT_ONCE = Timing(delay_s=0, latching=False)
DELAYED = Timing(delay_s=15, latching=False)
LATCHING = Timing(delay_s=15, latching=True)

CELLS = [
    (Quiet(), PRESENT, 7, AT_ONCE, Sounding(7)),
    (Quiet(), PRESENT, 7, DELAYED, Pending(7)),
    (Quiet(), ABSENT, 7, DELAYED, Quiet()),
    (Quiet(), UNKNOWN, 7, AT_ONCE, Quiet()),
    (Quiet(), UNKNOWN, 1e6, DELAYED, Quiet()),
    (Pending(7), PRESENT, 21.99, DELAYED, Pending(7)),
    (Pending(7), PRESENT, 22, DELAYED, Sounding(7)),
    (Pending(7), PRESENT, 5000, DELAYED, Sounding(7)),
    (Pending(7), ABSENT, 8, DELAYED, Quiet()),
    (Pending(7), ABSENT, 8, LATCHING, Quiet()),
    (Pending(7), ABSENT, 30, DELAYED, Quiet()),
    (Pending(7), UNKNOWN, 8, DELAYED, Pending(7)),
    (Pending(7), UNKNOWN, 5000, DELAYED, Pending(7)),
    (Sounding(7), PRESENT, 9000, DELAYED, Sounding(7)),
    (Sounding(7), ABSENT, 30, DELAYED, Quiet()),
    (Sounding(7), ABSENT, 30, LATCHING, Unseen(7, 30)),
    (Sounding(7), UNKNOWN, 9000, LATCHING, Sounding(7)),
    (Acknowledged(7, 40), PRESENT, 39.99, DELAYED, Acknowledged(7, 40)),
    (Acknowledged(7, 40), PRESENT, 40, DELAYED, Sounding(7)),
    (Acknowledged(7, 40), ABSENT, 30, DELAYED, Quiet()),
    (Acknowledged(7, 40), ABSENT, 30, LATCHING, Quiet()),
    (Acknowledged(7, 40), ABSENT, 40, LATCHING, Quiet()),
    (Acknowledged(7, 40), UNKNOWN, 39.99, DELAYED, Acknowledged(7, 40)),
    (Acknowledged(7, 40), UNKNOWN, 40, DELAYED, Sounding(7)),
    (Unseen(7, 30), PRESENT, 50, LATCHING, Sounding(50)),
    (Unseen(7, 30), ABSENT, 9000, LATCHING, Unseen(7, 30)),
    (Unseen(7, 30), UNKNOWN, 9000, LATCHING, Unseen(7, 30)),
]


@pytest.mark.parametrize(("state", "condition", "t", "timing", "then"), CELLS)
def test_each_cell_of_the_table_is_as_written(
    state: State, condition: Condition, t: float, timing: Timing, then: State
) -> None:
    assert advance(state, condition, t, timing) == then


def test_the_examples_cover_every_state_with_every_condition() -> None:
    assert {(type(cell[0]), cell[1]) for cell in CELLS} == {
        (state, condition)
        for state in (Quiet, Pending, Sounding, Acknowledged, Unseen)
        for condition in Condition
    }


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (Quiet(), Quiet()),
        (Pending(7), Pending(7)),
        (Sounding(7), Acknowledged(7, 150)),
        (Acknowledged(7, 40), Acknowledged(7, 40)),
        (Unseen(7, 30), Quiet()),
    ],
)
def test_acknowledging_acts_only_on_what_sounds_or_was_not_seen(state: State, then: State) -> None:
    assert acknowledge(state, 30, realarm_s=120) == then


@given(st.sampled_from(CELLS))
def test_the_same_input_always_gives_the_same_state(
    cell: tuple[State, Condition, float, Timing, State],
) -> None:
    state, condition, t, timing, _ = cell
    assert advance(state, condition, t, timing) == advance(state, condition, t, timing)


LOUDNESS = {Quiet: 0, Pending: 1, Unseen: 2, Acknowledged: 3, Sounding: 4}


class AnyHistory(RuleBasedStateMachine):
    """One alarm through random conditions, times and acknowledgements."""

    @initialize(
        delay_s=st.sampled_from([0.0, 0.1, 5.0, 15.0]),
        latching=st.booleans(),
        realarm_s=st.sampled_from([1.0, 120.0, 300.0]),
    )
    def begin(self, delay_s: float, latching: bool, realarm_s: float) -> None:
        self.timing = Timing(delay_s, latching)
        self.realarm_s = realarm_s
        self.t = 0.0
        self.state: State = Quiet()
        self.condition = UNKNOWN
        self.present_since: float | None = None  # by PRESENT and UNKNOWN only, since a PRESENT

    @rule(
        condition=st.sampled_from(Condition),
        seconds=st.sampled_from([0.0, 0.1, 0.25, 1.0, 4.9, 5.0, 14.9, 60.0, 3600.0]),
    )
    def tick(self, condition: Condition, seconds: float) -> None:
        before, self.t, self.condition = self.state, self.t + seconds, condition
        if condition is ABSENT:
            self.present_since = None
        elif condition is PRESENT and self.present_since is None:
            self.present_since = self.t
        self.state = advance(before, condition, self.t, self.timing)
        self._check_tick(before)
        assert advance(self.state, condition, self.t, self.timing) == self.state

    def _check_tick(self, before: State) -> None:
        loudness, was = LOUDNESS[type(self.state)], LOUDNESS[type(before)]
        if self.condition is not ABSENT:
            assert loudness >= was, "only the end of the condition makes an alarm quieter"
        if self.condition is UNKNOWN:
            kept = type(self.state) is type(before)
            resounds = isinstance(before, Acknowledged) and isinstance(self.state, Sounding)
            assert kept or resounds, "not knowing neither starts nor clears"
        if self.timing.latching and isinstance(before, Sounding):
            assert isinstance(self.state, Sounding | Unseen), "a latching alarm waits to be seen"
        if isinstance(before, Unseen):
            assert isinstance(self.state, Sounding | Unseen), "unseen stays until acknowledged"

    @rule()
    def somebody_acknowledges(self) -> None:
        before = self.state
        self.state = acknowledge(before, self.t, self.realarm_s)
        if isinstance(before, Quiet | Pending | Acknowledged):
            assert self.state == before
        else:
            assert not isinstance(self.state, Sounding | Unseen)

    @invariant()
    def never_quiet_while_present(self) -> None:
        if self.condition is PRESENT and self.present_since is not None:
            assert not isinstance(self.state, Quiet | Unseen)
            if self.t >= self.present_since + self.timing.delay_s:
                assert isinstance(self.state, Sounding | Acknowledged)

    @invariant()
    def an_alarm_never_began_in_the_future(self) -> None:
        assert getattr(self.state, "since", self.t) <= self.t

    @invariant()
    def an_acknowledgement_never_outlives_its_time(self) -> None:
        if isinstance(self.state, Acknowledged):
            assert self.t < self.state.until <= self.t + self.realarm_s

    @invariant()
    def only_latching_alarms_are_unseen(self) -> None:
        assert self.timing.latching or not isinstance(self.state, Unseen)


AnyHistory.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestAnyHistory = AnyHistory.TestCase
