"""Patients and courses as the clinic knows them: what is refused, and who may be the same.

Knows names, dates and numbers. Must not know where patients are kept or who may change them.
"""

import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum

from monitor.errors import OperatorError
from monitor.texts import checked_line, checked_text, is_invisible, search_key

LONGEST_NAME = 200
LONGEST_NUMBER = 64
FIRST_BIRTH = date(1900, 1, 1)
CLOSE = 0.8
"""Names whose letters agree to this share may be one name misspelt: Mueller and Müller do."""
MOST_PLANNED = 1000


class Sex(StrEnum):
    """As FHIR has it (administrative gender)."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Details:
    """What identifies a patient: a name and, at least, a date of birth or a clinic number."""

    family_name: str
    given_name: str = ""
    date_of_birth: date | None = None
    clinic_number: str = ""
    sex: Sex | None = None
    note: str = ""

    @property
    def name_keys(self) -> tuple[str, str]:
        """Family and given name as they are searched and compared."""
        return search_key(self.family_name), search_key(self.given_name)

    @property
    def number_key(self) -> str:
        """The clinic number as it is searched and compared."""
        return number_key(self.clinic_number)

    @property
    def label(self) -> str:
        """The line by which the patient is shown: "Weber, Anna · born 1970-01-02 · no. 4711"."""
        names = ", ".join(name for name in (self.family_name, self.given_name) if name)
        born = f"born {self.date_of_birth.isoformat()}" if self.date_of_birth else ""
        number = f"no. {self.clinic_number}" if self.clinic_number else ""
        return " · ".join(part for part in (names, born, number) if part)


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient as known now: version ``version`` of the details, and who wrote that when."""

    id: str
    version: int
    details: Details
    at_utc: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CourseDetails:
    """A patient's series of sessions. ``title`` says for what; None planned: open-ended."""

    patient_id: str
    started: date
    title: str
    planned_sessions: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """One course as known now."""

    id: str
    version: int
    details: CourseDetails
    at_utc: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Somebody who may be the same patient, and why; ``is_sure`` needs a word to go past it."""

    patient: Patient
    reason: str
    is_sure: bool


def number_key(number: str) -> str:
    """Return the form in which clinic numbers are compared: no case, width or spaces, all seen."""
    there = number.encode("utf-8", "ignore").decode("utf-8")
    plain = "".join(one for one in there if not is_invisible(one))
    return "".join(unicodedata.normalize("NFKC", plain).casefold().split())


def checked(details: Details, today: date) -> Details:
    """Return the details as they are kept. Raises OperatorError, one sentence for what is wrong."""
    cleaned, wrong = _cleaned(details, today)
    for fault in wrong.values():
        raise fault
    return cleaned


def faults(details: Details, today: date) -> Mapping[str, OperatorError]:
    """Return what is wrong with each field, by its name in Details; empty when all is right."""
    return _cleaned(details, today)[1]


def _cleaned(details: Details, today: date) -> tuple[Details, dict[str, OperatorError]]:
    texts: dict[str, str] = {}
    wrong: dict[str, OperatorError] = {}
    for name, clean in _CLEANED.items():
        try:
            texts[name] = clean(getattr(details, name))
        except OperatorError as fault:
            wrong[name] = fault
    cleaned = Details(
        texts.get("family_name", ""),
        texts.get("given_name", ""),
        details.date_of_birth,
        texts.get("clinic_number", ""),
        details.sex,
        texts.get("note", ""),
    )
    return cleaned, wrong | _identity_faults(cleaned, today, wrong)


def _identity_faults(
    cleaned: Details, today: date, wrong: Container[str]
) -> dict[str, OperatorError]:
    """Return what is wrong with details whose texts are clean, but for the fields in ``wrong``."""
    found: dict[str, OperatorError] = {}
    born, number = cleaned.date_of_birth, cleaned.clinic_number
    if born is not None and (fault := _birth_fault(born, today)):
        found["date_of_birth"] = fault
    if "family_name" not in wrong and not cleaned.name_keys[0]:
        found["family_name"] = OperatorError("The family name has no letter", "write it in letters")
    if number and not any(map(str.isalnum, cleaned.number_key)):
        found["clinic_number"] = OperatorError(
            "The clinic number has no letter or digit", "write it, or leave it out"
        )
    if born is None and not number and "clinic_number" not in wrong:
        found["date_of_birth"] = OperatorError(
            "A name alone is not enough to tell patients apart",
            "add the date of birth or the clinic number",
        )
    return found


def checked_course(details: CourseDetails, today: date) -> CourseDetails:
    """Return the course as it is kept. Raises OperatorError."""
    if not FIRST_BIRTH <= details.started <= date(today.year + 2, 12, 31):
        raise OperatorError("The course cannot begin on that day", "check the date")
    planned = details.planned_sessions
    if planned is not None and not 1 <= planned <= MOST_PLANNED:
        raise OperatorError(f"{planned} sessions are planned", f"plan 1 to {MOST_PLANNED:,}")
    return replace(details, title=checked_line("course's title", details.title, LONGEST_NAME))


def duplicates(details: Details, others: Iterable[Patient]) -> tuple[Duplicate, ...]:
    """Return who of the others may be the same patient, the sure ones first."""
    found = [_duplicate(details, other) for other in others]
    return tuple(sorted((one for one in found if one), key=lambda one: not one.is_sure))


def _birth_fault(born: date, today: date) -> OperatorError | None:
    if FIRST_BIRTH <= born <= today:
        return None
    where = "in the future" if born > today else f"before {FIRST_BIRTH.year}"
    return OperatorError(f"The date of birth {born.isoformat()} is {where}", "check the year")


def _duplicate(details: Details, other: Patient) -> Duplicate | None:
    found = _alike(details, other.details)
    return None if found is None else Duplicate(other, *found)


def _alike(one: Details, other: Details) -> tuple[str, bool] | None:
    """Return why two may be the same patient, and whether that is sure."""
    same_birth = one.date_of_birth is not None and one.date_of_birth == other.date_of_birth
    is_open = one.date_of_birth is None or other.date_of_birth is None
    same_name = one.name_keys == other.name_keys
    found: tuple[str, bool] | None = None
    if one.number_key and one.number_key == other.number_key:
        found = ("the same clinic number", True)
    elif same_name and same_birth:
        found = ("the same name and date of birth", True)
    elif same_birth and one.name_keys == other.name_keys[::-1]:
        found = ("the same date of birth, and the names the other way round", True)
    elif same_birth and _are_close(one, other):
        found = ("the same date of birth and a similar name", False)
    elif same_name and is_open:
        found = ("the same name", False)
    return found


def _are_close(one: Details, other: Details) -> bool:
    """Whether two names of the same day may be one: a shared word (after a marriage), or a slip."""
    first, second = " ".join(one.name_keys), " ".join(other.name_keys)
    crossed = " ".join(other.name_keys[::-1])
    shared = {word for word in first.split() if len(word) > 2} & set(second.split())
    return bool(shared) or max(_closeness(first, second), _closeness(first, crossed)) >= CLOSE


def _closeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


_CLEANED: Mapping[str, Callable[[str], str]] = {
    "family_name": lambda text: checked_line("family name", text, LONGEST_NAME),
    "given_name": lambda text: checked_line("given name", text, LONGEST_NAME, may_be_empty=True),
    "clinic_number": lambda text: checked_line(
        "clinic number", text, LONGEST_NUMBER, may_be_empty=True
    ),
    "note": lambda text: checked_text("note", text, may_be_empty=True),
}
"""How each text of the details is checked and cleaned."""
