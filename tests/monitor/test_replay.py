"""A trace in simulated time: which seconds are played, what is told, what it adds up to.

Knows traces and the shipped profile.
"""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.priority import Priority
from monitor.alarms.profile import default_profile
from monitor.replay import Replay, Replayed, steps
from monitor.snapshot import AlarmState
from monitor.trace import HEADER, Trace, read_trace
from monitor.vitals import Vital

PULSE, SPO2 = Vital.PULSE_RATE, Vital.SPO2
PROFILE = default_profile()


def trace(*lines: str) -> Trace:
    return read_trace(io.BytesIO("\n".join([HEADER, *lines]).encode()), "a.csv")


def played(
    *lines: str, baseline: dict[Vital, float] | None = None, hold_s: float = 0
) -> tuple[Replay, list[Replayed]]:
    replay = Replay(trace(*lines), PROFILE, baseline, hold_s)
    return replay, list(replay.changes())


def told(changes: list[Replayed]) -> list[str]:
    return [
        f"{one.t_s:g} {one.change.rule} {one.change.priority.word} "
        f"{one.change.old.value}-{one.change.new.value}"
        for one in changes
    ]


# ---- steps


def test_every_second_from_the_first_row_to_the_last_is_a_step() -> None:
    found = list(steps(trace("-2,,,,70,", "1,130,80,,,98")))
    assert [(step.t_s, step.is_second) for step in found] == [(t, True) for t in range(-2, 2)]
    assert [dict(step.numerics) for step in found] == [{PULSE: 70}, {}, {}, {SPO2: 98}]
    assert [step.pressure for step in found] == [None, None, None, (130, 80)]


def test_a_row_between_two_seconds_is_a_step_of_its_own() -> None:
    found = list(steps(trace("0.5,,,,70,", "1.75,,,,71,", "2.5,,,,72,")))
    assert [(step.t_s, step.is_second) for step in found] == [
        (0.5, True),
        (1.5, True),
        (1.75, False),
        (2.5, True),
    ]


def held(vital: Vital, hold_s: float, *lines: str) -> list[float | str | None]:
    return [step.numerics.get(vital, "-") for step in steps(trace(*lines), hold_s)]


def test_held_values_come_again_each_second_until_the_next_or_until_held_long_enough() -> None:
    lines = ("0,,,,70,", "3,,,,71,", "9,120,80,,,")
    assert held(PULSE, 0, *lines) == [70, "-", "-", 71, "-", "-", "-", "-", "-", "-"]
    assert held(PULSE, 4, *lines) == [70, 70, 70, 71, 71, 71, 71, 71, "-", "-"]
    assert held(PULSE, 60, *lines) == [70] * 3 + [71] * 7


def test_a_row_without_the_vital_does_not_end_what_is_held() -> None:
    assert held(SPO2, 60, "0,,,,70,98", "2,,,,71,", "3,120,80,,,") == [98] * 4


def test_an_impossible_value_ends_what_is_held() -> None:
    assert held(SPO2, 60, "0,,,,,98", "2,,,,,0", "4,,,,70,") == [98, 98, None, "-", "-"]


# ---- alarms


def test_a_reading_beyond_a_limit_alarms_at_its_second() -> None:
    _, changes = played("0,130,80,,,", "5.5,184,101,,,", "10,184,101,,,")
    (one,) = changes
    assert told(changes) == ["5.5 BP-H2 high quiet-sounding"]
    assert one.change.value == {"systolic": 184, "diastolic": 101}
    assert one.change.limit == {"systolic": 180, "diastolic": 110}


def test_a_rate_beyond_its_limit_alarms_after_its_delay() -> None:
    rows = [f"{t},,,,{131 if t >= 10 else 70},98" for t in range(40)]
    assert told(played(*rows)[1]) == [
        "10 HR-H1 medium quiet-pending",
        "25 HR-H1 medium pending-sounding",
    ]


def test_one_value_a_minute_alarms_only_where_it_is_held() -> None:
    rows = [f"{60 * t},,,,70,91" for t in range(3)]
    rules = {one.change.rule for one in played(*rows, hold_s=60)[1]}
    assert rules == {"O2-1", "O2-0"}
    assert "TECH-2" in {one.change.rule for one in played(*rows)[1]}


def test_a_trace_has_no_cable_that_could_fall_silent() -> None:
    assert played("0,130,80,,,", "250,131,80,,,")[1] == []


def test_what_a_trace_never_measured_is_not_missed() -> None:
    rows = [f"{t},,,,70," for t in range(3600)]
    assert played(*rows)[1] == []
    cuffs = [f"{300 * t},130,80,,," for t in range(12)]
    assert played(*cuffs)[1] == []


def test_a_cuff_that_the_trace_had_is_missed() -> None:
    _, changes = played("0,130,80,,,", "700,130,80,,,")
    assert [line.split()[1] for line in told(changes)] == ["TECH-4", "TECH-4", "TECH-4", "TECH-4"]


def test_nothing_impossible_reaches_an_alarm() -> None:
    _, changes = played("0,130,80,,,", "60,301,100,,,", "120,39,20,,,", "180,250,245,,,")
    assert changes == []
    rows = [f"{t},,,,{0 if t % 2 else 400},0" for t in range(60)]
    assert {one.change.rule for one in played(*rows)[1]} <= {"TECH-2", "TECH-7"}


# ---- the baseline


def test_the_median_before_second_0_is_the_baseline_from_second_0_on() -> None:
    replay, changes = played("-900,110,70,,,", "-600,112,70,,,", "300,152,80,,,")
    assert replay.baseline == {Vital.SYSTOLIC: 111, Vital.DIASTOLIC: 70}
    assert "300 BP-R1 low quiet-sounding" in told(changes)


def test_a_given_baseline_goes_before_the_measured_one() -> None:
    rows = ("-900,110,70,,,", "-600,112,70,,,", "300,152,80,,,")
    replay, changes = played(*rows, baseline={Vital.SYSTOLIC: 140.0})
    assert replay.baseline == {Vital.SYSTOLIC: 140}
    assert not [line for line in told(changes) if "BP-R1" in line]


def test_an_empty_baseline_switches_relative_rules_off() -> None:
    rows = ("-900,110,70,,,", "-600,112,70,,,", "300,152,80,,,")
    assert played(*rows, baseline={})[0].baseline == {}


# ---- what it adds up to


def test_soundings_are_counted_by_priority_and_time_by_limit() -> None:
    replay, _ = played("0,130,80,,,", "300,158,112,,,", "400,150,90,,,", "700,150,80,,,")
    assert replay.onsets == {Priority.HIGH: 1, Priority.MEDIUM: 0, Priority.LOW: 0}
    assert replay.seconds_beyond["BP-H2"] == 100
    assert replay.seconds_beyond["BP-H1"] == 100
    assert replay.seconds_beyond["BP-H3"] == 0


def test_an_acknowledged_alarm_that_sounds_again_is_no_new_one() -> None:
    (one,) = played("0,184,101,,,")[1]
    assert one.is_onset
    assert not Replayed(0, replace(one.change, old=AlarmState.ACKNOWLEDGED)).is_onset
    assert not Replayed(0, replace(one.change, new=AlarmState.UNSEEN)).is_onset


CELLS = st.one_of(st.just(""), st.integers(0, 320).map(str))
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=20)


@given(ROWS, st.sampled_from([0, 1, 30, 600]))
def test_any_trace_is_played_to_its_end_in_order(
    cells: list[tuple[str, str, str, str]], hold_s: float
) -> None:
    lines = [f"{20 * i - 60},{s},{d},,{p},{o}" for i, (s, d, p, o) in enumerate(cells)]
    replay, changes = played(*lines, hold_s=hold_s)
    times = [one.t_s for one in changes]
    assert times == sorted(times)
    assert sum(replay.onsets.values()) == sum(one.is_onset for one in changes)
    assert all(0 <= s <= 20 * len(cells) for s in replay.seconds_beyond.values())


@pytest.mark.parametrize("first", [-600, 0, 1000])
def test_when_a_trace_begins_does_not_matter(first: int) -> None:
    lines = [f"{first + t},184,101,,," for t in (0, 100)]
    assert told(played(*lines)[1]) == [f"{first} BP-H2 high quiet-sounding"]
