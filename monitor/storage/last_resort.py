"""Reading a database whose disk takes nothing: full, or read-only, and without its index in memory.

Knows SQLite's ways to read a file in WAL mode without writing beside it. For the one process that
holds the data folder, while it does not record: it takes no lock that others would see.
"""

import sys
from pathlib import Path
from typing import Any

from monitor.errors import OperatorError
from monitor.storage import migrations
from monitor.storage.connection import Access, Connect, library, unlock
from monitor.storage.database import Database, inspect, open_database
from monitor.storage.keys import DataKey

_NO_LOCKS = "win32-none" if sys.platform == "win32" else "unix-none"
"""SQLite's names for its own file layer without locks, and so without shared memory."""


def open_to_read(path: Path, key: DataKey) -> Database:
    """Open a database to read, in one way or another. Raises OperatorError as open_database does.

    The usual way needs the file of shared memory beside the database, which cannot be made on such
    a disk. With exclusive locking SQLite keeps that index in its own memory instead.
    """
    try:
        return open_database(path, key, read_only=True)
    except OperatorError as fault:
        try:
            return _open_alone(path, key)
        except OperatorError:
            raise fault from fault.__cause__


def _open_alone(path: Path, key: DataKey) -> Database:
    connect = _alone(key)
    if not path.exists() or inspect(path, connect) != migrations.known_revisions()[0]:
        raise OperatorError("There is nothing that could be read", "look at the disk")
    return Database(path, Access.READ, connect)


def _alone(key: DataKey) -> Connect:
    def open_it(path: Path, _access: Access) -> Any:
        # Without a journal there is nothing but the file, and SQLite need not look for one.
        journal = path.with_name(f"{path.name}-wal")
        how = f"vfs={_NO_LOCKS}" if journal.exists() else "immutable=1"
        connection = library().connect(
            f"{path.absolute().as_uri()}?mode=ro&{how}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            unlock(connection, path, key, Access.READ)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        except BaseException:
            connection.close()
            raise
        return connection

    return Connect(open_it, library())
