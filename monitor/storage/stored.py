"""A session as it was read back: its opening record and every row, in order.

Plain values, so that exports and charts need no SQL. Must not know where they came from.
"""

from dataclasses import dataclass
from datetime import datetime

from monitor.amendments import as_amended
from monitor.picture import Picture
from monitor.records import (
    AmendmentKept,
    HappeningKept,
    IdentificationKept,
    SessionOpened,
    SessionRow,
    SignatureKept,
)
from monitor.snapshot import Phase


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One session from the record. ``rows`` are in the order of ``seq``.

    Of one to resume also: ``unread`` rows say nothing, ``last_seq`` is the highest number of any
    row (0: that of the last), ``problem`` says why it cannot go on, "" when it can.
    """

    opened: SessionOpened
    rows: tuple[SessionRow, ...]
    unread: int = 0
    last_seq: int = 0
    problem: str = ""

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self.opened.stamp.session_id

    @property
    def last_t_s(self) -> float:
        """The end, or the last moment of the record so far, on the session's timeline.

        What was written, amended or signed afterwards does not make a session longer.
        """
        for row in self.rows:
            if isinstance(row, HappeningKept) and row.detail.get("phase") == Phase.ENDED:
                return row.stamp.t_s
        return max((row.stamp.t_s for row in self.rows), default=self.opened.stamp.t_s)

    @property
    def identification(self) -> IdentificationKept | None:
        """Who the patient is, as it reads now; None until somebody said so."""
        reads = as_amended(self.rows).values()
        found = [row for row in reads if isinstance(row, IdentificationKept)]
        return max(found, key=lambda row: row.stamp.seq, default=None)

    @property
    def patient(self) -> str:
        """The patient's name to show."""
        known = self.identification
        return self.opened.patient if known is None else known.patient

    @property
    def signatures(self) -> tuple[SignatureKept, ...]:
        """Who answers for the record, in the order of signing."""
        return tuple(row for row in self.rows if isinstance(row, SignatureKept))

    @property
    def is_amended_since_signature(self) -> bool:
        """Whether an amendment came after the last signature."""
        kinds = [type(row) for row in self.rows if isinstance(row, AmendmentKept | SignatureKept)]
        return SignatureKept in kinds and kinds[-1] is AmendmentKept

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
    """One line of the list of sessions. ``alarms`` counts how often one began to sound.

    ``is_amended_since``: an amendment came after the last signature.
    """

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
    patient_id: str | None = None
    course_id: str | None = None
    is_identified: bool = False
    is_signed: bool = False
    is_amended_since: bool = False
