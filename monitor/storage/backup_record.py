"""What is remembered of the last backup, in backup.json beside the database.

Knows one small file; losing it loses nothing. Must not hold names or values of patients.
"""

import contextlib
from datetime import datetime
from pathlib import Path

import msgspec

from monitor.storage.private_file import replace_private

FILE_NAME = "backup.json"


class BackupRecord(msgspec.Struct, frozen=True):
    """The newest backup that was made here, and the last failure since, if any.

    ``why`` is "" when the last attempt went well.
    """

    file: str = ""
    made_utc: datetime | None = None
    sha256: str = ""
    size: int = 0
    failed_utc: datetime | None = None
    why: str = ""


def read_record(folder: Path) -> BackupRecord:
    """Return what is remembered; an empty record when there is none or it cannot be read."""
    try:
        return msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=BackupRecord)
    except (OSError, msgspec.MsgspecError, ValueError):
        return BackupRecord()


def remember(folder: Path, record: BackupRecord) -> None:
    """Write the record; a disk that takes none stops no backup."""
    with contextlib.suppress(OSError):
        replace_private(folder / FILE_NAME, msgspec.json.encode(record) + b"\n")
