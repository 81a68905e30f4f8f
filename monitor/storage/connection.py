"""How the database file is opened: the one place that knows which SQLite library is used.

Knows PRAGMAs and their reasons (reliability brief, section 2). Must not know tables.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

from monitor.errors import OperatorError

BUSY_S = 1.0
"""How long to wait for another program's lock: shorter than the 2 s in which a fault must show."""


class Access(StrEnum):
    """What a connection may do to the file; the value is SQLite's URI parameter ``mode``.

    WRITE is the recorder's; MEND may only roll back what a killed first opening left half done.
    """

    WRITE = "rwc"
    MEND = "rw"
    READ = "ro"


def open_plain(path: Path, access: Access) -> sqlite3.Connection:
    """Open an unencrypted database; transactions are begun by us alone, never by the library."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={access.value}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


@dataclass(frozen=True, slots=True)
class Connect:
    """A way to open the file. An encrypted database brings its own two.

    ``open`` makes a DB-API connection that begins no transaction by itself; ``library`` is the
    DB-API module it comes from, so that its exceptions are recognised.
    """

    open: Callable[[Path, Access], Any]
    library: ModuleType


PLAIN = Connect(open_plain, sqlite3)


def prepare(connection: Any, access: Access) -> None:
    """Set what holds for every connection. Raises OperatorError when the disk cannot do WAL."""
    run = connection.execute
    run(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA trusted_schema = OFF")
    if access is not Access.WRITE:
        run("PRAGMA query_only = ON")
        return
    (mode,) = run("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise OperatorError(
            "The data folder lies on a disk that cannot keep a safe journal",
            "use a folder on this computer's own disk",
        )
    run("PRAGMA synchronous = FULL")
    # On macOS a plain fsync leaves the data in the drive's cache; elsewhere these do nothing.
    run("PRAGMA fullfsync = ON")
    run("PRAGMA checkpoint_fullfsync = ON")
