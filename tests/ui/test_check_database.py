"""The desktop says at once what is wrong with a database, but for what its station mends."""

from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.storage import migrations
from monitor.storage.connection import Access, encrypted, unencrypted
from monitor.storage.database import Database, open_database
from tests.keys import KEY, OTHER_KEY
from tests.monitor.storage.first_form import make_first_form
from ui.composition import check_database


def test_nothing_yet_is_nothing_wrong(tmp_path: Path) -> None:
    check_database(tmp_path / "vigil.db", KEY)
    assert list(tmp_path.iterdir()) == []


def test_an_unencrypted_or_older_database_is_left_to_the_station(tmp_path: Path) -> None:
    plain, older = tmp_path / "plain" / "vigil.db", tmp_path / "vigil.db"
    make_first_form(plain)
    with Database(older, Access.WRITE, encrypted(KEY)) as made, made.writing() as connection:
        migrations.upgrade(connection, "0001")
    check_database(plain, KEY)
    check_database(older, KEY)


def test_what_no_station_can_mend_is_said(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs.db", tmp_path / "ours.db"
    connection = unencrypted().open(theirs, Access.WRITE)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    open_database(ours, KEY).close()
    for path, key in ((theirs, KEY), (ours, OTHER_KEY)):
        with pytest.raises(OperatorError, match="no Vigil database"):
            check_database(path, key)
