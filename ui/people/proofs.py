"""What is done with what people typed: each proof is an errand that opens the book and logs.

Knows the accounts' own functions and what the forms hold. Must not know the panel or who is here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from monitor.accounts import unlock as locks
from monitor.accounts.administration import Office
from monitor.accounts.passwords import Passwords
from monitor.accounts.people import Role, new_person
from monitor.accounts.sign_in import (
    Gate,
    OpenSignIn,
    Refused,
    SignedIn,
    change_password,
)
from monitor.accounts.sign_in import sign_in as prove
from monitor.accounts.unlock import Answer
from monitor.clock import Instant
from ui.people.book import Book
from ui.view_models.people import Form

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unsealed:
    """The records are open to this window."""


Outcome = SignedIn | Refused | Answer | Unsealed
Proof = Callable[[Book], Outcome]


def lacking(form: Form, typed: Typed) -> str:
    """Return what is not yet right with what was typed, "" when it can be tried."""
    if "again" in typed:
        chosen = typed["pin" if form is Form.PIN else "new"]
        if chosen != typed["again"]:
            return "The two differ: type the same twice"
    return "" if all(typed.values()) else "Fill in every line"


def sign_in(passwords: Passwords, typed: Typed, now: Instant) -> Proof:
    """Compare name and password."""

    def proof(book: Book) -> SignedIn | Refused:
        answer = prove(Gate(book.staff, passwords), typed["name"], typed["password"], now)
        book.log(answer.event)
        return answer

    return proof


def first(passwords: Passwords, typed: Typed, now: Instant) -> Proof:
    """Add the first administrator, who has just chosen a password, and sign them in."""

    def proof(book: Book) -> SignedIn | Refused:
        person = new_person(typed["name"], typed["printed"], Role.ADMINISTRATOR)
        Office(book.staff, passwords).add_first(person, typed["new"], now)
        answer = prove(Gate(book.staff, passwords), person.sign_in_name, typed["new"], now)
        book.log(answer.event)
        return answer

    return proof


def new_password(
    passwords: Passwords, newcomer: SignedIn, old: str, typed: Typed, now: Instant
) -> Proof:
    """Let somebody who signed in with a password of others choose their own."""
    opened = newcomer.sign_in

    def proof(book: Book) -> SignedIn | Refused:
        gate = Gate(book.staff, passwords)
        answer = change_password(gate, opened.person, old, typed["new"], now)
        if isinstance(answer, Refused):
            book.log(answer.event)
            return answer
        person = replace(opened.person, must_change_password=False)
        return SignedIn(replace(opened, person=person), answer)

    return proof


def pin(passwords: Passwords, opened: OpenSignIn, typed: Typed, now: Instant) -> Proof:
    """Set the PIN of this sign-in."""

    def proof(book: Book) -> Answer:
        return _logged(book, locks.set_pin(opened, Gate(book.staff, passwords), typed["pin"], now))

    return proof


def unlock(passwords: Passwords, opened: OpenSignIn, typed: Typed, now: Instant) -> Proof:
    """Unlock the controls with what was typed: a PIN or the password."""

    def proof(book: Book) -> Answer | Refused:
        gate = Gate(book.staff, passwords)
        if "pin" in typed:
            return _logged(book, locks.unlock_with_pin(opened, gate, typed["pin"], now))
        answer = locks.unlock_with_password(opened, gate, typed["password"], now)
        if isinstance(answer, Answer):
            return _logged(book, answer)
        book.log(answer.event)
        return answer

    return proof


def _logged(book: Book, answer: Answer) -> Answer:
    for event in answer.events:
        book.log(event)
    return answer
