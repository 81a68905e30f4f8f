"""What became of the rows that a killed recorder had acknowledged.

Knows what each row must say, and how a database is checked. Must not know how the recorder died.
"""

import contextlib
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import OperatorError
from monitor.records import Record, SessionOpened, SessionRow
from monitor.storage.connection import Access, encrypted, library
from monitor.storage.database import open_database
from monitor.storage.history import last_seq, load_session
from monitor.storage.verify import verify
from ui.bench.sample import KEY
from ui.bench.writing import FILE_NAME, SESSION, open_bench, row


@dataclass(slots=True)
class Verdict:
    """What became of the rows.

    ``lost`` are the numbers of acknowledged rows that are not there, ``holes`` how many numbers no
    row has; ``integrity_failures`` is how often a page or its seal was damaged, ``broken_chains``
    how often verification found a row altered.
    """

    acknowledged: int = 0
    stored: int = 0
    lost: frozenset[int] = frozenset()
    altered: int = 0
    holes: int = 0
    integrity_failures: int = 0
    broken_chains: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing is missing or wrong."""
        wrong = self.altered or self.holes or self.integrity_failures or self.broken_chains
        return not (self.lost or wrong)


def judge(folder: Path, acknowledged: Set[int]) -> Verdict:
    """Open what is left and compare it with what was acknowledged.

    In a damaged database no row can be relied on: the library may read zeros in the place of text.
    """
    try:
        open_bench(folder).close()  # the recovery that the next start of a recorder does
        if is_damaged(folder):
            return _all_lost(acknowledged)
        stored = _rows(folder)
        is_broken = _is_broken(folder)
    except OperatorError:
        return _all_lost(acknowledged)
    numbers = {one.stamp.seq for one in stored}
    return Verdict(
        acknowledged=len(acknowledged),
        stored=len(stored),
        lost=frozenset(acknowledged - numbers),
        altered=sum(not is_as_written(one) for one in stored),
        holes=max(numbers, default=0) - len(numbers),
        broken_chains=int(is_broken),
    )


def _all_lost(acknowledged: Set[int]) -> Verdict:
    return Verdict(len(acknowledged), lost=frozenset(acknowledged), integrity_failures=1)


def _rows(folder: Path) -> list[Record]:
    with open_database(folder / FILE_NAME, KEY, read_only=True) as database:
        if last_seq(database, SESSION) == 0:
            return []
        stored = load_session(database, SESSION)
    return [stored.opened, *stored.rows]


def is_as_written(one: SessionRow | SessionOpened) -> bool:
    """Say whether a row is what ``row`` made."""
    return one == row(one.stamp.seq)


def _is_broken(folder: Path) -> bool:
    with open_database(folder / FILE_NAME, KEY, read_only=True) as database:
        return not verify(database).is_intact


def is_damaged(folder: Path) -> bool:
    """Ask SQLite for its pages and SQLCipher for their seals."""
    with contextlib.closing(encrypted(KEY).open(folder / FILE_NAME, Access.WRITE)) as connection:
        try:
            seals = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            pages = connection.execute("PRAGMA integrity_check").fetchall()
        except library().Error:
            return True
    return pages != [("ok",)] or bool(seals)
