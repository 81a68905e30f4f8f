"""A database that a newer Vigil made can be looked into; it is not judged, and never written."""

import contextlib
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.storage.any_version import open_to_look
from monitor.storage.database import NewerError, open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.verify import verify
from tests.keys import KEY, raw
from tests.monitor.storage.backups import record

NEXT = "UPDATE alembic_version SET version_num = '9999'"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return record(tmp_path / "data").database


def change(path: Path, *statements: str) -> None:
    with contextlib.closing(raw(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_one_of_this_version_is_opened_without_a_word(path: Path) -> None:
    said: list[str] = []
    with open_to_look(path, KEY, said.append) as database:
        assert len(list_sessions(database)) == 1
    assert said == []


def test_a_newer_one_is_read_with_a_sentence_and_no_byte_changed(path: Path) -> None:
    change(path, NEXT, "ALTER TABLE session ADD COLUMN colour TEXT", "CREATE TABLE later (x)")
    before, said = path.read_bytes(), []
    with open_to_look(path, KEY, said.append) as database:
        (summary,) = list_sessions(database)
        assert len(load_session(database, summary.session_id).rows) == 3
        with pytest.raises(OperatorError), database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE no (x)")
    (sentence,) = said
    assert f"{path} was made by a newer version of Vigil; it is only read, and what" in sentence
    assert path.read_bytes() == before


def test_recording_into_a_newer_one_is_refused(path: Path) -> None:
    change(path, NEXT)
    for read_only in (False, True):
        with pytest.raises(NewerError, match="newer version of Vigil: install that version"):
            open_database(path, KEY, read_only=read_only)


def test_a_newer_one_that_cannot_be_read_is_refused(path: Path) -> None:
    change(path, NEXT, "DROP TRIGGER reading_unchanged", "ALTER TABLE reading RENAME value TO v")
    with pytest.raises(NewerError, match="install that version"):
        open_to_look(path, KEY, lambda _: None)


def test_evidence_in_the_form_of_this_version_is_verified(path: Path) -> None:
    change(path, NEXT, "CREATE TABLE later (x)")
    with open_to_look(path, KEY, lambda _: None, is_judged=True) as database:
        assert verify(database).is_intact


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE reading ADD COLUMN colour TEXT", "DROP TRIGGER reading_unchanged"],
)
def test_evidence_in_another_form_is_never_called_altered(path: Path, statement: str) -> None:
    change(path, NEXT, statement)
    with pytest.raises(OperatorError, match="does not know how to verify it: use that version"):
        open_to_look(path, KEY, lambda _: None, is_judged=True)
