"""Real processes hand the key to each other, and neither it nor a patient can be read anywhere."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keys import KEY, PASSPHRASE
from tests.process.clinic import Clinic
from tests.traces import traces, written

SECRETS = written("Test patient", PASSPHRASE, KEY.raw)  # the patient of every test clinic

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX"),
    pytest.mark.timeout(180),
]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    running = Clinic(tmp_path)
    yield running
    running.close()


def told_to(pid: int) -> list[str]:
    """Return which secrets stand in the arguments or the environment of a process (Linux)."""
    texts = [Path(f"/proc/{pid}/{name}") for name in ("cmdline", "environ")]
    return [
        name
        for text in texts
        if text.exists()
        for name, secret in SECRETS.items()
        if secret in text.read_bytes()
    ]


def test_no_file_and_no_process_shows_a_secret_whoever_died(clinic: Clinic, tmp_path: Path) -> None:
    assert traces(tmp_path, SECRETS) == []
    clinic.kill_desktop()  # the station starts another, and has to hand it the key
    clinic.kill_station()  # and that one starts a station with it
    assert told_to(clinic.desktop_pid()) == told_to(clinic.station_pid()) == []
    assert (tmp_path / "station.log").exists()
    assert traces(tmp_path, SECRETS) == []
    clinic.close()
    assert traces(tmp_path, SECRETS) == []
