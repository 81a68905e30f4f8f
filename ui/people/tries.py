"""What a try at the lock leaves behind when nobody waited for its answer.

Knows sign-ins and PINs. Must not know the panel, nor time.
"""

from dataclasses import replace

from monitor.accounts.sign_in import OpenSignIn
from monitor.accounts.unlock import Answer


def is_same(one: OpenSignIn, other: OpenSignIn) -> bool:
    """Whether both are the same sign-in, whatever became of its lock and PIN."""
    return (one.person.id, one.since) == (other.person.id, other.since)


def given_up(opened: OpenSignIn, answer: Answer) -> OpenSignIn:
    """Return the locked sign-in after a try that was given up: it stays locked.

    A right one counts as a try as well: a PIN shall not be learned by looking at what is left.
    """
    before, pin = opened.pin, answer.sign_in.pin
    is_guess = before is not None and pin is not None and pin.kept == before.kept
    if before is not None and is_guess and answer.is_unlocked:
        pin = replace(before, failures=before.failures + 1)
    return replace(opened, pin=pin)
