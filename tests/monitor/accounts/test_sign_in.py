"""Signing in, being refused, changing a password, and starting without any of it."""

import argon2
import pytest
from argon2.profiles import CHEAPEST

from monitor.accounts.events import EventKind
from monitor.accounts.passwords import Passwords
from monitor.accounts.people import NOBODY, Role
from monitor.accounts.permissions import Action, may
from monitor.accounts.sign_in import (
    Gate,
    Refused,
    SignedIn,
    acting,
    break_glass,
    change_password,
    confirm,
    identify,
    sign_in,
    sign_out,
)
from monitor.clock import ManualClock
from monitor.errors import OperatorError

RIGHT = "correct horse battery"
WRONG = "incorrect horse battery"


def refused(answer: object) -> Refused:
    assert isinstance(answer, Refused), answer
    return answer


def test_the_right_password_opens_a_sign_in_and_is_logged(gate: Gate, hire, clock) -> None:
    anna = hire()
    answer = sign_in(gate, "ANNA ", RIGHT, clock.now())
    assert isinstance(answer, SignedIn)
    assert acting(answer.sign_in) == anna.actor
    assert answer.event.kind is EventKind.SIGNED_IN
    assert (answer.event.actor, answer.event.utc) == (anna.actor, clock.now().utc)


def test_a_wrong_password_is_refused_logged_and_slows_the_next_try(gate, hire, clock) -> None:
    anna = hire()
    first = refused(sign_in(gate, "anna", WRONG, clock.now()))
    assert first.sentence == "Name or password is wrong: try again in 1 s"
    assert first.event.kind is EventKind.SIGN_IN_FAILED
    assert (first.event.actor, first.event.about) == (NOBODY, anna.id)
    early = refused(sign_in(gate, "anna", RIGHT, clock.now()))
    assert early.sentence == "Too soon after a wrong password: try again in 1 s"
    assert early.event.kind is EventKind.SIGN_IN_DELAYED
    clock.advance(1)
    assert isinstance(sign_in(gate, "anna", RIGHT, clock.now()), SignedIn)


def test_success_forgets_the_failures(gate, hire, clock) -> None:
    hire()
    for _ in range(5):
        clock.advance(refused(sign_in(gate, "anna", WRONG, clock.now())).wait_s)
    assert isinstance(sign_in(gate, "anna", RIGHT, clock.now()), SignedIn)
    assert refused(sign_in(gate, "anna", WRONG, clock.now())).wait_s == 1


def test_the_wait_is_each_persons_own(gate, hire, clock) -> None:
    hire("anna")
    hire("ben")
    refused(sign_in(gate, "anna", WRONG, clock.now()))
    assert isinstance(sign_in(gate, "ben", RIGHT, clock.now()), SignedIn)


def test_after_any_number_of_wrong_passwords_a_minute_is_enough(gate, hire, clock) -> None:
    hire()
    for _ in range(30):
        refused(sign_in(gate, "anna", WRONG, clock.now()))
        clock.advance(60)
    assert isinstance(sign_in(gate, "anna", RIGHT, clock.now()), SignedIn)


def test_an_unknown_name_is_refused_like_a_wrong_password_and_never_written_down(
    gate, hire, clock
) -> None:
    hire()
    typed = "my secret password"
    unknown = refused(sign_in(gate, typed, RIGHT, clock.now()))
    known = refused(sign_in(gate, "anna", WRONG, clock.now()))
    assert (unknown.sentence, unknown.wait_s) == (known.sentence, known.wait_s)
    assert typed not in repr(unknown)
    assert refused(sign_in(gate, typed, RIGHT, clock.now())).event.kind is EventKind.SIGN_IN_DELAYED


def test_a_disabled_account_is_refused_with_the_same_words(gate, hire, register, clock) -> None:
    hire("boss", Role.ADMINISTRATOR)
    register.disable(hire("anna"))
    answer = refused(sign_in(gate, "anna", RIGHT, clock.now()))
    assert answer.sentence == "Name or password is wrong: try again in 1 s"
    assert answer.event.detail == {"reason": "disabled"}


def test_a_kill_between_counting_and_comparing_counts_as_a_failure(
    gate, hire, register, clock
) -> None:
    hire()
    register.claim("anna", clock.now())
    assert refused(sign_in(gate, "anna", RIGHT, clock.now())).wait_s == 1


def test_signing_in_renews_a_hash_of_another_strength(gate, hire, register, clock) -> None:
    anna = hire()
    stronger = argon2.Parameters(**{
        name: getattr(CHEAPEST, name)
        for name in ("type", "version", "salt_len", "hash_len", "memory_cost", "parallelism")
    }, time_cost=2)  # fmt: skip
    stronger_gate = Gate(register, Passwords(stronger))
    assert isinstance(sign_in(stronger_gate, "anna", RIGHT, clock.now()), SignedIn)
    assert "t=2" in register.hashes[anna.id]
    assert isinstance(sign_in(gate, "anna", RIGHT, clock.now()), SignedIn)


def test_confirming_a_signature_asks_the_password_and_counts_wrong_ones(gate, hire, clock) -> None:
    anna = hire()
    assert refused(confirm(gate, anna, WRONG, clock.now())).wait_s == 1
    clock.advance(1)
    event = confirm(gate, anna, RIGHT, clock.now())
    assert not isinstance(event, Refused)
    assert (event.kind, event.actor) == (EventKind.PASSWORD_CONFIRMED, anna.actor)


def test_people_change_their_own_password_with_the_old_one(gate, hire, clock) -> None:
    anna = hire()
    with pytest.raises(OperatorError, match="at least 12"):
        change_password(gate, anna, RIGHT, "short", clock.now())
    refused(change_password(gate, anna, WRONG, "a new long password", clock.now()))
    clock.advance(1)
    event = change_password(gate, anna, RIGHT, "a new long password", clock.now())
    assert not isinstance(event, Refused)
    assert event.kind is EventKind.PASSWORD_CHANGED
    assert isinstance(sign_in(gate, "anna", "a new long password", clock.now()), SignedIn)
    refused(sign_in(gate, "anna", RIGHT, clock.now()))


def test_signing_out_is_logged(gate, hire, clock) -> None:
    hire()
    answer = sign_in(gate, "anna", RIGHT, clock.now())
    assert isinstance(answer, SignedIn)
    assert sign_out(answer.sign_in, clock.now()).kind is EventKind.SIGNED_OUT
    assert acting(None) == NOBODY


def test_break_glass_opens_a_session_even_when_the_register_is_out_of_reach(
    gate, register, clock: ManualClock
) -> None:
    register.is_broken = True
    with pytest.raises(OperatorError):
        sign_in(gate, "anna", RIGHT, clock.now())
    actor, event = break_glass("Chair 1", clock.now())
    assert may(actor.role, Action.OPEN_SESSION)
    assert may(actor.role, Action.ACKNOWLEDGE)
    assert may(actor.role, Action.ENTER_DOSE)
    assert not may(actor.role, Action.SIGN)
    assert (event.kind, event.about) == (EventKind.BREAK_GLASS, actor.user_id)
    assert event.detail == {"chair": "Chair 1"}


def test_a_break_glass_start_is_identified_later_by_its_id(hire, clock) -> None:
    actor, _ = break_glass("Chair 1", clock.now())
    event = identify(actor, hire(), clock.now())
    assert event.kind is EventKind.BREAK_GLASS_IDENTIFIED
    assert (event.about, event.actor.name) == (actor.user_id, "Anna W.")
