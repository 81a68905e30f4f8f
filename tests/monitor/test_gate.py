"""The gate: alarms are answered at once, the rest is judged by what the register says now."""

import threading
from collections.abc import Collection
from dataclasses import replace

import pytest

from monitor.accounts.people import Person, Role
from monitor.channel_messages import (
    Acknowledge,
    Command,
    EndSession,
    OpenSession,
    StartInfusion,
    SwitchAudio,
)
from monitor.engine_messages import Ask
from monitor.entry_messages import IdentifyPatient
from monitor.errors import OperatorError
from monitor.gate import FRESH_S, LOOK_EVERY_S, ClinicGate, DemoGate
from monitor.patients import Patient
from tests.monitor.test_authority import ADMIN, GLASS, NURSE, PATIENT, PHYSICIAN

LOCKED = OperatorError("Another program holds the database", "close it")
OPEN = OpenSession("Chair 1", "Ann", by="Dr. Weber (physician)", by_id=NURSE.id)


class Books:
    """A register whose disk fails when told."""

    def __init__(self) -> None:
        self.staff = [NURSE, PHYSICIAN, ADMIN]
        self.fault: OperatorError | None = None
        self.looks = 0

    def people(self) -> Collection[Person]:
        self.looks += 1
        self._reach()
        return tuple(self.staff)

    def patient(self, patient_id: str) -> tuple[Patient | None, Collection[str]]:
        self._reach()
        return (PATIENT, ["c1"]) if patient_id == PATIENT.id else (None, ())

    def _reach(self) -> None:
        if self.fault is not None:
            raise self.fault


class Door:
    """A gate, what passes it, and what is answered."""

    def __init__(self, *, has_looked: bool = True) -> None:
        self.books = Books()
        self.now_s = 1000.0
        self.passed: list[Command] = []
        self.said: list[str] = []
        self.gate = ClinicGate(
            self.books,
            {"s-glass": GLASS}.get,  # type: ignore[arg-type]  # asked for strings only
            lambda ask: self.passed.append(ask.command),
            lambda: self.now_s,
        )
        if has_looked:
            self.gate.look()

    def asks(self, command: Command) -> None:
        self.gate.take(command, self.said.append)
        self.gate.work()

    def passes(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_command_goes_on_under_the_name_of_the_account(door: Door) -> None:
    door.asks(OPEN)
    assert door.passed == [replace(OPEN, by="Anna Weber (nurse)")]
    assert door.said == []


def test_what_the_table_does_not_allow_is_refused_in_one_sentence(door: Door) -> None:
    door.asks(replace(OPEN, by_id=ADMIN.id))
    door.asks(SwitchAudio("s1", is_off=True, by_id=NURSE.id))
    door.asks(EndSession("s1", by_id="u-forged"))
    assert door.passed == []
    assert door.said == [
        "Only a nurse or a physician may open a session: let one of them sign in",
        "Only a physician may switch the alarm sound off: let one of them sign in",
        "This clinic has no such account: sign in again (F3)",
    ]


def test_an_account_that_was_disabled_may_nothing_more_a_second_later(door: Door) -> None:
    door.books.staff = [replace(NURSE, is_disabled=True)]
    door.passes(FRESH_S)
    door.asks(OPEN)
    assert door.passed == []
    assert "is disabled" in door.said[0]


def test_an_account_that_was_just_added_may_at_once_a_second_later(door: Door) -> None:
    new = Person("u-2", "ben", "Ben", Role.NURSE)
    door.books.staff.append(new)
    door.passes(FRESH_S)
    door.asks(replace(OPEN, by_id=new.id))
    assert [command.by for command in door.passed] == ["Ben (nurse)"]


def test_several_commands_within_a_second_read_the_accounts_once(door: Door) -> None:
    for _ in range(5):
        door.asks(OPEN)
        door.gate.take(OPEN, door.said.append)
        door.gate.work()
    assert door.books.looks == 1


def test_an_alarm_is_answered_without_waiting_for_the_thread_or_the_disk(door: Door) -> None:
    looks = door.books.looks
    door.passes(3600)
    door.gate.take(OPEN, door.said.append)
    door.gate.take(Acknowledge("s1", by_id=NURSE.id), door.said.append)
    door.gate.take(OpenSession("Chair 2", "?", emergency="e2"), door.said.append)
    assert [type(command) for command in door.passed] == [Acknowledge, OpenSession]
    assert [command.by for command in door.passed] == [
        "Anna Weber (nurse)",
        "break-glass, to be identified",
    ]
    assert door.books.looks == looks
    door.gate.work()
    assert len(door.passed) == 3


def test_break_glass_runs_its_own_session_and_no_other(door: Door) -> None:
    door.asks(StartInfusion("s-glass", by_id=GLASS))
    door.asks(StartInfusion("s-other", by_id=GLASS))
    assert [command.session_id for command in door.passed] == ["s-glass"]
    assert len(door.said) == 1


# ---- a database that cannot be read


def test_the_accounts_known_last_stand_while_the_database_is_locked(door: Door) -> None:
    door.books.fault = LOCKED
    door.passes(60)
    door.asks(OPEN)
    assert [command.by for command in door.passed] == ["Anna Weber (nurse)"]
    assert door.said == []


def test_a_database_that_cannot_be_read_is_not_asked_by_every_command(door: Door) -> None:
    door.books.fault = LOCKED
    door.passes(60)
    for _ in range(5):
        door.asks(OPEN)
    assert door.books.looks == 2


def test_with_no_account_ever_read_care_goes_on_and_it_is_said_why() -> None:
    door = Door(has_looked=False)
    door.books.fault = LOCKED
    door.asks(OPEN)
    door.asks(Acknowledge("s1", by="Anna Weber (nurse)", by_id=NURSE.id))
    assert [(c.by, c.by_id) for c in door.passed] == [("name not verified", "unverified")] * 2
    assert door.said == [f"Done without a name: the accounts cannot be read ({LOCKED})."] * 2
    door.asks(SwitchAudio("s1", is_off=True, by_id=PHYSICIAN.id))
    assert len(door.passed) == 2
    assert "Nobody's name can be verified" in door.said[-1]
    door.books.fault = None
    door.passes(LOOK_EVERY_S)
    door.gate.work()
    door.asks(OPEN)
    assert door.passed[-1].by == "Anna Weber (nurse)"


def test_who_is_not_signed_in_answers_alarms_without_being_told_of_the_accounts() -> None:
    door = Door(has_looked=False)
    door.asks(Acknowledge("s1", by_id="nobody"))
    assert [command.by for command in door.passed] == ["not signed in"]
    assert door.said == []


# ---- the patient


def test_a_made_up_patient_or_anothers_course_is_refused(door: Door) -> None:
    door.asks(replace(OPEN, patient_id="made-up"))
    door.asks(replace(OPEN, patient_id=PATIENT.id, course_id="c2"))
    door.asks(replace(OPEN, course_id="c1"))
    door.asks(IdentifyPatient("s1", "", "Ann", by_id=NURSE.id))
    assert door.passed == []
    assert door.said == [
        "There is no such patient: look for the patient by name",
        "That course is not this patient's: choose one of the patient's",
        "A course needs its patient: choose the patient",
        "There is no such patient: look for the patient by name",
    ]
    door.asks(replace(OPEN, patient_id=PATIENT.id, course_id="c1"))
    (opened,) = door.passed
    assert isinstance(opened, OpenSession)
    assert opened.patient == PATIENT.details.label


def test_a_patient_who_cannot_be_looked_up_is_not_believed_but_there_is_a_way_out(
    door: Door,
) -> None:
    door.books.fault = LOCKED
    door.asks(replace(OPEN, patient_id=PATIENT.id))
    door.asks(IdentifyPatient("s1", PATIENT.id, "Ann", by_id=NURSE.id))
    assert door.passed == []
    assert [said.rpartition(": ")[2] for said in door.said] == [
        "start now and identify later (F2)",
        "identify the patient later",
    ]
    door.asks(OPEN)
    door.asks(OpenSession("Chair 1", "?", emergency="e2"))
    assert len(door.passed) == 2


# ---- the thread


def test_the_thread_reads_first_then_decides_in_order_and_ends() -> None:
    door, done = Door(has_looked=False), threading.Event()
    door.gate.open()
    door.gate.take(OPEN, door.said.append)
    door.gate.take(EndSession("s1", by_id=ADMIN.id), lambda _sentence: done.set())
    assert done.wait(10)
    door.gate.close()
    assert [command.by for command in door.passed] == ["Anna Weber (nurse)"]
    assert not [thread for thread in threading.enumerate() if thread.name == "gate"]


def test_in_a_demonstration_everybody_may_do_everything() -> None:
    asked: list[Ask] = []
    gate = DemoGate(asked.append)
    gate.open()
    gate.take(OpenSession("Chair 1", "Ann"), print)
    gate.close()
    assert [one.command for one in asked] == [OpenSession("Chair 1", "Ann")]
