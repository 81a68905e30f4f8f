"""A crash leaves nothing of the memory on the disk, and the desktop can still see its station."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")

LOOK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CORE, ({low}, {low}))
from ui.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
print(*resource.getrlimit(resource.RLIMIT_CORE), file=sys.stderr)
"""


def limits_after(low: int) -> list[int]:
    """Run a command in a process that may dump ``low`` bytes at most; return its limits then."""
    code = LOOK.format(low=low)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    return [int(word) for word in done.stderr.split()]


def test_every_command_gives_up_its_core_for_good() -> None:
    import resource

    _, highest = resource.getrlimit(resource.RLIMIT_CORE)
    start = 1 << 30 if highest in (resource.RLIM_INFINITY, -1) else highest
    wanted = min(start, 1 if sys.platform == "linux" else 0)
    assert limits_after(start) == [wanted, wanted]


def test_a_limit_of_nothing_stays() -> None:
    assert limits_after(0) == [0, 0]
