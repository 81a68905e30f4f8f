"""Accounts on disk: names are unique, waits survive a restart, the first comes only once."""

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2.profiles import CHEAPEST

from monitor.accounts.administration import Office
from monitor.accounts.events import AccountEvent, EventKind
from monitor.accounts.passwords import Passwords
from monitor.accounts.people import Person, Role, new_person
from monitor.accounts.sign_in import (
    Claim,
    Gate,
    Refused,
    SignedIn,
    Wait,
    break_glass,
    change_password,
    sign_in,
)
from monitor.clock import ManualClock
from monitor.errors import BugError, OperatorError
from monitor.storage.connection import Access, Connect
from monitor.storage.database import Database
from monitor.storage.people import PeopleRegister, attempt_rows, log_event, person_rows
from monitor.storage.schema import audit

RIGHT, WRONG = "correct horse battery", "incorrect horse battery"


def plain(path: Path, access: Access) -> sqlite3.Connection:
    """Open without encryption: what is tested here does not depend on it."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.db"
    with Database(path, Access.WRITE, Connect(plain, sqlite3)) as made, made.writing() as run:
        for table in (person_rows, attempt_rows, audit):
            table.create(run)
    return path


@pytest.fixture
def opened(file: Path) -> Iterator[Database]:
    with Database(file, Access.WRITE, Connect(plain, sqlite3)) as database:
        yield database


@pytest.fixture
def register(opened: Database) -> PeopleRegister:
    return PeopleRegister(opened)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 22, 9, 0, 0, 123457, tzinfo=UTC))


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(CHEAPEST)


@pytest.fixture
def anna(register: PeopleRegister, passwords: Passwords, clock: ManualClock) -> Person:
    person = new_person("Anna", "Anna Weber <b>", Role.NURSE)
    register.add(person, passwords.hash(RIGHT), clock.now())
    return person


def test_an_account_comes_back_as_it_was_kept(register, anna) -> None:
    assert register.people() == (anna,)
    assert register.find(anna.id) == anna
    assert register.named(" ANNA") == anna
    assert register.find("nobody") is None
    with pytest.raises(OperatorError, match="no user of this name"):
        register.named("ben")


def test_a_name_is_taken_once_however_it_is_written(register, anna, clock) -> None:
    for name in ("anna", "ＡＮＮＡ"):
        with pytest.raises(OperatorError, match="already"):
            register.add(new_person(name, "", Role.NURSE), "hash", clock.now())
    assert register.people() == (anna,)


def test_signing_in_works_from_the_disk(register, passwords, anna, clock) -> None:
    gate = Gate(register, passwords)
    assert isinstance(sign_in(gate, "anna", WRONG, clock.now()), Refused)
    clock.advance(1)
    answer = sign_in(gate, "anna", RIGHT, clock.now())
    assert isinstance(answer, SignedIn)
    assert answer.sign_in.person == anna


def test_the_wait_survives_a_restart_of_the_program(file, passwords, anna, clock) -> None:
    for _ in range(6):
        with Database(file, Access.WRITE, Connect(plain, sqlite3)) as database:
            gate = Gate(PeopleRegister(database), passwords)
            answer = sign_in(gate, "anna", WRONG, clock.now())
        assert isinstance(answer, Refused)
        clock.advance(answer.wait_s)
    assert answer.wait_s == 32
    with Database(file, Access.WRITE, Connect(plain, sqlite3)) as database:
        assert isinstance(PeopleRegister(database).claim("anna", clock.now()), Claim)
        waiting = PeopleRegister(database).claim("anna", clock.now())
    assert waiting == Wait(60, anna)


def test_a_clock_set_back_by_a_day_costs_one_wait(register, anna, clock) -> None:
    register.claim("anna", clock.now())
    clock.step_wall_clock(-86_400)
    assert register.claim("anna", clock.now()) == Wait(1, anna)
    clock.advance(1)
    assert isinstance(register.claim("anna", clock.now()), Claim)


def test_guesses_at_the_same_moment_all_count(register, anna, clock) -> None:
    answers: list[Claim | Wait] = []
    threads = [
        threading.Thread(target=lambda: answers.append(register.claim("anna", clock.now())))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Claim) for answer in answers) == 1


def test_what_is_typed_for_an_unknown_name_is_not_kept(register, opened, file, clock) -> None:
    typed = "my secret password"
    for number in range(600):
        register.claim(f"{typed} {number}", clock.now())
    register.claim("\ud800", clock.now())
    with opened.reading() as connection:
        rows = connection.execute(attempt_rows.select()).all()
    assert 200 < len(rows) <= 256
    opened.close()
    assert b"secret" not in b"".join(each.read_bytes() for each in file.parent.iterdir())


def test_an_unknown_name_waits_like_a_known_one(register, anna, clock) -> None:
    unknown, known = (register.claim(name, clock.now()) for name in ("ben", "anna"))
    assert isinstance(unknown, Claim)
    assert isinstance(known, Claim)
    assert (unknown.wait_s, unknown.person, unknown.kept) == (known.wait_s, None, None)
    assert register.claim("ben", clock.now()) == Wait(1, None)


def test_the_first_administrator_comes_only_once(register, passwords, clock) -> None:
    office = Office(register, passwords)
    office.add_first(new_person("one", "", Role.ADMINISTRATOR), RIGHT, clock.now())
    with pytest.raises(OperatorError, match="already"):
        office.add_first(new_person("two", "", Role.ADMINISTRATOR), RIGHT, clock.now())
    assert [person.sign_in_name for person in register.people()] == ["one"]


def test_the_last_administrator_stays(register, passwords, clock) -> None:
    office = Office(register, passwords)
    one, two = (
        replace(new_person(name, "", Role.ADMINISTRATOR), must_change_password=False)
        for name in ("one", "two")
    )
    for person in (one, two):
        register.add(person, passwords.hash(RIGHT), clock.now())
    assert office.disable(one.actor, two, clock.now()).kind is EventKind.PERSON_DISABLED
    with pytest.raises(OperatorError, match="last administrator"):
        office.disable(one.actor, one, clock.now())
    assert [person.is_disabled for person in register.people()] == [False, True]


def test_a_new_password_replaces_the_old_one(register, passwords, anna, clock) -> None:
    register.set_password(anna.id, passwords.hash("a new long password"), must_change=False)
    answer = sign_in(Gate(register, passwords), "anna", "a new long password", clock.now())
    assert isinstance(answer, SignedIn)
    assert not answer.sign_in.person.must_change_password
    assert isinstance(sign_in(Gate(register, passwords), "anna", RIGHT, clock.now()), Refused)


def test_the_migrated_database_holds_people_and_logs_them_by_id(database, passwords, clock) -> None:
    office = Office(PeopleRegister(database), passwords)
    boss = new_person("boss", "Anna Weber", Role.ADMINISTRATOR)
    office.add_first(boss, RIGHT, clock.now())
    _, broken = break_glass("Chair 1", clock.now())
    assert log_event(database, broken) == 2
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT actor, action, subject, json_remove(detail, '$.leaf') FROM audit"
        ).all()
    assert rows == [
        ("nobody", "user.added", boss.id, '{"first":"yes","role":"administrator"}'),
        (broken.about, "break_glass.started", broken.about, '{"chair":"Chair 1"}'),
    ]


def test_no_password_is_readable_in_the_file(register, opened, file, anna, clock) -> None:
    opened.close()
    held = b"".join(each.read_bytes() for each in file.parent.iterdir())
    assert RIGHT.encode() not in held
    assert b"$argon2id$" in held


def test_the_database_itself_refuses_a_role_that_no_account_has(opened, anna) -> None:
    with pytest.raises(Exception, match="refused"), opened.writing() as connection:
        connection.execute(person_rows.update().values(role="system"))


def test_an_account_and_its_row_in_the_log_are_written_together_or_not_at_all(
    database, passwords, clock
) -> None:
    register = PeopleRegister(database)
    office = Office(register, passwords)
    boss = new_person("boss", "", Role.ADMINISTRATOR)
    office.add_first(boss, RIGHT, clock.now())
    anna = new_person("anna", "", Role.NURSE)
    office.add(boss.actor, anna, RIGHT, clock.now())
    office.reset_password(boss.actor, anna, "another long password", clock.now())
    answer = change_password(
        Gate(register, passwords),
        anna,
        "another long password",
        "my own long password",
        clock.now(),
    )
    assert isinstance(answer, AccountEvent)
    office.disable(boss.actor, anna, clock.now())
    assert _actions(database) == [
        "user.added",
        "user.added",
        "user.password_reset",
        "user.password_changed",
        "user.disabled",
    ]
    with pytest.raises(OperatorError, match="of this name already"):
        office.add(boss.actor, new_person("boss", "", Role.NURSE), RIGHT, clock.now())
    with pytest.raises(OperatorError, match="last administrator"):
        office.disable(boss.actor, boss, clock.now())
    unlogged = replace(answer, detail={"much": "x" * 5000})
    with pytest.raises(BugError, match="too long"):
        register.add(new_person("carl", "", Role.NURSE), "hash", clock.now(), unlogged)
    assert len(_actions(database)) == 5
    assert [one.sign_in_name for one in register.people()] == ["anna", "boss"]


def _actions(database: Database) -> list[str]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT action FROM audit ORDER BY number")
        return list(rows.scalars())


FAILURES, LAST = (0, -5, 2**63 - 1, "text"), (2**62, -(2**62), 2**57, 0, "text")


@pytest.mark.parametrize("wrong", tuple(itertools.product(FAILURES, LAST)))
def test_what_another_program_writes_of_attempts_lets_nobody_in_and_keeps_nobody_out(
    opened, register, anna, clock, wrong
) -> None:
    with opened.writing() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        row = (anna.id, *wrong)
        connection.exec_driver_sql("INSERT INTO sign_in_attempt VALUES (?, ?, ?)", row)
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
    gate = Gate(register, Passwords(CHEAPEST))
    assert isinstance(sign_in(gate, "anna", WRONG, clock.now()), Refused)
    clock.advance(60)
    assert isinstance(sign_in(gate, "anna", RIGHT, clock.now()), SignedIn)


def test_who_deletes_the_failed_attempts_has_shortened_one_wait_and_the_log_keeps_them(
    opened, register, passwords, anna, clock
) -> None:
    answer = sign_in(Gate(register, passwords), "anna", WRONG, clock.now())
    assert isinstance(answer, Refused)
    assert answer.event.kind is EventKind.SIGN_IN_FAILED
    log_event(opened, answer.event)
    with opened.writing() as connection:
        connection.execute(attempt_rows.delete())
    with opened.reading() as connection:
        (*_, last) = connection.exec_driver_sql("SELECT action FROM audit").scalars()
    assert last == "user.sign_in_refused"
    assert isinstance(sign_in(Gate(register, passwords), "anna", WRONG, clock.now()), Refused)
