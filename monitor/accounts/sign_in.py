"""Signing in: a name and a password in, an open sign-in or a refusal out, and what to log.

Knows the order that keeps guessing slow: count first, compare then. Must not know SQL or screens.
"""

import math
from dataclasses import dataclass
from typing import Protocol

from monitor.accounts.auto_lock import Lock, Unlocked
from monitor.accounts.events import AccountEvent, EventKind
from monitor.accounts.passwords import Passwords, check_new_password
from monitor.accounts.people import NOBODY, Actor, Person, emergency_actor
from monitor.clock import Instant


@dataclass(frozen=True, slots=True)
class Wait:
    """The last wrong password was too recent: nothing is compared for ``seconds``."""

    seconds: float
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt that counts as failed until ``Register.succeeded`` says otherwise.

    ``key`` names whose attempts they are; ``wait_s`` follows if it fails; ``kept`` is the hash.
    """

    key: str
    wait_s: float
    person: Person | None = None
    kept: str | None = None


class Register(Protocol):
    """Where people are kept. Every method raises OperatorError when it cannot be reached."""

    def claim(self, sign_in_name: str, now: Instant) -> Claim | Wait:
        """Count an attempt before its password is compared, so that a kill cannot undo it."""

    def succeeded(self, key: str) -> None:
        """Forget the failed attempts: the password was right."""

    def find(self, person_id: str) -> Person | None:
        """Return an account as it is now."""

    def set_password(
        self,
        person_id: str,
        kept: str,
        *,
        must_change: bool,
        logged: AccountEvent | None = None,
    ) -> None:
        """Keep another hash for an account, and ``logged`` in the audit log, or neither."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What every sign-in needs: the register of people, and the way to compare passwords."""

    register: Register
    passwords: Passwords


@dataclass(frozen=True, slots=True)
class Pin:
    """The hash of a PIN, in memory only, and the wrong tries since the last unlock."""

    kept: str
    failures: int = 0

    def __repr__(self) -> str:
        return "Pin(...)"


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """Somebody is signed in at this desk, until they sign out or the desktop ends."""

    person: Person
    since: Instant
    lock: Lock
    pin: Pin | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The answer yes."""

    sign_in: OpenSignIn
    event: AccountEvent


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer no: the same words whether the name, the password or both are wrong."""

    wait_s: float
    event: AccountEvent

    @property
    def what(self) -> str:
        """What to tell the person, without the time to wait."""
        is_early = self.event.kind is EventKind.SIGN_IN_DELAYED
        return "Too soon after a wrong password" if is_early else "Name or password is wrong"

    @property
    def sentence(self) -> str:
        """What to tell the person."""
        return f"{self.what}: try again in {math.ceil(self.wait_s)} s"


def sign_in(gate: Gate, sign_in_name: str, password: str, now: Instant) -> SignedIn | Refused:
    """Open a sign-in when name and password fit. Raises OperatorError when nothing can be read."""
    claim = _verified(gate, sign_in_name, password, now)
    if isinstance(claim, Refused):
        return claim
    event = AccountEvent(EventKind.SIGNED_IN, claim.actor, now.utc, claim.id)
    return SignedIn(OpenSignIn(claim, now, Unlocked(now)), event)


def confirm(gate: Gate, person: Person, password: str, now: Instant) -> AccountEvent | Refused:
    """Ask the password again, for a signature or an amendment; wrong ones count as at sign-in."""
    verified = _verified(gate, person.sign_in_name, password, now)
    if isinstance(verified, Refused):
        return verified
    return AccountEvent(EventKind.PASSWORD_CONFIRMED, verified.actor, now.utc, verified.id)


def change_password(
    gate: Gate, person: Person, old: str, new: str, now: Instant
) -> AccountEvent | Refused:
    """Let people choose their own password. Raises OperatorError when the new one is too weak.

    The event of a change is in the audit log already; a refusal's is not.
    """
    check_new_password(new, person.sign_in_name, person.name)
    verified = _verified(gate, person.sign_in_name, old, now)
    if isinstance(verified, Refused):
        return verified
    event = AccountEvent(EventKind.PASSWORD_CHANGED, verified.actor, now.utc, verified.id)
    kept = gate.passwords.hash(new)
    gate.register.set_password(verified.id, kept, must_change=False, logged=event)
    return event


def sign_out(opened: OpenSignIn, now: Instant) -> AccountEvent:
    """Return what to log when somebody leaves; the caller lets go of the sign-in and its PIN."""
    return AccountEvent(EventKind.SIGNED_OUT, opened.person.actor, now.utc, opened.person.id)


def acting(opened: OpenSignIn | None) -> Actor:
    """Return who acts at this desk now: nobody when none is signed in or the controls are locked.

    What NOBODY may do, such as answer an alarm, is in permissions.py.
    """
    if opened is None or not isinstance(opened.lock, Unlocked):
        return NOBODY
    return opened.person.actor


def break_glass(chair: str, now: Instant) -> tuple[Actor, AccountEvent]:
    """Start without signing in: the actor for this chair's session, and what to log.

    Asks nothing and needs no register, so that no fault of the database stands in the way.
    """
    actor = emergency_actor()
    detail = {"chair": chair}
    return actor, AccountEvent(EventKind.BREAK_GLASS, actor, now.utc, actor.user_id, detail)


def identify(emergency: Actor, person: Person, now: Instant) -> AccountEvent:
    """Say afterwards who answers for a break-glass start."""
    return AccountEvent(EventKind.BREAK_GLASS_IDENTIFIED, person.actor, now.utc, emergency.user_id)


def _verified(gate: Gate, sign_in_name: str, password: str, now: Instant) -> Person | Refused:
    claim = gate.register.claim(sign_in_name, now)
    if isinstance(claim, Wait):
        return _delayed(claim, now)
    is_right = gate.passwords.matches(password, claim.kept)
    if claim.person is None or claim.kept is None or claim.person.is_disabled or not is_right:
        return _failed(claim, now)
    gate.register.succeeded(claim.key)
    if gate.passwords.is_outdated(claim.kept):
        must_change = claim.person.must_change_password
        gate.register.set_password(
            claim.person.id, gate.passwords.hash(password), must_change=must_change
        )
    return claim.person


def _delayed(wait: Wait, now: Instant) -> Refused:
    about = "" if wait.person is None else wait.person.id
    return Refused(wait.seconds, AccountEvent(EventKind.SIGN_IN_DELAYED, NOBODY, now.utc, about))


def _failed(claim: Claim, now: Instant) -> Refused:
    person = claim.person
    if person is None:
        about, reason = "", "unknown name"
    else:
        about, reason = person.id, "disabled" if person.is_disabled else "wrong password"
    detail = {"reason": reason}
    event = AccountEvent(EventKind.SIGN_IN_FAILED, NOBODY, now.utc, about, detail)
    return Refused(claim.wait_s, event)
