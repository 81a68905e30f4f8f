"""Simulated monitors on real ports whose patients desaturate when told, and when that was said.

Knows the port and the last byte that went into it. Must not know who reads, or what is measured.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from devices.registry import find_driver
from devices.simulation.device import Bedside, TrueVitals
from devices.simulation.serve import exchange
from monitor.errors import BugError
from monitor.settings import ChairSettings
from ui.bedside import local_endpoint, utc_now

DRIVER = "ge_s5"
LOW, WELL = 80.0, 98.0
"""SpO2 in percent: below and above every limit of the profile."""
LOOK_EVERY_S = 0.05
RECORD_EVERY_S = 1.0


class Bed:
    """One chair's device, in a thread of its own, with a record a second."""

    def __init__(self, number: int) -> None:
        make = find_driver(DRIVER).simulate
        if make is None:
            raise BugError(f"The driver {DRIVER} has no simulator")
        self._spo2 = WELL
        self._sends_low = False
        self._since_ns: int | None = None
        self._ahead_s = 0.0
        self._sent = threading.Event()
        self._over = threading.Event()
        self._endpoint = local_endpoint()
        self._device = make(Bedside(self._truth, utc_now(), first_cuff_s=20.0 + number))
        self._thread = threading.Thread(target=self._run, name=f"bed:{number}", daemon=True)
        self.chair = ChairSettings(f"Chair {number}", DRIVER, self._endpoint.url, simulated=True)

    def start(self) -> None:
        """Switch the device on."""
        self._thread.start()

    def stop(self) -> None:
        """Unplug it."""
        self._over.set()
        self._thread.join()
        self._endpoint.close()

    def cross(self, rng: random.Random, within_s: float) -> int:
        """Desaturate; return when the first record of it was written, in one piece (ns).

        The device's clock leaps a little, or each of its records would meet the same phase of the
        flash.
        """
        self._sent.clear()
        self._ahead_s += rng.uniform(0.0, RECORD_EVERY_S)
        self._since_ns, self._spo2 = None, LOW
        if not self._sent.wait(within_s) or self._since_ns is None:
            raise BugError(f"The device of {self.chair.name} sends nothing")
        return self._since_ns

    def recover(self) -> None:
        """Be well again."""
        self._spo2 = WELL

    def _truth(self, _t: float) -> TrueVitals:
        self._sends_low = self._spo2 == LOW
        return TrueVitals(systolic=122, diastolic=76, pulse=72, spo2=self._spo2)

    def _run(self) -> None:
        began = time.monotonic()
        while not self._over.wait(LOOK_EVERY_S):
            t = time.monotonic() - began + self._ahead_s
            data = exchange(self._device, self._endpoint, t)
            now_ns = time.monotonic_ns()  # after the call, the alarm may be older than its cause
            self._endpoint.write_some(data)
            if data and self._sends_low and not self._sent.is_set():
                self._since_ns = now_ns
                self._sent.set()


@contextmanager
def beds(count: int) -> Iterator[tuple[Bed, ...]]:
    """Give devices that run while this lasts."""
    made = tuple(Bed(number + 1) for number in range(count))
    for bed in made:
        bed.start()
    try:
        yield made
    finally:
        for bed in made:
            bed.stop()
