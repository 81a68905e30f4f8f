"""The database file as the program sees it: opened safely, migrated, read and written whole.

Knows SQLAlchemy's engine and the states a file may be in. Must not know records.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from monitor.errors import BugError, OperatorError
from monitor.storage import migrations
from monitor.storage.connection import (
    Access,
    Connect,
    NotOursError,
    OutOfDateError,
    encrypted,
    prepare,
)
from monitor.storage.keys import DataKey
from monitor.storage.schema import APPLICATION_ID

_BEGIN = "vigil_begin"


class NewerError(OperatorError):
    """The file was made by a version of Vigil that this one does not know."""


class Database:
    """One open database file with a single connection, which threads take in turns."""

    def __init__(
        self,
        path: Path,
        access: Access,
        connect: Connect,
        before_commit: Callable[[Connection], None] | None = None,
    ) -> None:
        """Open nothing yet. ``before_commit`` ends every writing transaction (heads.py)."""
        self.path = path
        self._before_commit = before_commit
        self._engine = _engine(path, access, connect)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database.

        Raises OperatorError when the disk or another program stands in the way, BugError when
        the statement is at fault.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are on disk when the block ends, or not made at all.

        Takes the write lock at once: a transaction that begins by reading cannot wait for it
        (reliability brief, 2.6). Raises as ``reading``.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection
            if self._before_commit is not None:
                self._before_commit(connection)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection.execution_options(**{_BEGIN: begin})
                with connection.begin():
                    yield connection
        except DBAPIError as cause:
            raise _translated(self.path, cause) from cause

    def close(self) -> None:
        """Close the file; the last writer to do so also empties the journal."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(
    path: Path,
    key: DataKey,
    *,
    read_only: bool = False,
    before_commit: Callable[[Connection], None] | None = None,
) -> Database:
    """Open the database at ``path``; a writer also creates it and migrates it to our schema.

    A reader neither creates nor changes anything. Raises OperatorError, with the file as it was,
    when it is no database of this key, made by a newer Vigil, or cannot be opened; OutOfDateError
    when a station's start would mend that (see also plain_to_encrypted.py). To look into one that
    a newer Vigil made: any_version.py; to log something, signed: signed.py.
    """
    connect = encrypted(key)
    if read_only:
        return _open_to_read(path, connect)
    revision = inspect(path, connect) if path.exists() else None
    _make_folder(path)
    database = Database(path, Access.WRITE, connect, before_commit)
    try:
        if revision != migrations.known_revisions()[0]:
            _migrate(database)
        else:
            with database.reading() as connection:
                connection.exec_driver_sql("SELECT 1 FROM session LIMIT 1")
    except BaseException:
        database.close()
        raise
    return database


def _open_to_read(path: Path, connect: Connect) -> Database:
    if not path.exists():
        raise OperatorError(
            f"There is no database at {path}", "record a session first, or name its folder"
        )
    if inspect(path, connect) != migrations.known_revisions()[0]:
        raise OutOfDateError(
            f"The database {path} was made by an older version of Vigil",
            "start Vigil once, which brings it up to date",
        )
    return Database(path, Access.READ, connect)


def _migrate(database: Database) -> None:
    with database.writing() as connection:
        _revision(database.path, connection)
        migrations.upgrade(connection)


def inspect(path: Path, connect: Connect) -> str | None:
    """Return the file's schema revision, None when it is empty. Raises OperatorError if not ours.

    The file is only ever looked at through SQLite: to open and close it in any other way would
    drop the locks that this process holds on it. A rollback journal beside it means that the
    very first opening was cut short, which only a writer can put right.
    """
    cut_short = path.with_name(f"{path.name}-journal").exists()
    database = Database(path, Access.MEND if cut_short else Access.READ, connect)
    try:
        with database.reading() as connection:
            return _revision(path, connection)
    finally:
        database.close()


def _revision(path: Path, connection: Connection) -> str | None:
    run = connection.exec_driver_sql
    application = run("PRAGMA application_id").scalar_one()
    tables = run("SELECT count(*) FROM sqlite_master").scalar_one()
    if application == 0 and tables == 0:
        return None
    if application != APPLICATION_ID:
        raise _not_ours(path)
    revision: str = run("SELECT version_num FROM alembic_version").scalar_one()
    if revision not in migrations.known_revisions():
        raise NewerError(
            f"The database {path} was made by a newer version of Vigil",
            "install that version; nothing was changed",
        )
    return revision


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as cause:
        raise OperatorError(
            f"The data folder {path.parent} cannot be made ({cause.strerror})",
            "name a folder that you may write to",
        ) from cause


def _engine(path: Path, access: Access, connect: Connect) -> Engine:
    def creator() -> Any:
        connection = connect.open(path, access)
        try:
            prepare(connection, access)
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine(
        "sqlite+pysqlite://",
        module=connect.library,
        creator=creator,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


_FAULTS = {
    "disk is full": ("The disk is full", "make room; recording goes on by itself"),
    "locked": ("Another program holds the database", "close it; recording goes on by itself"),
    "readonly": ("The database may not be written", "make its file and folder yours to write"),
    "unable to open": ("The database cannot be opened", "check that its folder is yours to write"),
    # The key was right for this file (connection.py): then unreadable means damaged.
    "not a database": ("The database is damaged", "restore a backup; keep this file"),
    "malformed": ("The database is damaged", "restore a backup; keep this file"),
}


def _not_ours(path: Path) -> NotOursError:
    return NotOursError(
        f"The file is no Vigil database ({path})", "move it away; it was left as it is"
    )


def fault_of_the_world(path: Path, message: str) -> OperatorError | None:
    """Return what a person can do about an error message of SQLite's, None when it is no such."""
    for words, (what, what_to_do) in _FAULTS.items():
        if words in message:
            return OperatorError(f"{what} ({path})", what_to_do)
    return None


def _translated(path: Path, cause: DBAPIError) -> OperatorError | BugError:
    """Tell the world's faults, which a person can mend, from a statement that is wrong."""
    message = str(cause.orig)
    if known := fault_of_the_world(path, message):
        return known
    if isinstance(cause, OperationalError) or type(cause) is DatabaseError:
        return OperatorError(
            f"The database does not work ({path}; {message})", "check the disk it lies on"
        )
    return BugError(f"The database refused a row: {message}")
