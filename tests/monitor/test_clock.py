"""Clocks: two times that move together, one that runs faster, one that moves only when told.

Knows the clocks. Must not wait for any of them.
"""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import FastClock, Instant, ManualClock, SystemClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_moment_later_moves_both_times() -> None:
    later = Instant(10.0, NOON).plus(2.5)
    assert later == Instant(12.5, NOON + timedelta(seconds=2.5))
    assert later.seconds_since(Instant(10.0, NOON)) == 2.5


def test_durations_come_from_the_monotonic_time_alone() -> None:
    assert Instant(12.0, NOON - timedelta(hours=1)).seconds_since(Instant(10.0, NOON)) == 2.0


def test_the_computers_clock_never_goes_back_and_says_utc() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert second.seconds_since(first) >= 0
    assert first.utc.tzinfo is UTC
    assert SystemClock().real_seconds(5) == 5


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(NOON, monotonic=3.0)
    assert clock.now() == clock.now() == Instant(3.0, NOON)
    assert clock.advance(2) == Instant(5.0, NOON + timedelta(seconds=2)) == clock.now()
    assert clock.real_seconds(5) == 5


@given(st.floats(-1e6, 1e6))
def test_a_step_of_the_wall_clock_moves_no_duration(step_s: float) -> None:
    clock = ManualClock(NOON)
    before = clock.now()
    clock.step_wall_clock(step_s)
    assert clock.now().seconds_since(before) == 0
    assert clock.now().utc == NOON + timedelta(seconds=step_s)


def test_a_fast_clock_waits_less_and_passes_more() -> None:
    clock = FastClock(60, datetime.now(UTC))
    assert clock.real_seconds(30) == 0.5
    before, really = clock.now(), time.monotonic()
    while time.monotonic() - really < 0.01:
        pass
    assert clock.now().seconds_since(before) >= 0.6


def test_both_times_of_a_fast_clock_pass_equally_so_no_pause_looks_like_a_clock_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The scheduler may stop a thread between two looks; times 10,000 that would be minutes."""
    real = time.monotonic

    def late() -> float:
        end = real() + 0.003
        while real() < end:
            pass
        return real()

    clock = FastClock(10_000, datetime.now(UTC))
    first = clock.now()
    monkeypatch.setattr(time, "monotonic", late)
    second = clock.now()
    wall_s = (second.utc - first.utc).total_seconds()
    assert wall_s == pytest.approx(second.seconds_since(first), abs=1e-3)


def test_a_station_that_restarts_goes_on_where_simulated_time_was() -> None:
    anchor = datetime.now(UTC) - timedelta(seconds=10)
    one, two = FastClock(60, anchor), FastClock(60, anchor)
    apart_s = (two.now().utc - one.now().utc).total_seconds()
    assert abs(apart_s) < 60 * 0.5
    assert (one.now().utc - anchor).total_seconds() == pytest.approx(600, abs=30)
