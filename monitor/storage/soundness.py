"""Proof that a database file is whole: every page authentic, every tree of pages in order.

Knows what SQLCipher and SQLite can check by themselves. Must not know tables, nor judge what the
rows say: that somebody altered them is for verify.py to find.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from monitor.errors import OperatorError
from monitor.storage.connection import Access, encrypted
from monitor.storage.keys import DataKey

_STEPS_BETWEEN_LOOKS = 200_000
"""Of SQLite's machine: some milliseconds, after which somebody may ask to stop."""


@contextlib.contextmanager
def sound_database(
    path: Path, key: DataKey, is_over: Callable[[], bool] = lambda: False
) -> Iterator[Any]:
    """Open an encrypted database for reading in which every page is authentic and in its place.

    ``is_over`` may end a long check. Raises OperatorError when the file is not sound, the
    library's Error when it cannot be read or was ended.
    """
    with contextlib.closing(encrypted(key).open(path, Access.READ)) as found:
        found.set_progress_handler(is_over, _STEPS_BETWEEN_LOOKS)
        run = found.execute
        is_authentic = not run("PRAGMA cipher_integrity_check").fetchall()
        is_whole = run("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        require_sound(path, is_authentic and is_whole)
        yield found


def require_sound(path: Path, is_sound: bool) -> None:
    """Raise OperatorError when a check has found damage."""
    if not is_sound:
        raise OperatorError(f"The database is damaged ({path})", "restore a backup; keep this file")


def row_counts(connection: Any) -> dict[str, int]:
    """Return how many rows each table holds."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    names = [row[0] for row in connection.execute(query).fetchall()]
    return {name: _count(connection, name) for name in names}


def _count(connection: Any, table: str) -> int:
    quoted = '"' + table.replace('"', '""') + '"'
    (count,) = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()  # noqa: S608 - a name from the file's own schema, quoted
    return int(count)
