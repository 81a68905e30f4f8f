"""Managing accounts: who may, what is logged, and that passwords given by others must change."""

import pytest
from argon2.profiles import CHEAPEST

from monitor.accounts.administration import Office
from monitor.accounts.events import EventKind
from monitor.accounts.passwords import Passwords
from monitor.accounts.people import NOBODY, Role, new_person
from monitor.accounts.sign_in import SignedIn, sign_in
from monitor.errors import OperatorError

GIVEN = "a long enough password"


@pytest.fixture
def office(register) -> Office:
    return Office(register, Passwords(CHEAPEST))


def test_the_first_administrator_needs_nobodys_leave(office, register, clock) -> None:
    boss = new_person("boss", "", Role.ADMINISTRATOR)
    event = office.add_first(boss, GIVEN, clock.now())
    assert (event.kind, event.actor, event.about) == (EventKind.PERSON_ADDED, NOBODY, boss.id)
    assert register.accounts[boss.id].must_change_password is False
    with pytest.raises(OperatorError, match="already"):
        office.add_first(new_person("other", "", Role.ADMINISTRATOR), GIVEN, clock.now())


def test_the_first_account_is_an_administrators(office, clock) -> None:
    with pytest.raises(OperatorError, match="no administrator yet"):
        office.add_first(new_person("anna", "", Role.NURSE), GIVEN, clock.now())


@pytest.mark.parametrize("role", [Role.NURSE, Role.PHYSICIAN])
def test_only_an_administrator_manages_accounts(office, hire, clock, role) -> None:
    by = hire("anna", role).actor
    other = new_person("ben", "", Role.NURSE)
    for attempt in (
        lambda: office.add(by, other, GIVEN, clock.now()),
        lambda: office.disable(by, other, clock.now()),
        lambda: office.reset_password(by, other, GIVEN, clock.now()),
    ):
        with pytest.raises(OperatorError, match="Only an administrator may manage users"):
            attempt()


def test_a_password_chosen_by_an_administrator_must_be_changed(office, gate, hire, clock) -> None:
    boss = hire("boss", Role.ADMINISTRATOR).actor
    office.add(boss, new_person("anna", "", Role.NURSE), GIVEN, clock.now())
    answer = sign_in(gate, "anna", GIVEN, clock.now())
    assert isinstance(answer, SignedIn)
    assert answer.sign_in.person.must_change_password


def test_a_reset_gives_a_new_password_and_ends_the_wait(office, gate, hire, clock) -> None:
    boss = hire("boss", Role.ADMINISTRATOR).actor
    anna = hire("anna")
    for _ in range(4):
        sign_in(gate, "anna", "not the password", clock.now())
        clock.advance(60)
    sign_in(gate, "anna", "not the password", clock.now())
    event = office.reset_password(boss, anna, GIVEN, clock.now())
    assert (event.kind, event.actor, event.about) == (EventKind.PASSWORD_RESET, boss, anna.id)
    assert isinstance(sign_in(gate, "anna", GIVEN, clock.now()), SignedIn)


def test_administrators_who_reset_their_own_password_have_chosen_it(
    office, register, hire, clock
) -> None:
    boss, vice = hire("boss", Role.ADMINISTRATOR), hire("vice", Role.ADMINISTRATOR)
    office.reset_password(boss.actor, boss, GIVEN, clock.now())
    office.reset_password(boss.actor, vice, GIVEN, clock.now())
    assert not register.accounts[boss.id].must_change_password
    assert register.accounts[vice.id].must_change_password


def test_a_weak_password_adds_nobody(office, hire, register, clock) -> None:
    boss = hire("boss", Role.ADMINISTRATOR).actor
    with pytest.raises(OperatorError, match="at least 12"):
        office.add(boss, new_person("anna", "", Role.NURSE), "short", clock.now())
    assert len(register.accounts) == 1


def test_disabling_is_logged_and_spares_the_last_administrator(office, hire, clock) -> None:
    boss, anna = hire("boss", Role.ADMINISTRATOR), hire("anna")
    event = office.disable(boss.actor, anna, clock.now())
    assert (event.kind, event.about) == (EventKind.PERSON_DISABLED, anna.id)
    with pytest.raises(OperatorError, match="last administrator"):
        office.disable(boss.actor, boss, clock.now())
