"""Managing accounts: adding people, closing an account, giving a new password; and what to log.

Knows who may do so and that a first administrator needs nobody's leave. Must not know SQL.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from monitor.accounts.events import AccountEvent, EventKind
from monitor.accounts.passwords import Passwords, check_new_password
from monitor.accounts.people import NOBODY, Actor, Person, check_first
from monitor.accounts.permissions import Action, require
from monitor.accounts.sign_in import Register
from monitor.clock import Instant


class Staff(Register, Protocol):
    """A register that can also be changed. Every method raises OperatorError when it cannot.

    ``logged`` is written into the audit log together with the change, or neither is.
    """

    def add(
        self, person: Person, kept: str, now: Instant, logged: AccountEvent | None = None
    ) -> None:
        """Add an account; its sign-in name must be free."""

    def add_first(
        self, person: Person, kept: str, now: Instant, logged: AccountEvent | None = None
    ) -> None:
        """Add an administrator, if there is no account at all."""

    def disable(self, person: Person, logged: AccountEvent | None = None) -> None:
        """Close an account, unless it is the last administrator's."""


@dataclass(frozen=True, slots=True)
class Office:
    """What managing accounts needs: the register, and the way to keep passwords.

    The events that it returns are in the audit log already.
    """

    staff: Staff
    passwords: Passwords

    def add_first(self, person: Person, password: str, now: Instant) -> AccountEvent:
        """Create the administrator at the first start. Raises OperatorError when it is not."""
        check_first(person)
        themselves = replace(person, must_change_password=False)
        event = _event(EventKind.PERSON_ADDED, NOBODY, person, now, first="yes")
        self.staff.add_first(themselves, self._kept(person, password), now, event)
        return event

    def add(self, by: Actor, person: Person, password: str, now: Instant) -> AccountEvent:
        """Add an account whose owner changes the password when first signing in."""
        require(by.role, Action.MANAGE_USERS)
        event = _event(EventKind.PERSON_ADDED, by, person, now)
        self.staff.add(person, self._kept(person, password), now, event)
        return event

    def disable(self, by: Actor, person: Person, now: Instant) -> AccountEvent:
        """Close an account: it cannot sign in any more, and old rows still name it."""
        require(by.role, Action.MANAGE_USERS)
        event = _event(EventKind.PERSON_DISABLED, by, person, now)
        self.staff.disable(person, event)
        return event

    def reset_password(
        self, by: Actor, person: Person, password: str, now: Instant
    ) -> AccountEvent:
        """Give a password that its owner changes when next signing in; forgets wrong tries.

        Administrators who reset their own have chosen it themselves, and change nothing more.
        """
        require(by.role, Action.MANAGE_USERS)
        event = _event(EventKind.PASSWORD_RESET, by, person, now)
        kept, is_given = self._kept(person, password), by.user_id != person.id
        self.staff.set_password(person.id, kept, must_change=is_given, logged=event)
        self.staff.succeeded(person.id)
        return event

    def _kept(self, person: Person, password: str) -> str:
        check_new_password(password, person.sign_in_name, person.name)
        return self.passwords.hash(password)


def _event(kind: EventKind, by: Actor, person: Person, now: Instant, **more: str) -> AccountEvent:
    return AccountEvent(kind, by, now.utc, person.id, {"role": person.role.value} | more)
