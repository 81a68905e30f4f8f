"""Waiting after wrong passwords: longer each time, never longer than a minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts.lockout import (
    LONGEST_S,
    NONE,
    Attempts,
    backoff_s,
    failed,
    settled,
    wait_s,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FAILURES = st.integers(0, 10**9)
SHIFTS = st.floats(-1e8, 1e8)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_the_wait_doubles_from_one_second_to_a_minute() -> None:
    assert [backoff_s(n) for n in range(10)] == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(FAILURES)
def test_one_more_failure_never_shortens_the_wait(failures: int) -> None:
    assert 0 <= backoff_s(failures) <= backoff_s(failures + 1) <= LONGEST_S


@given(FAILURES, SHIFTS)
def test_nobody_ever_waits_longer_than_a_minute_whatever_the_clock_does(
    failures: int, shift_s: float
) -> None:
    assert 0 <= wait_s(Attempts(failures, NOON), later(shift_s)) <= LONGEST_S


@given(FAILURES, st.floats(0, 120), st.floats(0, 120))
def test_the_wait_only_gets_shorter_while_time_passes(
    failures: int, one_s: float, other_s: float
) -> None:
    attempts = Attempts(failures, NOON)
    early, late = sorted((one_s, other_s))
    assert wait_s(attempts, later(early)) >= wait_s(attempts, later(late))
    assert wait_s(attempts, later(LONGEST_S)) == 0


@given(FAILURES)
def test_a_clock_set_back_costs_one_wait_and_not_hours(failures: int) -> None:
    an_hour_ago = later(-3600)
    counted = settled(Attempts(failures, NOON), an_hour_ago)
    assert counted == Attempts(failures, an_hour_ago)
    assert wait_s(counted, an_hour_ago + timedelta(seconds=LONGEST_S)) == 0


def test_who_never_failed_does_not_wait() -> None:
    assert wait_s(NONE, NOON) == 0
    assert wait_s(failed(NONE, NOON), NOON) == 1
    assert wait_s(failed(NONE, NOON), later(0.25)) == 0.75


def test_a_day_of_guessing_gets_fewer_than_1500_tries() -> None:
    attempts, now, tries = NONE, NOON, 0
    while now < later(86_400):
        attempts, tries = failed(attempts, now), tries + 1
        now += timedelta(seconds=wait_s(attempts, now))
    assert tries < 1500
