"""``vigil backup``: an encrypted copy of all records that was opened and verified.

Composes making, checking and pruning with the terminal. Must not import Qt.
"""

import argparse
import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock

from monitor.engine import APP_VERSION
from monitor.errors import OperatorError
from monitor.settings import BackupSettings, DataFolder, open_data_folder
from monitor.storage import migrations
from monitor.storage.audit import Audit
from monitor.storage.backup import Cancelled, Made, Source, Watch, make_backup, prove, workshop
from monitor.storage.backup_file import Manifest, Opened, open_backup
from monitor.storage.backup_folder import prune
from monitor.storage.backup_record import BackupRecord, read_record, remember
from monitor.storage.backup_rules import Keep
from monitor.storage.backup_seal import Seal, known_keys, seal_of
from monitor.storage.chain import PROGRAM
from monitor.storage.keys import DataKey
from monitor.storage.private_file import ONLY_MINE
from monitor.storage.restore import vault_of
from monitor.storage.signed import open_signed, signer_at_hand
from monitor.storage.signing import spelled
from monitor.storage.vault import FILE_NAME, WrongKeyError
from monitor.storage.verify import Verdict
from ui.cli import data_folder, data_path
from ui.command_line import who
from ui.keys import find_key, open_vault
from ui.voice import note, tell, tell_json
from ui.watched import watched

MADE = "backup.made"
LOCK = "backup.lock"
CANCELLED = 130
ALTERED = "The record had been altered before this backup was made: 'vigil verify' names the row"
NICENESS = 10
"""Of a backup by schedule: recording goes first."""


def backup(options: argparse.Namespace) -> int:
    """Make a backup, or check one that is there; exit 1 when the record had been altered."""
    try:
        if options.check is not None:
            return check_backup(options)
        return _make(options)
    except Cancelled as cancelled:
        note(f"vigil: {cancelled}.")
        return CANCELLED


def _make(options: argparse.Namespace) -> int:
    folder = open_data_folder(data_folder(options))
    to = _destination(folder, options)
    key = find_key(folder, options)
    if not folder.database.exists():
        raise OperatorError(
            f"No session is recorded in {folder.path}", "name the right folder with --data"
        )
    if options.by_schedule and hasattr(os, "nice"):
        os.nice(NICENESS)
    with _one_at_a_time(folder), watched(is_quiet=options.by_schedule) as watch:
        made = _made(folder, key, to, watch)
        _log(folder, key, made, PROGRAM if options.by_schedule else who())
        if options.by_schedule and folder.settings.backup is not None:
            _prune(folder, to, key, folder.settings.backup)
    (_tell_facts if options.json else _tell)(made)
    return 0 if made.verdict.is_intact else 1


def _made(folder: DataFolder, key: DataKey, to: Path, watch: Watch) -> Made:
    """Make the backup and remember how that went."""
    vault = folder.path / FILE_NAME
    source = Source(folder.database, vault, key, APP_VERSION, signer_at_hand(vault, key))
    at = datetime.now(UTC)
    before = read_record(folder.path)
    try:
        made = make_backup(source, to, at, watch)
    except Cancelled:
        raise
    except OperatorError as fault:
        failed = BackupRecord(
            before.file, before.made_utc, before.sha256, before.size, at, str(fault)
        )
        remember(folder.path, failed)
        raise
    why = "" if made.verdict.is_intact else ALTERED
    failed_utc = None if made.verdict.is_intact else at
    remember(folder.path, BackupRecord(str(made.path), at, made.sha256, made.size, failed_utc, why))
    return made


# ---- where to


def _destination(folder: DataFolder, options: argparse.Namespace) -> Path:
    """Return the folder to write to. Raises OperatorError when it is none, or the wrong one."""
    plan = folder.settings.backup
    if options.folder is None and plan is None:
        raise OperatorError(
            "No folder for the backup is named",
            "use 'vigil backup DIR', or name one in settings.toml under [backup]",
        )
    to: Path = options.folder or Path(plan.folder if plan else "").expanduser()
    if to.resolve().is_relative_to(folder.path.resolve()):
        raise OperatorError(
            "The backup would lie inside the data folder and be lost with it",
            "name a folder outside, best on another disk",
        )
    if not to.is_dir():
        _make_folder(to, options)
    return to


def _make_folder(to: Path, options: argparse.Namespace) -> None:
    """Make the folder that a person named; a schedule's may be on a disk that is not connected."""
    if options.by_schedule:
        raise OperatorError(
            f"The folder {to} for the backups is not there",
            "connect its disk, or change the folder in settings.toml",
        )
    try:
        to.mkdir(mode=0o700)
    except OSError as cause:
        raise OperatorError(
            f"The folder {to} cannot be made ({cause.strerror})", "name another"
        ) from cause


@contextlib.contextmanager
def _one_at_a_time(folder: DataFolder) -> Iterator[None]:
    lock = filelock.FileLock(folder.path / LOCK, mode=ONLY_MINE)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as cause:
        raise OperatorError(
            f"Another backup of {folder.path} is being made", "wait until it is done"
        ) from cause
    except OSError as cause:
        raise OperatorError(
            f"The data folder {folder.path} cannot be written ({cause.strerror})",
            "check that it is yours and the disk is not full",
        ) from cause
    try:
        yield
    finally:
        lock.release()


# ---- afterwards


def _log(folder: DataFolder, key: DataKey, made: Made, actor: str) -> None:
    """Log the backup. It is kept when that fails: a full disk is when one is needed most."""
    if made.manifest.revision != migrations.known_revisions()[0]:
        note("vigil: the backup was not logged: the database is of an older version.")
        return
    detail = {
        "file": made.path.name,
        "sha256": made.sha256,
        "bytes": made.size,
        "rows": sum(made.manifest.rows.values()),
        "altered_before": not made.verdict.is_intact,
    }
    try:
        with open_signed(folder.database, key) as database:
            Audit(database).append(actor, MADE, "", detail, made.manifest.made_utc)
    except OperatorError as fault:
        note(f"vigil: the backup was made, but could not be logged ({fault}).")


def _prune(folder: DataFolder, to: Path, key: DataKey, plan: BackupSettings) -> None:
    keep = Keep(plan.keep_daily, plan.keep_weekly, plan.keep_monthly)
    known = known_keys(folder.path / FILE_NAME, key.database)
    for gone in prune(to, key.database, keep, datetime.now(UTC), known):
        note(f"vigil: deleted the old backup {gone.name}.")


def _tell(made: Made) -> None:
    tell(
        f"Wrote {made.path} ({_size(made.size)}): opened and verified, "
        f"{content(made.manifest, made.verdict)}."
    )
    if not made.verdict.is_intact:
        tell(f"ALTERED: {ALTERED}.")


def _tell_facts(made: Made) -> None:
    facts = {"file": str(made.path), "bytes": made.size, "sha256": made.sha256}
    tell_json(facts | content_facts(made.manifest, made.verdict))


def content(manifest: Manifest, verdict: Verdict) -> str:
    """Return in words what a backup holds."""
    rows = sum(manifest.rows.values())
    sessions = manifest.rows.get("session", 0)
    return (
        f"{sessions} session{'' if sessions == 1 else 's'} and {rows:,} rows in "
        f"{len(manifest.rows)} tables, {verdict.rows:,} of them in unbroken chains"
        if verdict.is_intact
        else f"{sessions} sessions and {rows:,} rows in {len(manifest.rows)} tables"
    )


def content_facts(manifest: Manifest, verdict: Verdict) -> dict[str, Any]:
    """Return the same as facts."""
    return {
        "made_utc": manifest.made_utc,
        "installation": str(manifest.installation),
        "app_version": manifest.app_version,
        "rows": manifest.rows,
        "chained_rows": verdict.rows,
        "intact": verdict.is_intact,
    }


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


# ---- the drill


def check_backup(options: argparse.Namespace) -> int:
    """Open and verify a backup as a restore would, and leave nothing of it."""
    if options.folder is not None:
        raise OperatorError("--check makes no backup", "leave out the folder")
    opened = open_backup(options.check)
    known = known_keys(data_path(options) / FILE_NAME, opened.manifest.installation)
    seal = seal_of(opened, known)
    key = key_of(opened, options)
    with (
        tempfile.TemporaryDirectory(prefix="vigil-check-", dir=_room_for(opened)) as room,
        watched() as watch,
        workshop(Path(room), key) as shop,
    ):
        verdict = prove(opened, key, shop / "proof.db", watch, known)
    manifest = opened.manifest
    if options.json:
        facts = {"file": str(opened.path), "signed": seal.value}
        tell_json(facts | content_facts(manifest, verdict))
    else:
        tell(
            f"The backup of {manifest.made_utc:%Y-%m-%d %H:%M} UTC can be restored: "
            f"{content(manifest, verdict)}."
        )
        note_seal(seal, manifest)
    if not verdict.is_intact:
        note(f"vigil: {ALTERED}.")
    return 0 if verdict.is_intact else 1


def note_seal(seal: Seal, manifest: Manifest) -> None:
    """Say what a person should know of who vouches for a backup."""
    if seal is Seal.NONE:
        note(
            "vigil: this backup is not signed: it was made by an older version or without the "
            "signing key, and nothing shows that its date is the true one."
        )
    elif seal is Seal.OWN:
        note(
            f"vigil: signed with {spelled(manifest.key_id)}, says the vault in the backup: "
            "compare that with the code on paper."
        )


def key_of(opened: Opened, options: argparse.Namespace) -> DataKey:
    """Return the key in a backup's own vault. Raises OperatorError."""
    try:
        return open_vault(vault_of(opened), options, f"The backup {opened.path.name} is encrypted")
    except WrongKeyError as wrong:
        raise OperatorError(
            f"This passphrase or recovery key does not open the backup {opened.path}",
            "use that of the clinic that made it; nothing was changed",
        ) from wrong


def _room_for(opened: Opened) -> Path | None:
    """Return where to open it: beside it, else where the system keeps temporary files."""
    beside = opened.path.resolve().parent
    return beside if os.access(beside, os.W_OK) else None
