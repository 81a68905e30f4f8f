"""The growing record of one session: numbers and stamps its rows, and keeps its picture current.

Knows the session's own time. Must not know what deserves a row.
"""

from collections.abc import Sequence
from typing import Any

from monitor.clock import Instant
from monitor.picture import Picture
from monitor.records import HappeningKept, Record, SessionOpened, SessionRow, Stamp


class Ledger:
    """Rows in the order of ``seq``, without holes; ``drain`` hands over what is new."""

    def __init__(self, opened: SessionOpened, origin: float) -> None:
        """Start empty. ``origin`` is the monotonic second at which the session's time is zero."""
        self.picture = Picture(opened)
        self._origin = origin
        self._seq = opened.stamp.seq
        self._new: list[Record] = []

    def t(self, at: Instant) -> float:
        """Return a moment on the session's timeline, in seconds."""
        return at.monotonic - self._origin

    def open(self) -> None:
        """Make the opening record the first row."""
        self._new.append(self.picture.opened)

    def stamp(self, at: Instant) -> Stamp:
        """Return the stamp of the next row."""
        self._seq += 1
        session_id = self.picture.opened.stamp.session_id
        return Stamp(session_id, self._seq, round(self.t(at), 6), at.utc)

    def add(self, row: SessionRow) -> None:
        """Keep a row that was just stamped."""
        self.picture.absorb(row)
        self._new.append(row)

    def happen(self, kind: str, detail: dict[str, Any], at: Instant) -> None:
        """Keep a happening (kinds: see records.py)."""
        self.add(HappeningKept(self.stamp(at), kind, detail))

    def recall(self, row: SessionRow) -> None:
        """Take over a row that is stored already."""
        self.picture.absorb(row)
        self._seq = max(self._seq, row.stamp.seq)

    def drain(self) -> Sequence[Record]:
        """Return the rows since the last call."""
        rows, self._new = self._new, []
        return rows
