"""Locking and unlocking an open sign-in: the PIN of six digits, and the password behind it.

Knows that a PIN lives in memory only and has three tries. Must not know screens.
"""

from dataclasses import dataclass, replace

from monitor.accounts import auto_lock
from monitor.accounts.auto_lock import IDLE_S, Lock, Locked, Unlocked
from monitor.accounts.events import AccountEvent, EventKind
from monitor.accounts.people import NOBODY, Person
from monitor.accounts.sign_in import Gate, OpenSignIn, Pin, Refused, confirm
from monitor.clock import Instant
from monitor.errors import OperatorError

PIN_DIGITS = 6
PIN_TRIES = 3
"""Three guesses at a million PINs; the password is asked after them (reliability brief 5.2)."""

_EASY = ("01234567890", "09876543210")


@dataclass(frozen=True, slots=True)
class Answer:
    """The sign-in as it is now, and what to log. ``needs_password``: the PIN no longer counts."""

    sign_in: OpenSignIn
    events: tuple[AccountEvent, ...] = ()
    needs_password: bool = False

    @property
    def is_unlocked(self) -> bool:
        """Whether the controls work."""
        return isinstance(self.sign_in.lock, Unlocked)


def tick(opened: OpenSignIn, now: Instant, idle_s: float = IDLE_S) -> Answer:
    """Lock the controls when nobody has touched them for ``idle_s``."""
    return _locked(opened, auto_lock.tick(opened.lock, now, idle_s), now)


def touch(opened: OpenSignIn, now: Instant, idle_s: float = IDLE_S) -> Answer:
    """Somebody uses the controls; after too long a pause this locks them instead."""
    return _locked(opened, auto_lock.touch(opened.lock, now, idle_s), now)


def lock_by_hand(opened: OpenSignIn, now: Instant) -> Answer:
    """Somebody leaves and locks the controls."""
    return _locked(opened, auto_lock.lock_by_hand(opened.lock, now), now)


def set_pin(opened: OpenSignIn, gate: Gate, pin: str, now: Instant) -> Answer:
    """Choose a PIN for the rest of this sign-in.

    Raises OperatorError for a PIN that is malformed, too easy, or chosen while locked.
    """
    if not isinstance(opened.lock, Unlocked):
        raise OperatorError("The controls are locked", "unlock them before choosing a PIN")
    _check_pin(pin)
    chosen = replace(opened, pin=Pin(gate.passwords.hash(pin)))
    return Answer(chosen, (_event(EventKind.PIN_SET, opened, now),))


def unlock_with_pin(opened: OpenSignIn, gate: Gate, pin: str, now: Instant) -> Answer:
    """Unlock with the PIN; three wrong ones in a row, and only the password unlocks.

    An account that was disabled meanwhile, or whose password was reset, needs the password too.
    Raises OperatorError when the register cannot be reached.
    """
    if isinstance(opened.lock, Unlocked):
        return Answer(opened)
    chosen = opened.pin
    if chosen is None or not _pin_counts(chosen, gate.register.find(opened.person.id)):
        return Answer(opened, (_failure(opened, now, "pin no longer counts"),), True)
    if gate.passwords.matches(pin, chosen.kept):
        return _unlocked(opened, now, "pin")
    tried = replace(chosen, failures=chosen.failures + 1)
    answer = replace(opened, pin=tried)
    return Answer(answer, (_failure(opened, now, "wrong pin"),), tried.failures >= PIN_TRIES)


def unlock_with_password(
    opened: OpenSignIn, gate: Gate, password: str, now: Instant
) -> Answer | Refused:
    """Unlock with the password, which gives the PIN its three tries back."""
    if isinstance(opened.lock, Unlocked):
        return Answer(opened)
    confirmed = confirm(gate, opened.person, password, now)
    return confirmed if isinstance(confirmed, Refused) else _unlocked(opened, now, "password")


def _check_pin(pin: str) -> None:
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdecimal()):
        raise OperatorError(f"A PIN has {PIN_DIGITS} digits", "choose one of digits only")
    if len(set(pin)) == 1 or any(pin in easy for easy in _EASY):
        raise OperatorError("This PIN is the first that anybody tries", "choose another")


def _pin_counts(pin: Pin, person: Person | None) -> bool:
    """Whether the PIN has tries left and its account is still the one that chose it."""
    if person is None or person.is_disabled or person.must_change_password:
        return False
    return pin.failures < PIN_TRIES


def _locked(opened: OpenSignIn, lock: Lock, now: Instant) -> Answer:
    answer = replace(opened, lock=lock)
    if isinstance(opened.lock, Unlocked) and isinstance(lock, Locked):
        event = _event(EventKind.LOCKED, opened, now, cause=lock.cause.value)
        return Answer(answer, (event,))
    return Answer(answer)


def _unlocked(opened: OpenSignIn, now: Instant, how: str) -> Answer:
    pin = None if opened.pin is None else replace(opened.pin, failures=0)
    unlocked = replace(opened, lock=Unlocked(now), pin=pin)
    return Answer(unlocked, (_event(EventKind.UNLOCKED, opened, now, how=how),))


def _failure(opened: OpenSignIn, now: Instant, reason: str) -> AccountEvent:
    about, detail = opened.person.id, {"reason": reason}
    return AccountEvent(EventKind.UNLOCK_FAILED, NOBODY, now.utc, about, detail)


def _event(kind: EventKind, opened: OpenSignIn, now: Instant, **detail: str) -> AccountEvent:
    return AccountEvent(kind, opened.person.actor, now.utc, opened.person.id, detail)
