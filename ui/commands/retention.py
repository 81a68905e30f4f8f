"""``vigil retention`` and ``vigil erase``: who is due by the clinic's rule, and what is deleted.

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
from monitor.storage.database import Database
from monitor.storage.erase import (
    DuePatient,
    LoneSession,
    due_for_deletion,
    erase_lone_session,
    erase_patient,
    find_lone_session,
    lone_sessions,
    lone_sessions_due,
    session_was_erased,
    was_erased,
)
from monitor.storage.keys import DataKey
from monitor.storage.patients import PatientRegister
from monitor.storage.rewrite import chair_with_open_session, has_waiting_rows, rewrite
from monitor.storage.signed import open_signed
from monitor.texts import search_key
from ui.cli import data_folder
from ui.command_line import log_view
from ui.commands.people import Desk
from ui.keys import ask_openly, find_key, has_terminal
from ui.only_writer import is_held, only_writer
from ui.voice import note, table, tell, tell_apart, tell_json

NO_RULE = "there is no rule, so nobody is ever due; name one in settings.toml: [retention] years"
STILL_KEPT = "Backups, exports and records set aside by a restore keep it until they are deleted"


def retention(options: argparse.Namespace) -> int:
    """List the patients whose record is older than the clinic's rule, the oldest first.

    Sessions of no registered patient are due by the same rule, and listed after them.
    """
    folder = open_data_folder(data_folder(options))
    rule = folder.settings.retention
    if rule is None:
        note(f"vigil: {NO_RULE}.")
        return 0
    due: tuple[DuePatient, ...] = ()
    lone: tuple[LoneSession, ...] = ()
    if folder.database.exists():
        key = find_key(folder, options)
        with open_to_look(folder.database, key, tell_apart) as database:
            due = due_for_deletion(database, rule.years, _now())
            lone = lone_sessions(database)
        log_view(folder, key, {"patients": len(due), "sessions": len(lone)})
    lone_due = lone_sessions_due(lone, rule.years, _now())
    if options.json:
        for fact in (*map(_fact, due), *map(_lone_fact, lone_due)):
            tell_json(fact)
    else:
        _tell_due(due, lone_due, rule.years)
    _note_lone(len(lone), len(lone_due))
    return 0


def _tell_due(due: tuple[DuePatient, ...], lone: tuple[LoneSession, ...], years: int) -> None:
    if due:
        table(("patient id", "last seen", "sessions", "patient"), [_line(one) for one in due])
    else:
        note(f"vigil: nobody's last session is more than {years} years ago.")
    if lone:
        table(("session id", "opened", "shown as"), [_lone_line(one) for one in lone])


def _note_lone(count: int, due: int) -> None:
    """Say how much belongs to nobody of the register, so that nobody is lulled."""
    if count:
        belong = "session belongs" if count == 1 else "sessions belong"
        note(
            f"vigil: {count} ended {belong} to no registered patient, {due} due by the rule "
            "(vigil erase --session)."
        )


def _lone_fact(one: LoneSession) -> dict[str, Any]:
    return {"session_id": one.session_id, "patient": one.label, "last_utc": one.opened_utc}


def _lone_line(one: LoneSession) -> tuple[str, ...]:
    return (one.session_id, f"{one.opened_utc:%Y-%m-%d}", _printable(one.label))


def _fact(one: DuePatient) -> dict[str, Any]:
    return {
        "patient_id": one.patient_id,
        "patient": one.label,
        "last_utc": one.last_utc,
        "sessions": one.sessions,
    }


def _line(one: DuePatient) -> tuple[str, ...]:
    label = _printable(one.label)
    return (one.patient_id, f"{one.last_utc:%Y-%m-%d}", str(one.sessions), label)


def _printable(label: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in label)


# ---- erase


def erase(options: argparse.Namespace) -> int:
    """Delete a patient with all sessions, or one session of nobody; nothing of it stays.

    Therefore the database is written anew afterwards.
    """
    if bool(options.patient) == bool(options.session):
        raise OperatorError(
            "It is not clear what to delete", "name a patient's id, or a session with --session ID"
        )
    folder = open_data_folder(data_folder(options))
    if not folder.database.exists():
        raise OperatorError(
            f"No session is recorded in {folder.path}", "name the right folder with --data"
        )
    key = find_key(folder, options)
    with _nobody_records(folder):
        with open_signed(folder.database, key) as database:
            erased = _erase_session if options.session else _erase
            done = erased(database, folder, options)
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


def _refuse_open_session(database: Database) -> None:
    """Raise OperatorError while somebody may sit in a chair: Vigil could not start for minutes."""
    chair = chair_with_open_session(database)
    if chair:
        raise OperatorError(
            f"A session at {chair!r} has not ended, and nothing was deleted",
            "start Vigil and end it, then close Vigil and erase",
        )


def _erase(database: Database, folder: DataFolder, options: argparse.Namespace) -> str:
    """Delete; return what to say of it. One that was erased before is only rewritten again."""
    by = _administrator(database, options)
    if was_erased(database, options.patient):
        _refuse_open_session(database)
        return "The patient had been deleted before; the database was rewritten once more."
    patient = PatientRegister(database).find(options.patient)
    if not options.before_due:
        _require_due(database, folder, patient.id)
    _confirm(patient, options)
    _refuse_open_session(database)
    done = erase_patient(database, patient.id, by, options.reason, _now())
    return (
        f"Deleted the patient with {done.sessions} session{_s(done.sessions)} and "
        f"{done.courses} course{_s(done.courses)}; the log keeps the ids and the reason."
    )


def _erase_session(database: Database, folder: DataFolder, options: argparse.Namespace) -> str:
    """Delete one session of no registered patient; return what to say of it."""
    by = _administrator(database, options)
    if session_was_erased(database, options.session):
        _refuse_open_session(database)
        return "The session had been deleted before; the database was rewritten once more."
    session = find_lone_session(database, options.session)
    rule = folder.settings.retention
    is_due = rule is not None and lone_sessions_due((session,), rule.years, _now())
    if not (is_due or options.before_due):
        raise _not_due("session")
    _confirm_session(session, options)
    _refuse_open_session(database)
    erase_lone_session(database, session.session_id, by, options.reason, _now())
    return "Deleted the session; the log keeps its id and the reason."


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
        raise _not_due("patient")


def _not_due(what: str) -> OperatorError:
    return OperatorError(
        f"The {what} is not due by the clinic's rule, and nothing was deleted",
        "add --before-due if it must be now",
    )


def _confirm(patient: Patient, options: argparse.Namespace) -> None:
    """Let the person type the patient's number or name back. Raises OperatorError."""
    if options.yes:
        return
    _require_terminal("patient")
    known = patient.details
    note(f"vigil: this deletes {known.label} for good, with all sessions.")
    what = "clinic number" if known.clinic_number else "family name"
    typed = ask_openly(f"Type the {what} to go on: ")
    expected = known.number_key or search_key(known.family_name)
    if (number_key(typed) if known.clinic_number else search_key(typed)) != expected:
        raise OperatorError(f"That is not the {what}", "nothing was deleted; start again")


def _confirm_session(session: LoneSession, options: argparse.Namespace) -> None:
    """Let the person type the session's day back. Raises OperatorError."""
    if options.yes:
        return
    _require_terminal("session")
    day = f"{session.opened_utc:%Y-%m-%d}"
    note(
        f"vigil: this deletes session {session.session_id} for good, opened on {day} (UTC), "
        f"shown as {_printable(session.label)}."
    )
    if ask_openly("Type the day it was opened to go on: ").strip() != day:
        raise OperatorError("That is not the day", "nothing was deleted; start again")


def _require_terminal(what: str) -> None:
    if not has_terminal():
        raise OperatorError("There is nobody to ask", f"add --yes if this {what} shall go")


def _rewrite(folder: DataFolder, key: DataKey) -> None:
    note("vigil: writing the database anew, so that nothing of it stays; this can take minutes.")
    try:
        rewrite(folder.database, key)
    except OperatorError as fault:
        raise OperatorError(
            f"It is deleted, but the file was not written anew ({fault.what})",
            f"{fault.what_to_do}; then give the same command again",
        ) from fault


def _now() -> Instant:
    return SystemClock().now()
