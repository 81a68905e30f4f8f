"""A session as it was read back: its opening record and every row, in order.

Plain values, so that exports and charts need no SQL. Must not know where they came from.
"""

from dataclasses import dataclass
from datetime import datetime

from monitor.picture import Picture
from monitor.records import HappeningKept, SessionOpened, SessionRow
from monitor.snapshot import Phase


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One session from the record. ``rows`` are in the order of ``seq``."""

    opened: SessionOpened
    rows: tuple[SessionRow, ...]

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self.opened.stamp.session_id

    @property
    def last_t_s(self) -> float:
        """The last moment of the record, in seconds on the session's timeline."""
        return max((row.stamp.t_s for row in self.rows), default=self.opened.stamp.t_s)

    @property
    def infusion_started_s(self) -> float | None:
        """When the infusion began, on the session's timeline; None when it never did."""
        for row in self.rows:
            if isinstance(row, HappeningKept) and row.detail.get("phase") == Phase.INFUSION:
                return row.stamp.t_s
        return None

    def picture(self) -> Picture:
        """Return what the rows add up to: the chart, phases and link, as they were shown."""
        picture = Picture(self.opened)
        for row in self.rows:
            picture.absorb(row)
        return picture


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One line of the list of sessions. ``alarms`` counts how often one began to sound."""

    session_id: str
    chair: str
    patient: str
    driver: str
    is_simulated: bool
    opened_utc: datetime
    phase: Phase
    last_t_s: float
    readings: int
    pressures: int
    alarms: int
