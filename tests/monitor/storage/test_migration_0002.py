"""A database of revision 0001 gets its chain for the rows it has, and not one value changes.

The tables of 0001 are written out here as SQLite keeps them, so that no later change of a migration
can alter what is tested.
"""

import contextlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

from monitor.storage import migrations, schema
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.recorder import append
from monitor.storage.rows import encode
from monitor.storage.verify import verify
from tests.keys import KEY, raw
from tests.monitor.storage.conftest import Maker

ROW = "session_id TEXT NOT NULL, seq INTEGER NOT NULL, t_s REAL NOT NULL, utc_us INTEGER NOT NULL, "
REVISION_0001 = """
PRAGMA application_id = 1447642956;
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE session (
    id TEXT NOT NULL, seq INTEGER NOT NULL, t_s REAL NOT NULL, opened_utc_us INTEGER NOT NULL,
    chair TEXT NOT NULL, patient TEXT NOT NULL, driver TEXT NOT NULL, port TEXT NOT NULL,
    is_simulated INTEGER NOT NULL, planned_infusion_s REAL NOT NULL, cuff_interval_s REAL NOT NULL,
    time_zone TEXT NOT NULL, utc_offset_s INTEGER NOT NULL, app_version TEXT NOT NULL,
    profile TEXT NOT NULL, CONSTRAINT pk_session PRIMARY KEY (id),
    CONSTRAINT ck_session_is_simulated CHECK (is_simulated IN (0, 1))
) WITHOUT ROWID;
CREATE TABLE reading (
    <row> device TEXT NOT NULL, vital TEXT NOT NULL, value REAL, quality TEXT NOT NULL,
    source TEXT NOT NULL, CONSTRAINT pk_reading PRIMARY KEY (session_id, seq),
    CONSTRAINT fk_reading_session FOREIGN KEY(session_id) REFERENCES session (id),
    CONSTRAINT ck_reading_seq CHECK (seq > 0)
) WITHOUT ROWID;
CREATE TABLE blood_pressure (
    <row> device TEXT NOT NULL, systolic REAL NOT NULL, diastolic REAL NOT NULL, mean REAL,
    pulse REAL, taken_utc_us INTEGER, is_stale INTEGER NOT NULL, quality TEXT NOT NULL,
    CONSTRAINT pk_blood_pressure PRIMARY KEY (session_id, seq),
    CONSTRAINT ck_blood_pressure_is_stale CHECK (is_stale IN (0, 1)),
    CONSTRAINT fk_blood_pressure_session FOREIGN KEY(session_id) REFERENCES session (id),
    CONSTRAINT ck_blood_pressure_seq CHECK (seq > 0)
) WITHOUT ROWID;
CREATE TABLE alarm_transition (
    <row> rule TEXT NOT NULL, priority TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL,
    value TEXT NOT NULL, "limit" TEXT NOT NULL, text TEXT NOT NULL, "by" TEXT NOT NULL,
    since_s REAL, until_s REAL, ended_s REAL,
    CONSTRAINT pk_alarm_transition PRIMARY KEY (session_id, seq),
    CONSTRAINT ck_alarm_transition_priority CHECK (priority IN ('low', 'medium', 'high')),
    CONSTRAINT fk_alarm_transition_session FOREIGN KEY(session_id) REFERENCES session (id),
    CONSTRAINT ck_alarm_transition_seq CHECK (seq > 0)
) WITHOUT ROWID;
CREATE TABLE happening (
    <row> kind TEXT NOT NULL, detail TEXT NOT NULL,
    CONSTRAINT pk_happening PRIMARY KEY (session_id, seq),
    CONSTRAINT fk_happening_session FOREIGN KEY(session_id) REFERENCES session (id),
    CONSTRAINT ck_happening_seq CHECK (seq > 0)
) WITHOUT ROWID;
""".replace("<row> ", ROW)
TABLES = ("session", "reading", "blood_pressure", "alarm_transition", "happening")
LONG = 2500
"""Rows of a long session: more than the migration carries at once."""


def _random_session(chance: random.Random, number: int) -> list[Any]:
    maker = Maker(f"session {number} ä {chance.random()}")
    records: list[Any] = [maker.opened(f"Chair {number}")]
    makers = (maker.reading, maker.pressure, maker.transition)
    for n in range(LONG if number == 0 else chance.randrange(40)):
        maker.seq += chance.randrange(2)  # rows that were lost leave holes
        records.append(chance.choice(makers)(n + chance.random()))
    records.append(maker.reading(1e4, None))
    records.append(maker.reading(1e4, chance.uniform(-1e300, 1e300)))
    if chance.random() < 0.5:
        records.append(maker.phase("ended", 9e6))
    return records


def _golden(path: Path, sessions: list[list[Any]]) -> None:
    """Make a database as revision 0001 left it."""
    path.parent.mkdir(exist_ok=True)
    with contextlib.closing(raw(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(REVISION_0001)
        connection.execute("BEGIN")
        for record in [record for session in sessions for record in session]:
            table, values = encode(record)
            names = ", ".join(f'"{name}"' for name in values)
            places = ", ".join("?" * len(values))
            statement = f"INSERT INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608 - names of ours
            connection.execute(statement, tuple(values.values()))
        connection.execute("COMMIT")


def _content(path: Path, columns: dict[str, str]) -> dict[str, list[Any]]:
    with contextlib.closing(raw(path)) as connection:
        return {
            table: connection.execute(
                f"SELECT {columns[table]} FROM {table} ORDER BY 1, 2"  # noqa: S608 - names of ours
            ).fetchall()
            for table in TABLES
        }


def _columns(path: Path) -> dict[str, str]:
    with contextlib.closing(raw(path)) as connection:
        found = {}
        for table in TABLES:
            names = [f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})")]
            found[table] = ", ".join([*names, *(f"typeof({name})" for name in names)])
        return found


@pytest.mark.parametrize("seed", range(5))
def test_every_value_is_kept_and_in_a_chain_that_verifies(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    sessions = [_random_session(chance, number) for number in range(6)]
    _golden(path, sessions)
    columns = _columns(path)
    before = _content(path, columns)
    with open_database(path, KEY) as database:
        verdict = verify(database)
        assert verdict.is_intact
        assert (verdict.sessions, verdict.rows) == (6, sum(map(len, sessions)))
        for records in sessions:
            stored = load_session(database, records[0].stamp.session_id)
            assert [stored.opened, *stored.rows] == records
    assert _content(path, columns) == before


def test_a_session_goes_on_after_the_upgrade(path: Path, records, maker) -> None:
    _golden(path, [records])
    with open_database(path, KEY) as database:
        append(database, [*records, maker.reading(9.0), maker.phase("ended", 10.0)])
        assert verify(database).is_intact
        assert len(load_session(database, "5e55101").rows) == len(records) + 1
        with database.reading() as connection:
            log = connection.exec_driver_sql("SELECT action, detail FROM audit").fetchall()
    assert [row[0] for row in log] == ["session.adopted", "session.ended"]
    assert [json.loads(row[1])["links"] for row in log] == [6, 8]


def test_a_row_altered_after_the_upgrade_is_found(path: Path, records) -> None:
    _golden(path, [records])
    open_database(path, KEY).close()
    with contextlib.closing(raw(path)) as connection:
        connection.execute("DROP TRIGGER blood_pressure_unchanged")
        connection.execute("UPDATE blood_pressure SET systolic = 120")
        connection.execute(schema.TRIGGERS["blood_pressure_unchanged"])
    with open_database(path, KEY, read_only=True) as database:
        (first,) = verify(database).breaks
    assert (first.table, first.seq) == ("blood_pressure", 4)


def test_an_upgrade_that_is_cut_short_leaves_the_database_as_it_was(
    path: Path, records, monkeypatch
) -> None:
    _golden(path, [records])
    columns = _columns(path)
    before = _content(path, columns)
    upgrade = migrations.upgrade

    def cut_short(connection) -> None:
        upgrade(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(migrations, "upgrade", cut_short)
    with pytest.raises(KeyboardInterrupt):
        open_database(path, KEY)
    monkeypatch.undo()
    assert _content(path, columns) == before
    assert _columns(path) == columns
    with open_database(path, KEY) as database:
        assert len(list_sessions(database)) == 1
        assert verify(database).is_intact


def test_an_empty_database_is_upgraded_too(path: Path) -> None:
    _golden(path, [])
    with open_database(path, KEY) as database:
        assert verify(database).is_intact


def test_the_triggers_are_those_of_the_models(path: Path) -> None:
    open_database(path, KEY).close()
    with contextlib.closing(raw(path)) as connection:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        assert dict(connection.execute(query).fetchall()) == schema.TRIGGERS
