"""One small session with a row of every kind, and a database to put it in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.alarms.priority import Priority
from monitor.readings import Quality
from monitor.records import (
    AmendmentKept,
    DoseKept,
    EventKept,
    HappeningKept,
    IdentificationKept,
    LimitChangeKept,
    Meaning,
    NoteKept,
    PressureKept,
    ReadingKept,
    Record,
    ScaleKept,
    SessionOpened,
    SessionRow,
    SignatureKept,
    Stamp,
    TransitionKept,
)
from monitor.snapshot import AlarmState
from monitor.storage.database import Database, open_database
from monitor.vitals import Vital
from tests.keys import KEY

OPENED = datetime(2026, 11, 19, 10, 16, 0, 123457, tzinfo=UTC)


class Maker:
    """Makes records of one session, numbered without holes."""

    def __init__(self, session_id: str = "5e55101") -> None:
        self.session_id = session_id
        self.seq = 0

    def stamp(self, t_s: float = 0.0) -> Stamp:
        self.seq += 1
        return Stamp(self.session_id, self.seq, t_s, OPENED + timedelta(seconds=t_s))

    def opened(self, chair: str = "Chair 1") -> SessionOpened:
        return SessionOpened(
            self.stamp(),
            chair,
            "Demo patient",
            "ge_s5",
            "/dev/ttyUSB0",
            is_simulated=True,
            planned_infusion_s=2400.0,
            cuff_interval_s=300.0,
            time_zone="CET",
            utc_offset_s=3600,
            app_version="0.1.0",
            profile={"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]},
        )

    def reading(self, t_s: float = 1.0, value: float | None = 72.0) -> ReadingKept:
        quality = Quality.SENSOR_OFF if value is None else Quality.OK
        return ReadingKept(self.stamp(t_s), "ge_s5", Vital.PULSE_RATE, value, quality, "oximeter")

    def pressure(self, t_s: float = 2.0, systolic: float = 184.0) -> PressureKept:
        taken = OPENED + timedelta(seconds=t_s - 4)
        return PressureKept(
            self.stamp(t_s), "ge_s5", systolic, 101.0, 129.0, None, taken, False, Quality.OK
        )

    def transition(self, t_s: float = 2.0) -> TransitionKept:
        return TransitionKept(
            self.stamp(t_s),
            "BP-H2",
            Priority.HIGH,
            AlarmState.QUIET,
            AlarmState.SOUNDING,
            {"systolic": 184.0},
            {"systolic": 180.0},
            "Blood pressure 184/101",
            since_s=t_s,
        )

    def identification(self, patient_id: str = "p-1", t_s: float = 3.0) -> IdentificationKept:
        patient = "Weber, Anna · born 1970-01-02"
        return IdentificationKept(
            self.stamp(t_s), patient_id, "c-1", patient, "found", "Ben", "u-2"
        )

    def dose(self, t_s: float = 3.5) -> DoseKept:
        stamp = self.stamp(t_s)
        given = ("Ketamine", "IV", 35.0, "mg", 70.5, "L0t-7", 15.0, "Carla")
        return DoseKept(stamp, *given, t_s - 1.0, "Ben (nurse)", "u-2")

    def note(self, text: str = 'it\'s "fine"; <b>=1+1</b>\nnow', t_s: float = 3.5) -> NoteKept:
        return NoteKept(self.stamp(t_s), text, "Ben (nurse)", "u-2")

    def entries(self, t_s: float = 3.5) -> list[SessionRow]:
        """One entry of every kind but the signature, which only an ended session takes."""
        who = ("Ben (nurse)", "u-2")
        dose = self.dose(t_s)
        return [
            self.identification(),
            EventKept(self.stamp(t_s), "nausea", "mild", 2.0, *who),
            dose,
            ScaleKept(self.stamp(t_s), "MOAA/S", 4.0, {"voice": 1.0}, 3.0, *who),
            self.note(),
            LimitChangeKept(self.stamp(t_s), "BP-H2", "systolic", 180, 190.5, "as agreed", *who),
            AmendmentKept(
                self.stamp(t_s), "dose", dose.stamp.seq, "amount", 35.0, 30.0, "misread", *who
            ),
        ]

    def signature(self, link: int, chain: str, t_s: float = 60.0) -> SignatureKept:
        who = ("Dr. Weber (physician)", "u-1")
        return SignatureKept(self.stamp(t_s), Meaning.REVIEW, "seen", link, chain, *who)

    def phase(self, name: str, t_s: float = 3.0) -> HappeningKept:
        return HappeningKept(self.stamp(t_s), "phase", {"phase": name})


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def new_maker() -> type[Maker]:
    return Maker


@pytest.fixture
def records(maker: Maker) -> list[Record]:
    """A session with one row of every kind."""
    return [
        maker.opened(),
        maker.phase("baseline", 0.0),
        maker.reading(),
        maker.pressure(),
        maker.transition(),
        maker.phase("infusion"),
        maker.reading(4.0, None),
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vigil.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with open_database(path, KEY) as opened:
        yield opened
