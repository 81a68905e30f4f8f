"""No statement of another tool replaces, changes or deletes a row, whatever SQLite would let pass.

With all triggers in their places, as somebody has them who opens the file with its key.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.storage import schema
from monitor.storage.connection import library
from tests.keys import raw
from tests.monitor.storage.golden import load

KEPT = (
    *schema.TABLES,
    *schema.EVIDENCE,
    schema.patient,
    *schema.VERSIONED,
    schema.person,
    schema.alarm_profile,
)
RUNNING = "5e55202"


@pytest.fixture
def run(path: Path) -> Iterator[Any]:
    """Return a way to run SQL on the newest golden database, in a transaction that is undone."""
    load("0006", path)
    with contextlib.closing(raw(path)) as connection:
        connection.execute("PRAGMA recursive_triggers = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN")
        yield connection.execute
        connection.rollback()


def refusal(run: Any, statement: str) -> str:
    """Return the sentence with which the database refuses a statement, or nothing."""
    try:
        run(statement)
    except library().IntegrityError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("table", [*KEPT, schema.patient_erasure], ids=str)
def test_no_row_is_replaced(run: Any, table: Any) -> None:
    before = run(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - a name of ours
    assert before
    run(f"DROP TRIGGER IF EXISTS {table}_signed")  # the guard of running sessions is the other
    for how in ("OR REPLACE", "OR IGNORE", ""):
        said = refusal(run, f"INSERT {how} INTO {table} SELECT * FROM {table}")  # noqa: S608 - a name of ours
        assert any(word in said for word in ("never replaced", "at the end", "is higher"))
    assert run(f"SELECT * FROM {table}").fetchall() == before  # noqa: S608 - a name of ours


@pytest.mark.parametrize("seq", ["seq", "CAST(seq AS TEXT)", "seq + 0.0"])
def test_a_reading_of_a_running_session_is_not_replaced_by_one_of_another_type(
    run: Any, seq: str
) -> None:
    columns = ", ".join(
        {"seq": seq, "value": "200"}.get(column.name, f'"{column.name}"')
        for column in schema.reading.columns
    )
    source = f"SELECT {columns} FROM reading WHERE session_id = '{RUNNING}'"  # noqa: S608 - names of ours
    assert run(source).fetchall()
    assert "never replaced" in refusal(run, f"INSERT OR REPLACE INTO reading {source}")


@pytest.mark.parametrize("table", ["session", "person", "session_tip", "alarm_profile"])
def test_no_row_is_deleted(run: Any, table: str) -> None:
    assert "never deleted" in refusal(run, f"DELETE FROM {table}")  # noqa: S608 - a name of ours


def test_a_row_under_a_signature_has_one_more_guard(run: Any) -> None:
    run("DROP TRIGGER session_once")
    signed = "SELECT * FROM session WHERE id IN (SELECT session_id FROM signature)"
    assert run(signed).fetchall()
    assert "the session is signed" in refusal(run, f"INSERT OR REPLACE INTO session {signed}")


@pytest.mark.parametrize(
    "change",
    [
        "id = 'x'",
        "sign_in_key = 'x'",
        "sign_in_name = 'x'",
        "name = 'x'",
        "role = CASE role WHEN 'nurse' THEN 'administrator' ELSE 'nurse' END",
        "added_utc_us = 1",
        "is_disabled = 0",
    ],
)
def test_of_an_account_nothing_changes_that_the_program_never_changes(
    run: Any, change: str
) -> None:
    run("UPDATE person SET is_disabled = 1")
    assert "only the password changes" in refusal(run, f"UPDATE OR REPLACE person SET {change}")  # noqa: S608 - words of the test


def test_an_account_is_not_replaced_under_another_id(run: Any) -> None:
    columns = ", ".join(
        "'other'" if column.name == "id" else f'"{column.name}"' for column in schema.person.columns
    )
    statement = f"INSERT OR REPLACE INTO person SELECT {columns} FROM person"  # noqa: S608 - names of ours
    assert "never replaced" in refusal(run, statement)


def test_a_password_changes_and_an_account_closes(run: Any) -> None:
    assert not refusal(run, "UPDATE person SET password_hash = 'x', must_change_password = 1")
    assert not refusal(run, "UPDATE person SET is_disabled = 1")


@pytest.mark.parametrize("version", [1, 2])
def test_no_version_of_an_alarm_profile_is_put_behind_a_higher_one(run: Any, version: int) -> None:
    columns = "max(number) + 1, name, {}, text, approved_by, by_id, at_utc_us, reason"
    again = f"INSERT INTO alarm_profile SELECT {columns} FROM alarm_profile"  # noqa: S608 - names of ours
    assert "is higher than those before it" in refusal(run, again.format(version))
    assert not refusal(run, again.format(3))
