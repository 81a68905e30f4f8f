"""All traces of a folder through the default profile: alarms per hour by rule, as a table.

Run it: ``python tests/bench/trace_alarms.py [FOLDER]``; without a folder that of ../shared. Pulse
and SpO2, charted each minute or quarter of an hour, are held until the next value, as the monitor
went on showing them. The patients are of intensive care, without ketamine: the figures describe
the engine.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.alarms.profile import default_profile
from monitor.replay import Replay
from monitor.trace import read_trace

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "traces"
HOLD_S = 900.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What sounded in one trace, by rule and priority, and how fast it was replayed."""

    name: str
    hours: float
    onsets: Counter[tuple[str, str]]
    times_life: float
    rejected: int


def heard(path: Path) -> Heard:
    """Replay one trace."""
    with path.open("rb") as file:
        trace = read_trace(file, path.name)
    began = time.perf_counter()
    changes = list(Replay(trace, default_profile(), hold_s=HOLD_S).changes())
    took_s = time.perf_counter() - began
    onsets = Counter((one.change.rule, one.change.priority.word) for one in changes if one.is_onset)
    length_s = trace.rows[-1].t_s - trace.rows[0].t_s
    return Heard(path.stem, length_s / 3600, onsets, length_s / took_s, len(trace.rejected))


def by_rule(found: list[Heard]) -> Iterable[str]:
    """Yield the table of rules over all traces."""
    hours = sum(one.hours for one in found)
    total = sum((one.onsets for one in found), Counter[tuple[str, str]]())
    yield "| rule | priority | alarms | per hour | traces with any |"
    yield "|---|---|---|---|---|"
    for key in sorted(total):
        traces = sum(key in one.onsets for one in found)
        rate = total[key] / hours
        yield f"| {key[0]} | {key[1]} | {total[key]} | {rate:.2f} | {traces} of {len(found)} |"
    yield f"| all | | {total.total()} | {total.total() / hours:.2f} | in {hours:.1f} hours |"


def by_trace(found: list[Heard]) -> Iterable[str]:
    """Yield the table of traces."""
    yield "| trace | hours | left out | high | medium | low | which |"
    yield "|---|---|---|---|---|---|---|"
    for one in found:
        counts = [
            sum(count for (_, priority), count in one.onsets.items() if priority == word)
            for word in ("high", "medium", "low")
        ]
        which = ", ".join(f"{rule} {word} {n}" for (rule, word), n in sorted(one.onsets.items()))
        numbers = " | ".join(map(str, counts))
        yield f"| {one.name} | {one.hours:.1f} | {one.rejected} | {numbers} | {which} |"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    found = [heard(path) for path in sorted(folder.glob("*.csv"))]
    if not found:
        sys.exit(f"There is no trace in {folder}.")
    speeds = sorted(one.times_life for one in found)
    print("\n".join([*by_rule(found), "", *by_trace(found), ""]))
    print(f"Replayed {speeds[len(speeds) // 2]:.0f} times faster than life (median).")


if __name__ == "__main__":
    main()
