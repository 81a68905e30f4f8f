"""Whether the database of a folder is where it was: one that has gone is not made anew in silence.

Knows a small file beside the database, without any data. Must not open the database.
"""

from contextlib import suppress
from pathlib import Path

from monitor.errors import OperatorError

_WORDS = "The records of this folder are in {name}. If that file is missing, restore a backup.\n"


def require_database(path: Path) -> None:
    """Raise OperatorError when the folder had a database and has none now."""
    if _marker(path).exists() and not _has_content(path):
        raise OperatorError(
            f"The database {path} has gone, although this folder has been used",
            f"put it back or restore a backup; to begin without its records, delete "
            f"{_marker(path).name} as well",
        )


def note_database(path: Path) -> None:
    """Remember that there is a database, for ``require_database``; a full disk may prevent it."""
    if not _marker(path).exists():
        with suppress(OSError):
            _marker(path).write_text(_WORDS.format(name=path.name), encoding="ascii")


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}.used")


def _has_content(path: Path) -> bool:
    """Whether anything is in the file, or in the journal of one that was killed very early."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return path.exists() and any(file.exists() and file.stat().st_size > 0 for file in files)
