"""Names of any script, roles of accounts, and the last administrator."""

from dataclasses import replace

import msgspec
import pytest

from monitor.accounts.people import (
    NOBODY,
    SYSTEM,
    Actor,
    Person,
    Role,
    check_can_disable,
    emergency_actor,
    new_person,
    sign_in_key,
)
from monitor.errors import BugError, OperatorError


@pytest.mark.parametrize(
    "name",
    ["Anna", 'O\'Brien "Bob"', "<b>x</b>", "=1+1", "محمد", "Ωmega", "李雷", "Ｗｅｂｅｒ", "🩺"],
)
def test_a_name_may_be_of_any_script(name: str) -> None:
    person = new_person(name, name, Role.NURSE)
    assert (person.sign_in_name, person.name) == (name, name)


@pytest.mark.parametrize(
    "name",
    ["", "   ", "\n\t", "a\x00b", "a\x1b[31mb", "a\u202eb", "a\u2066b", "\ud800", "x" * 10_000],
)
def test_a_name_that_cannot_be_shown_or_kept_is_refused_in_one_short_sentence(name: str) -> None:
    with pytest.raises(OperatorError) as refusal:
        new_person(name, "", Role.NURSE)
    assert len(str(refusal.value)) < 120


def test_white_space_around_and_within_a_name_is_tidied() -> None:
    assert new_person("  anna\n weber ", "", Role.NURSE).name == "anna weber"


def test_names_that_look_alike_are_the_same_account() -> None:
    same = {sign_in_key(name) for name in ("Anna", "ANNA", " anna ", "Ａｎｎａ")}
    assert same == {"anna"}
    assert sign_in_key("Stra\u00dfe") == sign_in_key("STRASSE")
    assert sign_in_key("Mu\u0308ller") == sign_in_key("M\u00fcller")


@pytest.mark.parametrize("role", [Role.BREAK_GLASS, Role.NOBODY, Role.SYSTEM])
def test_no_account_has_the_role_of_the_program_or_of_an_emergency(role: Role) -> None:
    with pytest.raises(BugError):
        Person("1", "x", "x", role)


def test_the_last_administrator_cannot_be_disabled() -> None:
    one, two = (own(new_person(name, "", Role.ADMINISTRATOR)) for name in ("one", "two"))
    nurse = own(new_person("nurse", "", Role.NURSE))
    check_can_disable([one, two, nurse], one)
    check_can_disable([one, nurse], nurse)
    for people in ([one, nurse], [one, replace(two, is_disabled=True)]):
        with pytest.raises(OperatorError, match="last administrator"):
            check_can_disable(people, one)


def test_an_administrator_who_never_chose_a_password_is_not_the_one_who_is_left() -> None:
    one, given = (new_person(name, "", Role.ADMINISTRATOR) for name in ("one", "given"))
    with pytest.raises(OperatorError, match="last administrator"):
        check_can_disable([own(one), given], own(one))
    check_can_disable([own(one), given], given)


def own(person: Person) -> Person:
    return replace(person, must_change_password=False)


def test_an_actor_is_named_with_the_role_and_an_emergency_without() -> None:
    assert new_person("anna", "Anna Weber", Role.NURSE).actor.by == "Anna Weber (nurse)"
    assert NOBODY.by == "not signed in"
    assert SYSTEM.by == "Vigil"
    assert emergency_actor().by == "break-glass, to be identified"
    assert emergency_actor().user_id != emergency_actor().user_id


def test_an_actor_travels_through_the_channel() -> None:
    actor = new_person("anna", "Anna Weber", Role.NURSE).actor
    assert msgspec.json.decode(msgspec.json.encode(actor), type=Actor) == actor


def test_a_name_with_unseen_letters_is_the_name_that_is_seen() -> None:
    person = new_person("an\u200bna", "Anna\u3164 Weber", Role.NURSE)
    assert (person.sign_in_name, person.name) == ("anna", "Anna Weber")
