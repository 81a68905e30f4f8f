"""What the station's gate reads, from a real database that is fine, locked, gone or altered."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from monitor.accounts.people import Actor, Role, new_person
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.patients import CourseDetails, Details
from monitor.storage import gate_book, last_resort
from monitor.storage.courses import CourseRegister
from monitor.storage.database import open_database
from monitor.storage.gate_book import GateBook
from monitor.storage.patients import PatientRegister
from monitor.storage.people import PeopleRegister
from tests.keys import KEY, raw
from tests.monitor.storage.conftest import OPENED

NOW, TODAY = Instant(0.0, OPENED), date(2026, 11, 22)
ANNA = replace(new_person("anna", "Anna Weber", Role.NURSE), must_change_password=False)
BY = Actor("u-1", "Anna Weber", Role.NURSE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vigil.db"
    with open_database(path, KEY) as database:
        PeopleRegister(database).add(ANNA, "no hash", NOW)
    return path


def test_it_reads_accounts_patients_and_their_courses(path: Path) -> None:
    with open_database(path, KEY) as database:
        patients = PatientRegister(database)
        ann, ben = (
            patients.add(Details(name, clinic_number=name), BY, NOW, TODAY) for name in ("Aa", "Bb")
        )
        details = CourseDetails(ann.id, TODAY, "low mood")
        course = CourseRegister(database).add(details, BY, NOW, TODAY)
    book = GateBook(path, KEY)
    assert book.people() == (ANNA,)
    assert book.patient(ann.id) == (ann, [course.id])
    assert book.patient(ben.id) == (ben, [])
    for nobody in ("made-up", "", "\ud800", "' OR 1=1 --"):
        assert book.patient(nobody) == (None, [])


@pytest.mark.parametrize("bytes_", [b"", b"x" * 8192])
def test_a_database_that_cannot_be_read_is_a_sentence(path: Path, bytes_: bytes) -> None:
    path.write_bytes(bytes_)
    book = GateBook(path, KEY, lambda: False)
    with pytest.raises(OperatorError):
        book.people()
    with pytest.raises(OperatorError):
        book.patient("p1")


def test_a_role_that_another_program_wrote_is_a_sentence_and_ends_no_station(path: Path) -> None:
    connection = raw(path)
    guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'person'"
    for (name,) in connection.execute(guards).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE person SET role = 'king'")
    connection.close()
    with pytest.raises(OperatorError, match="cannot be understood"):
        GateBook(path, KEY).people()


def test_the_last_resort_is_for_a_start_on_a_bad_disk_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes no locks: beside a recorder that writes it could read what is half written."""
    used: list[Path] = []

    def resort(at: Path, key: object) -> object:
        used.append(at)
        return last_resort.open_to_read(at, key)  # type: ignore[arg-type]  # a key it is

    monkeypatch.setattr(gate_book, "open_to_read", resort)
    GateBook(path, KEY).people()
    assert used == []
    is_recording = False
    book = GateBook(path, KEY, lambda: is_recording)
    book.people()
    book.people()
    assert used == [path]
