"""A desktop that lies to the station: what it asks for, under which name the record keeps it."""

from typing import Any

import pytest

from monitor.channel_messages import (
    Command,
    EndInfusion,
    EndSession,
    Identify,
    OpenSession,
    Refused,
    StartInfusion,
)
from monitor.entry_messages import EnterNote, IdentifyPatient
from monitor.gate import ClinicGate
from monitor.records import NoteKept
from tests.monitor.fakes import happenings
from tests.monitor.test_authority import ADMIN, GLASS, NURSE, PATIENT, PHYSICIAN
from tests.monitor.test_gate import Books
from tests.monitor.test_station import Desktop, House

DR = "Dr. Weber (physician)"


class Ward:
    """A station with the gate of a clinic, and one desktop."""

    def __init__(self) -> None:
        self.house = House()
        self.gate = ClinicGate(
            Books(), self.house.board.emergency_of, self.house.engine.inbox.put, self.house.time
        )
        self.house.station.gate = self.gate
        self.desktop = Desktop(self.house)
        self.desktop.turn()

    def asks(self, command: Command) -> list[str]:
        """Return what the desktop is told; the engine has done what it was told then."""
        self.desktop.channel.send(command)
        self.desktop.desk.turn()
        self.gate.work()
        self.house.work()
        self.house.engine.tick()
        return [m.sentence for m in self.desktop.is_told() if isinstance(m, Refused)]

    @property
    def session_id(self) -> str:
        return self.house.session_id()

    def details(self, kind: str) -> list[dict[str, Any]]:
        return [row.detail for row in happenings(self.house.keeper.rows) if row.kind == kind]


@pytest.fixture
def ward() -> Ward:
    return Ward()


@pytest.mark.parametrize("by_id", ["", "nobody", "u-forged", ADMIN.id, "vigil"])
def test_who_may_not_opens_no_session(ward: Ward, by_id: str) -> None:
    assert len(ward.asks(OpenSession("Chair 1", "Ann", by=DR, by_id=by_id))) == 1
    assert not ward.house.engine.has_open_session
    assert ward.house.keeper.rows == []


def test_the_record_names_the_account_whatever_the_desktop_says(ward: Ward) -> None:
    assert ward.asks(OpenSession("Chair 1", "Ann", by=DR, by_id=NURSE.id)) == []
    ward.asks(StartInfusion(ward.session_id, by="Vigil", by_id=PHYSICIAN.id))
    ward.asks(EnterNote(ward.session_id, "note", by=DR, by_id=NURSE.id))
    anna = "Anna Weber (nurse)"
    assert [detail["by"] for detail in ward.details("phase")] == [anna, DR]
    (note,) = [row for row in ward.house.keeper.rows if isinstance(row, NoteKept)]
    assert (note.by, note.by_id) == (anna, NURSE.id)


def test_a_made_up_patient_is_in_no_record(ward: Ward) -> None:
    said = ward.asks(OpenSession("Chair 1", "Ann", patient_id="made-up", by_id=NURSE.id))
    assert said == ["There is no such patient: look for the patient by name"]
    ward.asks(OpenSession("Chair 1", "Ann", by_id=NURSE.id))
    assert ward.asks(IdentifyPatient(ward.session_id, "made-up", "Ann", by_id=NURSE.id)) == said
    ward.asks(IdentifyPatient(ward.session_id, PATIENT.id, "Another Name", by_id=NURSE.id))
    assert ward.house.board.newest()[0].snapshot.patient == PATIENT.details.label


def test_a_start_without_signing_in_runs_until_somebody_answers_for_it(ward: Ward) -> None:
    assert ward.asks(OpenSession("Chair 1", "Not identified", by=DR, emergency=GLASS)) == []
    session_id, glass = ward.session_id, "break-glass, to be identified"
    assert ward.asks(StartInfusion(session_id, by=DR, by_id=GLASS)) == []
    (said,) = ward.asks(Identify(session_id, DR, GLASS))
    assert said.startswith("Only a nurse or a physician may identify a break-glass session")
    assert ward.asks(Identify(session_id, "Somebody", PHYSICIAN.id)) == []
    assert len(ward.asks(EndInfusion(session_id, by_id=GLASS))) == 1
    assert ward.asks(EndSession(session_id, by_id=NURSE.id)) == []
    assert [detail["by"] for detail in ward.details("phase")] == [
        glass,
        glass,
        "Anna Weber (nurse)",
    ]
    assert ward.details("identified") == [{"emergency": GLASS, "by": DR}]


def test_a_start_without_signing_in_runs_no_session_beside_it(ward: Ward) -> None:
    ward.asks(OpenSession("Chair 1", "Not identified", emergency=GLASS))
    ward.asks(OpenSession("Chair 2", "Ann", by_id=NURSE.id))
    assert len(ward.asks(StartInfusion(ward.house.session_id("Chair 2"), by_id=GLASS))) == 1
    assert ward.asks(StartInfusion(ward.house.session_id("Chair 1"), by_id=GLASS)) == []
