"""Restores a backup into a data folder, verified before anything there is touched.

Knows the order of steps. Must not ask for keys; the caller holds the folder's lock.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.errors import OperatorError
from monitor.storage.audit import Audit
from monitor.storage.backup import Watch, no_room, prove, translating
from monitor.storage.backup_file import Manifest, Opened, damaged
from monitor.storage.backup_seal import Seal, known_keys, seal_of
from monitor.storage.keys import DataKey
from monitor.storage.private_file import create_private
from monitor.storage.replacement import DATABASE, VAULT, preparing, record_files, swap_in
from monitor.storage.signed import open_signed
from monitor.storage.spill import sync
from monitor.storage.vault import Vault, read_vault, vault_from
from monitor.storage.verify import Verdict

RESTORED = "backup.restored"
_NOT_CONTENT = ("station.lock", "station.pid")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; ``kept`` is where the old files are, None when there were none.

    ``seal`` says who vouches for the backup.
    """

    manifest: Manifest
    verdict: Verdict
    kept: Path | None
    seal: Seal


def vault_of(opened: Opened) -> Vault:
    """Return the vault that a backup carries. Raises OperatorError."""
    vault = vault_from(opened.path, opened.vault)
    if vault.database != opened.manifest.installation:
        raise damaged(opened.path)
    return vault


def require_place(folder: Path, opened: Opened, *, replace: bool) -> None:
    """Raise OperatorError unless the backup may go into ``folder``: empty, or to be replaced.

    Only a record of the same installation is replaced: another clinic's goes elsewhere.
    """
    if not replace:
        if any(path.name not in _NOT_CONTENT for path in _content(folder)):
            raise OperatorError(
                f"The folder {folder} is not empty",
                "name a new one with --data, or say --replace: what is there will be kept aside",
            )
        return
    try:
        there = read_vault(folder / VAULT).database
    except OperatorError:
        return  # gone or damaged: that may be why somebody restores
    if there != opened.manifest.installation:
        raise OperatorError(
            f"The backup {opened.path} is of another installation than {folder}",
            "name a new folder for it with --data; nothing was changed",
        )


def _content(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as cause:
        raise OperatorError(
            f"The folder {folder} cannot be used ({cause.strerror})", "name another with --data"
        ) from cause


def restore(
    opened: Opened, key: DataKey, folder: Path, watch: Watch, *, actor: str, at: datetime
) -> Restored:
    """Restore a backup into ``folder``; a record that lies there is kept aside.

    The caller holds the folder's lock and has asked ``require_place``. Raises OperatorError, with
    the folder as it was.
    """
    with translating(folder, watch, opened.path), preparing(folder, at) as new:
        if shutil.disk_usage(folder).free < opened.manifest.database.size * 11 // 10:
            raise no_room(folder)
        known = known_keys(folder / VAULT, opened.manifest.installation)
        seal = seal_of(opened, known)
        verdict = prove(opened, key, new / DATABASE, watch, known)
        create_private(new / VAULT, opened.vault)
        _log(new / DATABASE, key, opened, actor, at)
        _sync_file(new / DATABASE)
        _require_whole(new)
        watch.tell("replacing", 1, 1)
        kept = swap_in(new)
    return Restored(opened.manifest, verdict, kept, seal)


def _log(database: Path, key: DataKey, opened: Opened, actor: str, at: datetime) -> None:
    manifest = opened.manifest
    detail = {"made_utc": manifest.made_utc, "database_sha256": manifest.database.sha256}
    with open_signed(database, key) as restored:
        Audit(restored).append(actor, RESTORED, "", detail, at)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        sync(file.fileno())


def _require_whole(new: Path) -> None:
    """See that the database is one file: SQLite has let go of its journals."""
    if [path.name for path in record_files(new)] != sorted((DATABASE, VAULT)):
        raise OperatorError("Another program has the restored database open", "close it")
