"""Authority: which action of the permissions a command is, who asks for it, and under what name.

Pure. Knows commands and the one table (accounts/permissions.py). Must not know where accounts and
patients are kept, nor threads.

A command says who asks (``by_id``) and in what words (``by``). The words are never believed: the
command goes on with those of the account.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from monitor.accounts.people import NOBODY, Actor, Person, Role, emergency_actor
from monitor.accounts.permissions import Action, may, require
from monitor.channel_messages import (
    Acknowledge,
    AlarmSetting,
    ChangeLimit,
    Command,
    EndInfusion,
    EndInterrupted,
    EndSession,
    Identify,
    OpenSession,
    PauseAudio,
    ResumeSession,
    SetBaseline,
    StartInfusion,
    SwitchAlarm,
    SwitchAudio,
)
from monitor.entry_messages import (
    AmendEntry,
    EnterDose,
    EnterEvent,
    EnterNote,
    EnterScale,
    EntryCommand,
    IdentifyPatient,
)
from monitor.errors import OperatorError
from monitor.patients import Patient

LONGEST_EMERGENCY = 64
UNVERIFIED = Actor("unverified", "name not verified", Role.BREAK_GLASS)
"""Whoever names an account while none could be read since the start: care goes on as in an
emergency, under nobody's name."""


@dataclass(frozen=True, slots=True)
class Known:
    """The accounts by id as last read, None before that; ``fault``: why not now, "" when they are.

    Accounts that were read stand while they cannot be read again.
    """

    people: Mapping[str, Person] | None = None
    fault: str = ""


NamesPatient = OpenSession | IdentifyPatient
"""Commands with the id of a patient of the register, and of a course of theirs."""
Named = TypeVar("Named", bound=NamesPatient)


def action_of(command: Command) -> Action | None:
    """Return the row of the permissions a command needs; None: it takes back what that row allows.

    To hear alarms again is never refused.
    """
    match command:
        case OpenSession():
            return Action.BREAK_GLASS if command.emergency else Action.OPEN_SESSION
        case Identify():
            return Action.IDENTIFY
        case Acknowledge():
            return Action.ACKNOWLEDGE
        case _ if isinstance(command, AlarmSetting):
            return _of_setting(command)
        case _ if isinstance(command, EntryCommand):
            return _of_entry(command)
        case _:
            return _of_course(command)


def _of_course(
    command: StartInfusion | EndInfusion | EndSession | EndInterrupted | ResumeSession,
) -> Action:
    """Of what moves a session on."""
    match command:
        case StartInfusion():
            return Action.START_INFUSION
        case EndInfusion():
            return Action.END_INFUSION
        case EndSession() | EndInterrupted():
            return Action.END_SESSION
        case ResumeSession():
            return Action.RESUME_SESSION
        case _:
            assert_never(command)


def _of_setting(command: AlarmSetting) -> Action | None:
    match command:
        case PauseAudio():
            return Action.PAUSE_AUDIO if command.is_on else None
        case SwitchAudio():
            return Action.AUDIO_OFF if command.is_off else None
        case SwitchAlarm():
            return Action.ALARM_OFF if command.is_off else None
        case ChangeLimit() | SetBaseline():
            return Action.CHANGE_LIMITS
        case _:
            assert_never(command)


def _of_entry(command: EntryCommand) -> Action:
    match command:
        case IdentifyPatient():
            return Action.IDENTIFY
        case EnterEvent():
            return Action.ENTER_EVENT
        case EnterDose():
            return Action.ENTER_DOSE
        case EnterScale() | EnterNote():
            return Action.ENTER_NOTE
        case AmendEntry():
            return Action.AMEND
        case _:
            assert_never(command)


def is_for_anybody(command: Command) -> bool:
    """Whether it is done whoever asks: then it waits for no account to be read."""
    action = action_of(command)
    return action is None or may(NOBODY.role, action)


def actor_of(command: Command, known: Known, emergency: str) -> Actor:
    """Return who asks. ``emergency``: of the session's break-glass start, while nobody answers.

    An account that is unknown, disabled, or whose password somebody else chose is nobody.
    """
    if isinstance(command, OpenSession) and command.emergency:
        return emergency_actor(command.emergency)
    person = (known.people or {}).get(command.by_id)
    if person is not None and not (person.is_disabled or person.must_change_password):
        return person.actor
    if emergency and command.by_id == emergency:
        return emergency_actor(emergency)
    is_named = command.by_id not in ("", NOBODY.user_id)
    return UNVERIFIED if is_named and known.people is None else NOBODY


def authorised(command: Command, known: Known, emergency: str = "") -> Command:
    """Return the command under the name of who asks, by the one table.

    Raises OperatorError, one sentence, when they may not; see ``actor_of`` for ``emergency``.
    """
    if isinstance(command, OpenSession) and command.emergency:
        _check_emergency(command, known)
    actor, action = actor_of(command, known, emergency), action_of(command)
    if action is not None and not may(actor.role, action):
        _refuse(command, actor, action, known)
    return replace(command, by=actor.by, by_id=actor.user_id)


def with_patient(command: Named, patient: Patient | None, courses: Collection[str]) -> Named:
    """Return the command with the patient's name as registered; ``courses`` are the patient's.

    Raises OperatorError when there is no such patient, or the course is another's.
    """
    if patient is None:
        raise OperatorError("There is no such patient", "look for the patient by name")
    if command.course_id and command.course_id not in courses:
        raise OperatorError("That course is not this patient's", "choose one of the patient's")
    return replace(command, patient=patient.details.label)


def _check_emergency(command: OpenSession, known: Known) -> None:
    """A start without signing in has an id of its own and says nothing of the patient."""
    emergency = command.emergency
    is_id = emergency.isascii() and emergency.isalnum() and len(emergency) <= LONGEST_EMERGENCY
    if not is_id or emergency in (known.people or {}):
        raise OperatorError("This is no start without signing in", "press F2 at a free chair")
    if command.patient_id or command.course_id:
        raise OperatorError(
            "A start without signing in names no patient", "identify the patient afterwards"
        )


def _refuse(command: Command, actor: Actor, action: Action, known: Known) -> None:
    """Raise OperatorError: why this account counts as nobody, else who may do this."""
    person = (known.people or {}).get(command.by_id)
    if actor == UNVERIFIED:
        raise OperatorError(
            f"Nobody's name can be verified, so nobody may {action} ({known.fault})",
            "mend that first; an emergency session works without names (F2)",
        )
    if actor == NOBODY and person is not None:
        why = "is disabled" if person.is_disabled else "has no password of its own yet"
        raise OperatorError(f"The account of {person.name} {why}", "sign in as somebody else (F3)")
    if actor == NOBODY and command.by_id not in ("", NOBODY.user_id):
        raise OperatorError("This clinic has no such account", "sign in again (F3)")
    require(actor.role, action)
