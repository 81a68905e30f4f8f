"""Which action every command is, who may ask for it, and that nobody writes another's name."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts.people import NOBODY, Person, Role
from monitor.accounts.permissions import Action, may
from monitor.authority import UNVERIFIED, Known, action_of, authorised, is_for_anybody, with_patient
from monitor.channel_messages import (
    Acknowledge,
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
    IdentifyPatient,
)
from monitor.errors import OperatorError
from monitor.patients import Details, Patient

GLASS = "4f1d"
S = "s1"
NAMES = {
    "Anna Weber (nurse)",
    "Dr. Weber (physician)",
    "Bea (administrator)",
    "not signed in",
    "name not verified",
    "break-glass, to be identified",
}
COMMANDS: tuple[tuple[Command, Action | None], ...] = (
    (OpenSession("Chair 1", "Ann"), Action.OPEN_SESSION),
    (OpenSession("Chair 1", "Ann", emergency=GLASS), Action.BREAK_GLASS),
    (StartInfusion(S), Action.START_INFUSION),
    (EndInfusion(S), Action.END_INFUSION),
    (EndSession(S), Action.END_SESSION),
    (EndInterrupted(S), Action.END_SESSION),
    (ResumeSession(S), Action.RESUME_SESSION),
    (Identify(S, ""), Action.IDENTIFY),
    (IdentifyPatient(S, "p1", "Ann"), Action.IDENTIFY),
    (Acknowledge(S), Action.ACKNOWLEDGE),
    (PauseAudio(S), Action.PAUSE_AUDIO),
    (PauseAudio(S, is_on=False), None),
    (SwitchAudio(S, is_off=True), Action.AUDIO_OFF),
    (SwitchAudio(S, is_off=False), None),
    (SwitchAlarm(S, "HR-H1", is_off=True), Action.ALARM_OFF),
    (SwitchAlarm(S, "HR-H1", is_off=False), None),
    (ChangeLimit(S, "HR-H1", "limit", 120.0, "why"), Action.CHANGE_LIMITS),
    (SetBaseline(S, 120.0, 80.0), Action.CHANGE_LIMITS),
    (EnterEvent(S, "nausea"), Action.ENTER_EVENT),
    (EnterDose(S, "ketamine", "iv", 35.0), Action.ENTER_DOSE),
    (EnterScale(S, "CADSS", 4.0), Action.ENTER_NOTE),
    (EnterNote(S, "note"), Action.ENTER_NOTE),
    (AmendEntry(S, 4, "text", "new", "why"), Action.AMEND),
)
EVERY = [command for command, _ in COMMANDS]

NURSE = Person("u-n", "anna", "Anna Weber", Role.NURSE)
PHYSICIAN = Person("u-p", "weber", "Dr. Weber", Role.PHYSICIAN)
ADMIN = Person("u-a", "boss", "Bea", Role.ADMINISTRATOR)
GONE = Person("u-g", "gone", "Gone", Role.PHYSICIAN, is_disabled=True)
NEW = Person("u-w", "new", "New", Role.NURSE, must_change_password=True)
STAFF = Known({person.id: person for person in (NURSE, PHYSICIAN, ADMIN, GONE, NEW)})
UNREAD = Known(fault="The database is damaged: restore a backup")
PATIENT = Patient(
    "p1", 1, Details("Iaw", "Ann", clinic_number="47"), datetime(2026, 1, 2, tzinfo=UTC), "Anna"
)


def by(person_id: str, command: Command, name: str = "") -> Command:
    return replace(command, by_id=person_id, by=name)


def is_let_through(command: Command, known: Known = STAFF, emergency: str = "") -> bool:
    try:
        authorised(command, known, emergency)
    except OperatorError:
        return False
    return True


# ---- every command has its row


def test_every_command_of_the_union_is_in_this_test() -> None:
    assert {type(command) for command in EVERY} == set(get_args(Command))


@pytest.mark.parametrize(("command", "action"), COMMANDS)
def test_the_action_of_a_command_is(command: Command, action: Action | None) -> None:
    assert action_of(command) is action


@pytest.mark.parametrize("kind", get_args(Command))
def test_every_command_says_who_asks(kind: type) -> None:
    assert {"by", "by_id"} <= {field.name for field in fields(kind)}


# ---- who may, by the one table


@pytest.mark.parametrize(("command", "action"), COMMANDS)
@pytest.mark.parametrize("person", [NURSE, PHYSICIAN, ADMIN])
def test_an_account_may_what_the_table_says(
    command: Command, action: Action | None, person: Person
) -> None:
    expected = action is None or may(person.role, action)
    assert is_let_through(by(person.id, command)) is expected


@pytest.mark.parametrize(("command", "action"), COMMANDS)
@pytest.mark.parametrize("forged", ["", "nobody", "u-x", GONE.id, NEW.id, GLASS, "vigil", "system"])
def test_a_forged_or_closed_account_is_nobody(
    command: Command, action: Action | None, forged: str
) -> None:
    expected = action is None or may(Role.NOBODY, action)
    assert is_let_through(by(forged, command)) is expected


@pytest.mark.parametrize(("command", "action"), COMMANDS)
def test_who_broke_the_glass_runs_that_session_only(
    command: Command, action: Action | None
) -> None:
    if isinstance(command, OpenSession):
        return
    own = is_let_through(by(GLASS, command), emergency=GLASS)
    assert own is (action is None or may(Role.BREAK_GLASS, action))
    other = is_let_through(by(GLASS, command), emergency="another")
    assert other is (action is None or may(Role.NOBODY, action))


def test_an_administrator_opens_no_session() -> None:
    with pytest.raises(OperatorError, match="Only a nurse or a physician may open a session"):
        authorised(by(ADMIN.id, OpenSession("Chair 1", "Ann")), STAFF)


def test_a_nurse_switches_no_alarm_off_but_anybody_switches_it_on() -> None:
    off, on = (SwitchAlarm(S, "HR-H1", is_off=is_off) for is_off in (True, False))
    with pytest.raises(OperatorError, match="Only a physician may switch an alarm off"):
        authorised(by(NURSE.id, off), STAFF)
    assert authorised(on, STAFF) == by("nobody", on, "not signed in")


@pytest.mark.parametrize(
    ("person_id", "sentence"),
    [
        (GONE.id, "The account of Gone is disabled: sign in as somebody else"),
        (NEW.id, "The account of New has no password of its own yet"),
        ("u-x", "This clinic has no such account: sign in again"),
        ("", "Only a nurse or a physician may start an infusion: let one of them sign in"),
    ],
)
def test_a_refusal_says_why(person_id: str, sentence: str) -> None:
    with pytest.raises(OperatorError, match=sentence):
        authorised(by(person_id, StartInfusion(S)), STAFF)


# ---- under whose name


@pytest.mark.parametrize("command", EVERY)
def test_nobody_writes_another_name(command: Command) -> None:
    forged = by(PHYSICIAN.id, command, "Somebody Else (physician)")
    done = authorised(forged, STAFF) if is_let_through(forged) else forged
    expected = ("break-glass, to be identified", GLASS)
    if not (isinstance(command, OpenSession) and command.emergency):
        expected = ("Dr. Weber (physician)", "u-p")
    assert (done.by, done.by_id) == expected


@given(st.sampled_from(EVERY), st.text(), st.text(), st.sampled_from(["", GLASS]))
def test_what_goes_on_has_a_name_of_ours(
    command: Command, by_id: str, name: str, emergency: str
) -> None:
    asked = by(by_id, command, name)
    for known in (STAFF, UNREAD, Known()):
        if is_let_through(asked, known, emergency):
            done = authorised(asked, known, emergency)
            assert done.by in NAMES
            assert done.by_id in (*(STAFF.people or ()), "nobody", "unverified", GLASS)


def test_an_alarm_is_answered_by_a_forged_account_under_nobodys_name() -> None:
    done = authorised(by("u-x", Acknowledge(S, "HR-H1"), "Anna Weber (nurse)"), STAFF)
    assert done == Acknowledge(S, "HR-H1", NOBODY.by, None, NOBODY.user_id)


# ---- a start without signing in


@pytest.mark.parametrize("emergency", ["e7", ADMIN.id, "x" * 65, "a b", "ä", "\n"])
def test_a_start_without_signing_in_needs_an_id_of_its_own(emergency: str) -> None:
    known = Known({**(STAFF.people or {}), emergency: ADMIN})
    with pytest.raises(OperatorError, match="no start without signing in"):
        authorised(OpenSession("Chair 1", "Ann", emergency=emergency), known)


@pytest.mark.parametrize("emergency", ["x" * 65, "a b", "ä", "-", "\n"])
def test_also_while_no_account_is_known(emergency: str) -> None:
    with pytest.raises(OperatorError, match="no start without signing in"):
        authorised(OpenSession("Chair 1", "Ann", emergency=emergency), UNREAD)


@pytest.mark.parametrize("said", [{"patient_id": "p1"}, {"course_id": "c1"}])
def test_a_start_without_signing_in_names_no_patient(said: dict[str, str]) -> None:
    with pytest.raises(OperatorError, match="names no patient"):
        authorised(OpenSession("Chair 1", "Ann", emergency=GLASS, **said), STAFF)


# ---- while no account can be read


@pytest.mark.parametrize(("command", "action"), COMMANDS)
@pytest.mark.parametrize("known", [UNREAD, Known()])
def test_with_no_account_known_care_goes_on_without_names(
    command: Command, action: Action | None, known: Known
) -> None:
    expected = action is None or may(Role.BREAK_GLASS, action)
    asked = by(NURSE.id, command, "Anna Weber (nurse)")
    assert is_let_through(asked, known) is expected
    if expected and not (isinstance(command, OpenSession) and command.emergency):
        assert authorised(asked, known).by == UNVERIFIED.by == "name not verified"


def test_who_is_not_signed_in_gains_nothing_by_it() -> None:
    for unnamed in ("", NOBODY.user_id):
        assert not is_let_through(by(unnamed, StartInfusion(S)), UNREAD)


def test_a_refusal_says_that_no_name_can_be_verified_and_why() -> None:
    with pytest.raises(OperatorError, match=r"Nobody's name can be verified.*database is damaged"):
        authorised(by(PHYSICIAN.id, SwitchAudio(S, is_off=True)), UNREAD)


def test_accounts_that_were_read_stand_while_they_cannot_be_read_again() -> None:
    known = replace(STAFF, fault="The disk does not answer")
    assert is_let_through(by(NURSE.id, StartInfusion(S)), known)
    assert not is_let_through(by(GONE.id, StartInfusion(S)), known)


def test_nobody_has_to_wait_for_what_anybody_may() -> None:
    assert [type(command) for command in EVERY if is_for_anybody(command)] == [
        OpenSession, ResumeSession, Acknowledge, PauseAudio, PauseAudio, SwitchAudio, SwitchAlarm,
    ]  # fmt: skip


# ---- the patient


@pytest.mark.parametrize(
    "command",
    [OpenSession("Chair 1", "Forged", patient_id="p1"), IdentifyPatient(S, "p1", "Forged")],
)
def test_a_patient_is_named_as_registered(command: OpenSession | IdentifyPatient) -> None:
    assert with_patient(command, PATIENT, ()).patient == "Iaw, Ann · no. 47"
    in_course = replace(command, course_id="c1")
    assert with_patient(in_course, PATIENT, ("c1",)).course_id == "c1"
    with pytest.raises(OperatorError, match="course is not this patient's"):
        with_patient(in_course, PATIENT, ("c2",))
    with pytest.raises(OperatorError, match="no such patient"):
        with_patient(command, None, ())
