"""People and actors: who has an account, in which role, and who did a thing.

Knows names and the rule of the last administrator. Must not know passwords or where it is kept.
"""

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitor.errors import BugError, OperatorError
from monitor.texts import checked_line

LONGEST_SIGN_IN_NAME = 64
LONGEST_NAME = 200
"""In characters; enough for any person, and short enough for every screen and printout."""


class Role(StrEnum):
    """In what capacity somebody acts. Accounts have one of the first three.

    BREAK_GLASS started a session without signing in; NOBODY touches the screen without a
    sign-in, or while it is locked; SYSTEM is the program itself.
    """

    NURSE = "nurse"
    PHYSICIAN = "physician"
    ADMINISTRATOR = "administrator"
    BREAK_GLASS = "break-glass"
    NOBODY = "nobody"
    SYSTEM = "system"


ACCOUNT_ROLES = (Role.NURSE, Role.PHYSICIAN, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as a row of a log keeps it.

    ``user_id`` is the account's id, the emergency's id for break-glass, or a word of ours; it is
    what a log without names keeps.
    """

    user_id: str
    name: str
    role: Role

    @property
    def by(self) -> str:
        """The words for a command's and a row's ``by``: "Anna Weber (nurse)"."""
        return f"{self.name} ({self.role})" if self.role in ACCOUNT_ROLES else self.name


SYSTEM = Actor("vigil", "Vigil", Role.SYSTEM)
NOBODY = Actor("nobody", "not signed in", Role.NOBODY)


def emergency_actor(emergency: str = "") -> Actor:
    """Return the actor of a break-glass start, a new one without its id ``emergency``.

    The id links the later identification to it.
    """
    return Actor(emergency or uuid.uuid4().hex, "break-glass, to be identified", Role.BREAK_GLASS)


@dataclass(frozen=True, slots=True)
class Person:
    """One account. ``sign_in_name`` is what is typed, ``name`` is what is printed.

    Accounts are never deleted: old rows name them. ``must_change_password``: somebody else
    chose the password, so it identifies nobody yet (21 CFR 11.300).
    """

    id: str
    sign_in_name: str
    name: str
    role: Role
    is_disabled: bool = False
    must_change_password: bool = False

    def __post_init__(self) -> None:
        if self.role not in ACCOUNT_ROLES:
            raise BugError(f"No account can have the role {self.role}")

    @property
    def actor(self) -> Actor:
        """This person as the one who did something."""
        return Actor(self.id, self.name, self.role)


def new_person(sign_in_name: str, name: str, role: Role) -> Person:
    """Return a new account whose password somebody else chose. Raises OperatorError on bad names.

    Without a printed ``name`` the sign-in name is printed.
    """
    typed = checked_line("sign-in name", sign_in_name, LONGEST_SIGN_IN_NAME)
    printed = checked_line("name", name, LONGEST_NAME) if name else typed
    return Person(uuid.uuid4().hex, typed, printed, role, must_change_password=True)


def sign_in_key(sign_in_name: str) -> str:
    """Return the form in which sign-in names are compared.

    Case, width, composition and white space make no difference, so that nobody can have an
    account that looks like another's.
    """
    folded = unicodedata.normalize("NFKC", sign_in_name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def check_first(person: Person) -> None:
    """Raise OperatorError when the first account would be one that cannot add others."""
    if person.role is not Role.ADMINISTRATOR:
        raise OperatorError(
            "There is no administrator yet", "add one first, with the role administrator"
        )


def check_can_disable(people: Iterable[Person], person: Person) -> None:
    """Raise OperatorError when nobody could manage the accounts without this person.

    An administrator whose password somebody else chose cannot yet, and may never.
    """
    left = [other for other in people if other.id != person.id and _can_manage(other)]
    if person.role is Role.ADMINISTRATOR and not left:
        raise OperatorError(
            "The last administrator cannot be disabled",
            "add another one first, who has chosen a password",
        )


def _can_manage(person: Person) -> bool:
    is_usable = not person.is_disabled and not person.must_change_password
    return person.role is Role.ADMINISTRATOR and is_usable
