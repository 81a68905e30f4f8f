"""Stand a simulated device, or a recording of a real one, at the far end of a cable.

Knows when to ask a simulator for bytes and where they go. Must not know protocols.
"""

import threading
import time
from collections.abc import Callable

from devices.simulation.device import DeviceSimulator
from devices.simulation.endpoints import Endpoint, PtyEndpoint, TcpEndpoint, write_all
from devices.transport import LinkLost
from monitor.clock import Clock, Instant

# Often enough for a host's requests; on a fast clock more often, but not so that it burns a core.
_STEP_REAL_S = 0.05
_STEP_CLOCK_S = 0.25
_SHORTEST_STEP_REAL_S = 0.01
_CHUNK_BYTES = 4096


def exchange(simulator: DeviceSimulator, endpoint: Endpoint, t: float) -> bytes:
    """Give the simulator what the host sent, and return what it puts on the wire by second ``t``.

    Nothing is sent yet: a lockstep runner sends with ``push_through``.
    """
    if asked := endpoint.read_available():
        simulator.receive(asked, t)
    return simulator.emit(t)


def push_through(data: bytes, endpoint: Endpoint, pump: Callable[[], int]) -> None:
    """Send all of ``data`` and pump the reader until as many bytes came out; one thread does both.

    ``pump`` is ``DeviceReader.pump_once`` on a port opened with ``read_timeout_s=0``. Raises
    LinkLost when the bytes do not come out within 10 s.
    """
    pump()  # opens the port, so that nothing is sent to nobody
    sent = received = 0
    deadline = time.monotonic() + 10.0
    while received < len(data):
        sent += endpoint.write_some(data[sent : sent + _CHUNK_BYTES]) if sent < len(data) else 0
        received += pump()
        if time.monotonic() > deadline:
            raise LinkLost(f"{received} of {len(data)} bytes came through {endpoint.url}")


def serve(
    simulator: DeviceSimulator,
    endpoint: Endpoint,
    clock: Clock,
    stop: threading.Event,
    switched_on: Instant | None = None,
) -> None:
    """Run the device until ``stop``; it was switched on then, or now.

    It goes on whether or not a host is connected or reads: what nobody takes is lost.
    """
    switched_on = switched_on or clock.now()
    while not stop.is_set():
        t = clock.now().seconds_since(switched_on)
        endpoint.write_some(exchange(simulator, endpoint, t))
        stop.wait(step_real_s(clock))


def step_real_s(clock: Clock) -> float:
    """Return how long to wait really between two looks at the device."""
    return max(_SHORTEST_STEP_REAL_S, min(_STEP_REAL_S, clock.real_seconds(_STEP_CLOCK_S)))


class ServedDevice:
    """A simulated device that runs in a thread of its own at ``url``.

    ``switched_on`` is its second 0, for one with a clock on its screen; else that is the start.
    """

    def __init__(
        self,
        simulator: DeviceSimulator,
        endpoint: Endpoint,
        clock: Clock,
        switched_on: Instant | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=serve,
            args=(simulator, endpoint, clock, self._stop, switched_on),
            name=f"device:{endpoint.url}",
            daemon=True,
        )

    @property
    def url(self) -> str:
        """What a host opens to be connected."""
        return self._endpoint.url

    def start(self) -> None:
        """Switch the device on."""
        self._thread.start()

    def stop(self) -> None:
        """Switch the device off and unplug it."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._endpoint.close()


def wait_for_reader(endpoint: Endpoint, timeout_s: float) -> None:
    """Wait really until a host is ready to read. Raises LinkLost when none comes."""
    deadline = time.monotonic() + timeout_s
    while not endpoint.has_reader():
        if time.monotonic() > deadline:
            raise LinkLost(f"nobody opened {endpoint.url}")
        time.sleep(0.005)


def replay(
    raw: bytes,
    endpoint: Endpoint,
    clock: Clock,
    bytes_per_s: float | None = None,
    reader_timeout_s: float = 30.0,
) -> None:
    """Play recorded bytes verbatim, without loss; return when the host has read them all.

    Waits first until a host is there. ``bytes_per_s`` counts seconds of ``clock``; None plays as
    fast as the host reads. What the host sends meanwhile is ignored. Raises LinkLost when the
    host does not come, leaves, or stops reading.
    """
    wait_for_reader(endpoint, reader_timeout_s)
    began = clock.now()
    for start in range(0, len(raw), _chunk(bytes_per_s)):
        if bytes_per_s:
            _wait_until(began.plus(start / bytes_per_s), clock)
        write_all(endpoint, raw[start : start + _chunk(bytes_per_s)])
        endpoint.read_available()
    if not endpoint.drain(reader_timeout_s):
        raise LinkLost(f"the host of {endpoint.url} did not read to the end")


def _chunk(bytes_per_s: float | None) -> int:
    """Return a tenth of a second of bytes, or a good mouthful when nothing paces."""
    return max(1, int(bytes_per_s / 10)) if bytes_per_s else _CHUNK_BYTES


def _wait_until(moment: Instant, clock: Clock) -> None:
    left_s = moment.seconds_since(clock.now())
    if left_s > 0:
        time.sleep(clock.real_seconds(left_s))


__all__ = [
    "Endpoint",
    "PtyEndpoint",
    "ServedDevice",
    "TcpEndpoint",
    "exchange",
    "push_through",
    "replay",
    "serve",
    "step_real_s",
    "wait_for_reader",
    "write_all",
]
