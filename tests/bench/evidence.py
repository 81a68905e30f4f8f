"""What the chain costs: rows per second with it and without, in one run, and how fast it verifies.

Run it: ``python tests/bench/evidence.py``. Prints one JSON object. Rounds alternate, medians.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from monitor.readings import Quality
from monitor.records import ReadingKept, Record, SessionOpened, Stamp
from monitor.storage import chain, schema
from monitor.storage.database import Database, open_database
from monitor.storage.keys import DataKey
from monitor.storage.recorder import append
from monitor.storage.verify import verify
from monitor.vitals import Vital

KEY = DataKey(bytes(range(32)), UUID(int=0xBE7C))
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
ROUNDS = 7
WORK = {1: 60, 100: 20, 5000: 2}
"""Batches in a round, by rows in a batch."""
HASHED = chain.keep
_NEW = {
    table: insert(table).on_conflict_do_nothing(index_elements=table.primary_key)
    for table in schema.TABLES
}


def unhashed(connection: Connection, batch: chain.Batch, _signer: object = None) -> None:
    """Write rows as before there was a chain, with nothing in its columns."""
    for table, rows in batch.items():
        if rows:
            empty = [row | {"link": row["seq"], "chain": b""} for row in rows]
            connection.execute(_NEW[table], empty)


class Session:
    """One growing session in a database of its own."""

    def __init__(self, path: Path) -> None:
        self.database: Database = open_database(path, KEY)
        self._seq = 0
        append(self.database, [self._opened()])

    def rows(self, count: int) -> Sequence[Record]:
        """Return new readings."""
        return [self._reading() for _ in range(count)]

    def _stamp(self) -> Stamp:
        self._seq += 1
        t_s = self._seq / 2
        return Stamp("bench", self._seq, t_s, OPENED + timedelta(seconds=t_s))

    def _opened(self) -> Record:
        return SessionOpened(
            self._stamp(), "Chair 1", "", "bench", "", True, 2400.0, 300.0, "UTC", 0, "bench", {}
        )

    def _reading(self) -> Record:
        value = 90.0 + self._seq % 10
        return ReadingKept(self._stamp(), "ge_s5", Vital.SPO2, value, Quality.OK, "oximeter")


def rate(session: Session, keep: Callable[..., None], batch: int) -> float:
    """Return the rows per second of one round."""
    batches = [session.rows(batch) for _ in range(WORK[batch])]
    chain.keep = keep
    began = time.perf_counter()
    for rows in batches:
        append(session.database, rows)
    return batch * len(batches) / (time.perf_counter() - began)


def appends(hashed: Session, plain: Session) -> dict[str, Any]:
    """Return rows per second with the chain and without, by rows in a batch."""
    found = {}
    for batch in WORK:
        pairs = [(rate(hashed, HASHED, batch), rate(plain, unhashed, batch)) for _ in range(ROUNDS)]
        chained, without = (statistics.median(column) for column in zip(*pairs, strict=True))
        found[f"batches of {batch}"] = {
            "chained_rows_per_s": round(chained),
            "plain_rows_per_s": round(without),
            "ratio": round(statistics.median(one / other for one, other in pairs), 3),
        }
    return found


def verification(session: Session) -> dict[str, Any]:
    """Return how fast the chained database is verified."""
    began = time.perf_counter()
    verdict = verify(session.database)
    seconds = time.perf_counter() - began
    assert verdict.is_intact
    return {"rows": verdict.rows, "rows_per_s": round(verdict.rows / seconds)}


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sessions = [Session(folder / name) for name in ("hashed.db", "plain.db")]
        for session in sessions:
            stack.callback(session.database.close)
        figures = appends(*sessions)
        chain.keep = HASHED
        print(json.dumps({"appends": figures, "verification": verification(sessions[0])}, indent=1))


if __name__ == "__main__":
    main()
