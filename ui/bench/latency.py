"""How long from the last byte of a frame to the alarm state, and to the committed row.

Knows how device, reader, engine and recorder are wired. Must not know what happens inside them.

A 20-minute session of the simulated GE monitor on a real port, faster than life.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from devices.reader import DeviceReader
from devices.serial_transport import open_transport
from devices.simulation.serve import ServedDevice
from monitor.alarms.profile import default_profile
from monitor.channel_messages import OpenSession
from monitor.clock import FastClock
from monitor.engine import Ask, Chair, Stop
from monitor.errors import BugError
from ui.bedside import local_endpoint, simulated_device
from ui.bench.benchmark import Benchmark, Work
from ui.bench.commits import p99
from ui.bench.figures import Bound, Figure, Gauge, Target, middle
from ui.bench.sample import KEY
from ui.composition import recording

SOURCE = "architecture, figures to reach"
ALARM = Gauge(
    "alarm_state_p99",
    "from the last byte of a reading to the state of its alarms, 99 of 100",
    "ms",
    target=Target(Bound.AT_MOST, 50, SOURCE),
)
ROW = Gauge(
    "committed_row_p99",
    "from the last byte of a reading to its row on the disk, 99 of 100",
    "ms",
    target=Target(Bound.AT_MOST, 1500, SOURCE),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many seconds of a session, and how many times faster than life."""

    session_s: float
    speed: float


FULL, QUICK = Size(1200.0, 60.0), Size(120.0, 60.0)


@dataclass(slots=True)
class Delays:
    """Milliseconds since the last byte came, in two threads' own lists."""

    decided: list[float] = field(default_factory=list)
    committed: list[float] = field(default_factory=list)

    def on_decided(self, received_ns: int) -> None:
        """Hear that the alarms of what came at that time (ns) are decided."""
        self.decided.append((time.perf_counter_ns() - received_ns) / 1e6)

    def on_committed(self, received: tuple[int, ...]) -> None:
        """Hear that the rows of what came at those times are on the disk."""
        now = time.perf_counter_ns()
        self.committed.extend((now - received_ns) / 1e6 for received_ns in set(received))


def measure(work: Work) -> Iterable[Figure]:
    """Record one session."""
    size = QUICK if work.is_quick else FULL
    delays = watch(work.folder / "vigil.db", size)
    note = f"{size.session_s / 60:g} minutes of a session at {size.speed:g} times life"
    return (_figure(ALARM, delays.decided, note), _figure(ROW, delays.committed, note))


def _figure(gauge: Gauge, delays: Sequence[float], note: str) -> Figure:
    if not delays:
        raise BugError(f"The device said nothing that counts for {gauge.name}")
    spread = f"{len(delays)} readings, median {middle(delays):.2f}, slowest {max(delays):.2f} ms"
    return gauge.reads(p99(delays), note=f"{note}: {spread}")


def watch(path: Path, size: Size) -> Delays:
    """Record a session and return every delay in it."""
    delays = Delays()
    clock = FastClock(size.speed, datetime.now(UTC))
    info, device = simulated_device("ge_s5", "session", 1, clock.now().utc)
    served = ServedDevice(device, local_endpoint(), clock)
    chair = Chair("Chair 1", info.key, info.title, info.maturity.value, served.url)
    with recording(
        path,
        KEY,
        clock,
        (chair,),
        default_profile(),
        speed=size.speed,
        decided=delays.on_decided,
        committed=delays.on_committed,
    ) as run:
        run.engine.handle(Ask(OpenSession("Chair 1", "")))
        engine = threading.Thread(target=run.engine.run, name="engine")
        reader = DeviceReader(
            "Chair 1",
            info.key,
            info,
            lambda: open_transport(served.url, info.line_settings[0]),
            clock=clock,
            inbox=run.engine.inbox.put,
        )
        served.start()
        engine.start()
        reader.start()
        try:
            time.sleep(clock.real_seconds(size.session_s))
        finally:
            reader.stop()
            reader.join()
            run.engine.inbox.put(Stop())
            engine.join()
            served.stop()
    return delays


BENCHMARK = Benchmark("latency", "25 s", (ALARM, ROW), measure)
