"""The audit log only grows, says who did what, and is one chain whoever writes it."""

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import BugError, OperatorError
from monitor.storage.audit import Audit
from monitor.storage.chain import STATION_STOPPED, log_station
from monitor.storage.database import Database, open_database
from monitor.storage.heads import Ed25519Signer, is_signed
from monitor.storage.recorder import append
from monitor.storage.verify import verify
from tests.keys import KEY

AT = datetime(2026, 11, 19, 10, 16, tzinfo=UTC)
SIGNER = Ed25519Signer(bytes(range(32)))


def _rows(database: Database, table: str = "audit") -> list[dict[str, object]]:
    with database.reading() as connection:
        query = f"SELECT * FROM {table} ORDER BY number"  # noqa: S608 - a name of ours
        return [dict(row) for row in connection.exec_driver_sql(query).mappings()]


def test_what_was_done_is_kept_as_it_was_said(database: Database) -> None:
    log = Audit(database)
    assert log.append("u-17", "limits.changed", "5e55101", {"rule": "BP-H2", "to": 170}, AT) == 1
    assert log.append("u-17", "sign-out", "", {}, AT) == 2
    first, second = _rows(database)
    assert (first["actor"], first["action"], first["subject"]) == (
        "u-17",
        "limits.changed",
        "5e55101",
    )
    assert json.loads(str(first["detail"])) == {"rule": "BP-H2", "to": 170}
    assert (first["at_utc_us"], second["number"]) == (1795083360000000, 2)
    assert verify(database).is_intact


@pytest.mark.parametrize(
    ("detail", "at"),
    [
        ({"what": object()}, AT),
        ({"what": "x" * 5000}, AT),
        ({}, AT.replace(tzinfo=None)),
        ({"what": "\ud800"}, AT),
    ],
    ids=["no JSON", "too long", "no zone", "no text"],
)
def test_what_cannot_be_kept_is_our_fault(database: Database, detail, at: datetime) -> None:
    with pytest.raises(BugError):
        Audit(database).append("u-17", "x", "", detail, at)
    assert _rows(database) == []


def test_a_row_can_only_be_added_at_the_end(database: Database) -> None:
    Audit(database).append("u-17", "x", "", {}, AT)
    for number in (0, 1, 3):
        with pytest.raises(BugError, match="at the end"), database.writing() as connection:
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO audit VALUES (?, 0, '', '', '', '{}', x'')", (number,)
            )


def test_a_log_that_cannot_be_written_is_said(path: Path, database: Database) -> None:
    with open_database(path, KEY, read_only=True) as reader, pytest.raises(OperatorError):
        Audit(reader).append("u-17", "x", "", {}, AT)


def _write(path: Path, actor: str) -> None:
    with open_database(path, KEY) as database:
        for number in range(100):
            Audit(database).append(actor, "x", str(number), {}, AT)


def test_two_processes_write_one_chain_and_lose_nothing(path: Path, database: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write, args=(path, actor)) for actor in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    verdict = verify(database)
    assert verdict.is_intact
    assert verdict.audit_rows == 200
    written = [(row["actor"], row["subject"]) for row in _rows(database)]
    assert [subject for actor, subject in written if actor == "a"] == [str(n) for n in range(100)]


def test_a_head_vouches_for_the_log_whenever_it_has_grown(
    database: Database, records, maker
) -> None:
    append(database, records, SIGNER)
    append(database, [maker.reading(5.0)], SIGNER)  # of which the log says nothing
    append(database, [maker.phase("ended", 9.0)], SIGNER)
    log_station(database, STATION_STOPPED, {}, AT, SIGNER)
    heads = _rows(database, "signed_head")
    assert [head["audit_number"] for head in heads] == [1, 2, 3]
    assert all(is_signed(head, SIGNER.public_key) for head in heads)
    assert not is_signed(heads[0] | {"audit_number": 3}, SIGNER.public_key)
    assert verify(database, public_keys=[SIGNER.public_key]).is_intact


class LockedSigner:
    """A key that cannot be had now."""

    public_key = SIGNER.public_key

    def sign(self, message: bytes) -> bytes:
        raise OperatorError("The keyring is locked", "unlock it")


def test_a_key_that_cannot_be_had_loses_no_row_and_the_next_head_covers_all(
    database: Database, records, maker
) -> None:
    append(database, [*records, maker.phase("ended", 9.0)], LockedSigner())
    verdict = verify(database, public_keys=[SIGNER.public_key])
    assert [one.table for one in verdict.breaks] == ["signed_head"]
    log_station(database, STATION_STOPPED, {}, AT, SIGNER)
    assert verify(database, public_keys=[SIGNER.public_key]).is_intact
