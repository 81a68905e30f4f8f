"""Turns an unencrypted database of the first form into an encrypted one, whole or not at all.

Knows the files beside the database and the steps between them. Must not know tables or records.

    vigil.db              the database: plain until the last step, encrypted from then on
    vigil.db.encrypting   the encrypted copy while it is made and verified
    vigil.db.plain        the original, kept until a later start has opened and checked the new one
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from monitor.errors import OperatorError
from monitor.storage.connection import (
    PLAIN_HEADER,
    Access,
    first_bytes,
    key_literal,
    library,
    unencrypted,
)
from monitor.storage.database import fault_of_the_world, inspect
from monitor.storage.keys import DataKey
from monitor.storage.private_file import ONLY_MINE, sync_folder
from monitor.storage.soundness import require_sound, sound_database

_CARRIED = ("application_id", "user_version")
"""What a file says of itself beside its tables; sqlcipher_export leaves it out."""


@dataclass(frozen=True, slots=True)
class _Files:
    """The three places of a conversion."""

    database: Path

    @property
    def draft(self) -> Path:
        return self.database.with_name(f"{self.database.name}.encrypting")

    @property
    def original(self) -> Path:
        return self.database.with_name(f"{self.database.name}.plain")


def is_plain(path: Path) -> bool:
    """Whether there is an unencrypted database. Raises OperatorError when it cannot be read."""
    with _translating(path):
        return path.exists() and first_bytes(path) == PLAIN_HEADER


def settle(
    path: Path, key: DataKey, reached: Callable[[str], None] = lambda _step: None
) -> tuple[str, ...]:
    """Encrypt a plain database, or let go of the original of one that has proved itself.

    To be called once a start, by the one process that records, before it opens the database.
    Returns what a person should be told. ``reached`` hears of every step that was done. Raises
    OperatorError with the plain database as it was, or with the original still beside the new one.
    """
    files = _Files(path)
    if is_plain(path):
        inspect(path, unencrypted())  # not ours, or newer: nothing is touched
        _convert(files, key, reached)
        told = (
            f"The database {path} was not encrypted and is now; every row was compared. The "
            f"original is kept as {files.original.name} until the next start"
        )
        return (told,)
    _remove(files.draft)
    if files.original.exists() and path.exists():
        _prove(files, key)
        _remove(files.original)
        sync_folder(path.parent)
        reached("original removed")
        told = (
            f"The unencrypted original {files.original.name} was deleted: the encrypted database "
            "was opened and checked"
        )
        return (told,)
    return ()


def _convert(files: _Files, key: DataKey, reached: Callable[[str], None]) -> None:
    try:
        _remove(files.draft)
        _remove(files.original)  # of a conversion that was broken off: the database is still plain
        reached("cleared")
        with _alone_with(files.database) as plain:
            _export(plain, files.draft, key)
            reached("exported")
            _compare(plain, files, key)
        reached("compared")
        _keep_original(files)
        reached("original kept")
        files.draft.replace(files.database)
        reached("swapped")
        sync_folder(files.database.parent)
    except OSError as cause:
        raise _not_encrypted(files.database, f"{cause.strerror}") from cause
    finally:
        with contextlib.suppress(OSError):
            _remove(files.draft)  # after a fault: it takes room, and holds nothing of its own


@contextmanager
def _alone_with(path: Path) -> Iterator[Any]:
    """Open the plain database, bring its journal into it, and keep everybody else out."""
    connection = unencrypted().open(path, Access.WRITE)
    with contextlib.closing(connection), _translating(path):
        run = connection.execute
        run("PRAGMA trusted_schema = OFF")
        run("PRAGMA journal_mode = DELETE")
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("BEGIN EXCLUSIVE")
        run("COMMIT")  # the lock stays, because of the locking mode
        require_sound(path, run("PRAGMA integrity_check(1)").fetchall() == [("ok",)])
        yield connection


def _export(plain: Any, draft: Path, key: DataKey) -> None:
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL, ONLY_MINE))
    plain.execute("ATTACH DATABASE ? AS draft KEY ?", (draft.absolute().as_uri(), key_literal(key)))
    plain.execute("SELECT sqlcipher_export('draft')")
    for name in _CARRIED:
        (value,) = plain.execute(f"PRAGMA main.{name}").fetchone()
        plain.execute(f"PRAGMA draft.{name} = {int(value)}")
    plain.execute("DETACH DATABASE draft")


# ---- comparing


def _compare(plain: Any, files: _Files, key: DataKey) -> None:
    """Raise OperatorError unless the draft is sound and holds exactly what the original holds."""
    with _checked(files.draft, key) as draft:
        if _fingerprint(draft) != _fingerprint(plain):
            raise _not_encrypted(files.database, "the encrypted copy differs from it")


def _fingerprint(connection: Any) -> dict[str, tuple[int, str]]:
    """Return for each table how many rows it has and a hash of them all, in order of their keys."""
    run = connection.execute
    schema = run("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
    carried = tuple(run(f"PRAGMA {name}").fetchone()[0] for name in _CARRIED)
    found = {"": _counted([*schema, carried])}
    for kind, name, *_ in schema:
        if kind == "table":
            quoted = '"' + name.replace('"', '""') + '"'
            columns = len(run(f"PRAGMA table_info({quoted})").fetchall())
            order = ", ".join(str(n + 1) for n in range(columns))
            rows = run(f"SELECT * FROM {quoted} ORDER BY {order}")  # noqa: S608 - a name from the file's own schema, quoted
            found[name] = _counted(rows)
    return found


def _counted(rows: Iterable[tuple[object, ...]]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for row in rows:
        count += 1
        digest.update(msgspec.msgpack.encode(row))  # exact: an integer is not a float, nor -0.0 0.0
    return count, digest.hexdigest()


@contextmanager
def _checked(path: Path, key: DataKey) -> Iterator[Any]:
    """Open an encrypted database in which every page is authentic and every row in its place.

    Raises OperatorError when that is not so.
    """
    with _translating(path), sound_database(path, key) as found:
        require_sound(path, not found.execute("PRAGMA foreign_key_check").fetchall())
        yield found


# ---- the original


def _keep_original(files: _Files) -> None:
    """Give the original a second name; where the disk knows no such thing, a verified copy."""
    try:
        os.link(files.database, files.original)
    except OSError:
        shutil.copy2(files.database, files.original)
        with files.original.open("rb+") as copy:
            os.fsync(copy.fileno())
        if _file_hash(files.original) != _file_hash(files.database):
            raise
    files.original.chmod(ONLY_MINE)
    sync_folder(files.database.parent)


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _prove(files: _Files, key: DataKey) -> None:
    try:
        with _checked(files.database, key):
            pass
    except OperatorError as fault:
        raise OperatorError(
            f"{fault.what}. Its unencrypted original is still there as {files.original.name}",
            "keep both files and ask for help; nothing was changed",
        ) from fault


def _remove(path: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def _translating(path: Path) -> Iterator[None]:
    try:
        yield
    except library().Error as cause:
        raise fault_of_the_world(path, str(cause)) or _not_encrypted(path, str(cause)) from cause


def _not_encrypted(path: Path, why: str) -> OperatorError:
    return OperatorError(
        f"The database {path} cannot be encrypted ({why})",
        "check that its folder is yours and the disk has room; it was left as it is",
    )
