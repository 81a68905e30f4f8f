"""Keeps the approved alarm profiles in force: looks at the start and once a minute.

Knows the book of approved ones, the folder where they are edited, and whom to tell. Must not know
the engine or SQL; a look touches the disk, so it is never made in the engine's thread.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from monitor.alarms.own_rules import PROFILE_FAULT
from monitor.alarms.profile_choice import Choice, choose
from monitor.clock import Clock
from monitor.engine_messages import Fault, ProfilesInForce
from monitor.errors import OperatorError
from monitor.profile_folder import folder_faults
from monitor.storage.profiles import InForce

log = logging.getLogger(__name__)
LOOK_EVERY_S = 60.0

News = ProfilesInForce | Fault
Tell = Callable[[News], None]


class Book(Protocol):
    """Where the approved profiles are."""

    def news(self) -> InForce | None:
        """Return what was approved, None when that is known. Raises OperatorError."""


class ProfileKeeper:
    """Call ``look`` at the start, and then ``run`` in a thread; both tell what is new, and once.

    What was read stands while it cannot be read again; before the first reading the shipped ones.
    """

    def __init__(self, data: Path, book: Book, clock: Clock, wanted: str = "") -> None:
        """Begin; ``wanted`` is the clinic's standard by name."""
        self._data = data
        self._book = book
        self._clock = clock
        self._wanted = wanted
        self._approved = InForce()
        self._told: Choice | None = None
        self._fault = ""

    def run(self, over: threading.Event, tell: Tell) -> None:
        """Look once a minute until ``over`` is set; ``tell`` hears what is new."""
        while not over.wait(self._clock.real_seconds(LOOK_EVERY_S)):
            self.look(tell)

    def look(self, tell: Tell) -> None:
        """See what is in force, and tell it when it is something else than before."""
        try:
            fault = self._look(tell)
        except Exception:
            log.exception("the alarm profiles cannot be looked after")
            fault = "The alarm profiles cannot be looked after"
        if fault != self._fault:
            self._fault = fault
            tell(Fault(PROFILE_FAULT, fault))

    def _look(self, tell: Tell) -> str:
        unread = self._read()
        choice = choose(self._approved.profiles, self._wanted, self._approved.faults)
        if self._told is None or choice.all != self._told.all:
            self._told = choice
            tell(ProfilesInForce(choice.standard, choice.others))
        unread = [f"{one}; {choice.standard.title} stays in force" for one in unread]
        edited = folder_faults(self._data, choice, self._approved.texts)
        return _in_one([*unread, *choice.faults, *edited])

    def _read(self) -> list[str]:
        try:
            self._approved = self._book.news() or self._approved
        except OperatorError as fault:
            return [f"The approved alarm profiles cannot be read ({fault.what})"]
        return []


def _in_one(faults: list[str]) -> str:
    """Return the first fault and how many more there are; an alarm has one line."""
    more = f" (and {len(faults) - 1} more: see 'vigil profiles')" if len(faults) > 1 else ""
    return f"{faults[0]}{more}" if faults else ""
