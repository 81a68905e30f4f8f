"""What a benchmark is, and what it gets to work with.

Knows the folder it may fill and the progress bar. Must not know any one benchmark.
"""

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from monitor.errors import OperatorError
from ui.bench.figures import Figure, Gauge

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Work:
    """Where a benchmark works, and how long: ``folder`` is empty and deleted afterwards."""

    folder: Path
    is_quick: bool = False

    def each(self, items: Sequence[Item], what: str) -> Iterator[Item]:
        """Yield the items, with a progress bar on standard error where that is a terminal."""
        with tqdm(items, desc=what, file=sys.stderr, disable=None, leave=False) as bar:
            yield from bar

    def require_room(self, wanted_bytes: int) -> None:
        """Raise OperatorError when the disk has less room than that."""
        free = shutil.disk_usage(self.folder).free
        if free < wanted_bytes:
            raise OperatorError(
                f"This benchmark needs {wanted_bytes / 1e9:.1f} GB of disk, and {free / 1e9:.1f} "
                "GB are free",
                "name a folder on another disk with --folder, or use --quick",
            )


Measure = Callable[[Work], Iterable[Figure]]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark by name. ``takes`` says how long on a machine with two cores."""

    name: str
    takes: str
    gauges: tuple[Gauge, ...]
    measure: Measure
