"""``vigil retention`` and ``vigil erase``: who is due by the clinic's rule, and a patient deleted.

Composes the rule, the register of people and the terminal. Must not import Qt.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action, require
from monitor.clock import Instant, SystemClock
from monitor.errors import OperatorError
from monitor.patients import Patient, number_key
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.any_version import open_to_look
from monitor.storage.database import Database, open_database
from monitor.storage.erase import (
    DuePatient,
    due_for_deletion,
    erase_patient,
    sessions_of_nobody,
    was_erased,
)
from monitor.storage.keys import DataKey
from monitor.storage.patients import PatientRegister
from monitor.storage.rewrite import has_waiting_rows, rewrite
from monitor.texts import search_key
from ui.cli import data_folder
from ui.commands.people import Desk
from ui.keys import ask_openly, find_key, has_terminal
from ui.only_writer import is_held, only_writer
from ui.voice import note, table, tell, tell_apart, tell_json

NO_RULE = "there is no rule, so nobody is ever due; name one in settings.toml: [retention] years"
STILL_KEPT = (
    "Backups, exports and records set aside by a restore keep this patient until they are deleted"
)


def retention(options: argparse.Namespace) -> int:
    """List the patients whose record is older than the clinic's rule, the oldest first."""
    folder = open_data_folder(data_folder(options))
    rule = folder.settings.retention
    if rule is None:
        note(f"vigil: {NO_RULE}.")
        return 0
    due: tuple[DuePatient, ...] = ()
    of_nobody = 0
    if folder.database.exists():
        with open_to_look(folder.database, find_key(folder, options), tell_apart) as database:
            due = due_for_deletion(database, rule.years, _now())
            of_nobody = sessions_of_nobody(database)
    if options.json:
        for one in due:
            tell_json(_fact(one))
    elif due:
        table(("patient id", "last seen", "sessions", "patient"), [_line(one) for one in due])
    else:
        note(f"vigil: nobody's last session is more than {rule.years} years ago.")
    _note_of_nobody(of_nobody)
    return 0


def _note_of_nobody(count: int) -> None:
    """Say what the rule cannot find: a session that names nobody of the register."""
    if count:
        belong = "session belongs" if count == 1 else "sessions belong"
        note(f"vigil: {count} ended {belong} to no registered patient: no rule finds them.")


def _fact(one: DuePatient) -> dict[str, Any]:
    return {
        "patient_id": one.patient_id,
        "patient": one.label,
        "last_utc": one.last_utc,
        "sessions": one.sessions,
    }


def _line(one: DuePatient) -> tuple[str, ...]:
    label = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in one.label)
    return (one.patient_id, f"{one.last_utc:%Y-%m-%d}", str(one.sessions), label)


# ---- erase


def erase(options: argparse.Namespace) -> int:
    """Delete a patient with all sessions, and rewrite the database so that nothing stays."""
    folder = open_data_folder(data_folder(options))
    if not folder.database.exists():
        raise OperatorError(
            f"No session is recorded in {folder.path}", "name the right folder with --data"
        )
    key = find_key(folder, options)
    with _nobody_records(folder):
        with open_database(folder.database, key) as database:
            done = _erase(database, folder, options)
        _rewrite(folder, key)
    tell(done)
    tell(f"{STILL_KEPT}.")
    return 0


@contextmanager
def _nobody_records(folder: DataFolder) -> Iterator[None]:
    """Hold the data folder: no recording waits for what may take minutes. Raises OperatorError."""
    if is_held(folder.path):
        raise OperatorError(
            "Vigil is running on this record, and nothing was deleted", "close it, and erase then"
        )
    with only_writer(folder.path):
        if has_waiting_rows(folder.path):
            raise OperatorError(
                "Readings wait to be saved, and nothing was deleted",
                "start Vigil once, which saves them, and erase then",
            )
        yield


def _erase(database: Database, folder: DataFolder, options: argparse.Namespace) -> str:
    """Delete; return what to say of it. One that was erased before is only rewritten again."""
    by = _administrator(database, options)
    if was_erased(database, options.patient):
        return "The patient had been deleted before; the database was rewritten once more."
    patient = PatientRegister(database).find(options.patient)
    if not options.before_due:
        _require_due(database, folder, patient.id)
    _confirm(patient, options)
    done = erase_patient(database, patient.id, by, options.reason, _now())
    return (
        f"Deleted the patient with {done.sessions} session{_s(done.sessions)} and "
        f"{done.courses} course{_s(done.courses)}; the log keeps the ids and the reason."
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _administrator(database: Database, options: argparse.Namespace) -> Actor:
    desk = Desk(database, options)
    if not desk.register.people():
        raise OperatorError(
            "Only an administrator may delete a patient, and there is none yet",
            "add one with 'vigil users add NAME --role administrator'",
        )
    by = desk.administrator()
    require(by.role, Action.DELETE_PATIENT)
    return by


def _require_due(database: Database, folder: DataFolder, patient_id: str) -> None:
    rule = folder.settings.retention
    due = () if rule is None else due_for_deletion(database, rule.years, _now())
    if patient_id not in {one.patient_id for one in due}:
        raise OperatorError(
            "The patient is not due by the clinic's rule, and nothing was deleted",
            "add --before-due if it must be now",
        )


def _confirm(patient: Patient, options: argparse.Namespace) -> None:
    """Let the person type the patient's number or name back. Raises OperatorError."""
    if options.yes:
        return
    if not has_terminal():
        raise OperatorError("There is nobody to ask", "add --yes if this patient shall go")
    known = patient.details
    note(f"vigil: this deletes {known.label} for good, with all sessions.")
    what = "clinic number" if known.clinic_number else "family name"
    typed = ask_openly(f"Type the {what} to go on: ")
    expected = known.number_key or search_key(known.family_name)
    if (number_key(typed) if known.clinic_number else search_key(typed)) != expected:
        raise OperatorError(f"That is not the {what}", "nothing was deleted; start again")


def _rewrite(folder: DataFolder, key: DataKey) -> None:
    note("vigil: writing the database anew, so that nothing of it stays; this can take minutes.")
    try:
        rewrite(folder.database, key)
    except OperatorError as fault:
        raise OperatorError(
            f"The patient is deleted, but the file was not written anew ({fault.what})",
            f"{fault.what_to_do}; then give the same command again",
        ) from fault


def _now() -> Instant:
    return SystemClock().now()
