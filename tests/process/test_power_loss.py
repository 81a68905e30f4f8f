"""The power goes while a recorder writes: every row that it said it had is there (row 17).

The short form of tests/bench/powerloss.py, which cuts a hundred times; only root on Linux can
mount the disk that it needs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.thorough import IS_THOROUGH, times

if sys.platform != "linux" or os.geteuid() != 0:
    pytest.skip("only root on Linux can mount a disk of its own", allow_module_level=True)

BENCH = Path(__file__).parents[1] / "bench/powerloss.py"

pytestmark = pytest.mark.timeout(600)


def cut(times_: int, *more: str) -> dict[str, int]:
    """Run the bench, which forks: not for a process that has threads."""
    words = [sys.executable, str(BENCH), "--cuts", str(times_), *more]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=500)
    assert done.stdout, done.stderr
    figures: dict[str, int] = json.loads(done.stdout)
    return figures


def test_no_row_that_was_acknowledged_is_lost_with_the_power(
    record_property: Callable[[str, object], None],
) -> None:
    figures = cut(times(100, 3))
    record_property("power_cuts", figures)
    assert (figures["bad_cuts"], figures["lost"], figures["integrity_failures"]) == (0, 0, 0)
    assert figures["acknowledged"] > 0


@pytest.mark.skipif(not IS_THOROUGH, reason="the control is for a thorough run (VIGIL_THOROUGH)")
def test_without_syncing_rows_are_lost_so_that_the_test_can_fail() -> None:
    assert cut(20, "--control")["bad_cuts"] > 0
