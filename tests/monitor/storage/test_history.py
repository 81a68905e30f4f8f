"""What is recorded is found again, by a short id too."""

import pytest

from monitor.errors import OperatorError
from monitor.snapshot import Phase
from monitor.storage.database import Database
from monitor.storage.history import last_seq, list_sessions, load_session
from monitor.storage.recorder import append
from monitor.storage.salvage import open_sessions
from tests.monitor.storage.attacker import attack


@pytest.fixture
def two_sessions(database: Database, new_maker, records) -> Database:
    other = new_maker("5e55202")
    append(database, records)
    append(database, [other.opened("Chair 2"), other.phase("ended", 60.0)])
    return database


def test_the_list_says_what_each_session_holds(two_sessions: Database) -> None:
    first, second = list_sessions(two_sessions)
    assert (first.session_id, first.chair, first.phase) == ("5e55101", "Chair 1", Phase.INFUSION)
    assert (first.readings, first.pressures, first.alarms, first.last_t_s) == (2, 1, 1, 4.0)
    assert (second.session_id, second.phase, second.readings) == ("5e55202", Phase.ENDED, 0)


def test_a_session_is_found_by_the_beginning_of_its_id(two_sessions: Database) -> None:
    assert load_session(two_sessions, "5e551").session_id == "5e55101"


@pytest.mark.parametrize(("beginning", "says"), [("5e55", "2 sessions"), ("", "names no session")])
def test_a_beginning_that_fits_several_or_is_empty_is_refused(
    two_sessions, beginning, says
) -> None:
    with pytest.raises(OperatorError, match=says):
        load_session(two_sessions, beginning)


@pytest.mark.parametrize("beginning", ["77", "%", "5e55101x"])
def test_an_id_that_fits_none_is_refused(two_sessions: Database, beginning: str) -> None:
    with pytest.raises(OperatorError, match="There is no session"):
        load_session(two_sessions, beginning)


def test_a_whole_id_is_found_though_another_begins_with_it(database: Database, new_maker) -> None:
    append(database, [new_maker("ab").opened(), new_maker("abc").opened()])
    assert load_session(database, "ab").session_id == "ab"


def test_only_sessions_that_have_not_ended_are_to_be_resumed(two_sessions: Database) -> None:
    assert [stored.session_id for stored in open_sessions(two_sessions)] == ["5e55101"]


def test_the_last_row_number_is_known_over_all_kinds_of_rows(two_sessions: Database) -> None:
    assert last_seq(two_sessions, "5e55101") == 7
    assert last_seq(two_sessions, "nobody") == 0


def test_a_stored_session_knows_when_its_infusion_began(two_sessions: Database) -> None:
    assert load_session(two_sessions, "5e551").infusion_started_s == 3.0
    assert load_session(two_sessions, "5e552").infusion_started_s is None
    assert load_session(two_sessions, "5e551").last_t_s == 4.0


def test_a_row_that_rotted_is_a_sentence_and_not_a_traceback(two_sessions: Database) -> None:
    with attack(two_sessions.path) as attacker:
        (row,) = [row for row in attacker.rows("5e55101") if row.table == "alarm_transition"]
        attacker.put(row, value="\0\0\0")
    with pytest.raises(OperatorError, match="damaged"):
        load_session(two_sessions, "5e551")
