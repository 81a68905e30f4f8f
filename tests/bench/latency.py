"""How long from the last byte of a frame to the alarm state, and to the committed row.

Run it: ``python tests/bench/latency.py``. A 20-minute session of the simulated GE monitor through
a real pty, reader, engine and recorder, SPEED times faster than life. Prints one JSON object.
"""

import json
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from devices.reader import DeviceReader
from devices.serial_transport import open_transport
from devices.simulation.serve import ServedDevice
from monitor.alarms.profile import default_profile
from monitor.channel_messages import OpenSession
from monitor.clock import FastClock
from monitor.engine import Ask, Chair, Stop
from monitor.storage.keys import DataKey
from ui.bedside import local_endpoint, simulated_device
from ui.composition import recording

SPEED = 60.0
SESSION_S = 1200.0


def main() -> None:
    clock = FastClock(SPEED, datetime.now(UTC))
    decided: list[float] = []
    committed: list[float] = []

    def on_decided(received_ns: int) -> None:
        decided.append((time.perf_counter_ns() - received_ns) / 1e6)

    def on_committed(received: tuple[int, ...]) -> None:
        now = time.perf_counter_ns()
        committed.extend((now - received_ns) / 1e6 for received_ns in set(received))

    info, device = simulated_device("ge_s5", "session", 1, clock.now().utc)
    served = ServedDevice(device, local_endpoint(), clock)
    chair = Chair("Chair 1", info.key, info.title, info.maturity.value, served.url)
    with (
        tempfile.TemporaryDirectory() as folder,
        recording(
            Path(folder) / "vigil.db",
            DataKey.random(),
            clock,
            (chair,),
            default_profile(),
            speed=SPEED,
            decided=on_decided,
            committed=on_committed,
        ) as run,
    ):
        run.engine.handle(Ask(OpenSession("Chair 1", "")))
        engine = threading.Thread(target=run.engine.run)
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
        time.sleep(clock.real_seconds(SESSION_S))
        reader.stop()
        reader.join()
        run.engine.inbox.put(Stop())
        engine.join()
    served.stop()
    print(json.dumps({"alarm_state_ms": figures(decided), "committed_row_ms": figures(committed)}))


def figures(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {"count": len(ordered)} | {
        name: round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 2)
        for name, share in at.items()
    }


if __name__ == "__main__":
    main()
