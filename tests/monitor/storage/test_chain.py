"""Rows become links: in order, once, whatever came twice, late or by another process."""

import hashlib
import multiprocessing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from monitor.errors import BugError
from monitor.records import HappeningKept
from monitor.storage import schema
from monitor.storage.chain import anchor_all, erase_session
from monitor.storage.database import Database, open_database
from monitor.storage.hashing import leaf_of
from monitor.storage.history import load_session
from monitor.storage.recorder import append
from monitor.storage.rows import encode
from monitor.storage.verify import verify
from tests.keys import KEY, raw
from tests.monitor.storage.conftest import OPENED, Maker

SESSION = "5e55101"


def _links(path: Path) -> list[tuple[int, int, bytes]]:
    tables = " UNION ALL ".join(
        f"SELECT link, seq, chain FROM {table.name} WHERE session_id = '{SESSION}'"  # noqa: S608 - names of ours
        for table in schema.ROW_TABLES
    )
    connection = raw(path)
    try:
        return connection.execute(f"{tables} ORDER BY link").fetchall()
    finally:
        connection.close()


def _actions(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT action, subject FROM audit ORDER BY number")
        return [(row[0], row[1]) for row in rows]


def test_the_canonical_form_is_the_documented_one(maker) -> None:
    record = maker.reading(t_s=2.0, value=None)
    table, values = encode(record)
    written_out = [
        "reading",
        {
            "device": "ge_s5",
            "quality": "sensor_off",
            "seq": 1,
            "session_id": SESSION,
            "source": "oximeter",
            "t_s": 2.0,
            "utc_us": values["utc_us"],
            "vital": "pulse_rate",
        },
    ]
    packed = msgspec.msgpack.encode(written_out)
    assert packed[:9] == b"\x92\xa7reading"
    assert leaf_of(table, values) == hashlib.sha256(b"\x00" + packed).digest()


def test_what_sqlite_cannot_tell_apart_has_the_same_hash(maker) -> None:
    table, values = encode(maker.reading(value=72.0))
    assert leaf_of(table, values | {"value": 72}) == leaf_of(table, values)
    zero = leaf_of(table, values | {"value": 0.0})
    assert leaf_of(table, values | {"value": -0.0}) == zero


def test_rows_are_linked_in_the_order_of_seq_whatever_their_order_in_the_batch(
    path: Path, database: Database, records
) -> None:
    append(database, [records[0], *reversed(records[1:])])
    assert [(link, seq) for link, seq, _ in _links(path)] == [(n, n + 1) for n in range(1, 7)]
    assert verify(database).is_intact


def test_the_chain_is_the_same_in_one_batch_or_many(path, tmp_path: Path, records) -> None:
    other = tmp_path / "other.db"
    with open_database(path, KEY) as one, open_database(other, KEY) as many:
        append(one, records)
        for record in records:
            append(many, [record])
    assert _links(path) == _links(other)


def test_rows_sent_again_add_no_link(path: Path, database: Database, records, maker) -> None:
    append(database, records[:4])
    append(database, [replace(records[2], value=1.0), records[1], records[1]])
    append(database, [*records, maker.reading(9.0)])
    append(database, records)
    assert [link for link, _, _ in _links(path)] == list(range(1, 8))
    assert verify(database).is_intact
    assert len(load_session(database, SESSION).rows) == 7


def test_a_row_that_comes_late_is_a_later_link_and_not_lost(
    path: Path, database: Database, records
) -> None:
    append(database, [*records[:2], *records[4:]])
    append(database, records[2:4])
    assert [seq for _, seq, _ in _links(path)] == [2, 5, 6, 7, 3, 4]
    assert list(load_session(database, SESSION).rows) == records[1:]
    assert verify(database).is_intact


def test_rows_that_never_came_leave_a_hole_in_seq_and_none_in_the_chain(
    path: Path, database: Database, records
) -> None:
    append(database, [*records[:2], *records[5:]])
    assert [(link, seq) for link, seq, _ in _links(path)] == [(1, 2), (2, 6), (3, 7)]
    assert verify(database).is_intact


def test_a_refused_batch_leaves_no_link(database: Database, records, maker) -> None:
    append(database, records)
    broken = replace(maker.reading(), device="\ud800")
    with pytest.raises(BugError):
        append(database, [maker.reading(), broken])
    append(database, [maker.reading()])
    assert verify(database).is_intact


def test_opening_and_end_of_a_session_are_logged_once(database, records, maker) -> None:
    end = maker.phase("ended", 9.0)
    append(database, records)
    append(database, [*records, end])
    append(database, [end])
    assert _actions(database) == [("session.opened", SESSION), ("session.ended", SESSION)]


def test_whoever_silences_alarms_is_in_the_log(database, records, maker) -> None:
    paused = {"state": "paused", "until_s": 128.0, "reason": "", "by": "Anna", "by_id": "u-1"}
    over = {"state": "on", "until_s": None, "reason": "time over", "by": "", "by_id": ""}
    off = {"rule": "HR-H1", "is_off": True, "reason": "pacing", "by": "Ben", "by_id": "u-2"}
    silenced = [
        HappeningKept(maker.stamp(8.0), "audio", paused),
        HappeningKept(maker.stamp(9.0), "alarm_off", off),
        HappeningKept(maker.stamp(10.0), "audio", over),
    ]
    append(database, [*records, *silenced])
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT action, actor FROM audit ORDER BY number").all()
    assert [tuple(row) for row in rows][1:] == [
        ("session.audio", "u-1"),
        ("session.alarm_off", "u-2"),
        ("session.audio", "vigil"),
    ]
    assert verify(database).is_intact


def test_what_has_grown_is_anchored_once(database: Database, records, maker) -> None:
    append(database, records)
    for _ in range(2):
        with database.writing() as connection:
            anchor_all(connection, 0)
    assert _actions(database)[1:] == [("session.anchored", SESSION)]
    assert verify(database).is_intact


@pytest.mark.parametrize("table", [*schema.TABLES, schema.audit], ids=str)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET chain = x'00'"])
def test_the_database_refuses_to_change_or_delete_what_is_recorded(
    database: Database, records, maker, table, statement: str
) -> None:
    append(database, [*records, *maker.entries(), maker.phase("ended", 9.0)])
    append(database, [maker.signature(0, "")])
    with pytest.raises(BugError, match="never"), database.writing() as connection:
        connection.exec_driver_sql(statement.format(table.name))


def test_a_session_is_deleted_only_together_with_a_row_in_the_log(database, records) -> None:
    other = Maker("other")
    append(database, records)
    append(database, [other.opened(), other.reading()])
    with database.writing() as connection:
        erase_session(connection, SESSION, "u-1", "the 10 years are over", 0)
    assert _actions(database)[-1] == ("session.erased", SESSION)
    verdict = verify(database)
    assert verdict.is_intact
    assert (verdict.sessions, verdict.rows) == (1, 2)
    with pytest.raises(BugError, match="erased"):
        append(database, records)


def test_the_way_to_delete_stays_shut_without_that_row(database: Database, records) -> None:
    append(database, records)
    with pytest.raises(BugError, match="audit row"), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO erasure VALUES (?, 1)", (SESSION,))


def _write_rows(path: Path, first: int) -> None:
    maker = Maker()
    with open_database(path, KEY) as database:
        for number in range(60):
            maker.seq = first + 2 * number - 1
            append(database, [maker.reading(float(number))])


def test_two_processes_on_one_session_make_one_chain(path: Path, maker) -> None:
    with open_database(path, KEY) as database:
        append(database, [maker.opened()])
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write_rows, args=(path, first)) for first in (2, 3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert [link for link, _, _ in _links(path)] == list(range(1, 121))
    with open_database(path, KEY, read_only=True) as database:
        assert verify(database).is_intact
        assert OPENED + timedelta(seconds=59) in {
            row.stamp.utc for row in load_session(database, SESSION).rows
        }
