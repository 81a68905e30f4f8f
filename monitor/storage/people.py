"""Where accounts and failed attempts are kept: the database side of monitor.accounts.

Knows the two tables and what must happen in one transaction. Must not know passwords or roles'
rights; it sees hashes only.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from monitor.accounts import lockout
from monitor.accounts.events import AccountEvent
from monitor.accounts.lockout import Attempts
from monitor.accounts.people import Person, Role, check_can_disable, check_first, sign_in_key
from monitor.accounts.sign_in import Claim, Wait
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.storage import audit
from monitor.storage.account_actions import REHASHED
from monitor.storage.chain import PROGRAM
from monitor.storage.database import Database
from monitor.storage.hashing import leaf_of
from monitor.storage.rows import to_microseconds, to_utc
from monitor.storage.schema import person as person_rows
from monitor.storage.schema import sign_in_attempt as attempt_rows

Row = Mapping[Any, Any]
MOST_FAILURES = 1_000_000
"""So far failed attempts count; the longest wait comes with the seventh."""


class PeopleRegister:
    """The people of one clinic. Every method raises OperatorError when the disk fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- what signing in needs (monitor.accounts.sign_in.Register)

    def claim(self, sign_in_name: str, now: Instant) -> Claim | Wait:
        """Count an attempt as failed before anything is compared, or say how long to wait.

        Reads and counts in one transaction, so that attempts at the same moment all count.
        """
        with self._database.writing() as connection:
            row = _row_named(connection, sign_in_name)
            person = None if row is None else _person(row)
            who = _nobodys_place(sign_in_name) if person is None else person.id
            attempts = lockout.settled(_attempts(connection, who), now.utc)
            waiting_s = lockout.wait_s(attempts, now.utc)
            counted = attempts if waiting_s > 0 else lockout.failed(attempts, now.utc)
            _keep_attempts(connection, who, counted)
        if waiting_s > 0:
            return Wait(waiting_s, person)
        kept = None if row is None else row["password_hash"]
        return Claim(who, lockout.backoff_s(counted.failures), person, kept)

    def succeeded(self, key: str) -> None:
        """Forget the failed attempts: the password was right."""
        with self._database.writing() as connection:
            connection.execute(attempt_rows.delete().where(attempt_rows.c.who == key))

    def find(self, person_id: str) -> Person | None:
        """Return an account as it is now."""
        with self._database.reading() as connection:
            row = _one(connection, person_rows.c.id == person_id)
        return None if row is None else _person(row)

    def set_password(
        self,
        person_id: str,
        kept: str,
        *,
        must_change: bool,
        logged: AccountEvent | None = None,
    ) -> None:
        """Keep another hash for an account, and say so in the log, in one transaction."""
        values = {"password_hash": kept, "must_change_password": int(must_change)}
        with self._database.writing() as connection:
            _change(connection, person_id, values)
            _log(connection, logged, person_id)

    # ---- what administration needs

    def people(self) -> tuple[Person, ...]:
        """Return all accounts by sign-in name, the disabled ones too."""
        with self._database.reading() as connection:
            return _people(connection)

    def named(self, sign_in_name: str) -> Person:
        """Return the account of this sign-in name. Raises OperatorError when there is none."""
        with self._database.reading() as connection:
            row = _row_named(connection, sign_in_name)
        if row is None:
            raise OperatorError("There is no user of this name", "look at 'vigil users list'")
        return _person(row)

    def add(
        self, person: Person, kept: str, now: Instant, logged: AccountEvent | None = None
    ) -> None:
        """Add an account. Raises OperatorError when its sign-in name is taken."""
        with self._database.writing() as connection:
            _insert(connection, person, kept, now)
            _log(connection, logged, person.id)

    def add_first(
        self, person: Person, kept: str, now: Instant, logged: AccountEvent | None = None
    ) -> None:
        """Add the very first account. Raises OperatorError unless it can manage the others.

        Whether it is the first is asked in the same transaction: of two programs that try this
        at once, only one may do so without an administrator's password.
        """
        check_first(person)
        with self._database.writing() as connection:
            if connection.execute(select(func.count()).select_from(person_rows)).scalar_one():
                raise OperatorError(
                    "There is an administrator already", "sign in as one to add people"
                )
            _insert(connection, person, kept, now)
            _log(connection, logged, person.id)

    def disable(self, person: Person, logged: AccountEvent | None = None) -> None:
        """Close an account for good. Raises OperatorError for the last administrator."""
        with self._database.writing() as connection:
            check_can_disable(_people(connection), person)
            _change(connection, person.id, {"is_disabled": 1})
            _log(connection, logged, person.id)


def log_event(database: Database, event: AccountEvent) -> int:
    """Write what happened into the audit log, by ids only; return the row's number.

    Raises OperatorError when it cannot be written.
    """
    with database.writing() as connection:
        return audit.add(connection, _entry(event))


def _log(connection: Connection, event: AccountEvent | None, person_id: str) -> None:
    """Log a change with the hash of the account as it is now, so that no other tool changes it."""
    row = _one(connection, person_rows.c.id == person_id)
    held = {} if row is None else {"leaf": leaf_of(person_rows, dict(row)).hex()}
    if event is not None:
        audit.add(connection, _entry(event, held))
    elif held:
        audit.add(connection, audit.Entry(_now_us(), PROGRAM, REHASHED, person_id, held))


def _now_us() -> int:
    return to_microseconds(datetime.now(UTC))


def _change(connection: Connection, person_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(person_rows.update().where(person_rows.c.id == person_id).values(values))


def _entry(event: AccountEvent, held: Mapping[str, Any] | None = None) -> audit.Entry:
    at_utc_us, detail = to_microseconds(event.utc), {**event.detail, **(held or {})}
    return audit.Entry(at_utc_us, event.actor.user_id, event.kind.value, event.about, detail)


def _insert(connection: Connection, person: Person, kept: str, now: Instant) -> None:
    if _row_named(connection, person.sign_in_name) is not None:
        raise OperatorError("There is a user of this name already", "choose another sign-in name")
    values = {
        "id": person.id,
        "sign_in_key": sign_in_key(person.sign_in_name),
        "sign_in_name": person.sign_in_name,
        "name": person.name,
        "role": person.role.value,
        "password_hash": kept,
        "is_disabled": int(person.is_disabled),
        "must_change_password": int(person.must_change_password),
        "added_utc_us": to_microseconds(now.utc),
    }
    connection.execute(person_rows.insert().values(values))


def _people(connection: Connection) -> tuple[Person, ...]:
    rows = connection.execute(select(person_rows).order_by(person_rows.c.sign_in_key))
    return tuple(_person(row) for row in rows.mappings())


def _row_named(connection: Connection, sign_in_name: str) -> Row | None:
    key = sign_in_key(sign_in_name)
    if not _is_storable(key):
        return None
    return _one(connection, person_rows.c.sign_in_key == key)


def _is_storable(text: str) -> bool:
    """Whether SQLite can be asked for the text; a lone surrogate, which nobody has, it cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _one(connection: Connection, only: ColumnElement[bool]) -> Row | None:
    return connection.execute(select(person_rows).where(only)).mappings().one_or_none()


def _person(row: Row) -> Person:
    return Person(
        row["id"],
        row["sign_in_name"],
        row["name"],
        Role(row["role"]),
        bool(row["is_disabled"]),
        bool(row["must_change_password"]),
    )


def _attempts(connection: Connection, who: str) -> Attempts:
    query = select(attempt_rows).where(attempt_rows.c.who == who)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return lockout.NONE
    try:  # another program may have written there, and shall keep nobody out
        failures = min(max(0, int(row["failures"])), MOST_FAILURES)
        return Attempts(failures, to_utc(row["last_utc_us"]))
    except (TypeError, ValueError, OverflowError):
        return lockout.NONE


def _keep_attempts(connection: Connection, who: str, attempts: Attempts) -> None:
    if attempts.last_utc is None:
        return
    values = {"failures": attempts.failures, "last_utc_us": to_microseconds(attempts.last_utc)}
    put = insert(attempt_rows).values(who=who, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["who"], set_=values))


def _nobodys_place(sign_in_name: str) -> str:
    """Return where attempts with this unknown name are counted: one of 256 places."""
    key = sign_in_key(sign_in_name).encode("utf-8", "surrogatepass")
    return f"unknown-{hashlib.sha256(key).digest()[0]:02x}"
