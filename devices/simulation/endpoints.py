"""The far end of a cable: a pseudo terminal or a TCP port that a host can open.

Knows ptys and sockets. Must not know what the bytes mean, clocks or threads.
"""

import os
import select
import socket
import sys
import time
from contextlib import suppress
from typing import Protocol

from devices.transport import LinkLost
from monitor.errors import OperatorError

if sys.platform != "win32":
    import fcntl
    import struct
    import termios
    import tty

_READ_LIMIT_BYTES = 65536
# pyserial empties its input buffer while it opens; a host that does not is ready after this long.
_SETTLE_S = 0.5
# The kernel moves bytes to the reading side a moment later: empty counts only when seen so often.
_EMPTY_LOOKS = 10
_LOOK_EVERY_S = 0.01


class Endpoint(Protocol):
    """One side of a wire at which a simulated device stands; no call waits."""

    @property
    def url(self) -> str:
        """What a host opens to be connected."""

    def has_reader(self) -> bool:
        """Say whether a host is connected and ready to read."""

    def write_some(self, data: bytes) -> int:
        """Send what fits and return how many bytes that was; all is lost when nobody listens."""

    def wait_writable(self, timeout_s: float) -> None:
        """Wait really until more fits, ``timeout_s`` at most."""

    def read_available(self) -> bytes:
        """Return what the host sent, b"" when nothing."""

    def drain(self, timeout_s: float) -> bool:
        """Wait really until the host has read everything; say whether it has."""

    def close(self) -> None:
        """Unplug: the host loses the line, and with it what it has not read."""


class PtyEndpoint:
    """The master side of a pseudo terminal in raw mode; ``url`` is the path of the other side.

    Packet mode tells when the host has emptied its input buffer, as pyserial does while it
    opens: before that a host is not ready, or its first bytes would be lost.
    """

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise OperatorError("this system has no pseudo terminals", "serve on TCP instead")
        self._master, slave = os.openpty()
        self._url = os.ttyname(slave)
        tty.setraw(slave)
        os.close(slave)
        fcntl.ioctl(self._master, termios.TIOCPKT, struct.pack("i", 1))
        os.set_blocking(self._master, False)
        self._inbound = bytearray()
        self._opened_at: float | None = None
        self._was_flushed = False

    @property
    def url(self) -> str:
        """The path of the device file to open."""
        return self._url

    def has_reader(self) -> bool:
        """Say whether a host holds the device file open and is done with opening it."""
        self._poll()
        if self._opened_at is None:
            return False
        return self._was_flushed or time.monotonic() - self._opened_at > _SETTLE_S

    def write_some(self, data: bytes) -> int:
        """Send what fits; without a host the bytes are gone, as on a real wire."""
        self._poll()
        if self._opened_at is None:
            return len(data)
        try:
            return os.write(self._master, data)
        except BlockingIOError:
            return 0
        except OSError:
            return len(data)

    def wait_writable(self, timeout_s: float) -> None:
        """Wait really until more fits, ``timeout_s`` at most."""
        select.select([], [self._master], [], timeout_s)

    def read_available(self) -> bytes:
        """Return what the host sent."""
        self._poll()
        data = bytes(self._inbound)
        self._inbound.clear()
        return data

    def drain(self, timeout_s: float) -> bool:
        """Wait really until the host has read everything; say whether it has."""
        deadline, looks = time.monotonic() + timeout_s, 0
        while looks < _EMPTY_LOOKS and time.monotonic() < deadline and self.has_reader():
            looks = looks + 1 if self._unread() == 0 else 0
            time.sleep(_LOOK_EVERY_S)
        return looks == _EMPTY_LOOKS

    def close(self) -> None:
        """Unplug."""
        os.close(self._master)

    def _poll(self) -> None:
        """Take what the host sent, and note whether it came, emptied its buffer, or left."""
        poll = select.poll()
        poll.register(self._master, select.POLLIN | select.POLLPRI)
        happened = poll.poll(0)
        with suppress(OSError):  # nothing more to read, or nobody there
            while packet := os.read(self._master, _READ_LIMIT_BYTES):
                self._take_packet(packet)
        if happened and happened[0][1] & select.POLLHUP:
            self._opened_at, self._was_flushed = None, False
        elif self._opened_at is None:
            self._opened_at = time.monotonic()

    def _take_packet(self, packet: bytes) -> None:
        """Packet mode: a zero byte and data, or one byte of flags."""
        if packet[0] == 0:
            self._inbound += packet[1:]
        elif sys.platform != "win32" and packet[0] & termios.TIOCPKT_FLUSHREAD:
            self._was_flushed = True

    def _unread(self) -> int:
        """Return how many bytes wait on the host's side."""
        if sys.platform == "win32":
            return 0
        slave = os.open(self._url, os.O_RDWR | os.O_NOCTTY)
        try:
            waiting = fcntl.ioctl(slave, termios.FIONREAD, struct.pack("i", 0))
        finally:
            os.close(slave)
        return int(struct.unpack("i", waiting)[0])


class TcpEndpoint:
    """A TCP port on this computer for one host at a time; when it leaves, the next may come."""

    def __init__(self, port: int = 0) -> None:
        self._listener = _listen(port)
        self._listener.setblocking(False)
        self._url = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self._host: socket.socket | None = None
        self._accepted_at = 0.0
        self._inbound = bytearray()

    @property
    def url(self) -> str:
        """The address as pyserial takes it."""
        return self._url

    def has_reader(self) -> bool:
        """Say whether a host is connected and has had time to empty its input buffer."""
        self._poll()
        return self._host is not None and time.monotonic() - self._accepted_at > _SETTLE_S

    def write_some(self, data: bytes) -> int:
        """Send what fits; without a host the bytes are gone, as on a real wire."""
        self._poll()
        if self._host is None:
            return len(data)
        try:
            return self._host.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self._drop_host()
            return len(data)

    def wait_writable(self, timeout_s: float) -> None:
        """Wait really until more fits, ``timeout_s`` at most."""
        if self._host is not None:
            select.select([], [self._host], [], timeout_s)

    def read_available(self) -> bytes:
        """Return what the host sent."""
        self._poll()
        data = bytes(self._inbound)
        self._inbound.clear()
        return data

    def drain(self, timeout_s: float) -> bool:  # noqa: ARG002 - the seam; TCP delivers after close
        """Say that nothing will be lost: TCP delivers what was sent even after ``close``."""
        return self.has_reader()

    def close(self) -> None:
        """Hang up and listen no longer."""
        self._drop_host()
        self._listener.close()

    def _poll(self) -> None:
        if self._host is None:
            self._accept()
        try:
            while self._host is not None:
                self._take(self._host.recv(_READ_LIMIT_BYTES))
        except BlockingIOError:
            return
        except OSError:
            self._drop_host()

    def _take(self, data: bytes) -> None:
        if data:
            self._inbound += data
        else:
            self._drop_host()

    def _accept(self) -> None:
        with suppress(OSError):  # nobody waits
            self._host, _ = self._listener.accept()
            self._accepted_at = time.monotonic()
            self._host.setblocking(False)
            self._host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _drop_host(self) -> None:
        if self._host is not None:
            with suppress(OSError):
                self._host.shutdown(socket.SHUT_WR)
            self._host.close()
            self._host = None


def _listen(port: int) -> socket.socket:
    """Listen on this computer only. Raises OperatorError when the port cannot be had."""
    refusal = OperatorError(
        f"TCP port {port} cannot be used", "choose another one, or 0 for any free port"
    )
    if not 0 <= port <= 65535:
        raise refusal
    try:
        return socket.create_server(("127.0.0.1", port), backlog=1)
    except OSError as fault:
        raise refusal from fault


def write_all(endpoint: Endpoint, data: bytes, timeout_s: float = 10.0) -> None:
    """Send all of ``data``, waiting until the host has read enough for the rest to fit.

    Raises LinkLost when the host left or read nothing for ``timeout_s`` (real seconds).
    """
    rest, deadline = memoryview(data), time.monotonic() + timeout_s
    while rest:
        if not endpoint.has_reader():
            raise LinkLost(f"the host of {endpoint.url} left with {len(rest)} bytes to send")
        count = endpoint.write_some(bytes(rest[:_READ_LIMIT_BYTES]))
        if count:
            rest, deadline = rest[count:], time.monotonic() + timeout_s
        elif time.monotonic() > deadline:
            raise LinkLost(f"the host of {endpoint.url} does not read")
        else:
            endpoint.wait_writable(0.05)
