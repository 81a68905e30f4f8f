"""Damage in one open session is counted, and holds up no other: reading to resume, row by row."""

from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.records import ReadingKept
from monitor.storage.database import Database, open_database
from monitor.storage.recorder import append
from monitor.storage.salvage import UNKNOWN_SEQ, open_sessions
from monitor.storage.stored import StoredSession
from tests.keys import KEY, raw


def set_to(table: str, change: str, where: str) -> str:
    return f"UPDATE {table} SET {change} WHERE {where}"  # noqa: S608 - an attacker's own words


def damaged(path: Path, *statements: str) -> tuple[StoredSession, ...]:
    """Change the file as no part of the program does, and read it to resume."""
    connection = raw(path)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    with open_database(path, KEY, read_only=True) as database:
        return open_sessions(database)


@pytest.fixture
def stored(database: Database, records, new_maker) -> Path:
    """Two open sessions and one that has ended."""
    other, over = new_maker("other"), new_maker("over")
    append(database, records)
    append(database, [other.opened("Chair 2"), other.phase("baseline"), other.reading()])
    append(database, [over.opened("Chair 3"), over.phase("ended")])
    database.close()
    return database.path


def test_undamaged_sessions_are_read_whole_and_those_that_ended_are_left(stored, records) -> None:
    first, second = damaged(stored)
    assert first == StoredSession(records[0], tuple(records[1:]), 0, 7, "")
    assert (second.session_id, second.last_seq, second.problem) == ("other", 3, "")


@pytest.mark.parametrize(
    "change",
    [
        "quality = 'xx'",
        "vital = 'xx'",
        "value = 'high'",
        "value = 9e999",
        "t_s = 'late'",
        "t_s = 1e300",
        "t_s = -5",
        "utc_us = 9223372036854775807",
        "utc_us = 'noon'",
    ],
)
def test_a_value_that_says_nothing_is_left_out_and_counted(stored: Path, change: str) -> None:
    where = "session_id = '5e55101' AND seq = 7"
    first, second = damaged(stored, set_to("reading", change, where))
    assert (first.unread, first.last_seq, first.problem) == (1, 7, "")
    assert [row.stamp.seq for row in first.rows] == [2, 3, 4, 5, 6]
    assert (second.unread, len(second.rows)) == (0, 2)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("blood_pressure", "systolic = 'x'"),
        ("blood_pressure", "mean = 9e999"),
        ("happening", "detail = '[]'"),
        ("happening", "detail = 'no json'"),
        ("alarm_transition", "new = 'loud'"),
        ("alarm_transition", "value = '{'"),
    ],
)
def test_so_is_any_other_row(stored: Path, table: str, change: str) -> None:
    first, _ = damaged(stored, set_to(table, change, "session_id = '5e55101'"))
    assert first.unread >= 1
    assert any(isinstance(row, ReadingKept) for row in first.rows)


def test_an_end_that_cannot_be_read_leaves_the_session_open(stored: Path) -> None:
    unread = """UPDATE happening SET detail = '{"phase": "ended' WHERE session_id = 'over'"""
    unknown = "UPDATE session_tip SET phase = x'00' WHERE session_id = 'over'"
    found = damaged(stored, unread, unknown)
    assert [session.session_id for session in found] == ["5e55101", "other", "over"]


def test_an_end_that_only_a_row_still_knows_is_an_end(stored: Path) -> None:
    unknown = "UPDATE session_tip SET phase = x'00' WHERE session_id = 'over'"
    assert [one.session_id for one in damaged(stored, unknown)] == ["5e55101", "other"]


def test_an_end_that_the_chain_still_knows_is_an_end(stored: Path) -> None:
    unread = """UPDATE happening SET detail = '{"phase": "ended' WHERE session_id = 'over'"""
    assert [one.session_id for one in damaged(stored, unread)] == ["5e55101", "other"]


@pytest.mark.parametrize("profile", ["{}", "[]", "no json"])
def test_a_session_without_readable_limits_is_a_session(stored: Path, profile: str) -> None:
    first, _ = damaged(stored, set_to("session", f"profile = '{profile}'", "id = '5e55101'"))
    assert (first.opened.profile, first.opened.chair, first.problem) == ({}, "Chair 1", "")


@pytest.mark.parametrize(
    "change", ["opened_utc_us = 9223372036854775807", "t_s = 'x'", "planned_infusion_s = 'x'"]
)
def test_a_session_that_cannot_be_read_names_patient_and_chair(stored: Path, change: str) -> None:
    found = damaged(stored, set_to("session", change, "id = '5e55101'"))
    (lost,) = [session for session in found if session.session_id == "5e55101"]
    assert lost.problem == "The stored session of Demo patient at Chair 1 is damaged"
    assert (lost.opened.chair, lost.opened.patient, lost.last_seq) == ("Chair 1", "Demo patient", 7)
    first = lost.rows[0].stamp
    assert (first.utc - lost.opened.stamp.utc).total_seconds() == first.t_s
    assert len(found) == 2


def test_a_name_that_is_no_text_is_unknown(stored: Path) -> None:
    found = damaged(stored, "UPDATE session SET patient = x'ff', t_s = 'x' WHERE id = '5e55101'")
    (lost,) = [session for session in found if session.session_id == "5e55101"]
    assert "an unknown patient" in lost.problem


def test_rows_that_the_database_cannot_give_out_make_the_session_one_that_is_damaged(
    stored: Path,
) -> None:
    no_text = "UPDATE reading SET source = CAST(x'ff' AS TEXT) WHERE session_id = '5e55101'"
    first, second = damaged(stored, no_text)
    assert (first.rows, first.last_seq) == ((), UNKNOWN_SEQ)
    assert "damaged" in first.problem
    assert second.problem == ""


def test_without_even_the_list_of_sessions_a_sentence_says_so(stored: Path) -> None:
    with pytest.raises(OperatorError):
        damaged(stored, "UPDATE session SET id = CAST(x'ff' AS TEXT) WHERE id = '5e55101'")
