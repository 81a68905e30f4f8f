"""Made-up sessions for benchmarks, as a clinic records them, and databases to put them in.

Knows records and what a session of 90 minutes consists of. Must not know what is measured.
"""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from monitor.alarms.priority import Priority
from monitor.alarms.profile import default_profile
from monitor.engine import APP_VERSION
from monitor.readings import Quality
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    Record,
    SessionOpened,
    SessionRow,
    Stamp,
    TransitionKept,
)
from monitor.snapshot import AlarmState, Phase
from monitor.storage import migrations
from monitor.storage.connection import Access, unencrypted
from monitor.storage.database import Database, open_database
from monitor.storage.keys import DataKey
from monitor.storage.writer import append
from monitor.vitals import Vital

KEY = DataKey(bytes(range(32)), UUID(int=0xBE7C))
"""The key of every benchmark's database: nothing in one is secret, or outlives the run."""
FIRST_OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)
SESSIONS_APART = timedelta(minutes=25)
LENGTH_S = 5400
CUFF_EVERY_S = 300
CHAIRS = 8
PHASES = (
    (0.0, Phase.PREPARATION),
    (60.0, Phase.BASELINE),
    (600.0, Phase.INFUSION),
    (3000.0, Phase.RECOVERY),
    (float(LENGTH_S), Phase.ENDED),
)
ALARM = (
    (AlarmState.QUIET, AlarmState.PENDING),
    (AlarmState.PENDING, AlarmState.SOUNDING),
    (AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED),
    (AlarmState.ACKNOWLEDGED, AlarmState.QUIET),
)
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How many sessions, and how many seconds lie between two readings of a vital."""

    sessions: int
    reading_every_s: int

    @property
    def readings(self) -> int:
        """Readings in a session: pulse and SpO2."""
        return 2 * (LENGTH_S // self.reading_every_s)

    def __str__(self) -> str:
        return (
            f"{self.sessions:,} sessions of {LENGTH_S // 60} minutes with {self.readings:,} "
            f"readings and {LENGTH_S // CUFF_EVERY_S} cuff readings each"
        )


class _Session:
    """Counts the rows of one session."""

    def __init__(self, number: int) -> None:
        self.id = hashlib.sha256(f"session {number}".encode()).hexdigest()[:32]
        self.opened = FIRST_OPENED + number * SESSIONS_APART
        self.number = number
        self._seq = 0

    def stamp(self, t_s: float) -> Stamp:
        self._seq += 1
        return Stamp(self.id, self._seq, t_s, self.opened + timedelta(seconds=t_s))


def session(number: int, reading_every_s: int) -> list[Record]:
    """Return all rows of one session that was opened, watched and ended."""
    one = _Session(number)
    timeline: list[tuple[float, Phase | int | None]] = [
        *PHASES[:-1],
        *((float(t_s), t_s) for t_s in range(0, LENGTH_S, reading_every_s)),
        *((float(t_s), None) for t_s in range(150, LENGTH_S, CUFF_EVERY_S)),
    ]
    timeline.sort(key=lambda happens: happens[0])
    rows: list[Record] = [_opened(one)]
    for t_s, what in [*timeline, PHASES[-1]]:
        match what:
            case Phase():
                rows.append(HappeningKept(one.stamp(t_s), "phase", {"phase": what.value}))
            case None:
                rows += _cuff(one, t_s)
            case _:
                rows += _readings(one, t_s)
    return rows


_PROFILE = default_profile()


def _opened(one: _Session) -> SessionOpened:
    return SessionOpened(
        one.stamp(0.0),
        f"Chair {one.number % CHAIRS + 1}",
        f"Patient {one.number:05}",
        "ge_s5",
        "bench",
        is_simulated=True,
        planned_infusion_s=2400.0,
        cuff_interval_s=float(CUFF_EVERY_S),
        time_zone="UTC",
        utc_offset_s=0,
        app_version=APP_VERSION,
        profile=dict(_PROFILE.raw),
    )


def _readings(one: _Session, t_s: float) -> Sequence[SessionRow]:
    pulse, spo2 = 62.0 + (t_s + one.number) % 17, 94.0 + (t_s // 7) % 6
    return [
        ReadingKept(one.stamp(t_s), "ge_s5", Vital.PULSE_RATE, pulse, Quality.OK, "oximeter"),
        ReadingKept(one.stamp(t_s), "ge_s5", Vital.SPO2, spo2, Quality.OK, "oximeter"),
    ]


def _cuff(one: _Session, t_s: float) -> Sequence[SessionRow]:
    """Return a cuff reading; in the second half hour it is one that alarms, and is looked at."""
    systolic = 124.0 + (t_s // 60 + one.number) % 23
    taken = one.opened + timedelta(seconds=t_s - 20)
    kept = PressureKept(
        one.stamp(t_s), "ge_s5", systolic, 78.0, 94.0, 66.0, taken, False, Quality.OK
    )
    alarms = _alarm(one, t_s, systolic) if t_s == 2250.0 else []
    return [kept, *alarms]


def _alarm(one: _Session, t_s: float, systolic: float) -> Sequence[SessionRow]:
    return [
        TransitionKept(
            one.stamp(t_s + after),
            "BP-H1",
            Priority.MEDIUM,
            old,
            new,
            {"systolic": systolic},
            {"systolic": 160.0},
            f"Blood pressure {systolic:.0f}/78",
            by="nurse" if new is AlarmState.ACKNOWLEDGED else "",
            since_s=t_s,
        )
        for after, (old, new) in enumerate(ALARM)
    ]


# ---- the databases


@contextlib.contextmanager
def plain_database(path: Path) -> Iterator[Database]:
    """Give a new database that is not encrypted: only ever a peer to measure against."""
    database = Database(path, Access.WRITE, unencrypted())
    try:
        with database.writing() as connection:
            migrations.upgrade(connection)
        yield database
    finally:
        database.close()


def fill(database: Database, numbers: Iterator[int], reading_every_s: int) -> None:
    """Record the sessions of these numbers, as the recorder does, in large batches."""
    batch: list[Record] = []
    for number in numbers:
        batch += session(number, reading_every_s)
        if len(batch) >= ROWS_AT_ONCE:
            append(database, batch)
            batch = []
    append(database, batch)


def new_database(path: Path) -> Database:
    """Make an encrypted database, as a station has it."""
    return open_database(path, KEY)
