"""A migration that is killed leaves the old database or the new one (fault matrix, row 27).

The short form of tests/bench/migration_kills.py, which kills a hundred times.
"""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.bench.migration_kills import kill_often
from tests.thorough import times

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")


def test_a_killed_migration_is_not_done_or_done_and_never_half(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    kills = times(100, 4)
    toll = kill_often(tmp_path, kills, rows=3000)
    record_property("migration_kills", asdict(toll))
    assert (toll.kills, toll.half, toll.altered) == (kills, 0, 0)
    assert toll.old > 0
