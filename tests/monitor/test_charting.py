"""What staff enter while a session runs: a row like any other, or a sentence and no row."""

from dataclasses import replace

import pytest

from monitor.channel_messages import EndSession, OpenSession, StartInfusion
from monitor.engine import Ask
from monitor.entries import SessionEntry
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
from monitor.picture import Picture
from monitor.pipe import decode, encode
from monitor.records import DoseKept, IdentificationKept, Record, SessionOpened
from tests.monitor.fakes import Story, opened_record
from tests.monitor.test_engine import Clinic, name

WHO = {"by": "Ben (nurse)", "by_id": "u-2"}
DOSE = EnterDose("s1", "Ketamine", "IV", 35.0, weight_kg=70.0, at_s=1.0, **WHO)
ENTRIES: list[EntryCommand] = [
    IdentifyPatient("s1", "p-1", "Weber, Anna", "c-1", **WHO),
    EnterEvent("s1", "nausea", "mild", 2.0, **WHO),
    DOSE,
    EnterScale("s1", "MOAA/S", 4.0, {"voice": 1.0}, **WHO),
    EnterNote("s1", "line\nline", **WHO),
]


@pytest.fixture
def story() -> Story:
    story = Story()
    story.up()
    story.do(StartInfusion("s1"))
    story.wait(10.0)
    return story


def rows_of(story: Story, kind: type[Record]) -> list[Record]:
    return [row for row in story.rows if isinstance(row, kind)]


@pytest.mark.parametrize("command", ENTRIES, ids=lambda one: type(one).__name__)
def test_an_entry_becomes_a_row_with_its_author(story: Story, command: EntryCommand) -> None:
    (row,) = story.do(command)
    assert isinstance(row, SessionEntry)
    assert (row.by, row.by_id, row.stamp.t_s) == ("Ben (nurse)", "u-2", story.t)
    assert story.session.picture.entries == [row]
    assert "(Ben (nurse))" in story.session.picture.trends.log[-1].text


def test_what_is_refused_takes_no_number_and_is_told(story: Story) -> None:
    with pytest.raises(OperatorError, match="not above 0"):
        story.do(replace(DOSE, amount=0.0))
    story.do(DOSE)
    story.do(EndSession("s1"))
    assert story.seqs() == list(range(1, len(story.rows) + 1))
    assert len(rows_of(story, DoseKept)) == 1


def test_a_slip_is_amended_and_the_row_stays(story: Story) -> None:
    (dose,) = story.do(DOSE)
    (first,) = story.do(AmendEntry("s1", dose.stamp.seq, "amount", 30.0, "misread", **WHO))
    (second,) = story.do(AmendEntry("s1", dose.stamp.seq, "amount", 32.0, "misread", **WHO))
    assert (first.old, first.new, second.old, second.new) == (35.0, 30.0, 30.0, 32.0)
    assert rows_of(story, DoseKept) == [dose]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seq": 1}, "No entry has the number 1"),
        ({"field": "seq"}, "nothing called 'seq'"),
        ({"new": 4000.0}, "above 500 mg"),
        ({"reason": ""}, "reason is empty"),
    ],
)
def test_an_amendment_that_makes_no_sense_is_refused(story, change, says) -> None:
    (dose,) = story.do(DOSE)
    amend = AmendEntry("s1", dose.stamp.seq, "amount", 30.0, "misread", **WHO)
    with pytest.raises(OperatorError, match=says):
        story.do(replace(amend, **change))


def test_the_last_identification_names_the_patient_and_is_not_amended(story: Story) -> None:
    assert story.shown().patient == "Patient A"
    story.do(ENTRIES[0])
    (last,) = story.do(IdentifyPatient("s1", "p-2", "Bell, Ben", reason="mixed up", **WHO))
    assert story.shown().patient == "Bell, Ben"
    with pytest.raises(OperatorError, match="say anew"):
        story.do(AmendEntry("s1", last.stamp.seq, "patient", "X", "why", **WHO))


def test_a_session_that_comes_back_knows_what_was_entered(story: Story) -> None:
    for command in ENTRIES:
        story.do(command)
    back = story.killed_and_back(5.0)
    assert back.session.picture.entries == story.session.picture.entries
    assert back.shown().patient == "Weber, Anna"
    assert not [row for row in back.rows if row not in story.rows and isinstance(row, DoseKept)]


def test_an_ended_session_takes_nothing(story: Story) -> None:
    story.do(EndSession("s1"))
    with pytest.raises(OperatorError, match="session has ended"):
        story.do(DOSE)


@pytest.mark.parametrize(
    "command", [*ENTRIES, AmendEntry("s1", 7, "amount", 30.5, "misread", **WHO)]
)
def test_entries_cross_between_processes(command: EntryCommand) -> None:
    assert decode(encode(command)) == command


# ---- the engine


def opening(chair: int, patient_id: str = "p-1", patient: str = "Weber, Anna") -> OpenSession:
    return OpenSession(name(chair), patient, patient_id=patient_id, course_id="c-1", **WHO)


def test_a_session_of_a_known_patient_says_so_in_its_first_rows() -> None:
    clinic = Clinic()
    clinic.engine.handle(Ask(opening(1), clinic.refused.append))
    first = clinic.keeper.rows[:4]
    assert isinstance(first[0], SessionOpened)
    (known,) = [row for row in first if isinstance(row, IdentificationKept)]
    assert (known.patient_id, known.course_id, known.patient) == ("p-1", "c-1", "Weber, Anna")
    assert (known.by, known.by_id) == ("Ben (nurse)", "u-2")


def test_without_a_known_patient_nobody_is_identified_until_somebody_says_so() -> None:
    clinic = Clinic()
    clinic.engine.handle(Ask(opening(1, "", ""), clinic.refused.append))
    session = clinic.engine.session_at(name(1))
    assert session is not None
    assert session.picture.identification is None
    session_id = session.picture.opened.stamp.session_id
    clinic.engine.handle(Ask(IdentifyPatient(session_id, "p-1", "Weber, Anna")))
    assert session.picture.patient == "Weber, Anna"


def test_nobody_sits_at_two_chairs() -> None:
    clinic = Clinic()
    clinic.engine.handle(Ask(opening(1)))
    clinic.engine.handle(Ask(opening(2), clinic.refused.append))
    assert clinic.refused == ["This patient has a running session at Chair 1: end that one first"]
    clinic.engine.handle(Ask(opening(2, ""), clinic.refused.append))
    session = clinic.engine.session_at(name(2))
    assert session is not None
    two = session.picture.opened.stamp.session_id
    clinic.engine.handle(Ask(IdentifyPatient(two, "p-1", "Weber"), clinic.refused.append))
    assert len(clinic.refused) == 2
    assert session.picture.identification is None


def test_the_same_patient_may_be_said_again_at_the_same_chair() -> None:
    clinic = Clinic()
    clinic.engine.handle(Ask(opening(1)))
    session = clinic.engine.session_at(name(1))
    assert session is not None
    again = IdentifyPatient(session.picture.opened.stamp.session_id, "p-1", "Weber, A.")
    clinic.engine.handle(Ask(again, clinic.refused.append))
    assert clinic.refused == []
    assert session.picture.patient == "Weber, A."


@pytest.mark.parametrize("patient", ["x" * 10_000, "a\x00b", "a\ud800"])
def test_a_name_that_cannot_be_shown_opens_nothing(patient: str) -> None:
    clinic = Clinic()
    clinic.engine.handle(Ask(opening(1, "p-1", patient), clinic.refused.append))
    assert len(clinic.refused) == 1
    assert clinic.keeper.rows == []
    assert clinic.engine.session_at(name(1)) is None


def test_a_refused_entry_is_answered_with_a_sentence() -> None:
    clinic = Clinic()
    clinic.engine.handle(Ask(opening(1)))
    session = clinic.engine.session_at(name(1))
    assert session is not None
    session_id = session.picture.opened.stamp.session_id
    before = len(clinic.keeper.rows)
    clinic.engine.handle(Ask(EnterNote(session_id, ""), clinic.refused.append))
    assert clinic.refused == ["The note is empty: write one"]
    assert len(clinic.keeper.rows) == before


def test_a_picture_without_identification_shows_the_name_of_the_opening() -> None:
    assert Picture(opened_record()).patient == "Patient A"
