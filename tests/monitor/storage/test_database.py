"""The file is opened safely, or refused in one sentence and left as it was."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from monitor.errors import BugError, OperatorError
from monitor.storage import migrations
from monitor.storage.connection import Access, encrypted
from monitor.storage.database import Database, open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.recorder import append
from tests.keys import KEY, raw


def _pragma(database: Database, name: str) -> object:
    with database.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def _make(path: Path, *statements: str) -> None:
    path.parent.mkdir(exist_ok=True)
    connection = raw(path)
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("cipher_log_level", "NONE"),
    ],
)
def test_every_commit_reaches_the_disk(database: Database, name: str, value: object) -> None:
    assert _pragma(database, name) == value


def test_a_writer_holds_the_lock_from_its_first_moment(path: Path, database: Database) -> None:
    other = raw(path)
    other.execute("PRAGMA busy_timeout = 0")
    with database.writing(), pytest.raises(sqlcipher.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    with database.reading():
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_what_is_broken_off_is_not_half_written(database: Database) -> None:
    def write_half() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("PRAGMA user_version = 7")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert _pragma(database, "user_version") == 0


def test_a_row_without_its_session_is_our_fault(database: Database, maker) -> None:
    with pytest.raises(BugError, match="FOREIGN KEY"):
        append(database, [maker.reading()])


def test_an_open_database_opens_again_with_all_it_holds(path: Path, records) -> None:
    with open_database(path, KEY) as database:
        append(database, records)
    with open_database(path, KEY) as database:
        assert len(load_session(database, "5e55101").rows) == len(records) - 1


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with open_database(path, KEY) as database:
        assert list_sessions(database) == ()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_of_a_newer_version_is_refused_and_left_as_it_was(
    path: Path, read_only: bool
) -> None:
    open_database(path, KEY).close()
    _make(path, "UPDATE alembic_version SET version_num = '9999'", "CREATE TABLE later (x)")
    before = path.read_bytes()
    with pytest.raises(OperatorError, match="newer version of Vigil") as refused:
        open_database(path, KEY, read_only=read_only)
    assert path.read_bytes() == before
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("content", [b"time,value\n1,2\n" * 80, b"\x00" * 5000, b"SQLite format 3"])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(
    path: Path, content: bytes, read_only: bool
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(OperatorError, match="no Vigil database"):
        open_database(path, KEY, read_only=read_only)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_database_of_another_program_is_refused_and_left_as_it_was(path: Path) -> None:
    _make(path, "CREATE TABLE theirs (x)", "INSERT INTO theirs VALUES (1)")
    before = path.read_bytes()
    with pytest.raises(OperatorError, match="no Vigil database"):
        open_database(path, KEY)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_reader_neither_makes_a_file_nor_a_folder(path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no database"):
        open_database(path, KEY, read_only=True)
    assert not path.parent.exists()


def test_a_reader_sees_what_is_committed_while_the_writer_goes_on(
    path: Path, database: Database, records, new_maker
) -> None:
    append(database, records)
    with open_database(path, KEY, read_only=True) as reader, database.writing() as writing:
        writing.exec_driver_sql("DROP TABLE reading")
        assert len(load_session(reader, "5e55101").rows) == len(records) - 1


def test_a_reader_cannot_write(path: Path, database: Database, records) -> None:
    reader = open_database(path, KEY, read_only=True)
    with pytest.raises(OperatorError, match="may not be written"):
        append(reader, records)
    reader.close()


def test_a_reader_does_not_migrate(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(OperatorError, match="older version"):
        open_database(path, KEY, read_only=True)
    assert path.read_bytes() == b""


def test_what_a_killed_writer_left_in_the_journal_is_read(
    path: Path, tmp_path: Path, database: Database, records
) -> None:
    append(database, records)
    copy = tmp_path / "killed"
    shutil.copytree(path.parent, copy)
    with open_database(copy / path.name, KEY, read_only=True) as reader:
        assert len(load_session(reader, "5e55101").rows) == len(records) - 1
    with open_database(copy / path.name, KEY) as writer:
        assert len(load_session(writer, "5e55101").rows) == len(records) - 1


def test_a_first_opening_cut_short_is_begun_again(path: Path, monkeypatch) -> None:
    upgrade = migrations.upgrade

    def cut_short(connection) -> None:
        upgrade(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(migrations, "upgrade", cut_short)
    with pytest.raises(KeyboardInterrupt):
        open_database(path, KEY)
    monkeypatch.undo()
    with open_database(path, KEY) as database:
        assert list_sessions(database) == ()


def test_a_first_opening_killed_with_a_rollback_journal_is_begun_again(
    path: Path, tmp_path: Path
) -> None:
    """The moment before WAL is on: the file half written, its rollback journal beside it."""
    draft = tmp_path / "draft.db"
    connection = raw(draft)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("PRAGMA user_version = 0")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE half (x)")
    connection.executemany("INSERT INTO half VALUES (?)", [(b"x" * 4000,)] * 50)
    path.parent.mkdir()
    shutil.copy(draft, path)
    shutil.copy(f"{draft}-journal", f"{path}-journal")
    connection.rollback()
    connection.close()
    reader = Database(path, Access.READ, encrypted(KEY))
    with pytest.raises(OperatorError, match="may not be written"):  # it takes a writer
        _pragma(reader, "application_id")
    reader.close()
    with open_database(path, KEY) as database:
        assert list_sessions(database) == ()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(OperatorError, match="data folder"):
        open_database(tmp_path / "taken" / "vigil.db", KEY)


@pytest.fixture
def locked_folder() -> Iterator[Path]:
    """A folder that an ordinary user may look into and not change."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    am_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if am_root:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if am_root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="folders are protected in another way on Windows")
def test_a_folder_that_may_not_be_written_is_refused(locked_folder: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be opened"):
        open_database(locked_folder / "vigil.db", KEY)
    assert list(locked_folder.iterdir()) == []


def test_a_path_with_odd_letters_works(tmp_path: Path) -> None:
    path = tmp_path / "Größe 100%? #1" / "vigil.db"
    open_database(path, KEY).close()
    assert path.exists()
