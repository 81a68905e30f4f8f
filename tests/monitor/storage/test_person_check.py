"""An account that another tool added, changed or removed is found, and no other is."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2.profiles import CHEAPEST

from monitor.accounts.administration import Office
from monitor.accounts.passwords import Passwords
from monitor.accounts.people import Person, Role, new_person
from monitor.accounts.sign_in import Gate, change_password
from monitor.clock import ManualClock
from monitor.storage.chain_check import Break, Flaw
from monitor.storage.database import open_database
from monitor.storage.people import PeopleRegister
from monitor.storage.verify import verify
from tests.keys import KEY
from tests.monitor.storage.attacker import attack
from tests.monitor.storage.golden import load

GIVEN, CHOSEN = "a long enough password", "another password of anna's"


def breaks(path: Path) -> tuple[Break, ...]:
    with open_database(path, KEY, read_only=True) as database:
        return verify(database).breaks


@pytest.fixture
def anna(path: Path) -> Person:
    """A clinic whose accounts were changed in every way that there is; anna is a nurse."""
    now = ManualClock(datetime(2026, 11, 22, 9, tzinfo=UTC)).now()
    boss, vice = (new_person(name, "", Role.ADMINISTRATOR) for name in ("boss", "vice"))
    anna = new_person("anna", "", Role.NURSE)
    passwords = Passwords(CHEAPEST)
    with open_database(path, KEY) as database:
        register = PeopleRegister(database)
        office = Office(register, passwords)
        office.add_first(boss, GIVEN, now)
        for person in (vice, anna):
            office.add(boss.actor, person, CHOSEN, now)
        office.disable(boss.actor, vice, now)
        office.reset_password(boss.actor, anna, GIVEN, now)
        change_password(Gate(register, passwords), anna, GIVEN, CHOSEN, now)
        register.set_password(boss.id, passwords.hash(CHOSEN), must_change=False)
    return replace(anna, must_change_password=False)


def test_what_the_program_does_to_accounts_is_sound(path: Path, anna: Person) -> None:
    assert breaks(path) == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("role", "administrator"),
        ("password_hash", "$argon2id$another"),
        ("is_disabled", 1),
        ("must_change_password", 1),
        ("name", b"Anna"),
    ],
)
def test_a_changed_account_is_found(path: Path, anna: Person, column: str, value: Any) -> None:
    with attack(path) as attacker:
        attacker.run(f"UPDATE person SET {column} = ? WHERE id = ?", (value, anna.id))  # noqa: S608 - an attacker may
    (found,) = breaks(path)
    assert (found.table, found.seq, found.flaw) == ("person", anna.id, Flaw.CHANGED)


def test_an_account_that_was_added_past_the_program_is_found(path: Path, anna: Person) -> None:
    with attack(path) as attacker:
        attacker.run(
            "INSERT INTO person SELECT 'x', 'x', 'x', 'x', 'administrator', password_hash, 0, 0, 1 "
            "FROM person WHERE id = ?",
            (anna.id,),
        )
    (found,) = breaks(path)
    assert (found.table, found.seq, found.flaw) == ("person", "x", Flaw.INSERTED)


def test_a_removed_account_is_found(path: Path, anna: Person) -> None:
    with attack(path) as attacker:
        attacker.run("DELETE FROM person WHERE id = ?", (anna.id,))
    (found,) = breaks(path)
    assert (found.table, found.seq, found.flaw) == ("person", anna.id, Flaw.REMOVED)


@pytest.mark.parametrize("revision", ["0003", "0004"])
def test_an_account_of_an_older_database_is_held_from_the_upgrade_on(
    path: Path, revision: str
) -> None:
    load(revision, path)
    open_database(path, KEY).close()
    assert breaks(path) == ()
    with attack(path) as attacker:
        attacker.run("UPDATE person SET must_change_password = 1 - must_change_password")
    assert [found.flaw for found in breaks(path)] == [Flaw.CHANGED]
