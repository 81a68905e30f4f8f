"""Verification reads only, beside a station that writes, and says which session is meant."""

import threading
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.storage.chain import erase_session
from monitor.storage.database import Database, open_database
from monitor.storage.recorder import append
from monitor.storage.verify import verify
from tests.keys import KEY, raw
from tests.monitor.storage.attacker import attack
from tests.monitor.storage.conftest import Maker

ROUNDS = 40
"""Of a station that writes meanwhile: some hundred milliseconds."""


def test_an_empty_database_is_intact(database: Database) -> None:
    verdict = verify(database)
    assert verdict.is_intact
    assert (verdict.rows, verdict.log_end) == (0, (0, "00" * 32))


def test_one_session_is_verified_by_the_beginning_of_its_id(database: Database, records) -> None:
    other = Maker("77")
    append(database, [*records, other.opened(), other.reading()])
    assert verify(database, "5e55").rows == len(records)
    assert verify(database, "77").rows == 2


@pytest.mark.parametrize(("beginning", "says"), [("x", "no session x"), ("5e", "2 sessions")])
def test_a_beginning_that_fits_none_or_several_is_refused(
    database: Database, records, beginning: str, says: str
) -> None:
    append(database, [*records, Maker("5e6").opened()])
    with pytest.raises(OperatorError, match=says):
        verify(database, beginning)


def test_a_whole_id_is_meant_though_another_begins_with_it(database: Database, records) -> None:
    append(database, [*records, Maker("5e").opened()])
    assert verify(database, "5e").rows == 1


def test_what_is_wrong_with_another_session_is_not_said_of_this_one(
    path: Path, database: Database, records
) -> None:
    append(database, [*records, Maker("other").opened()])
    connection = raw(path)
    connection.execute("DROP TRIGGER reading_unchanged")
    connection.execute("UPDATE reading SET value = 1")
    connection.close()
    assert {one.table for one in verify(database, "other").breaks} == {"sqlite_master"}
    assert {one.table for one in verify(database, "5e").breaks} == {"sqlite_master", "reading"}


def test_a_station_goes_on_writing_meanwhile_and_nothing_is_taken_for_altered(
    path: Path, database: Database, maker
) -> None:
    append(database, [maker.opened()])

    def write() -> None:
        with open_database(path, KEY) as writer:
            for _ in range(ROUNDS):
                append(writer, [maker.reading(), maker.pressure()])
                other = Maker(f"session {maker.seq}")
                append(writer, [other.opened(), other.reading(), other.phase("ended")])

    station = threading.Thread(target=write)
    station.start()
    verdicts = []
    with open_database(path, KEY, read_only=True) as reader:
        while station.is_alive() or not verdicts:
            verdicts.append(verify(reader))
        verdicts.append(verify(reader))
    station.join()
    assert [verdict.breaks for verdict in verdicts] == [()] * len(verdicts)
    assert len(verdicts) > 2, "nothing was written meanwhile"
    assert verdicts[-1].rows == 1 + ROUNDS * 5


def test_a_session_erased_while_others_are_verified_is_not_taken_for_removed(
    path: Path, database: Database, records
) -> None:
    append(database, [*records, Maker("other").opened()])

    def erase(done: int, of: int) -> None:
        if done == 1:
            with open_database(path, KEY) as writer, writer.writing() as connection:
                erase_session(connection, left, "u-1", "by rule", 0)

    left = "other"
    with database.reading() as connection:
        ids = [row[0] for row in connection.exec_driver_sql("SELECT id FROM session ORDER BY 1")]
    assert sorted(ids) == ["5e55101", "other"]
    with open_database(path, KEY, read_only=True) as reader:
        assert verify(reader, progress=erase).is_intact
        assert verify(reader).sessions == 1


def test_a_session_ended_and_entered_while_others_are_verified_is_not_taken_for_cut(
    path: Path, database: Database, records
) -> None:
    later = Maker("other")
    append(database, [*records, later.opened()])

    def go_on(done: int, of: int) -> None:
        if done == 1:
            with open_database(path, KEY) as writer:
                append(writer, [later.dose(), later.phase("ended")])

    with open_database(path, KEY, read_only=True) as reader:
        verdict = verify(reader, progress=go_on)
    assert verdict.breaks == ()
    assert verdict.rows == len(records) + 3


@pytest.mark.parametrize("how", ["", "another's audit row", "its opening"])
def test_only_a_logged_erasure_lets_a_session_vanish_while_others_are_verified(
    path: Path, database: Database, records, how: str
) -> None:
    append(database, [*records, Maker("other").opened()])

    def vanish(done: int, of: int) -> None:
        if done == 1 and how:
            with attack(path) as attacker:
                number = 1 if how == "another's audit row" else 2
                attacker.run("INSERT INTO erasure VALUES ('other', ?)", (number,))
                attacker.wipe("other")
                attacker.drop(attacker.session("other"))

    with open_database(path, KEY, read_only=True) as reader:
        assert verify(reader, progress=vanish).is_intact is not bool(how)
