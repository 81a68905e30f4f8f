"""What becomes of what was typed into the patient form, or read for it: plain functions.

Knows the register's rules. Must not know Qt, errands or the disk.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from monitor.errors import OperatorError
from monitor.patients import Course, Details, Patient, faults, number_key
from monitor.texts import search_key
from ui.view_models.patients import Confirm, Purpose
from ui.view_models.typed import typed_date


def best_first(text: str, hits: Iterable[Patient]) -> tuple[Patient, ...]:
    """Return the hits, those first whose family name or number begins with what was typed."""
    key, number = search_key(text), number_key(text)

    def is_other(one: Patient) -> bool:
        is_name = key != "" and one.details.name_keys[0].startswith(key)
        return not (is_name or (number != "" and one.details.number_key.startswith(number)))

    return tuple(sorted(hits, key=is_other))


def confirmed(patient: Patient, courses: tuple[Course, ...], note: str = "") -> Confirm:
    """Return the page of a patient; a course goes on by itself only if it is the only open one."""
    if len(courses) > 1:
        note = f"{len(courses)} courses are open: the session belongs to none of them."
    course = courses[0] if len(courses) == 1 else None
    return Confirm(patient, course, note, is_busy=False)


def not_saved(fault: str, purpose: Purpose) -> str:
    """Return what to say when a new patient could not be kept: care goes on without."""
    later = "Esc leaves it for later"
    way_out = "F2 starts without identifying" if purpose.is_start else later
    return f"Not saved. {fault}. Enter tries again; {way_out}."


def read(typed: Mapping[str, str], today: date) -> tuple[Details, Mapping[str, str]]:
    """Return a new patient's details, and what is wrong with each line, in sentences."""
    wrong: dict[str, str] = {}
    born: date | None = None
    try:
        if typed.get("date_of_birth", "").strip():
            born = typed_date(typed["date_of_birth"])
    except OperatorError as fault:
        wrong["date_of_birth"] = f"{fault}."
    details = Details(
        typed.get("family_name", ""),
        typed.get("given_name", ""),
        born,
        typed.get("clinic_number", ""),
    )
    found = {name: f"{fault}." for name, fault in faults(details, today).items()}
    return details, found | wrong
