"""``vigil bench``: the figures of this machine, beside their targets and peers.

Composes the benchmarks with the terminal and a temporary folder. Must not import Qt.
"""

import argparse
import contextlib
import os
import platform
import signal
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from monitor.errors import OperatorError
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Figure, Gauge, rounded
from ui.bench.registry import BENCHMARKS
from ui.voice import note, table, tell, tell_json

HEAD = ("figure", "value", "peer", "ratio", "target", "")


def bench(options: argparse.Namespace) -> int:
    """Run the benchmarks that are named, or all; exit 1 when a target is missed."""
    wanted = _named(options.name)
    if options.list:
        _list(wanted)
        return 0
    folder = _folder(options.folder)
    note(f"vigil: {_machine()}; in {folder}")
    figures = []
    with _ended_like_ctrl_c():
        for figure in _run(wanted, folder, is_quick=options.quick):
            figures.append(figure)
            if options.json:
                tell_json(figure.facts())
    if not options.json:
        _tell(figures)
    return 0 if all(figure.is_good for figure in figures) else 1


def _named(names: Sequence[str]) -> tuple[Benchmark, ...]:
    known = {one.name: one for one in BENCHMARKS}
    for name in names:
        if name not in known:
            raise OperatorError(f"There is no benchmark {name}", f"choose from {', '.join(known)}")
    return tuple(one for one in BENCHMARKS if not names or one.name in names)


def _folder(named: Path | None) -> Path:
    """Return the folder on whose disk is measured. Raises OperatorError."""
    folder = named or Path(tempfile.gettempdir())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise OperatorError(f"The folder {folder} cannot be written", "name another with --folder")
    return folder


@contextlib.contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM, too, end the work so that no folder and no process is left behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(wanted: Sequence[Benchmark], folder: Path, *, is_quick: bool) -> Iterator[Figure]:
    for number, one in enumerate(wanted, 1):
        takes = "a short form" if is_quick else f"takes about {one.takes}"
        note(f"vigil: {number} of {len(wanted)}, {one.name} ({takes})")
        with tempfile.TemporaryDirectory(prefix="vigil-bench-", dir=folder) as work:
            for figure in one.measure(Work(Path(work), is_quick)):
                yield replace(figure, note=f"short form; {figure.note}") if is_quick else figure


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


# ---- what is told


def _list(wanted: Sequence[Benchmark]) -> None:
    rows = [
        (one.name, one.takes, gauge.name, gauge.measures, gauge.peer, _bound(gauge))
        for one in wanted
        for gauge in one.gauges
    ]
    table(("benchmark", "takes", "figure", "what it measures", "peer", "target"), rows)


def _bound(gauge: Gauge) -> str:
    target = gauge.target
    return f"{target.bound} {rounded(target.value):,} {gauge.unit}" if target else ""


def _tell(figures: Sequence[Figure]) -> None:
    table(HEAD, [_line(figure) for figure in figures])
    for figure in figures:
        peer = f"; peer: {figure.gauge.peer}" if figure.gauge.peer else ""
        tell(f"{figure.gauge.name}: {figure.gauge.measures}{peer} ({figure.note})")


def _line(figure: Figure) -> tuple[str, ...]:
    unit, target = figure.gauge.unit, figure.target
    return (
        figure.gauge.name,
        f"{rounded(figure.value):,} {unit}",
        "" if figure.peer_value is None else f"{rounded(figure.peer_value):,} {unit}",
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        _bound(figure.gauge) if target else "",
        "" if target is None else "met" if figure.is_good else "MISSED",
    )
