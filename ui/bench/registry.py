"""Which benchmarks there are. A new one is a module beside this with a line here.

Knows their names. Must not know what they measure.
"""

from ui.bench import (
    alarm,
    backups,
    commits,
    ketamine,
    kills,
    latency,
    listing,
    replaying,
    size,
)
from ui.bench.benchmark import Benchmark

BENCHMARKS: tuple[Benchmark, ...] = (
    commits.BENCHMARK,
    size.BENCHMARK,
    replaying.BENCHMARK,
    ketamine.BENCHMARK,
    latency.BENCHMARK,
    kills.BENCHMARK,
    listing.BENCHMARK,
    backups.BENCHMARK,
    alarm.BENCHMARK,
)
"""In the order of running: what is quick comes first."""
