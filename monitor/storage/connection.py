"""How the database file is opened: the one place that knows which SQLite library is used.

Knows SQLCipher, PRAGMAs and their reasons (reliability brief, sections 1 and 2). Must not know
tables.
"""

import contextlib
import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from monitor.errors import OperatorError
from monitor.storage.keys import DataKey
from monitor.storage.private_file import ONLY_MINE

BUSY_S = 1.0
"""How long to wait for another program's lock: shorter than the 2 s in which a fault must show."""
OLDEST_SQLITE = (3, 51, 3)
"""Two connections of an older one can corrupt a file in WAL mode (reliability brief, 1.1)."""
PLAIN_HEADER = b"SQLite format 3\0"


class Access(StrEnum):
    """What a connection may do to the file; the value is SQLite's URI parameter ``mode``.

    WRITE is the recorder's; MEND may only roll back what a killed first opening left half done.
    """

    WRITE = "rwc"
    MEND = "rw"
    READ = "ro"


class NotOursError(OperatorError):
    """The file is no database of this key: nothing that passes by itself."""


class OutOfDateError(OperatorError):
    """The file is of an older form, which the next start of a station brings up to date."""


@dataclass(frozen=True, slots=True)
class Connect:
    """A way to open the file.

    ``open`` makes a DB-API connection that begins no transaction by itself; ``library`` is the
    DB-API module it comes from, so that its exceptions are recognised.
    """

    open: Callable[[Path, Access], Any]
    library: ModuleType


@cache
def library() -> ModuleType:
    """Return SQLCipher's DB-API module; there is no other. Raises OperatorError without it."""
    try:
        found = importlib.import_module("sqlcipher3.dbapi2")
    except ImportError as cause:
        raise OperatorError(
            "The library of the encrypted database (sqlcipher3) cannot be loaded",
            "install Vigil anew; nothing is ever recorded unencrypted",
        ) from cause
    require_new_enough(found.sqlite_version_info)
    return found


def require_new_enough(version: tuple[int, ...]) -> None:
    """Raise OperatorError when this SQLite is one that can corrupt a file."""
    if version < OLDEST_SQLITE:
        raise OperatorError(
            f"The database library holds SQLite {'.'.join(map(str, version))}, which can damage "
            "a database",
            "install Vigil anew with a newer sqlcipher3",
        )


def encrypted(key: DataKey) -> Connect:
    """Return the way to open the database of this key, and no other."""

    def open_it(path: Path, access: Access) -> Any:
        connection = _open(path, access)
        try:
            unlock(connection, path, key, access)
        except BaseException:
            connection.close()
            raise
        return connection

    return Connect(open_it, library())


def unencrypted() -> Connect:
    """Return the way to open a database of the first form; for its migration only."""
    return Connect(_open, library())


def first_bytes(path: Path) -> bytes:
    """Return the first 16 bytes of a file: SQLite's own letters, or the salt of an encrypted one.

    Asked of SQLCipher, see ``unlock``. Raises the library's Error.
    """
    with contextlib.closing(_open(path, Access.READ)) as connection:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{'0' * 64}'\"")
        return bytes.fromhex(connection.execute("PRAGMA cipher_salt").fetchone()[0])


def key_literal(key: DataKey) -> str:
    """Return SQLCipher's spelling of a raw key with the salt that a new file gets."""
    return f"x'{key.raw.hex()}{key.database.hex}'"


def _open(path: Path, access: Access) -> Any:
    if access is Access.WRITE:
        with contextlib.suppress(OSError):  # SQLite says better what is wrong with the folder
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, ONLY_MINE))
    return library().connect(
        f"{path.absolute().as_uri()}?mode={access.value}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def unlock(connection: Any, path: Path, key: DataKey, access: Access) -> None:
    """Give SQLCipher the key. The file begins with its salt, which is the database's UUID.

    So a file of another vault is told from a damaged one, and through SQLite alone: to open and
    close the file in any other way would drop the locks that this process holds on it.
    """
    run = connection.execute
    run("PRAGMA cipher_log_level = NONE")  # it would write to standard error
    run(f"PRAGMA key = \"x'{key.raw.hex()}'\"")
    begins_with = bytes.fromhex(run("PRAGMA cipher_salt").fetchone()[0])
    was_cut_short = access is Access.MEND and not any(begins_with)
    if was_cut_short or not path.exists() or path.stat().st_size == 0:
        run(f"PRAGMA cipher_salt = \"x'{key.database.hex}'\"")
    elif begins_with == PLAIN_HEADER:
        raise OutOfDateError(
            f"The database {path} is not encrypted yet", "start Vigil once, which encrypts it"
        )
    elif begins_with != key.database.bytes:
        raise NotOursError(
            f"The file {path} is no Vigil database of this folder's vault",
            "put back the vault.json that belongs to it, or move it away; it was left as it is",
        )


def prepare(connection: Any, access: Access) -> None:
    """Set what holds for every connection. Raises OperatorError when the disk cannot do WAL."""
    run = connection.execute
    run(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA trusted_schema = OFF")
    run("PRAGMA cell_size_check = ON")
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
