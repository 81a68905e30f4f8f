"""``vigil simulate``: the device side of a protocol on a pty or a TCP port.

Composes simulator, patient and endpoint. Must not import Qt.
"""

import argparse
import signal
import threading
from pathlib import Path

from devices.registry import find_driver
from devices.simulation.endpoints import Endpoint, PtyEndpoint, TcpEndpoint
from devices.simulation.line import bytes_per_second
from devices.simulation.serve import ServedDevice, replay
from devices.transport import LinkLost
from monitor.clock import FastClock
from monitor.errors import OperatorError
from ui.bedside import simulated_device, utc_now
from ui.voice import note, tell_now

LOOK_EVERY_S = 1.0
WAITS_FOR_A_READER_S = 3600.0


def simulate(options: argparse.Namespace) -> int:
    """Print the URL, then be the device until stopped."""
    info = find_driver(options.driver)
    raw = _read(options.replay) if options.replay else b""
    served = None
    endpoint: Endpoint = PtyEndpoint() if options.pty else TcpEndpoint(options.tcp)
    clock = FastClock(options.speed, options.anchor or utc_now())
    if not raw:
        now = clock.now()
        _, device = simulated_device(options.driver, options.scenario, options.seed, now.utc)
        served = ServedDevice(device, endpoint, clock, now)
    tell_now(endpoint.url)
    if served is None:
        return _replay(raw, endpoint, clock, bytes_per_second(info.line_settings[0]))
    served.start()
    _wait(options.while_exists)
    served.stop()
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise OperatorError(
            f"{path} cannot be read ({cause.strerror})", "name a file of raw device bytes"
        ) from cause


def _replay(raw: bytes, endpoint: Endpoint, clock: FastClock, rate: float) -> int:
    """Play the file at the speed of the line, as the device once sent it."""
    try:
        replay(raw, endpoint, clock, rate, reader_timeout_s=WAITS_FOR_A_READER_S)
    except LinkLost as lost:
        note(f"vigil: {lost}.")
        return 1
    finally:
        endpoint.close()
    return 0


def _wait(path: Path | None) -> None:
    """Wait until somebody stops the program, or the path that it lives for is gone."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.wait(LOOK_EVERY_S):
        if path is not None and not path.exists():
            return
