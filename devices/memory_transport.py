"""Two joined ends of a wire in memory, for tests without ports or waiting.

Knows bytes under way. Must not know protocols, threads or time.
"""

from devices.transport import LinkLost


class _Wire:
    """What both ends share: whether the wire still joins them."""

    def __init__(self) -> None:
        self.is_cut = False


class MemoryTransport:
    """One end. A read never waits; what one end writes the other reads, in order."""

    def __init__(self, wire: _Wire, inbound: bytearray, outbound: bytearray) -> None:
        self._wire = wire
        self._inbound = inbound
        self._outbound = outbound
        self._is_closed = False

    def read(self) -> bytes:
        """Return everything that has arrived, b"" when nothing has. Raises LinkLost when cut."""
        self._demand_line()
        data = bytes(self._inbound)
        self._inbound.clear()
        return data

    def write(self, data: bytes) -> None:
        """Put all of ``data`` on the wire. Raises LinkLost when cut."""
        self._demand_line()
        self._outbound += data

    def close(self) -> None:
        """Let go of this end; the other end notices nothing, as on a real wire."""
        self._is_closed = True

    def unplug(self) -> None:
        """Cut the wire for both ends; bytes under way are lost."""
        self._wire.is_cut = True
        self._inbound.clear()
        self._outbound.clear()

    @property
    def is_closed(self) -> bool:
        """Whether this end was closed."""
        return self._is_closed

    def _demand_line(self) -> None:
        if self._is_closed:
            raise LinkLost("this end of the line is closed")
        if self._wire.is_cut:
            raise LinkLost("the cable was unplugged")


def joined_pair() -> tuple[MemoryTransport, MemoryTransport]:
    """Return the two ends of a new wire."""
    wire, forth, back = _Wire(), bytearray(), bytearray()
    return MemoryTransport(wire, back, forth), MemoryTransport(wire, forth, back)
