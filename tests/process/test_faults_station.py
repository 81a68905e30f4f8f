"""The whole clinic on a bad disk: alarms go on, even through the death of the station.

Watches from outside, as test_kill.py does. Fault matrix, rows 15 and 16; hazards H18 and H19.
"""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.channel import ChannelClosed
from monitor.channel_messages import SessionUpdate
from monitor.pipe import connect
from monitor.snapshot import SessionSnapshot
from monitor.standin import standins
from tests.process.clinic import CADENCE_S, Clinic, holes, wait_for
from ui.only_writer import is_held

if os.name == "nt":
    pytest.skip("mounts and kill -9 are POSIX", allow_module_level=True)

from tests.process.disks import fill, read_only, small_disk

FILLS_UP_WITHIN_S = 90.0
"""The journal has room of its own, which is written over before the disk is asked for more."""
LATE_S = 2.0

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "40m") as at:
        yield at


@pytest.fixture
def clinic(disk: Path) -> Iterator[Clinic]:
    (disk / "data").mkdir()
    running = Clinic(disk / "data")
    yield running
    running.close()
    for place in standins(running.folder):  # of a station that was killed
        shutil.rmtree(place, ignore_errors=True)


def seen(clinic: Clinic) -> SessionSnapshot | None:
    """Return what a desktop that calls now is shown, None while no station answers."""
    watch = connect(clinic.folder)
    if watch is None:
        return None
    end = time.monotonic() + 2
    try:
        while time.monotonic() < end:
            for message in watch.receive():
                if isinstance(message, SessionUpdate):
                    return message.snapshot
            time.sleep(0.02)
    except ChannelClosed:
        pass
    finally:
        watch.close()
    return None


def when(
    clinic: Clinic, is_so: Callable[[SessionSnapshot], bool], what: str, seconds: float = 20
) -> SessionSnapshot:
    def look() -> SessionSnapshot | None:
        shown = seen(clinic)
        return shown if shown is not None and is_so(shown) else None

    return wait_for(look, what, seconds)


def alarms(shown: SessionSnapshot) -> set[str]:
    return {alarm.rule for alarm in shown.alarms}


def test_a_station_killed_on_a_full_disk_monitors_on_and_every_row_is_kept(
    clinic: Clinic, disk: Path, record_property: Callable[[str, object], None]
) -> None:
    fill(disk / "ballast")
    when(clinic, lambda s: not s.recording.is_recording, "NOT RECORDING", FILLS_UP_WITHIN_S)
    shown = when(clinic, lambda s: "TECH-9R" in alarms(s), "the alarm")
    assert "The disk is full" in shown.recording.reason
    spilled_until = shown.now_s

    began, old = time.monotonic(), clinic.station_pid()
    os.kill(old, 9)
    shown = when(
        clinic,
        lambda s: s.now_s > spilled_until and s.link.state == "live" and s.pulse is not None,
        "monitoring again, on a disk that is still full",
    )
    record_property("monitoring_again_on_a_full_disk_s", round(time.monotonic() - began, 2))
    # Opened anew the journal begins at its front again, so that it may even record for a while.
    assert shown.session_id == clinic.session_id
    assert alarms(shown) & {"TECH-9R", "TECH-9S"}

    (disk / "ballast").unlink()
    when(clinic, lambda s: s.recording.is_recording and not s.recording.waiting, "recording")
    rows, gaps = clinic.rows(), clinic.gaps()
    assert [row.stamp.seq for row in rows] == list(range(2, len(rows) + 2))
    assert len(gaps) == 1
    for start, end in holes(clinic.readings(), CADENCE_S + LATE_S):
        assert start <= gaps[0][1]
        assert end >= gaps[0][0]


def test_a_station_killed_on_a_read_only_disk_monitors_on_and_records_when_it_is_mended(
    clinic: Clinic, disk: Path, record_property: Callable[[str, object], None]
) -> None:
    """Its folder takes neither lock nor address; desktop and station find each other elsewhere."""
    before = seen(clinic)
    assert before is not None
    desktop, old = clinic.desktop_pid(), clinic.station_pid()
    os.kill(desktop, signal.SIGSTOP)  # a file that is open to write keeps the disk from it
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: None if is_held(clinic.folder) else True, "the end of the station")
    with read_only(disk):
        began = time.monotonic()
        os.kill(desktop, signal.SIGCONT)
        shown = when(
            clinic,
            lambda s: s.now_s > before.now_s and s.link.state == "live" and s.pulse is not None,
            "monitoring again, on a disk that is read-only",
        )
        record_property("monitoring_again_on_a_read_only_disk_s", time.monotonic() - began)
        assert shown.session_id == clinic.session_id
        assert not shown.recording.is_recording
        assert "TECH-9R" in alarms(shown)
    when(clinic, lambda s: s.recording.is_recording and not s.recording.waiting, "recording")
    rows, gaps = clinic.rows(), clinic.gaps()
    assert [row.stamp.seq for row in rows] == list(range(2, len(rows) + 2))
    assert len(gaps) == 1
    for start, end in holes(clinic.readings(), CADENCE_S + LATE_S):
        assert start <= gaps[0][1]
        assert end >= gaps[0][0]
