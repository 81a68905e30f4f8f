"""Real processes are killed in a running session: nothing that was kept may be missing.

Figures (seconds until the screen, or the recording, is back) are written as junit properties.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.process.clinic import CADENCE_S, Clinic, holes
from tests.thorough import times

BACK_WITHIN_S = 5.0
"""In the median: the machine is noisy. That it comes back at all has its own, longer limit."""
LATE_S = 2.0
"""How much later than its second a record may come on a loaded machine."""

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX"),
    pytest.mark.timeout(180),
]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    running = Clinic(tmp_path)
    yield running
    running.close()


# Times three: the station starts a desktop again three times a minute at once.
@pytest.mark.parametrize("clinic_number", range(times(7, 2)))
def test_a_killed_desktop_costs_no_reading_and_is_back_in_five_seconds(
    clinic: Clinic, clinic_number: int, record_property: Callable[[str, object], None]
) -> None:
    times = [clinic.kill_desktop() for _ in range(3)]
    record_property("desktop_back_s", [round(t, 2) for t in times])
    assert median(times) < BACK_WITHIN_S
    assert clinic.gaps() == []
    assert holes(clinic.readings(), CADENCE_S + LATE_S) == []


@pytest.mark.parametrize("clinic_number", range(times(4, 1)))
def test_a_killed_station_loses_nothing_kept_and_records_again_in_five_seconds(
    clinic: Clinic, clinic_number: int, record_property: Callable[[str, object], None]
) -> None:
    times = [clinic.kill_station() for _ in range(5)]
    record_property("recording_again_s", [round(t, 2) for t in times])
    assert median(times) < BACK_WITHIN_S
    rows, gaps = clinic.rows(), clinic.gaps()
    assert [row.stamp.seq for row in rows] == list(range(2, len(rows) + 2))
    assert len(gaps) == 5
    for start, end in holes(clinic.readings(), CADENCE_S + LATE_S):
        assert any(gap_start <= end and gap_end >= start for gap_start, gap_end in gaps)
