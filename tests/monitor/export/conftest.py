"""One small stored session with a row of every kind."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alarms.priority import Priority
from monitor.readings import Quality
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    SessionOpened,
    Stamp,
    TransitionKept,
)
from monitor.snapshot import AlarmState
from monitor.storage.stored import StoredSession
from monitor.vitals import Vital

OPENED = datetime(2026, 11, 19, 9, 16, tzinfo=UTC)


def _stamp(seq: int, t_s: float) -> Stamp:
    return Stamp("5e55101", seq, t_s, OPENED + timedelta(seconds=t_s))


@pytest.fixture
def stored() -> StoredSession:
    opened = SessionOpened(
        _stamp(1, 0.0),
        "Chair 1",
        "=cmd()",
        "ge_s5",
        "/dev/ttyUSB0",
        is_simulated=True,
        planned_infusion_s=2400.0,
        cuff_interval_s=300.0,
        time_zone="CET",
        utc_offset_s=3600,
        app_version="0.1.0",
        profile={"name": "Ketamine IV"},
    )
    taken = OPENED + timedelta(seconds=596.5)
    return StoredSession(
        opened,
        (
            HappeningKept(_stamp(2, 0.0), "phase", {"phase": "baseline"}),
            ReadingKept(_stamp(3, 0.25), "ge_s5", Vital.SPO2, 96.65, Quality.OK, "oximeter"),
            ReadingKept(_stamp(4, 1.0), "ge_s5", Vital.PULSE_RATE, None, Quality.SENSOR_OFF, "ecg"),
            HappeningKept(_stamp(5, 600.0), "phase", {"phase": "infusion"}),
            PressureKept(
                _stamp(6, 602.0), "ge_s5", 184.0, 101.0, 129.0, 80.0, taken, False, Quality.OK
            ),
            TransitionKept(
                _stamp(7, 602.0),
                "BP-H2",
                Priority.HIGH,
                AlarmState.QUIET,
                AlarmState.SOUNDING,
                {"systolic": 184.0},
                {"systolic": 180.0},
                "-184/101 at or above 180",
                by="@nurse",
                since_s=602.0,
            ),
        ),
    )
