"""Which benchmarks there are. A new one is a module beside this with a line here.

Knows their names. Must not know what they measure.
"""

from ui.bench import backups, commits, kills, latency, listing, size
from ui.bench.benchmark import Benchmark

BENCHMARKS: tuple[Benchmark, ...] = (
    commits.BENCHMARK,
    size.BENCHMARK,
    latency.BENCHMARK,
    kills.BENCHMARK,
    listing.BENCHMARK,
    backups.BENCHMARK,
)
"""In the order of running: what is quick comes first."""
