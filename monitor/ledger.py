"""The growing record of one session: numbers and stamps its rows, and keeps its picture current.

Knows the session's own time, and whom to tell of each row. Must not know what deserves a row.
"""

from collections.abc import Callable, Sequence
from typing import Any

from monitor.clock import Instant
from monitor.picture import Picture
from monitor.records import HappeningKept, Record, SessionOpened, SessionRow, Stamp


class Ledger:
    """Rows in the order of ``seq``, without holes; ``drain`` hands over what is new.

    ``tell`` hears of each row, new or stored, with the picture of the rows before it.
    """

    def __init__(
        self,
        opened: SessionOpened,
        origin: float,
        tell: Callable[[Picture, SessionRow], None] = lambda _picture, _row: None,
    ) -> None:
        """Start empty. ``origin`` is the monotonic second at which the session's time is zero."""
        self.picture = Picture(opened)
        self._tell = tell
        self._origin = origin
        self._seq = opened.stamp.seq
        self._new: list[Record] = []
        self.last_s = opened.stamp.t_s

    def t(self, at: Instant) -> float:
        """Return a moment on the session's timeline, in seconds."""
        return at.monotonic - self._origin

    def open(self) -> None:
        """Make the opening record the first row."""
        self._new.append(self.picture.opened)

    def stamp(self, at: Instant) -> Stamp:
        """Return the stamp of the next row."""
        stamp = self.next_stamp(at)
        self._seq = stamp.seq
        return stamp

    def next_stamp(self, at: Instant) -> Stamp:
        """Return the stamp of a row that may yet be refused; ``count_from`` it when it is not."""
        session_id = self.picture.opened.stamp.session_id
        return Stamp(session_id, self._seq + 1, round(self.t(at), 6), at.utc)

    def add(self, row: SessionRow) -> None:
        """Keep a row that was just stamped."""
        self._tell(self.picture, row)
        self.picture.absorb(row)
        self.last_s = row.stamp.t_s
        self._new.append(row)

    def happen(self, kind: str, detail: dict[str, Any], at: Instant) -> None:
        """Keep a happening (kinds: see records.py)."""
        self.add(HappeningKept(self.stamp(at), kind, detail))

    def recall(self, row: SessionRow) -> None:
        """Take over a row that is stored already."""
        self.count_from(row.stamp.seq)
        self._tell(self.picture, row)
        self.picture.absorb(row)

    def count_from(self, seq: int) -> None:
        """Give the next row a higher number than this one, which is taken."""
        self._seq = max(self._seq, seq)

    def drain(self) -> Sequence[Record]:
        """Return the rows since the last call."""
        rows, self._new = self._new, []
        return rows
