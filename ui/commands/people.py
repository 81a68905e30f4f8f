"""``vigil users``: list, add and disable people, give them a new password or change one's own.

Composes the register of people with the terminal; passwords come from it or from a file, never
from an argument. Must not import Qt.
"""

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.accounts.administration import Office
from monitor.accounts.events import AccountEvent
from monitor.accounts.passwords import LONGEST, Passwords
from monitor.accounts.people import Actor, Person, Role, check_first, new_person
from monitor.accounts.permissions import Action, may
from monitor.accounts.sign_in import Gate, Refused, change_password, confirm
from monitor.clock import Instant, SystemClock
from monitor.errors import OperatorError
from monitor.settings import open_data_folder
from monitor.storage.database import Database, open_database
from monitor.storage.people import PeopleRegister, log_event
from monitor.storage.signed import open_signed
from ui.cli import data_folder
from ui.keys import ask_hidden, find_key, has_terminal
from ui.voice import note, table, tell_json

MOST_BYTES = 4 * LONGEST + 2
"""A password of the longest kind and its line end, in UTF-8."""


class Desk:
    """The terminal of one command: the register behind it and who manages it."""

    def __init__(self, database: Database, options: argparse.Namespace) -> None:
        self._database = database
        self.register = PeopleRegister(database)
        self.passwords = Passwords()
        self.office = Office(self.register, self.passwords)
        self._gate = Gate(self.register, self.passwords)
        self._options = options

    def administrator(self) -> Actor:
        """Return who manages the accounts, after asking for the password. Raises OperatorError."""
        return self._confirmed(self._administrator_named(self._options.by))

    def who_may(self, action: Action) -> Actor:
        """Return who does this, after asking for the password; their role is yet to be judged.

        Without --by NAME it is the only one who may. Raises OperatorError.
        """
        if self._options.by is not None:
            return self._confirmed(self.register.named(self._options.by))
        people = [one for one in self.register.people() if not one.is_disabled]
        allowed = [one for one in people if may(one.role, action)]
        if not allowed:
            raise OperatorError(f"There is nobody yet who may {action}", "add an account first")
        if len(allowed) > 1:
            raise OperatorError(f"Several people may {action}", "name yourself with --by NAME")
        return self._confirmed(allowed[0])

    def _confirmed(self, person: Person) -> Actor:
        password = self._password_of(person)
        event = self._granted(confirm(self._gate, person, password, _now()))
        self.keep(event)
        self._check_own_password(person)
        return event.actor

    def change_password(self, person: Person) -> None:
        """Let a person choose their own password, by the one they have. Raises OperatorError."""
        old, new = self._password_of(person), self.new_password(person)
        if old == new:
            raise OperatorError("The new password is the old one", "choose another")
        self._granted(change_password(self._gate, person, old, new, _now()))

    def new_password(self, person: Person) -> str:
        """Return the password chosen for somebody: from the file, or typed twice."""
        file = self._options.new_password_file
        chosen = _password(file, f"New password of {person.sign_in_name}: ", "--new-password-file")
        if file is None and ask_hidden("The same again: ") != chosen:
            raise OperatorError("The two passwords differ", "type the same one twice")
        return chosen

    def keep(self, event: AccountEvent) -> None:
        """Write what happened into the audit log."""
        log_event(self._database, event)

    def _password_of(self, person: Person) -> str:
        file, prompt = self._options.password_file, f"Password of {person.sign_in_name}: "
        return _password(file, prompt, "--password-file")

    def _granted(self, answer: AccountEvent | Refused) -> AccountEvent:
        if isinstance(answer, Refused):
            self.keep(answer.event)
            raise OperatorError(*answer.sentence.split(": ", 1))
        return answer

    def _check_own_password(self, person: Person) -> None:
        """Refuse a password that somebody else chose: it identifies nobody (21 CFR 11.300)."""
        now = self.register.find(person.id)
        if now is None or now.must_change_password:
            raise OperatorError(
                f"Somebody else chose the password of {person.sign_in_name}",
                "choose your own first, with 'vigil users password NAME' or at the window",
            )

    def _administrator_named(self, name: str | None) -> Person:
        if name is not None:
            return self.register.named(name)
        active = [
            person
            for person in self.register.people()
            if person.role is Role.ADMINISTRATOR and not person.is_disabled
        ]
        if len(active) != 1:
            raise OperatorError("There are several administrators", "name yourself with --by NAME")
        return active[0]


def list_people(options: argparse.Namespace) -> int:
    """List all accounts, the disabled ones too."""
    with _database(options, read_only=True) as database:
        people = PeopleRegister(database).people()
    if options.json:
        for person in people:
            tell_json(_fact(person))
    elif people:
        table(("name", "printed as", "role", "state"), [_line(person) for person in people])
    else:
        note("vigil: there are no users yet; add an administrator first.")
    return 0


def add(options: argparse.Namespace) -> int:
    """Add an account; the first one is an administrator's and needs nobody's leave."""
    person = new_person(options.name, options.full_name, Role(options.role))
    with _desk(options) as desk:
        if desk.register.people():
            by = desk.administrator()
            desk.office.add(by, person, desk.new_password(person), _now())
        else:
            check_first(person)
            desk.office.add_first(person, desk.new_password(person), _now())
    note(f"vigil: added {person.sign_in_name} ({person.role}).")
    return 0


def disable(options: argparse.Namespace) -> int:
    """Close an account; what it did stays under its name."""
    with _desk(options) as desk:
        person = desk.register.named(options.name)
        by = desk.administrator()
        desk.office.disable(by, person, _now())
    note(f"vigil: disabled {person.sign_in_name}.")
    return 0


def reset_password(options: argparse.Namespace) -> int:
    """Give somebody a new password, to be changed when they next sign in."""
    with _desk(options) as desk:
        person = desk.register.named(options.name)
        by = desk.administrator()
        desk.office.reset_password(by, person, desk.new_password(person), _now())
    note(f"vigil: {person.sign_in_name} has a new password, to be changed at the next sign-in.")
    return 0


def password(options: argparse.Namespace) -> int:
    """Change one's own password, also one that an administrator gave."""
    with _desk(options) as desk:
        person = desk.register.named(options.name)
        desk.change_password(person)
    note(f"vigil: {person.sign_in_name} has a new password.")
    return 0


@contextlib.contextmanager
def _desk(options: argparse.Namespace) -> Iterator[Desk]:
    with _database(options) as database:
        yield Desk(database, options)


def _database(options: argparse.Namespace, *, read_only: bool = False) -> Database:
    folder = open_data_folder(data_folder(options))
    key = find_key(folder, options)
    if read_only:
        return open_database(folder.database, key, read_only=True)
    return open_signed(folder.database, key)


def _password(file: Path | None, prompt: str, option: str) -> str:
    """Return a password from the first line of a file, else from the terminal without echo."""
    if file is not None:
        return _first_line(file)
    if not has_terminal():
        raise OperatorError(
            "A password is needed and there is no terminal", f"name its file with {option}"
        )
    return ask_hidden(prompt)


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            line = stream.readline(MOST_BYTES + 1)
        return line.decode("utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as cause:
        raise OperatorError(
            f"The password file {file} cannot be read", "name a text file of yours"
        ) from cause


def _now() -> Instant:
    return SystemClock().now()


def _fact(person: Person) -> dict[str, Any]:
    return {
        "user": person.sign_in_name,
        "name": person.name,
        "role": person.role.value,
        "disabled": person.is_disabled,
        "must_change_password": person.must_change_password,
    }


def _line(person: Person) -> tuple[str, ...]:
    if person.is_disabled:
        state = "disabled"
    else:
        state = "must change the password" if person.must_change_password else "active"
    return (person.sign_in_name, person.name, person.role.value, state)
