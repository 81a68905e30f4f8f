"""The chart of one session as it grows: samples, cuff readings, gaps and the running list.

Only ever appended to, so that readers in other threads may take what lies before a mark.
Must not know alarms, storage or pixels.
"""

from dataclasses import dataclass, field

from monitor.chart_part import ChartPart, CuffReading, Gap, LogEntry, Sample


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a reader has come in each of the four lists."""

    samples: int = 0
    cuffs: int = 0
    gaps: int = 0
    log: int = 0


@dataclass(slots=True)
class Trends:
    """Everything that was charted since the session was opened."""

    samples: list[Sample] = field(default_factory=list)
    cuffs: list[CuffReading] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    log: list[LogEntry] = field(default_factory=list)

    def mark(self) -> Mark:
        """Return the present end of the chart."""
        return Mark(len(self.samples), len(self.cuffs), len(self.gaps), len(self.log))

    def part(self, session_id: str, old: Mark | None, new: Mark) -> ChartPart:
        """Return what lies between two marks; ``old`` None starts at the beginning."""
        start = old or Mark()
        return ChartPart(
            session_id,
            is_first=old is None,
            samples=tuple(self.samples[start.samples : new.samples]),
            cuffs=tuple(self.cuffs[start.cuffs : new.cuffs]),
            gaps=tuple(self.gaps[start.gaps : new.gaps]),
            log=tuple(self.log[start.log : new.log]),
        )
