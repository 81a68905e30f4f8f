"""How much faster than life a trace goes through the alarm board: 90 minutes at one value a second.

Knows traces and the replay as ``vigil replay`` uses them. Must not know how a rule is judged.
"""

import io
import time
from collections.abc import Iterable, Iterator

from monitor.alarms.profile import default_profile
from monitor.errors import BugError
from monitor.replay import Replay
from monitor.trace import HEADER, Trace, read_trace
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Bound, Figure, Gauge, Target, middle

SPEED = Gauge(
    "replay_speed",
    "a trace from its file to the last change of an alarm, against the time that it lasts",
    "times life",
    target=Target(Bound.AT_LEAST, 500, "issue 4"),
)
LENGTH_S, CUFF_EVERY_S = 5400, 300
ROUNDS, QUICK_ROUNDS = 9, 3


def lines() -> Iterator[bytes]:
    """Yield a trace in which pulse, SpO2 and pressure come and go over their limits."""
    yield HEADER.encode()
    for t in range(LENGTH_S):
        pressure = f"{120 + t // 100},{75 + t // 200}" if t % CUFF_EVERY_S == 0 else ","
        yield f"{t},{pressure},,{70 + t // 20 % 60},{99 - t // 30 % 9}".encode()


def timed(file: bytes) -> float:
    """Return the seconds that one replay took. Raises BugError when nothing alarmed."""
    began = time.perf_counter()
    trace: Trace = read_trace(io.BytesIO(file), "bench")
    changes = sum(1 for _ in Replay(trace, default_profile()).changes())
    took = time.perf_counter() - began
    if changes == 0:
        raise BugError("A trace that goes over its limits raised no alarm")
    return took


def measure(work: Work) -> Iterable[Figure]:
    """Replay the trace some times."""
    file = b"\n".join(lines())
    rounds = range(QUICK_ROUNDS if work.is_quick else ROUNDS)
    found = [LENGTH_S / timed(file) for _ in work.each(rounds, "replaying")]
    note = f"{LENGTH_S // 60} minutes; median of {len(found)}, the slowest {min(found):.0f}"
    yield SPEED.reads(middle(found), note=note)


BENCHMARK = Benchmark("replay", "30 s", (SPEED,), measure)
