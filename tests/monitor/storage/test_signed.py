"""Every row of the log is signed in the transaction that adds it, whoever logs what.

For somebody with the key of the database, who lifts the triggers, and has no signing key.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from monitor.accounts.events import AccountEvent, EventKind
from monitor.accounts.people import Actor, Role, new_person
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.patients import CourseDetails, Details
from monitor.records import HappeningKept, IdentificationKept
from monitor.storage import chain, versions
from monitor.storage.account_actions import REHASHED
from monitor.storage.audit import Audit
from monitor.storage.chain_check import Flaw
from monitor.storage.courses import CourseRegister
from monitor.storage.database import Database, open_database
from monitor.storage.erase import erase_patient
from monitor.storage.guards import PATIENT_ERASED, SESSION_ERASED
from monitor.storage.heads import Ed25519Signer, sealing
from monitor.storage.patients import PatientRegister
from monitor.storage.people import PeopleRegister, log_event
from monitor.storage.profile_schema import APPROVED
from monitor.storage.recorder import append
from monitor.storage.signed import open_signed, signer_at_hand
from monitor.storage.signing import new_signing_key
from monitor.storage.vault import FILE_NAME, write_vault
from monitor.storage.verify import Verdict, verify
from tests.keys import KEY, vault_for
from tests.monitor.storage.attacker import Attacker, attack
from tests.monitor.storage.conftest import OPENED, Maker
from tests.monitor.storage.site import approve, site

SIGNER = Ed25519Signer(bytes(range(32)))
GRAVE = {
    "session.ended",
    "session.signature",
    "session.erased",
    "patient.erased",
    "station.stopped",
    "user.added",
    "user.disabled",
    "user.password_changed",
    "user.password_reset",
    "user.password_rehashed",
    "profile.approved",
}
NOW = Instant(0.0, OPENED)
ADA = Actor("u-9", "Ada", Role.ADMINISTRATOR)
ANNA = Details("Weber", "Anna", date(1970, 1, 2), "4711")
BY_COMMANDS = ("session.exported", "record.exported", "record.viewed", "backup.made", "key.changed")
ACTIONS = {
    chain.OPENED,
    chain.ENDED,
    chain.ANCHORED,
    chain.STATION_STARTED,
    chain.STATION_STOPPED,
    *chain.ENTERED.values(),
    *chain.SET.values(),
    *versions.TABLE_OF,
    *(kind.value for kind in EventKind),
    *BY_COMMANDS,
    REHASHED,
    SESSION_ERASED,
    PATIENT_ERASED,
    "backup.restored",
    APPROVED,
}
"""Every action of the log but those that only a migration writes."""


def _happen(database: Database) -> None:
    """Let everything happen once that is logged."""
    log_of = Audit(database)
    chain.log_station(database, chain.STATION_STARTED, {}, OPENED, SIGNER)
    patients, courses = PatientRegister(database), CourseRegister(database)
    patient = patients.add(ANNA, ADA, NOW, OPENED.date())
    patients.change(patient, replace(ANNA, given_name="Anne"), ADA, NOW, OPENED.date())
    plan = CourseDetails(patient.id, OPENED.date(), "TRD", 8)
    course = courses.add(plan, ADA, NOW, OPENED.date())
    courses.change(course, replace(plan, planned_sessions=6), ADA, NOW, OPENED.date())
    _sessions(database, patient.id)
    chain.log_station(database, chain.STATION_STOPPED, {}, OPENED, SIGNER)
    people = PeopleRegister(database)
    for kind in EventKind:
        log_event(database, AccountEvent(kind, ADA, OPENED, "about"))
    people.add(new_person("ben", "Ben", Role.NURSE), "hash", NOW)
    for action in (*BY_COMMANDS, "backup.restored"):
        log_of.append("somebody", action, "", {}, OPENED)
    approve(database, site())
    erase_patient(database, patient.id, ADA, "by rule", NOW)


def _sessions(database: Database, patient_id: str) -> None:
    ended, running = Maker("ended"), Maker("running")
    append(database, [ended.opened(), ended.identification(patient_id)], SIGNER)
    others = [one for one in ended.entries() if not isinstance(one, IdentificationKept)]
    append(database, others, SIGNER)
    silenced = [HappeningKept(ended.stamp(40.0), kind, {"by": "Anna"}) for kind in chain.SET]
    append(database, silenced, SIGNER)
    append(database, [ended.phase("ended", 50.0)], SIGNER)
    append(database, [ended.signature(1, "")], SIGNER)
    append(database, [running.opened(), running.reading()], SIGNER)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which everything was logged, each transaction signed."""
    path = tmp_path_factory.mktemp("signed") / "vigil.db"
    with open_database(path, KEY, before_commit=sealing(SIGNER)) as database:
        _happen(database)
    return path


@pytest.fixture
def tampered(original: Path, tmp_path: Path) -> Callable[[Callable[[Attacker], Any]], Verdict]:
    """Return a function that does something to a fresh copy, and verifies that."""

    def tamper(alter: Callable[[Attacker], Any]) -> Verdict:
        path = tmp_path / "copy.db"
        shutil.copyfile(original, path)
        with attack(path) as attacker:
            alter(attacker)
        with open_database(path, KEY, read_only=True) as database:
            return verify(database, public_keys=[SIGNER.public_key])

    return tamper


def _last(attacker: Attacker, action: str) -> Any:
    return [row for row in attacker.table("audit") if row.values["action"] == action][-1]


def test_every_action_of_the_log_happens_here_and_none_is_left_unsigned(tampered) -> None:
    actions: set[str] = set()

    def look(attacker: Attacker) -> None:
        actions.update(row.values["action"] for row in attacker.table("audit"))

    verdict = tampered(look)
    assert actions == ACTIONS
    assert (verdict.breaks, verdict.unsigned_rows) == ((), 0)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_log_rewritten_from_any_action_on_is_found(tampered, action: str) -> None:
    def alter(attacker: Attacker) -> None:
        attacker.put(_last(attacker, action), actor="u-666")
        attacker.recompute_log()

    (found, *_) = tampered(alter).breaks
    assert (found.table, found.flaw) == ("audit", Flaw.CHANGED)
    assert "signed head" in found.why


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_log_cut_before_any_action_is_found(tampered, action: str) -> None:
    def alter(attacker: Attacker) -> None:
        first = _last(attacker, action).seq
        attacker.run("DELETE FROM audit WHERE number >= ?", (first,))

    verdict = tampered(alter)
    assert any("vouches for" in one.why and one.table == "audit" for one in verdict.breaks)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_row_that_was_forged_at_the_end_is_counted_and_a_grave_one_named(
    tampered, action: str
) -> None:
    def alter(attacker: Attacker) -> None:
        row, end = _last(attacker, action), attacker.table("audit")[-1].seq
        attacker.add(replace(row, values=row.values | {"number": end + 1}))
        attacker.recompute_log()

    verdict = tampered(alter)
    assert verdict.unsigned_rows == 1
    named = [one for one in verdict.breaks if one.table == "signed_head"]
    assert bool(named) is (action in GRAVE)


def test_a_change_that_was_not_made_is_not_signed_either(path: Path) -> None:
    with open_database(path, KEY, before_commit=sealing(SIGNER)) as database:
        person = new_person("ben", "Ben", Role.NURSE)
        with pytest.raises(OperatorError):
            PeopleRegister(database).add_first(person, "hash", NOW)
        verdict = verify(database)
    assert (verdict.audit_rows, verdict.heads) == (0, 0)


@pytest.mark.parametrize("anchored", [0, 1, 10**6, -1, "text", 2.5])
def test_who_keeps_a_running_session_from_being_anchored_is_found(tampered, anchored: Any) -> None:
    def alter(attacker: Attacker) -> None:
        session_id = "running"
        (now,) = attacker.run(
            "SELECT anchored FROM session_tip WHERE session_id = ?", (session_id,)
        ).fetchone()
        said = now + 1 if anchored == now else anchored
        attacker.run("UPDATE session_tip SET anchored = ?", (said,))

    (found,) = tampered(alter).breaks
    assert (found.table, found.session_id, found.flaw) == ("session_tip", "running", Flaw.CHANGED)
    assert "the log knows 1" in found.why


# ---- the signer of commands and of the window


def _vault(folder: Path, *, is_signing: bool) -> bytes:
    folder.mkdir(exist_ok=True)
    made = new_signing_key(KEY, in_keyring=False)
    signing = (made,) if is_signing else ()
    write_vault(folder / FILE_NAME, msgspec.structs.replace(vault_for(), signing=signing))
    return made.public


def test_a_command_signs_what_it_logs_with_the_key_in_the_vault(path: Path) -> None:
    public = _vault(path.parent, is_signing=True)
    with open_signed(path, KEY) as database:
        Audit(database).append("u-1", "session.exported", "5e55", {}, OPENED)
        verdict = verify(database, public_keys=[public])
    assert (verdict.breaks, verdict.heads, verdict.unsigned_rows) == ((), 1, 0)


def test_where_no_signing_key_is_the_row_is_logged_and_none_is_made(path: Path) -> None:
    _vault(path.parent, is_signing=False)
    before = (path.parent / FILE_NAME).read_bytes()
    with open_signed(path, KEY) as database:
        Audit(database).append("u-1", "session.exported", "5e55", {}, OPENED)
        verdict = verify(database)
    assert (verdict.audit_rows, verdict.heads, verdict.unsigned_rows) == (1, 0, 1)
    assert (path.parent / FILE_NAME).read_bytes() == before
    assert signer_at_hand(path.parent / "nowhere.json", KEY) is None


def test_a_vault_whose_private_half_has_gone_loses_no_row(path: Path, caplog) -> None:
    _vault(path.parent, is_signing=True)
    file = path.parent / FILE_NAME
    held = json.loads(file.read_bytes())
    del held["signing"][0]["sealed"]  # as if it were in a keyring, and there is none
    file.write_text(json.dumps(held))
    with open_signed(path, KEY) as database:
        Audit(database).append("u-1", "session.exported", "5e55", {}, OPENED)
        assert verify(database).unsigned_rows == 1
    assert "could not be signed" in caplog.text
    caplog.clear()
