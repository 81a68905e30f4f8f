"""A station's start brings every open session back: from the database and from rows that wait.

Knows the database, the recorder and the engine. No process, no device.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from monitor.alarms.profile import default_profile
from monitor.channel_messages import EndInterrupted, OpenSession
from monitor.clock import ManualClock
from monitor.engine import Ask, Chair, Published
from monitor.errors import OperatorError
from monitor.events import DeviceBatch, LinkUp, ValidFrame
from monitor.records import HappeningKept, Record
from monitor.snapshot import LinkState, Phase, SessionSnapshot
from monitor.storage.database import Database, open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.keys import DataKey
from monitor.storage.salvage import open_sessions
from monitor.storage.stored import StoredSession
from tests.keys import KEY, raw
from ui.composition import Recording, check_database, recording
from ui.resumption import Resumption

START = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


class Folder:
    """A data folder whose stations come and go; each knows the chairs of its settings."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = ManualClock(START, monotonic=1000.0)
        self.shown: dict[str, SessionSnapshot] = {}

    @contextmanager
    def station(self, *chairs: str) -> Iterator[Recording]:
        known = tuple(Chair(name, "ge_s5", "GE S/5", "simulated", name) for name in chairs)
        self.shown.clear()
        with recording(
            self.path,
            KEY,
            self.clock,
            known,
            default_profile(),
            resume=True,
            publish=self._show,
        ) as run:
            run.engine.tick()
            yield run

    def _show(self, published: Published) -> None:
        self.shown[published.snapshot.chair] = published.snapshot

    def alarms(self, chair: str) -> list[tuple[str, str]]:
        return [(one.rule, one.priority.word) for one in self.shown[chair].alarms]

    def damage(self, statement: str) -> None:
        connection = raw(self.path)
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement)
        connection.commit()
        connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two chairs had a session when the station ended."""
    made = Folder(tmp_path / "vigil.db")
    with made.station("Chair 1", "Chair 2") as run:
        for number in (1, 2):
            run.engine.handle(Ask(OpenSession(f"Chair {number}", f"Patient {number}")))
    return made


def test_after_a_short_time_both_go_on_and_the_record_tells_of_it(folder: Folder) -> None:
    folder.clock.advance(5)
    with folder.station("Chair 1", "Chair 2") as run:
        assert [folder.shown[f"Chair {n}"].waiting for n in (1, 2)] == [None, None]
        run.recorder.flush()
        session_id = folder.shown["Chair 1"].session_id
    with open_database(folder.path, KEY, read_only=True) as database:
        rows = load_session(database, session_id).rows
    kinds = [row.kind for row in rows if isinstance(row, HappeningKept)]
    assert kinds == ["phase", "anchor", "resumed", "anchor", "link"]


def test_a_day_later_both_wait_and_nothing_is_recorded_until_somebody_answers(
    folder: Folder,
) -> None:
    folder.clock.advance(15 * 3600)
    with folder.station("Chair 1", "Chair 2") as run:
        assert all(folder.shown[f"Chair {n}"].waiting for n in (1, 2))
        session_id = folder.shown["Chair 1"].session_id
        run.engine.handle(Ask(EndInterrupted(session_id, "nurse")))
    with folder.station("Chair 1", "Chair 2"):
        assert "Chair 1" not in folder.shown
        assert folder.shown["Chair 2"].waiting
    with open_database(folder.path, KEY, read_only=True) as database:
        phases = {one.chair: one.phase for one in list_sessions(database)}
        assert len(load_session(database, session_id).rows) == 4
    assert phases == {"Chair 1": Phase.ENDED, "Chair 2": Phase.BASELINE}


def test_a_session_whose_chair_was_renamed_stays_a_high_alarm(folder: Folder) -> None:
    folder.clock.advance(5)
    with folder.station("Window", "Chair 2"):
        assert folder.shown["Chair 2"].waiting is None
        assert ("TECH-12", "high") in folder.alarms("Chair 1")
        assert folder.shown["Chair 1"].patient == "Patient 1"
    with folder.station("Chair 1", "Chair 2"):  # the name is put right
        assert folder.shown["Chair 1"].waiting is None
        assert folder.alarms("Chair 1") == []


def test_damage_in_one_session_leaves_the_other_as_it_was(folder: Folder) -> None:
    no_anchor = (
        "UPDATE happening SET detail = 'x' WHERE kind = 'anchor' AND session_id = "
        "(SELECT id FROM session WHERE chair = 'Chair 1')"
    )
    for statement in (
        no_anchor,
        "UPDATE session SET profile = '{}' WHERE chair = 'Chair 1'",
    ):
        folder.damage(statement)
        folder.clock.advance(5)
        with folder.station("Chair 1", "Chair 2"):
            assert ("TECH-11", "high") in folder.alarms("Chair 1")
            assert folder.shown["Chair 1"].waiting is None
            assert folder.alarms("Chair 2") == []
            assert folder.shown["Chair 2"].waiting is None
    folder.damage("UPDATE session SET opened_utc_us = 9e18 WHERE chair = 'Chair 1'")
    with folder.station("Chair 1", "Chair 2"):
        damaged = folder.shown["Chair 1 (2)"]
        assert damaged.patient == "Patient 1"
        assert damaged.waiting is not None
        assert "damaged" in damaged.waiting.obstacle
        assert folder.alarms("Chair 2") == []


def test_a_row_whose_number_cannot_be_used_again_keeps_it(folder: Folder) -> None:
    """The attacker's badrow: rows written after it would have been dropped as already there."""
    folder.damage("UPDATE happening SET t_s = 'x' WHERE seq = 3")
    folder.clock.advance(5)
    with folder.station("Chair 1", "Chair 2") as run:
        run.recorder.flush()
        session_id = folder.shown["Chair 1"].session_id
    connection = raw(folder.path)
    query = "SELECT seq, kind FROM happening WHERE session_id = ? ORDER BY seq"
    kept = connection.execute(query, (session_id,)).fetchall()
    connection.close()
    assert [seq for seq, _ in kept] == [2, 3, 4, 5, 6]
    assert [kind for _, kind in kept[2:5]] == ["resumed", "anchor", "link"]


class RowsThatWait:
    """A recorder that still holds rows which the database does not have."""

    def __init__(self, rows: tuple[Record, ...], asked: list[str]) -> None:
        self._rows = rows
        self._asked = asked

    def waiting_rows(self) -> tuple[Record, ...]:
        self._asked.append("rows")
        return self._rows


def noted(asked: list[str], database: Database) -> tuple[StoredSession, ...]:
    asked.append("database")
    return open_sessions(database)


def test_rows_that_still_wait_are_part_of_what_comes_back(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_database(folder.path, KEY, read_only=True) as database:
        (session_id,) = [s.session_id for s in list_sessions(database) if s.chair == "Chair 1"]
        stored = load_session(database, session_id)
    last = stored.rows[-1].stamp
    stamp = type(last)(session_id, last.seq + 1, last.t_s + 1, last.utc)
    begun = HappeningKept(stamp, "phase", {"phase": "infusion"})
    asked: list[str] = []
    folder.clock.advance(5)
    monkeypatch.setattr(Resumption, "begin", lambda _: None)
    with folder.station("Chair 1", "Chair 2") as run:
        monkeypatch.undo()
        monkeypatch.setattr("ui.resumption.open_sessions", partial(noted, asked))
        Resumption(folder.path, KEY, run.engine, RowsThatWait((begun,), asked)).begin()
        run.engine.tick()
        assert folder.shown["Chair 1"].phase is Phase.INFUSION
        session = run.engine.session_at("Chair 1")
        assert session is not None
        run.recorder.flush()
    assert asked == ["rows", "database"]
    with open_database(folder.path, KEY, read_only=True) as database:
        after = load_session(database, session_id).rows
    assert begun not in after
    assert after[len(stored.rows)].stamp.seq == stamp.seq + 1


def test_a_database_that_has_gone_is_a_sentence_and_nothing_is_made(folder: Folder) -> None:
    folder.path.unlink()
    with (
        pytest.raises(OperatorError, match="has gone, although this folder has been used"),
        folder.station("Chair 1"),
    ):
        pass
    assert not folder.path.exists()
    with pytest.raises(OperatorError, match="restore a backup"):
        check_database(folder.path, KEY)


def test_nothing_is_resumed_by_what_does_not_ask_for_it(folder: Folder) -> None:
    with recording(folder.path, KEY, folder.clock, (), default_profile()) as run:
        assert not run.engine.has_open_session


# ---- a database that cannot be read at first


def test_sessions_that_cannot_be_read_at_first_come_back_when_they_can(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.clock.advance(5)
    readable = threading.Event()
    monkeypatch.setattr("ui.resumption.RETRY_S", 0.01)
    monkeypatch.setattr("ui.resumption.open_to_read", partial(locked_until, readable))
    with folder.station("Chair 1", "Chair 2") as run:
        assert "Another program holds the database" in run.unresumed()
        assert folder.shown == {}
        now = folder.clock.now()
        run.engine.handle(DeviceBatch("Chair 1", "ge_s5", (LinkUp(now), ValidFrame(0, now))))
        readable.set()
        for _ in range(2):
            run.engine.handle(run.engine.inbox.get(timeout=10))  # type: ignore[arg-type]  # no Stop
        assert run.unresumed() == ""
        assert [folder.shown[f"Chair {n}"].patient for n in (1, 2)] == ["Patient 1", "Patient 2"]
        assert folder.shown["Chair 1"].link.state is LinkState.LIVE
        assert folder.shown["Chair 1"].waiting is None


def locked_until(readable: threading.Event, path: Path, key: DataKey) -> Database:
    if not readable.is_set():
        raise OperatorError("Another program holds the database", "close it")
    return open_database(path, key, read_only=True)


def test_a_session_opened_meanwhile_keeps_its_chair_and_is_not_resumed_over_itself(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.clock.advance(5)
    readable = threading.Event()
    monkeypatch.setattr("ui.resumption.open_to_read", partial(locked_until, readable))
    with folder.station("Chair 1", "Chair 2") as run:
        run.engine.handle(Ask(OpenSession("Chair 1", "Patient 3")))
        run.recorder.flush()
        readable.set()
        late = Resumption(folder.path, KEY, run.engine, run.recorder)
        late.begin()
        run.engine.tick()
        assert folder.shown["Chair 1"].patient == "Patient 3"
        assert folder.shown["Chair 1 (2)"].patient == "Patient 1"
        assert folder.shown["Chair 2"].patient == "Patient 2"
        assert len(folder.shown) == 3
