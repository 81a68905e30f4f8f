"""A database of every released revision is brought up to date, and not one value is lost."""

from pathlib import Path

import pytest

from monitor.snapshot import Phase
from monitor.storage import migrations, schema
from monitor.storage.connection import Access, encrypted
from monitor.storage.database import Database, open_database
from monitor.storage.heads import Ed25519Signer
from monitor.storage.history import list_sessions, load_session
from monitor.storage.recorder import append
from monitor.storage.verify import verify
from tests.keys import KEY
from tests.monitor.storage.conftest import Maker
from tests.monitor.storage.golden import FOLDER, content, dump, load

REVISIONS = sorted(migrations.known_revisions())
PUBLIC_KEY = Ed25519Signer(bytes(range(32))).public_key


def test_there_is_a_golden_database_of_every_revision() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.sql")) == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_value_of_a_released_database_is_kept(path: Path, revision: str) -> None:
    load(revision, path)
    before = content(path)
    before.pop("alembic_version")
    open_database(path, KEY).close()
    after = content(path)
    for table, rows in before.items():
        kept = [
            {name: value for name, value in row.items() if name in rows[0]} if rows else {}
            for row in after[table][: len(rows)]
        ]
        assert kept == rows, table
        assert table == "audit" or len(after[table]) == len(rows)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_released_database_verifies_lists_and_goes_on(path: Path, revision: str) -> None:
    load(revision, path)
    with open_database(path, KEY) as database:
        keys = [PUBLIC_KEY] if revision > "0001" else []
        assert verify(database, public_keys=keys).is_intact
        first, second, third = list_sessions(database)[:3]
        assert (first.session_id, first.phase, first.last_t_s) == ("5e55101", Phase.ENDED, 9.5)
        assert (first.readings, first.pressures, first.alarms) == (2, 1, 2)
        assert (second.phase, second.last_t_s, second.readings) == (Phase.INFUSION, 71.0, 2)
        assert (third.phase, third.last_t_s, third.readings) == (Phase.PREPARATION, 0.0, 0)
        maker = Maker("5e55202")
        maker.seq = 9
        append(database, [maker.reading(80.0), maker.dose(81.0), maker.phase("ended", 90.0)])
        assert verify(database).is_intact
        assert load_session(database, "5e55202").last_t_s == 90.0


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgraded_database_has_the_form_of_a_new_one(path: Path, revision: str) -> None:
    load(revision, path)
    open_database(path, KEY).close()
    new = path.with_name("new.db")
    open_database(new, KEY).close()
    assert form(path) == form(new)


def form(path: Path) -> set[tuple[str, str]]:
    with (
        Database(path, Access.READ, encrypted(KEY)) as database,
        database.reading() as connection,
    ):
        query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        return {(row[0], row[1]) for row in connection.exec_driver_sql(query)}


def test_the_newest_golden_database_holds_a_row_of_every_table(path: Path) -> None:
    load(REVISIONS[-1], path)
    found = content(path)
    assert [name for name, rows in found.items() if not rows] == []
    assert set(found) == {*schema.metadata.tables, "alembic_version"}


def test_a_dump_that_is_loaded_again_is_the_same(path: Path) -> None:
    load(REVISIONS[-1], path)
    assert dump(path) == (FOLDER / f"{REVISIONS[-1]}.sql").read_bytes().decode("utf-8")
