"""Locking, the PIN, and what a lock never takes away."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts import auto_lock, unlock
from monitor.accounts.auto_lock import Cause, Lock, Locked, Unlocked
from monitor.accounts.events import EventKind
from monitor.accounts.people import NOBODY
from monitor.accounts.permissions import Action, may
from monitor.accounts.sign_in import OpenSignIn, Refused, acting
from monitor.clock import Instant
from monitor.errors import OperatorError

RIGHT, WRONG = "correct horse battery", "incorrect horse battery"
PIN, OTHER_PIN = "480231", "111213"
START = Instant(100.0, datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.fixture
def opened(hire, clock) -> OpenSignIn:
    return OpenSignIn(hire(), clock.now(), Unlocked(clock.now()))


@pytest.fixture
def locked(opened, gate, clock) -> OpenSignIn:
    with_pin = unlock.set_pin(opened, gate, PIN, clock.now()).sign_in
    return unlock.lock_by_hand(with_pin, clock.now()).sign_in


def test_five_idle_minutes_lock_the_controls_and_say_so(opened, clock) -> None:
    assert unlock.tick(opened, clock.advance(299.9)) == unlock.Answer(opened)
    answer = unlock.tick(opened, clock.advance(0.2))
    assert not answer.is_unlocked
    (event,) = answer.events
    assert (event.kind, event.detail) == (EventKind.LOCKED, {"cause": "idle"})
    assert unlock.tick(answer.sign_in, clock.advance(60)).events == ()


def test_using_the_controls_keeps_them_open(opened, clock) -> None:
    for _ in range(10):
        answer = unlock.touch(opened, clock.advance(200))
        opened = answer.sign_in
        assert answer.is_unlocked


def test_a_touch_after_the_idle_time_does_not_unlock(opened, clock) -> None:
    assert not unlock.touch(opened, clock.advance(301)).is_unlocked
    assert not unlock.touch(
        unlock.lock_by_hand(opened, clock.now()).sign_in, clock.now()
    ).is_unlocked


def test_sleep_of_the_computer_counts_as_idle_although_its_clock_stood_still(opened, clock) -> None:
    clock.step_wall_clock(3600)
    assert not unlock.tick(opened, clock.now()).is_unlocked


STEPS = st.lists(
    st.tuples(st.sampled_from(("tick", "touch", "hand")), st.floats(0, 1e6)), max_size=30
)


@given(STEPS, st.booleans())
def test_whatever_happens_vitals_alarms_and_acknowledging_stay(
    steps: list[tuple[str, float]], hide_names: bool
) -> None:
    lock: Lock = Unlocked(START)
    now = START
    for what, seconds in steps:
        now = now.plus(seconds)
        was_locked = isinstance(lock, Locked)
        match what:
            case "tick":
                lock = auto_lock.tick(lock, now)
            case "touch":
                lock = auto_lock.touch(lock, now)
            case _:
                lock = auto_lock.lock_by_hand(lock, now)
        seen = auto_lock.shown(lock, hide_names=hide_names)
        assert (seen.vitals, seen.alarms, seen.acknowledge) == (True, True, True)
        assert seen.controls is isinstance(lock, Unlocked)
        assert seen.names is (seen.controls or not hide_names)
        assert not (was_locked and seen.controls), "only a PIN or a password unlocks"


def test_a_lock_names_its_cause(opened, clock) -> None:
    assert unlock.lock_by_hand(opened, clock.now()).sign_in.lock == Locked(clock.now(), Cause.HAND)


def test_at_locked_controls_nobody_acts_and_can_still_answer_an_alarm(locked) -> None:
    assert acting(locked) == NOBODY
    assert may(acting(locked).role, Action.ACKNOWLEDGE)
    assert not may(acting(locked).role, Action.END_SESSION)


def test_the_pin_unlocks(locked, gate, clock) -> None:
    answer = unlock.unlock_with_pin(locked, gate, PIN, clock.now())
    assert answer.is_unlocked
    assert [event.detail for event in answer.events] == [{"how": "pin"}]
    assert acting(answer.sign_in) == locked.person.actor


def test_three_wrong_pins_and_only_the_password_unlocks(locked, gate, clock) -> None:
    asked = []
    for _ in range(3):
        answer = unlock.unlock_with_pin(locked, gate, OTHER_PIN, clock.now())
        locked = answer.sign_in
        asked.append(answer.needs_password)
        assert (answer.events[0].kind, answer.events[0].actor) == (EventKind.UNLOCK_FAILED, NOBODY)
    assert asked == [False, False, True]
    assert not unlock.unlock_with_pin(locked, gate, PIN, clock.now()).is_unlocked
    wrong = unlock.unlock_with_password(locked, gate, WRONG, clock.now())
    assert isinstance(wrong, Refused)
    clock.advance(wrong.wait_s)
    right = unlock.unlock_with_password(locked, gate, RIGHT, clock.now())
    assert isinstance(right, unlock.Answer)
    assert right.is_unlocked
    again = unlock.lock_by_hand(right.sign_in, clock.now()).sign_in
    assert unlock.unlock_with_pin(again, gate, PIN, clock.now()).is_unlocked


def test_a_right_pin_gives_the_tries_back(locked, gate, clock) -> None:
    for _ in range(5):
        for pin in (OTHER_PIN, OTHER_PIN, PIN):
            answer = unlock.unlock_with_pin(locked, gate, pin, clock.now())
            locked = answer.sign_in
        assert answer.is_unlocked
        locked = unlock.lock_by_hand(locked, clock.now()).sign_in


def test_a_pin_does_not_slow_the_password_nor_reach_the_register(locked, gate, register, clock):
    unlock.unlock_with_pin(locked, gate, OTHER_PIN, clock.now())
    assert register.attempts == {}
    assert len(register.hashes) == 1
    assert gate.passwords.matches(RIGHT, *register.hashes.values())


def test_the_pin_of_a_disabled_or_reset_account_counts_no_more(
    locked, gate, register, clock
) -> None:
    for now_is in (
        replace(locked.person, is_disabled=True),
        replace(locked.person, must_change_password=True),
    ):
        register.accounts[locked.person.id] = now_is
        answer = unlock.unlock_with_pin(locked, gate, PIN, clock.now())
        assert (answer.is_unlocked, answer.needs_password) == (False, True)


def test_without_a_pin_the_password_is_needed(opened, gate, clock) -> None:
    locked = unlock.lock_by_hand(opened, clock.now()).sign_in
    assert unlock.unlock_with_pin(locked, gate, PIN, clock.now()).needs_password


@pytest.mark.parametrize(
    "pin",
    ["", "12345", "1234567", "12345a", "１２３４５７", "٤٨٠٢٣١", "000000", "123456", "654321"],
)
def test_a_pin_has_six_digits_that_are_not_the_first_guess(opened, gate, clock, pin) -> None:
    with pytest.raises(OperatorError):
        unlock.set_pin(opened, gate, pin, clock.now())


def test_a_pin_is_not_chosen_at_locked_controls(locked, gate, clock) -> None:
    with pytest.raises(OperatorError, match="locked"):
        unlock.set_pin(locked, gate, "902741", clock.now())


def test_a_sign_in_never_shows_its_pin(locked) -> None:
    assert locked.pin is not None
    assert PIN not in repr(locked)
    assert locked.pin.kept not in repr(locked)
