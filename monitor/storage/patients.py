"""Where patients are kept: found by name, number and date of birth; each change a new version.

Knows the tables and what must happen in one transaction. Must not know sessions, nor how a patient
is deleted (erase.py).
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from monitor.accounts.people import Actor
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.patients import (
    LONGEST_NAME,
    Details,
    Duplicate,
    Patient,
    Sex,
    checked,
    duplicates,
    number_key,
)
from monitor.storage import schema
from monitor.storage.database import Database
from monitor.storage.rows import Values, to_microseconds, to_utc
from monitor.storage.versions import (
    PATIENT_ADDED,
    PATIENT_CHANGED,
    authorship,
    refuse_outdated,
    write_version,
)
from monitor.texts import search_key

MOST_FOUND = 50
MOST_LOGGED = 20
"""Ids that go into one row of the log."""

_version = schema.patient_version


class PatientRegister:
    """The patients of one clinic. Every method raises OperatorError when the disk fails.

    ``today`` is the day at the clinic, for what cannot lie in the future.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, details: Details, by: Actor, now: Instant, today: date, *, despite: bool = False
    ) -> Patient:
        """Add a patient. Raises OperatorError for what is wrong, or for a sure duplicate.

        ``despite``: a person has seen who it may be, and says that it is somebody else.
        """
        cleaned = checked(details, today)
        with self._database.writing() as connection:
            found = _duplicates(connection, cleaned)
            _refuse_sure(found, despite=despite)
            patient_id, at_us = uuid.uuid4().hex, to_microseconds(now.utc)
            connection.execute(schema.patient.insert().values(id=patient_id, added_utc_us=at_us))
            logged = {"despite": [one.patient.id for one in found[:MOST_LOGGED]]} if found else {}
            row = _patient_row(patient_id, 1, cleaned, by, at_us)
            write_version(connection, _version, row, PATIENT_ADDED, logged)
        return _patient(row)

    def change(
        self,
        patient: Patient,
        details: Details,
        by: Actor,
        now: Instant,
        today: date,
        *,
        despite: bool = False,
    ) -> Patient:
        """Write a new version. Raises OperatorError as ``add``, and when another came before."""
        cleaned = checked(details, today)
        with self._database.writing() as connection:
            latest = found_patient(connection, patient.id)
            refuse_outdated(patient.version, latest.version)
            found = _duplicates(connection, cleaned, patient.id)
            _refuse_sure(found, despite=despite)
            at_us = to_microseconds(now.utc)
            row = _patient_row(patient.id, latest.version + 1, cleaned, by, at_us)
            write_version(connection, _version, row, PATIENT_CHANGED)
        return _patient(row)

    def find(self, patient_id: str) -> Patient:
        """Return a patient as known now. Raises OperatorError when there is none."""
        with self._database.reading() as connection:
            return found_patient(connection, patient_id)

    def known(self, patient_id: str) -> Patient | None:
        """Return a patient as known now, None when there is none."""
        with self._database.reading() as connection:
            return known_patient(connection, patient_id)

    def versions(self, patient_id: str) -> tuple[Patient, ...]:
        """Return everything that was ever written of a patient, the first version first."""
        query = select(_version).where(_version.c.patient_id == patient_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_version.c.version)).mappings()
            return tuple(_patient(row) for row in rows)

    def search(self, text: str, born: date | None = None) -> tuple[Patient, ...]:
        """Return up to 50 patients by name: those whose names begin with the words typed.

        A text that begins a clinic number, or is an ISO date or the beginning of one, finds
        these as well; ``born`` leaves only patients born that day. An empty text finds all.
        """
        conditions = [] if born is None else [_version.c.date_of_birth == born.isoformat()]
        if typed := _storable(text).strip():
            conditions.append(_matches(typed))
        with self._database.reading() as connection:
            return _latest(connection, and_(True, *conditions), MOST_FOUND)

    def find_duplicates(self, details: Details, besides: str = "") -> tuple[Duplicate, ...]:
        """Return who may be the same patient and why, the sure ones first.

        ``besides`` is the patient whose details these are to be.
        """
        with self._database.reading() as connection:
            return _duplicates(connection, details, besides)


# ---- reading


def _latest(
    connection: Connection, only: ColumnElement[bool], at_most: int | None = None
) -> tuple[Patient, ...]:
    """Return the patients whose latest version is such."""
    newer = _version.alias("newer")
    is_latest = ~(
        select(1)
        .where(newer.c.patient_id == _version.c.patient_id, newer.c.version > _version.c.version)
        .exists()
    )
    names = (_version.c.family_key, _version.c.given_key, _version.c.patient_id)
    query = select(_version).where(is_latest, only).order_by(*names).limit(at_most)
    return tuple(_patient(row) for row in connection.execute(query).mappings())


def found_patient(connection: Connection, patient_id: str) -> Patient:
    """Return a patient as known now, in the caller's transaction. Raises OperatorError."""
    found = known_patient(connection, patient_id)
    if found is None:
        raise OperatorError("There is no such patient", "look for the patient by name")
    return found


def known_patient(connection: Connection, patient_id: str) -> Patient | None:
    """Return a patient as known now, in the caller's transaction, None when there is none."""
    if _storable(patient_id) != patient_id:
        return None
    found = _latest(connection, _version.c.patient_id == patient_id)
    return found[0] if found else None


def _matches(text: str) -> ColumnElement[bool]:
    """Every word begins a name; or the text begins the number or the date of birth."""
    names = (" " + _version.c.family_key + " " + _version.c.given_key).label(None)
    words = [names.contains(f" {word}", autoescape=True) for word in search_key(text).split()]
    number = number_key(text)
    return or_(
        and_(*words) if words else False,
        _version.c.number_key.startswith(number, autoescape=True),
        _version.c.date_of_birth.startswith(text, autoescape=True),
    )


def _storable(text: str) -> str:
    """Return what SQLite can be asked for: no lone surrogates, and no longer than a name."""
    return text[:LONGEST_NAME].encode("utf-8", "ignore").decode("utf-8")


def _duplicates(
    connection: Connection, details: Details, besides: str = ""
) -> tuple[Duplicate, ...]:
    family, given = details.name_keys
    alike = [and_(_version.c.family_key == family, _version.c.given_key == given)]
    if details.number_key:
        alike.append(_version.c.number_key == details.number_key)
    if details.date_of_birth is not None:
        alike.append(_version.c.date_of_birth == details.date_of_birth.isoformat())
    candidates = _latest(connection, and_(or_(*alike), _version.c.patient_id != besides))
    return duplicates(details, candidates)


# ---- writing


def _refuse_sure(found: Iterable[Duplicate], *, despite: bool) -> None:
    for one in found:
        if one.is_sure and not despite:
            raise OperatorError(
                f"There is a patient with {one.reason}", "open that one, or say that it is another"
            )


def _patient_row(patient_id: str, version: int, details: Details, by: Actor, at_us: int) -> Values:
    family_key, given_key = details.name_keys
    return {
        "patient_id": patient_id,
        "version": version,
        "family_name": details.family_name,
        "given_name": details.given_name,
        "date_of_birth": details.date_of_birth.isoformat() if details.date_of_birth else None,
        "clinic_number": details.clinic_number,
        "sex": details.sex.value if details.sex else None,
        "note": details.note,
        "family_key": family_key,
        "given_key": given_key,
        "number_key": details.number_key,
        **authorship(by, at_us),
    }


def _patient(row: Mapping[Any, Any]) -> Patient:
    born, sex = row["date_of_birth"], row["sex"]
    details = Details(
        row["family_name"],
        row["given_name"],
        None if born is None else date.fromisoformat(born),
        row["clinic_number"],
        None if sex is None else Sex(sex),
        row["note"],
    )
    return Patient(row["patient_id"], row["version"], details, to_utc(row["at_utc_us"]), row["by"])
