"""A session to resume is what the database has and what still waits, each row once."""

from monitor.records import HappeningKept, SessionOpened
from monitor.storage.stored import StoredSession
from monitor.storage.unsaved import with_unsaved


def test_waiting_rows_are_put_in_their_places_and_those_in_both_are_there_once(records) -> None:
    opened, *rows = records
    (session,) = with_unsaved([StoredSession(opened, tuple(rows[:3]))], rows[2:])
    assert session == StoredSession(opened, tuple(rows))


def test_a_session_whose_opening_waits_is_a_session(records) -> None:
    (session,) = with_unsaved([], records)
    assert session.opened == records[0]
    assert len(session.rows) == len(records) - 1


def test_a_session_whose_end_waits_is_over(records, maker) -> None:
    opened, *rows = records
    assert with_unsaved([StoredSession(opened, tuple(rows))], [maker.phase("ended")]) == ()


def test_rows_of_an_unknown_session_open_none(maker) -> None:
    assert with_unsaved([], [maker.reading()]) == ()


def test_without_waiting_rows_nothing_changes(records, new_maker) -> None:
    opened, *rows = records
    other: SessionOpened = new_maker("other").opened("Chair 2")
    phase: HappeningKept = rows[0]
    sessions = (StoredSession(opened, (phase,)), StoredSession(other, ()))
    assert with_unsaved(sessions, ()) == sessions
