"""A rewritten database keeps nothing in unused pages or its journal, and its rows as they were."""

from contextlib import closing
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.storage.database import open_database
from monitor.storage.recorder import append
from monitor.storage.rewrite import rewrite
from tests.keys import KEY, raw
from tests.monitor.storage.golden import content
from tests.monitor.storage.pages import pages_with

CANARY = "Quijote-Canary"


@pytest.fixture
def littered(path: Path, records) -> Path:
    """A database whose unused pages still hold what was deleted, as a page's gaps may."""
    with open_database(path, KEY) as database:
        append(database, records)
    with closing(raw(path)) as connection:
        run = connection.execute
        run("PRAGMA secure_delete = OFF")
        run("CREATE TABLE litter (text TEXT)")
        connection.executemany("INSERT INTO litter VALUES (?)", [(CANARY + "x" * 500,)] * 100)
        run("DROP TABLE litter")
    return path


def test_nothing_deleted_is_in_any_page_and_every_row_is_there(littered: Path) -> None:
    assert pages_with(littered, CANARY) > 5
    before = content(littered)
    rewrite(littered, KEY)
    assert pages_with(littered, CANARY) == 0
    assert content(littered) == before


def test_a_reader_that_keeps_the_journal_is_named(littered: Path) -> None:
    with closing(raw(littered)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM session").fetchone()
        with pytest.raises(OperatorError, match="Another program"):
            rewrite(littered, KEY)
    rewrite(littered, KEY)
    assert pages_with(littered, CANARY) == 0
