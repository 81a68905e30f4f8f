"""What the reception of a clinic needs: its book, what may seal it, and the clinic's choices.

Knows how the book is opened. Must not know who is here, nor screens.
"""

from dataclasses import dataclass
from typing import NoReturn

from monitor.accounts.auto_lock import IDLE_S
from monitor.accounts.passwords import Passwords
from monitor.errors import BugError
from ui.people.book import OpenBook
from ui.people.seal import Seal


@dataclass(frozen=True, slots=True)
class Clinic:
    """``open_book`` opens the register and the log; ``idle_s`` locks the controls."""

    open_book: OpenBook
    passwords: Passwords
    idle_s: float = IDLE_S
    hides_names: bool = False
    """Whether locked controls hide the names of patients."""
    seal: Seal | None = None
    """What keeps ``open_book`` shut; None: nothing that a person here could open."""

    @property
    def is_sealed(self) -> bool:
        """Whether a person here has to open the records first."""
        return self.seal is not None and self.seal.is_shut

    def unseal(self, secret: str) -> None:
        """Open the records with a passphrase or the recovery key. Raises OperatorError."""
        if self.seal is None:
            raise BugError("There is no seal here")
        self.seal.open(secret)


def demo_clinic() -> Clinic:
    """Return the clinic of a demonstration, which has no accounts."""
    return Clinic(_no_book, Passwords())


def _no_book() -> NoReturn:
    raise BugError("A demonstration has no accounts")
