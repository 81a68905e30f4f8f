"""The folder of backups: which of its files are ours, and pruning them by the rule.

Knows file names and manifests. Must not open databases; touches no file that is not ours.
"""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from monitor.errors import OperatorError
from monitor.storage.backup_file import open_backup
from monitor.storage.backup_rules import Backup, Keep, is_name_of_ours, says_altered, superfluous
from monitor.storage.backup_seal import Keys, Seal, seal_of


def list_backups(folder: Path, installation: UUID, known: Keys = ()) -> tuple[Backup, ...]:
    """Return the whole backups of an installation, by name; others' and broken ones are left out.

    ``known``: the public keys of the installation. Where there are any, what nobody vouches for is
    doubtful: whoever can write into the folder can make it look as new as he likes.
    Raises OperatorError when the folder cannot be read.
    """
    try:
        names = sorted(path for path in folder.iterdir() if is_name_of_ours(path.name))
    except OSError as cause:
        raise OperatorError(
            f"The folder of the backups {folder} cannot be read ({cause.strerror})",
            "connect its disk, or change the folder in settings.toml",
        ) from cause
    found = (_backup(path, installation, known) for path in names)
    return tuple(one for one in found if one is not None)


def _backup(path: Path, installation: UUID, known: Keys) -> Backup | None:
    if path.is_symlink() or not path.is_file():
        return None
    try:
        opened = open_backup(path)
        size = path.stat().st_size
        seal = seal_of(opened, known)
    except (OperatorError, OSError):
        return None
    manifest = opened.manifest
    if manifest.installation != installation:
        return None
    is_vouched_for = seal is Seal.KNOWN or not known
    is_doubtful = says_altered(path.name) or not is_vouched_for
    return Backup(path, manifest.made_utc, size, is_doubtful)


def prune(
    folder: Path, installation: UUID, keep: Keep, now: datetime, known: Keys = ()
) -> tuple[Path, ...]:
    """Delete the backups that the rule does not keep, the oldest first; return them.

    Raises OperatorError; what could be deleted until then is gone.
    """
    gone = []
    for one in superfluous(list_backups(folder, installation, known), keep, now):
        try:
            one.path.unlink()
        except OSError as cause:
            raise OperatorError(
                f"The old backup {one.path} cannot be deleted ({cause.strerror})",
                "make it yours to delete",
            ) from cause
        gone.append(one.path)
    return tuple(gone)
