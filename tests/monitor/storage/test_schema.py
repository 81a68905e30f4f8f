"""The models and the migrations say the same, and every released form still opens."""

import re
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from monitor.storage import migrations
from monitor.storage.connection import Access, encrypted
from monitor.storage.database import Database, open_database
from monitor.storage.history import load_session
from monitor.storage.recorder import append
from monitor.storage.schema import APPLICATION_ID, metadata
from tests.keys import KEY, raw


def _statements(connection: Any) -> dict[str, set[str]]:
    """Return the parts of each table's definition, without order and white space."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    found = {name: re.sub(r"\s+", " ", sql) for name, sql in rows if name != "alembic_version"}
    split = {name: re.match(r".*?\((.*)\)(.*)", sql) for name, sql in found.items()}
    return {
        name: {*(part.strip() for part in re.split(r", (?![^(]*\))", parts[1])), parts[2].strip()}
        for name, parts in split.items()
        if parts
    }


def test_the_models_and_the_migrations_do_not_drift(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrations_make_the_same_constraints_as_the_models(
    path: Path, database: Database
) -> None:
    modelled = create_engine("sqlite://")
    metadata.create_all(modelled)
    with modelled.connect() as connection:
        wanted = _statements(connection.connection.driver_connection)
    modelled.dispose()
    migrated = raw(path)
    made = _statements(migrated)
    migrated.close()
    assert made == wanted
    assert set(made) == set(metadata.tables)


def test_a_database_made_by_revision_0001_opens_and_gives_back_its_session(path, records) -> None:
    path.parent.mkdir()
    with (
        Database(path, Access.WRITE, encrypted(KEY)) as first,
        first.writing() as connection,
    ):
        migrations.upgrade(connection, "0001")
    with open_database(path, KEY) as database:
        append(database, records)
        assert list(load_session(database, "5e55101").rows) == records[1:]


def test_our_files_carry_our_application_id(database: Database) -> None:
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID


def test_the_revisions_are_one_line_that_begins_with_the_first() -> None:
    assert migrations.known_revisions()[-1] == "0001"
