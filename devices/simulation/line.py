"""Hold a simulated device to the speed of its serial line.

Knows characters per second and simulated seconds. Must not know protocols, ports or clocks.
"""

from devices.simulation.device import DeviceSimulator
from devices.transport import LineSettings, Parity

# A device drops what its output buffer cannot hold; half a minute at 19200 baud.
BACKLOG_BYTES = 65536


def bytes_per_second(line: LineSettings) -> float:
    """Return the most a line carries: 19200 baud 8E1 is 1745 bytes/s (GE S/5 notes, 1.7 item 1)."""
    parity_bits = 0 if line.parity is Parity.NONE else 1
    return line.baud / (1 + line.data_bits + parity_bits + line.stop_bits)


class PacedSimulator:
    """A device simulator whose bytes leave no faster than ``rate`` bytes per simulated second."""

    def __init__(self, simulator: DeviceSimulator, rate: float) -> None:
        self._simulator = simulator
        self._rate = rate
        self._backlog = bytearray()
        self._allowance = 0.0
        self._last_t = 0.0

    def receive(self, data: bytes, t: float) -> None:
        """Pass on what the host sent."""
        self._simulator.receive(data, t)

    def emit(self, t: float) -> bytes:
        """Return what got through by second ``t``; the rest waits its turn."""
        self._backlog += self._simulator.emit(t)[: BACKLOG_BYTES - len(self._backlog)]
        self._allowance += (t - self._last_t) * self._rate
        self._last_t = t
        count = min(int(self._allowance), len(self._backlog))
        sent = bytes(self._backlog[:count])
        del self._backlog[:count]
        self._allowance = self._allowance - count if self._backlog else 0.0
        return sent
