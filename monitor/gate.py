"""The gate: every command passes it on its way to the engine, under the name of who asks.

Knows what is read for that, and that an alarm is answered without waiting for any disk. Must not
know SQL, channels or sessions.

What anybody may do (answer an alarm, start an emergency) is decided at once by what is known.
Everything else waits in order for one thread that reads accounts and patients when needed.
"""

import queue
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Protocol

from monitor.accounts.people import Person
from monitor.authority import (
    UNVERIFIED,
    Known,
    NamesPatient,
    authorised,
    is_for_anybody,
    with_patient,
)
from monitor.channel_messages import Command, OpenSession
from monitor.engine_messages import Ask
from monitor.entry_messages import IdentifyPatient
from monitor.errors import OperatorError
from monitor.patients import Patient

LOOK_EVERY_S = 3.0
"""So old may the accounts be by which an alarm is answered: a change counts after that."""
FRESH_S = 1.0
"""So old may they be for everything else; and so long rests a database that cannot be read."""
ENDS_WITHIN_S = 1.0
"""A disk that hangs keeps no station from ending."""
Refuse = Callable[[str], None]


class Gate(Protocol):
    """What stands between the desktops and the engine."""

    def take(self, command: Command, refuse: Refuse) -> None:
        """Let a command pass, or tell ``refuse`` in one sentence why not; never waits."""

    def open(self) -> None:
        """Begin."""

    def close(self) -> None:
        """End; what waits then is not done."""


class Register(Protocol):
    """What is read. Every method raises OperatorError when it cannot be."""

    def people(self) -> Collection[Person]:
        """Return all accounts."""

    def patient(self, patient_id: str) -> tuple[Patient | None, Collection[str]]:
        """Return a patient, None when there is none, and the ids of the patient's courses."""


class DemoGate:
    """A demonstration has no accounts: everybody may do everything, and nobody's name is kept."""

    def __init__(self, pass_on: Callable[[Ask], object]) -> None:
        self._pass_on = pass_on

    def take(self, command: Command, refuse: Refuse) -> None:
        """Let it pass."""
        self._pass_on(Ask(command, refuse))

    def open(self) -> None:
        """Nothing begins."""

    def close(self) -> None:
        """Nothing ends."""


class ClinicGate:
    """The gate of a clinic. ``emergency_of`` tells of a session id which emergency it still is."""

    def __init__(
        self,
        register: Register,
        emergency_of: Callable[[str], str],
        pass_on: Callable[[Ask], object],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._register = register
        self._emergency_of = emergency_of
        self._pass_on = pass_on
        self._now = now
        self._known = Known()
        self._read_s = float("-inf")
        self._waiting: queue.Queue[tuple[Command, Refuse] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="gate", daemon=True)

    def take(self, command: Command, refuse: Refuse) -> None:
        """Decide at once what anybody may do; the rest waits for the thread."""
        if is_for_anybody(command):
            self._judge(command, refuse)
        else:
            self._waiting.put((command, refuse))

    def open(self) -> None:
        """Begin to read and to decide."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._waiting.put(None)
        if self._thread.ident is not None:
            self._thread.join(ENDS_WITHIN_S)

    def _run(self) -> None:
        self.look()
        while self.work(timeout_s=LOOK_EVERY_S):
            pass

    def work(self, timeout_s: float = 0.0) -> bool:
        """Decide the next that waits, or look who works here; False when that was the end."""
        try:
            request = self._waiting.get(timeout_s > 0, timeout_s)
        except queue.Empty:
            self.look()
            return True
        if request is not None:
            self._decide(*request)
        return request is not None

    def look(self) -> None:
        """Read the accounts; those read before stand while that fails."""
        try:
            people = {person.id: person for person in self._register.people()}
            self._known = Known(people)
        except OperatorError as fault:
            self._known = replace(self._known, fault=str(fault))
        self._read_s = self._now()

    def _decide(self, command: Command, refuse: Refuse) -> None:
        if self._now() - self._read_s >= FRESH_S:
            self.look()
        self._judge(command, refuse)

    def _judge(self, command: Command, refuse: Refuse) -> None:
        known = self._known
        session_id = "" if isinstance(command, OpenSession) else command.session_id
        try:
            done = authorised(command, known, self._emergency_of(session_id))
            if isinstance(done, NamesPatient):
                done = self._named(done)
        except OperatorError as refusal:
            refuse(str(refusal))
            return
        self._pass_on(Ask(done, refuse))
        if done.by_id == UNVERIFIED.user_id:
            why = known.fault or "not yet"
            refuse(f"Done without a name: the accounts cannot be read ({why}).")

    def _named(self, command: NamesPatient) -> NamesPatient:
        """Return the command with its patient as registered. Raises OperatorError."""
        if not command.patient_id and isinstance(command, OpenSession):
            if command.course_id:
                raise OperatorError("A course needs its patient", "choose the patient")
            return command
        try:
            patient, courses = self._register.patient(command.patient_id)
        except OperatorError as fault:
            raise OperatorError(
                f"The patients cannot be read, so this one cannot be verified ({fault})",
                _way_out(command),
            ) from fault
        return with_patient(command, patient, courses)


def _way_out(command: NamesPatient) -> str:
    match command:
        case OpenSession():
            return "start now and identify later (F2)"
        case IdentifyPatient():
            return "identify the patient later"
