"""A register of people in memory, cheap hashes, and a clock that is told the time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from argon2.profiles import CHEAPEST

from monitor.accounts import lockout
from monitor.accounts.events import AccountEvent
from monitor.accounts.lockout import Attempts
from monitor.accounts.passwords import Passwords
from monitor.accounts.people import (
    Person,
    Role,
    check_can_disable,
    check_first,
    new_person,
    sign_in_key,
)
from monitor.accounts.sign_in import Claim, Gate, Wait
from monitor.clock import Instant, ManualClock
from monitor.errors import OperatorError

RIGHT = "correct horse battery"


@dataclass
class FakeRegister:
    """People and attempts in two dictionaries; ``is_broken`` is a disk that fails."""

    accounts: dict[str, Person] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    attempts: dict[str, Attempts] = field(default_factory=dict)
    is_broken: bool = False
    log: list[AccountEvent] = field(default_factory=list)

    def claim(self, sign_in_name: str, now: Instant) -> Claim | Wait:
        self._reach()
        name = sign_in_key(sign_in_name)
        found = [p for p in self.accounts.values() if sign_in_key(p.sign_in_name) == name]
        person = found[0] if found else None
        key = f"unknown {name}" if person is None else person.id
        before = self.attempts.get(key, lockout.NONE)
        if (seconds := lockout.wait_s(before, now.utc)) > 0:
            return Wait(seconds, person)
        self.attempts[key] = after = lockout.failed(before, now.utc)
        kept = None if person is None else self.hashes[person.id]
        return Claim(key, lockout.backoff_s(after.failures), person, kept)

    def succeeded(self, key: str) -> None:
        self._reach()
        self.attempts.pop(key, None)

    def find(self, person_id: str) -> Person | None:
        self._reach()
        return self.accounts.get(person_id)

    def set_password(
        self,
        person_id: str,
        kept: str,
        *,
        must_change: bool,
        logged: AccountEvent | None = None,
    ) -> None:
        self._reach()
        self._log(logged)
        self.hashes[person_id] = kept
        self.accounts[person_id] = replace(
            self.accounts[person_id], must_change_password=must_change
        )

    def add(
        self, person: Person, kept: str, now: Instant, logged: AccountEvent | None = None
    ) -> None:
        self._reach()
        self._log(logged)
        self.accounts[person.id], self.hashes[person.id] = person, kept

    def add_first(
        self, person: Person, kept: str, now: Instant, logged: AccountEvent | None = None
    ) -> None:
        check_first(person)
        if self.accounts:
            raise OperatorError("There is an administrator already", "sign in")
        self.add(person, kept, now, logged)

    def disable(self, person: Person, logged: AccountEvent | None = None) -> None:
        check_can_disable(self.accounts.values(), person)
        self._log(logged)
        self.accounts[person.id] = replace(person, is_disabled=True)

    def _log(self, event: AccountEvent | None) -> None:
        self.log += [] if event is None else [event]

    def _reach(self) -> None:
        if self.is_broken:
            raise OperatorError("The disk is full", "make room")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 22, 9, tzinfo=UTC), monotonic=500.0)


@pytest.fixture
def register() -> FakeRegister:
    return FakeRegister()


@pytest.fixture
def gate(register: FakeRegister) -> Gate:
    return Gate(register, Passwords(CHEAPEST))


Hire = Callable[..., Person]


@pytest.fixture
def hire(register: FakeRegister, gate: Gate, clock: ManualClock) -> Hire:
    """Return a function that adds somebody who has chosen the password RIGHT."""

    def add(sign_in_name: str = "anna", role: Role = Role.NURSE, name: str = "Anna W.") -> Person:
        person = replace(new_person(sign_in_name, name, role), must_change_password=False)
        register.add(person, gate.passwords.hash(RIGHT), clock.now())
        return person

    return add
