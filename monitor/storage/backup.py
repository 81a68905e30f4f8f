"""Makes a backup that has proved itself: copied at one moment, written, opened again and verified.

Knows the steps and their order. Must not know who asked for it, nor when one is due.

Everything happens in a folder of its own beside the backup to be (``.vigil-....unfinished``),
which goes when the work ends, however it ends; one that a kill left behind goes with the next
backup. Only what was verified gets the name of a backup.
"""

import contextlib
import errno
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.errors import OperatorError
from monitor.storage import migrations
from monitor.storage.backup_file import (
    Manifest,
    Opened,
    damaged,
    extract_database,
    newer,
    open_backup,
    part_of,
    text_part,
    write_backup,
)
from monitor.storage.backup_rules import name_for
from monitor.storage.backup_seal import Keys, keys_for, known_keys, sealed
from monitor.storage.connection import Access, encrypted, library
from monitor.storage.database import fault_of_the_world, inspect, open_database
from monitor.storage.heads import Signer
from monitor.storage.keys import DataKey
from monitor.storage.private_file import sync_folder
from monitor.storage.soundness import row_counts, sound_database
from monitor.storage.space import LOW_BYTES
from monitor.storage.spill import sync
from monitor.storage.vault import read_vault
from monitor.storage.verify import Verdict, verify

PAGES_AT_ONCE = 2048
"""8 MiB between two looks whether to go on; the picture that is copied stays the same."""
_COPY, _DRAFT, _PROOF = "copy.db", "draft", "proof.db"


class Cancelled(OperatorError):  # noqa: N818 - a fact, not an error
    """Somebody wanted no more."""

    def __init__(self) -> None:
        super().__init__("Cancelled", "start again when there is time; nothing was left behind")


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on: ``show`` hears what is being done, how much is done, of how much.

    ``is_over`` says when to give up.
    """

    show: Callable[[str, int, int], None] = lambda _what, _done, _of: None
    is_over: Callable[[], bool] = lambda: False

    def tell(self, what: str, done: int, of: int) -> None:
        """Say how far it is. Raises Cancelled."""
        if self.is_over():
            raise Cancelled
        self.show(what, done, of)


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: the database, its vault, its key, and the program that does it.

    ``signer`` vouches for the backup; without one nobody does.
    """

    database: Path
    vault: Path
    key: DataKey
    app_version: str
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was opened and verified. ``sha256`` is that of the whole file.

    A record that had been altered is backed up all the same: ``verdict`` tells of it, and the
    file's name.
    """

    path: Path
    manifest: Manifest
    size: int
    sha256: str
    verdict: Verdict


def make_backup(source: Source, folder: Path, at: datetime, watch: Watch) -> Made:
    """Write a backup into ``folder``, open it, verify it, and only then give it its name.

    A recorder may go on writing. Raises OperatorError, with nothing left behind.
    """
    with translating(folder, watch), workshop(folder, source.key) as shop:
        _require_room(source.database, folder)
        draft = shop / _DRAFT
        _write(source, draft, shop, at, watch)
        opened = open_backup(draft)
        known = known_keys(source.vault, source.key.database)
        verdict = prove(opened, source.key, shop / _PROOF, watch, known)
        whole = part_of(draft, lambda done: watch.tell("closing", done, draft.stat().st_size))
        watch.tell("closing", 1, 1)
        path = _publish(draft, folder, at, is_altered=not verdict.is_intact)
    return Made(path, opened.manifest, whole.size, whole.sha256, verdict)


def _write(source: Source, draft: Path, shop: Path, at: datetime, watch: Watch) -> None:
    vault = _vault(source)
    copy = shop / _COPY
    revision, rows = _copy(source, copy, watch)
    manifest = Manifest(
        installation=source.key.database,
        made_utc=at,
        app_version=source.app_version,
        revision=revision,
        rows=rows,
        vault=text_part(vault),
        database=part_of(copy),
    )
    with draft.open("xb") as out:
        draft.chmod(0o600)
        write_backup(out, sealed(manifest, source.signer), vault, copy, watch.tell)
        out.flush()
        sync(out.fileno())
    copy.unlink()


def _vault(source: Source) -> bytes:
    """Return the vault as it is, seen to be of this database. Raises OperatorError."""
    if read_vault(source.vault).database != source.key.database:
        raise OperatorError(
            f"The vault {source.vault} is of another database",
            "put back the vault.json that belongs to this folder",
        )
    return source.vault.read_bytes()


def _copy(source: Source, to: Path, watch: Watch) -> tuple[str, dict[str, int]]:
    """Copy one moment of the database, page by page; return its revision and rows by table."""
    connect = encrypted(source.key)
    revision = inspect(source.database, connect)
    if revision is None:
        raise OperatorError("There is no record yet", "record a session first")
    with (
        contextlib.closing(connect.open(source.database, Access.READ)) as there,
        contextlib.closing(connect.open(to, Access.WRITE)) as here,
    ):
        there.set_progress_handler(watch.is_over, 200_000)
        there.execute("BEGIN")  # from the first read to the end it sees one moment
        rows = row_counts(there)
        (revision,) = there.execute("SELECT version_num FROM alembic_version").fetchone()
        _copy_pages(there, here, watch)
        there.execute("COMMIT")
        here.execute("PRAGMA journal_mode = DELETE")  # the copy is one file
    return str(revision), rows


def _copy_pages(there: Any, here: Any, watch: Watch) -> None:
    def look(_status: int, remaining: int, total: int) -> None:
        watch.tell("copying", total - remaining, total)

    there.backup(here, pages=PAGES_AT_ONCE, progress=look)


# ---- proving


def prove(opened: Opened, key: DataKey, database: Path, watch: Watch, known: Keys = ()) -> Verdict:
    """Take the database out of a backup to a new file, open it and verify all there is to verify.

    On return ``database`` is sound, of the schema of this version, and holds exactly the rows the
    manifest tells of; the verdict says whether the record had been altered before it was backed
    up. ``known``: the public keys of the installation as they are known here, beside those in the
    backup itself. Raises OperatorError.
    """
    manifest, path = opened.manifest, opened.path
    if manifest.revision not in migrations.known_revisions():
        raise newer(path)
    if manifest.installation != key.database:
        raise OperatorError(
            f"The backup {path} is of another installation", "use the key that belongs to it"
        )
    keys = keys_for(opened, known)
    with translating(database.parent, watch, path):
        extract_database(opened, database, watch.tell)
        watch.tell("checking", 0, 1)
        try:
            _require_whole(opened, key, database, watch)
        except OperatorError as fault:  # it names a file that is gone when somebody reads this
            raise damaged(path) from fault
        return _verified(opened, key, database, watch, keys)


def _require_whole(opened: Opened, key: DataKey, database: Path, watch: Watch) -> None:
    """See that the database is sound and the one that the manifest tells of; only reads it."""
    with sound_database(database, key, watch.is_over) as found:
        if row_counts(found) != opened.manifest.rows:
            raise damaged(opened.path)
    if inspect(database, encrypted(key)) != opened.manifest.revision:
        raise damaged(opened.path)


def _verified(opened: Opened, key: DataKey, database: Path, watch: Watch, keys: Keys) -> Verdict:
    if opened.manifest.revision != migrations.known_revisions()[0]:
        open_database(database, key).close()  # brings it up to date
    with open_database(database, key, read_only=True) as copy:
        return verify(copy, "", keys, lambda done, of: watch.tell("verifying", done, of))


# ---- places


@contextmanager
def workshop(folder: Path, key: DataKey) -> Iterator[Path]:
    """Give a folder of our own inside ``folder``, which is gone afterwards. Raises OSError."""
    place = folder / f".vigil-{key.database.hex[:8]}.unfinished"
    if place.exists():
        shutil.rmtree(place)  # a kill left it behind
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _publish(draft: Path, folder: Path, at: datetime, *, is_altered: bool) -> Path:
    """Give a proven draft its name; no other file is ever written over."""
    for attempt in itertools.count(1):
        path = folder / name_for(at, attempt, is_altered=is_altered)
        try:
            os.link(draft, path)
        except OSError:  # the name is taken, or this disk knows no second names
            if path.exists():
                continue
            draft.rename(path)
        sync_folder(folder)
        return path
    raise AssertionError


def _require_room(database: Path, folder: Path) -> None:
    """Raise OperatorError when the copy and its proof would not fit, or recording want for room."""
    wal = database.with_name(f"{database.name}-wal")
    size = database.stat().st_size + (wal.stat().st_size if wal.exists() else 0)
    needed = 2 * size + size // 10
    if folder.stat().st_dev == database.stat().st_dev:
        needed += LOW_BYTES
    if shutil.disk_usage(folder).free < needed:
        raise no_room(folder)


def no_room(folder: Path) -> OperatorError:
    """Return what to say of a full disk."""
    return OperatorError(
        f"There is not enough room in {folder}", "make room or name another folder"
    )


@contextmanager
def translating(folder: Path, watch: Watch, backup: Path | None = None) -> Iterator[None]:
    """Turn what goes wrong in ``folder`` into one sentence. ``backup``: the one being read."""
    try:
        yield
    except OSError as cause:
        if cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise no_room(folder) from cause
        raise OperatorError(
            f"The folder {folder} cannot be used for a backup ({cause.strerror})",
            "check that it is there and yours to write, or name another",
        ) from cause
    except library().Error as cause:
        if watch.is_over():
            raise Cancelled from cause
        if "disk is full" in str(cause) or "disk I/O error" in str(cause):
            raise no_room(folder) from cause
        if backup is not None:
            raise damaged(backup) from cause
        known = fault_of_the_world(folder, str(cause))
        raise known or OperatorError(f"The backup failed ({cause})", "try again") from cause
