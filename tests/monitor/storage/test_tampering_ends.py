"""What is erased, cut off at the end, or added to the form of the database is found as well.

For somebody who lifts the triggers, and cuts the audit log together with the heads over it.
"""

import contextlib
from datetime import date
from pathlib import Path

import pytest

from monitor.accounts.people import Actor, Role
from monitor.clock import Instant
from monitor.patients import Details
from monitor.storage import chain
from monitor.storage.chain import erase_session
from monitor.storage.chain_check import Flaw
from monitor.storage.database import Database
from monitor.storage.heads import Ed25519Signer, seal
from monitor.storage.patients import PatientRegister
from monitor.storage.recorder import append
from monitor.storage.verify import Verdict, verify
from tests.keys import raw
from tests.monitor.storage.attacker import Attacker, attack
from tests.monitor.storage.conftest import OPENED, Maker

SIGNER = Ed25519Signer(bytes(range(32)))
ENDED, RUNNING, EMPTY = "ended", "running", "waiting"


@pytest.fixture
def three(database: Database) -> Database:
    """A database with a session that ended, one that runs and one without rows, in this order."""
    ended, running = Maker(ENDED), Maker(RUNNING)
    append(database, [ended.opened(), ended.reading(), ended.phase("ended", 99.0)], SIGNER)
    append(database, [running.opened(), running.reading()], SIGNER)
    append(database, [Maker(EMPTY).opened()], SIGNER)
    assert found_in(database).is_intact
    return database


def found_in(database: Database) -> Verdict:
    return verify(database, public_keys=[SIGNER.public_key])


@pytest.mark.parametrize("number", [1, 4, 99])
@pytest.mark.parametrize("session_id", [ENDED, RUNNING, EMPTY])
def test_a_session_erased_without_the_log_is_found_with_what_let_it_go(
    path: Path, three: Database, session_id: str, number: int
) -> None:
    with attack(path) as attacker:
        attacker.run("INSERT INTO erasure VALUES (?, ?)", (session_id, number))
        attacker.wipe(session_id)
        attacker.drop(attacker.session(session_id))
    breaks = found_in(three).breaks
    assert {(one.table, one.seq or one.session_id, one.flaw) for one in breaks} == {
        ("erasure", session_id, Flaw.INSERTED),
        ("session", session_id, Flaw.REMOVED),
    }


def test_a_session_that_is_there_may_not_be_let_go_either(path: Path, three: Database) -> None:
    with attack(path) as attacker:
        attacker.run("INSERT INTO erasure VALUES (?, 1)", (ENDED,))
    (found,) = found_in(three).breaks
    assert (found.table, found.seq, found.flaw) == ("erasure", ENDED, Flaw.INSERTED)


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ("DELETE FROM {}", Flaw.REMOVED),
        ("UPDATE {} SET audit_number = 1", Flaw.CHANGED),
        ("UPDATE {} SET audit_number = 'text'", Flaw.CHANGED),
    ],
)
def test_an_altered_row_of_what_the_log_says_was_erased_is_found(
    path: Path, three: Database, change: str, flaw: Flaw
) -> None:
    with three.writing() as connection:
        erase_session(connection, ENDED, "u-1", "by rule", 0)
        seal(connection, SIGNER)
    assert found_in(three).is_intact
    with attack(path) as attacker:
        attacker.all(change, "erasure")
    (found,) = found_in(three).breaks
    assert (found.table, found.seq, found.flaw) == ("erasure", ENDED, flaw)


def test_a_patient_erased_without_the_log_is_found(path: Path, database: Database) -> None:
    anna = Details("Weber", "Anna", date(1970, 1, 2), "4711")
    ada = Actor("u-9", "Ada", Role.ADMINISTRATOR)
    patient = PatientRegister(database).add(anna, ada, Instant(0.0, OPENED), OPENED.date())
    with attack(path) as attacker:
        attacker.run("INSERT INTO patient_erasure VALUES (?, 1)", (patient.id,))
        attacker.run("DELETE FROM patient_version")
        attacker.run("DELETE FROM patient")
    assert {(one.table, one.flaw) for one in verify(database).breaks} == {
        ("patient_erasure", Flaw.INSERTED),
        ("patient_version", Flaw.REMOVED),
    }


def _cut_the_log(attacker: Attacker, first: int) -> None:
    """Cut the log and, as far as they vouch for what is cut, the heads."""
    attacker.run("DELETE FROM signed_head WHERE audit_number >= ?", (first,))
    attacker.run("DELETE FROM audit WHERE number >= ?", (first,))


def test_a_log_cut_with_its_heads_is_found_by_the_session_that_ended(
    path: Path, three: Database
) -> None:
    with attack(path) as attacker:
        (end,) = [row for row in attacker.table("audit") if row.values["action"] == chain.ENDED]
        _cut_the_log(attacker, end.seq)
        for other in (RUNNING, EMPTY):  # which the log no longer knows of
            attacker.wipe(other)
            attacker.drop(attacker.session(other))
    (found,) = found_in(three).breaks
    assert (found.table, found.session_id, found.seq) == ("audit", ENDED, end.seq)
    assert found.flaw is Flaw.REMOVED
    assert "session.ended of row 3 in table happening" in found.why


@pytest.mark.parametrize("which", range(7))
def test_a_log_cut_before_an_entry_is_found_and_the_entry_said(
    path: Path, database: Database, maker: Maker, which: int
) -> None:
    entry = maker.opened(), maker.entries()[which]
    append(database, entry)
    assert verify(database).is_intact
    with attack(path) as attacker:
        _cut_the_log(attacker, 2)
    (found,) = verify(database).breaks
    assert (found.table, found.session_id, found.seq) == ("audit", maker.session_id, 2)
    assert (found.flaw, f"row {entry[1].stamp.seq} in" in found.why) == (Flaw.REMOVED, True)


def test_an_audit_row_of_one_entry_does_not_speak_for_another(
    path: Path, database: Database, maker: Maker
) -> None:
    append(database, [maker.opened(), maker.note("first")])
    append(database, [maker.note("second")])
    with attack(path) as attacker:
        _cut_the_log(attacker, 3)
    (found,) = verify(database).breaks
    assert (found.table, "session.note of row 3" in found.why) == ("audit", True)


UNKNOWN = {
    "zz": "CREATE TRIGGER zz AFTER INSERT ON reading BEGIN DELETE FROM sign_in_attempt; END",
    "quiet": "CREATE TRIGGER quiet BEFORE INSERT ON dose BEGIN SELECT RAISE(IGNORE); END",
    "foo": "CREATE TABLE foo (x)",
    "seen": "CREATE VIEW seen AS SELECT * FROM reading WHERE value < 100",
    "ix_once": "CREATE UNIQUE INDEX ix_once ON reading (vital, value)",
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_none_of_ours_in_the_database_is_named(
    path: Path, database: Database, name: str
) -> None:
    with attack(path) as attacker:
        attacker.run(UNKNOWN[name])
    (found,) = verify(database).breaks
    assert (found.table, found.seq, found.flaw) == ("sqlite_master", name, Flaw.INSERTED)


def test_a_missing_index_is_named(path: Path, database: Database) -> None:
    with attack(path) as attacker:
        attacker.run("DROP INDEX ix_session_list")
    (found,) = verify(database).breaks
    assert (found.seq, found.flaw) == ("ix_session_list", Flaw.REMOVED)


def test_another_statement_under_the_name_of_our_trigger_is_named(
    path: Path, database: Database
) -> None:
    name = "reading_kept"
    with contextlib.closing(raw(path)) as connection:
        connection.execute(f"DROP TRIGGER {name}")
        connection.execute(f"CREATE TRIGGER {name} BEFORE DELETE ON reading BEGIN SELECT 1; END")
    (found,) = verify(database).breaks
    assert (found.seq, found.flaw) == (name, Flaw.CHANGED)
