"""``vigil restore``: a backup into a new data folder, or by an explicit word over an old one.

Composes the restore with the folder's lock and the terminal. Must not import Qt.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from monitor.errors import OperatorError
from monitor.settings import FILE_NAME as SETTINGS
from monitor.storage.backup import Cancelled
from monitor.storage.backup_file import Opened, open_backup
from monitor.storage.keys import DataKey
from monitor.storage.restore import Restored, require_place, restore
from ui.cli import data_path
from ui.command_line import who
from ui.commands.backup import ALTERED, CANCELLED, content, content_facts, key_of, note_seal
from ui.only_writer import HOLDER, LOCK, only_writer
from ui.voice import note, tell, tell_json
from ui.watched import watched

NOT_RESTORED = "Chairs, backup folder and retention rule are not in a backup, they are in"


def restore_backup(options: argparse.Namespace) -> int:
    """Restore, verify, and say what is there now; exit 1 when the record had been altered."""
    opened = open_backup(options.file)
    folder = data_path(options)
    if not folder.exists():
        require_place(folder, opened, replace=options.replace)
    key = key_of(opened, options)
    try:
        done = _restored(opened, key, folder, options)
    except Cancelled as cancelled:
        note(f"vigil: {cancelled}.")
        return CANCELLED
    (_tell_facts if options.json else _tell)(done, folder)
    return 0 if done.verdict.is_intact else 1


def _restored(opened: Opened, key: DataKey, folder: Path, options: argparse.Namespace) -> Restored:
    """Restore under the folder's lock; a folder that was made for it goes again on a failure."""
    is_new = not folder.exists()
    _make(folder)
    try:
        with only_writer(folder):  # what an earlier restore left half done is put back here
            require_place(folder, opened, replace=options.replace)
            with watched() as watch:
                return restore(opened, key, folder, watch, actor=who(), at=datetime.now(UTC))
    except BaseException:
        if is_new:
            _unmake(folder)
        raise


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as cause:
        raise OperatorError(
            f"The data folder {folder} cannot be made ({cause.strerror})",
            "choose another with --data",
        ) from cause


def _unmake(folder: Path) -> None:
    for name in (LOCK, HOLDER):
        (folder / name).unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()


def _tell(done: Restored, folder: Path) -> None:
    tell(
        f"Restored the backup of {done.manifest.made_utc:%Y-%m-%d %H:%M} UTC into {folder}: "
        f"verified, {content(done.manifest, done.verdict)}."
    )
    note_seal(done.seal, done.manifest)
    tell(f"{NOT_RESTORED} {folder / SETTINGS}: see to them before you start Vigil.")
    if done.kept is not None:
        tell(f"What was there before is kept in {done.kept}.")
    if not done.verdict.is_intact:
        tell(f"ALTERED: {ALTERED}.")


def _tell_facts(done: Restored, folder: Path) -> None:
    kept = None if done.kept is None else str(done.kept)
    facts = {"folder": str(folder), "kept": kept, "signed": done.seal.value}
    tell_json(facts | content_facts(done.manifest, done.verdict))
