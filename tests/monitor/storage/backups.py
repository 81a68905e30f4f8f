"""A data folder with a small record, and backups of it, for tests."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.storage.backup import Made, Source, Watch, make_backup
from monitor.storage.database import open_database
from monitor.storage.keys import DataKey
from monitor.storage.recorder import append
from monitor.storage.soundness import row_counts
from monitor.storage.vault import FILE_NAME
from tests.keys import KEY, raw, set_up
from tests.monitor.storage.conftest import Maker

AT = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
TOO_LATE = AT + timedelta(days=1)


def record(folder: Path, key: DataKey = KEY, *, readings: int = 1) -> Source:
    """Make a data folder with one session."""
    set_up(folder, key)
    maker = Maker()
    with open_database(folder / "vigil.db", key) as database:
        rows = [maker.reading(float(n)) for n in range(readings)]
        append(database, [maker.opened(), *rows, maker.pressure(), maker.phase("ended", 9e3)])
    return Source(folder / "vigil.db", folder / FILE_NAME, key, "0.1.0")


def back_up(source: Source, to: Path, at: datetime = AT, watch: Watch | None = None) -> Made:
    """Make a backup into a folder, which is made too."""
    to.mkdir(parents=True, exist_ok=True)
    return make_backup(source, to, at, watch or Watch())


def names(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def counts(database: Path, key: DataKey = KEY) -> dict[str, int]:
    """Return the rows of each table."""
    with contextlib.closing(raw(database, key)) as connection:
        return row_counts(connection)


def ending_at(step: str) -> Watch:
    """Return a watch that gives up when a step begins."""
    seen: list[str] = []
    is_over: Callable[[], bool] = lambda: step in seen  # noqa: E731 - it is asked for as a value
    return Watch(lambda what, _done, _of: seen.append(what), is_over)
