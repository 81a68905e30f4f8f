"""Counts what a session leaves behind while it passes on its way to the recorder.

Knows records. Must not know terminals or files.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.engine import Keeper
from monitor.records import HappeningKept, PressureKept, ReadingKept, Record, TransitionKept
from monitor.snapshot import AlarmState, RecordingView


@dataclass(slots=True)
class Tally:
    """Figures of all sessions since it was made; ``on_transition`` hears every alarm change."""

    on_transition: Callable[[TransitionKept], None] = lambda _row: None
    readings: int = 0
    blood_pressures: int = 0
    gaps: int = 0
    onsets: Counter[str] = field(default_factory=Counter)
    session_ids: dict[str, None] = field(default_factory=dict)

    def before(self, keeper: Keeper) -> "TalliedKeeper":
        """Return a keeper that counts and hands on."""
        return TalliedKeeper(self, keeper)

    def count(self, row: Record) -> None:
        """Take one row into account."""
        self.session_ids[row.stamp.session_id] = None
        match row:
            case ReadingKept():
                self.readings += 1
            case PressureKept():
                self.blood_pressures += not row.is_stale
            case TransitionKept():
                if row.new is AlarmState.SOUNDING and row.old is not AlarmState.ACKNOWLEDGED:
                    self.onsets[row.priority.word] += 1
                self.on_transition(row)
            case HappeningKept():
                self.gaps += row.kind == "gap"
            case _:
                pass

    def figures(self) -> dict[str, Any]:
        """Return the figures under their names in summaries."""
        return {
            "readings": self.readings,
            "blood_pressures": self.blood_pressures,
            "gaps": self.gaps,
            "alarm_onsets": dict(self.onsets),
        }


@dataclass(frozen=True, slots=True)
class TalliedKeeper:
    """A keeper in front of another."""

    tally: Tally
    keeper: Keeper

    def put(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        """Hand the rows on, then count them: no listener can keep a row from the disk."""
        self.keeper.put(rows, received_ns)
        for row in rows:
            self.tally.count(row)

    def status(self) -> RecordingView:
        """Return the status of the keeper behind."""
        return self.keeper.status()


def transition_fact(row: TransitionKept) -> dict[str, Any]:
    """Return an alarm transition as the commands print it (contracts, ``vigil replay``)."""
    return {
        "t_s": row.stamp.t_s,
        "rule": row.rule,
        "priority": row.priority.word,
        "from": row.old.value,
        "to": row.new.value,
        "value": row.value,
        "limit": row.limit,
    }
