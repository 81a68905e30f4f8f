"""Open and use a serial port, a serial-to-Ethernet box or the line of a simulator.

Knows pyserial, how it fails, and what an operating system says when a port cannot be opened: the
only file that imports pyserial. Must not know protocols, drivers or threads.
"""

import re
import select
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import serial
from serial.tools import list_ports as present

from devices.port_faults import PortUnavailable, explain
from devices.transport import READ_TIMEOUT_S, LineSettings, LinkLost, Parity, Transport

if sys.platform == "win32":
    _TERMIOS_FAULTS: tuple[type[Exception], ...] = ()
else:
    import termios

    _TERMIOS_FAULTS = (termios.error,)

# What pyserial 3.5 was seen to raise after an unplug (reliability study, 3.1 and 3.4): not only
# SerialException but a bare OSError, termios.error (no OSError at all), and TypeError, ValueError
# or AttributeError when its file descriptor is gone.
_FAULTS: tuple[type[Exception], ...] = (
    serial.SerialException,
    OSError,
    *_TERMIOS_FAULTS,
    TypeError,
    ValueError,
    AttributeError,
)
# The stubs say so of everything serial_for_url returns; TCP and loop ports are cousins of it.
Port = serial.Serial
_READ_LIMIT_BYTES = 4096
_WRITE_TIMEOUT_S = 1.0
_PSEUDO_TERMINAL = re.compile(r"/dev/(pts/|ttys)\d+$")  # Linux; macOS


@dataclass(frozen=True, slots=True)
class PortFacts:
    """One serial port of this computer; numbers are USB identities, None where it has none."""

    url: str
    description: str
    vid: int | None
    pid: int | None
    serial_number: str | None


def list_ports() -> list[PortFacts]:
    """List the serial ports of this computer, sorted by name."""
    found = (
        PortFacts(p.device, p.description or "", p.vid, p.pid, p.serial_number)
        for p in present.comports()
    )
    return sorted(found, key=lambda port: port.url)


def open_transport(
    url: str, line: LineSettings, read_timeout_s: float = READ_TIMEOUT_S
) -> Transport:
    """Open ``url``: a device path, COMn, or ``socket://host:port``, ``rfc2217://...``, ``loop://``.

    A device is opened exclusively and its input buffer is emptied. ``read_timeout_s`` is how long
    a read waits for the first byte; 0 suits a runner that reads in step with its simulator.
    Raises PortUnavailable with one sentence for a person.
    """
    try:
        if url.startswith("socket://"):
            return _SocketTransport(url, _open_port(url, line, 0), read_timeout_s)
        return _SerialTransport(url, _open_port(url, line, read_timeout_s))
    except _FAULTS as fault:
        raise explain(url, fault, [port.url for port in list_ports()]) from fault


def _open_port(url: str, line: LineSettings, read_timeout_s: float) -> Port:
    """Open as the line asks; a pty always as 8N1 without flow control.

    Measured: a pty takes parity or 7 bits the first time and answers EINVAL (termios.error) on a
    later opening; macOS may answer ENOTTY. A real port that refuses parity is refused.
    """
    possible = _plain(line) if _is_pseudo_terminal(url) else line
    port = serial.serial_for_url(
        url,
        baudrate=possible.baud,
        bytesize=possible.data_bits,
        parity=possible.parity.value,
        stopbits=possible.stop_bits,
        rtscts=possible.rts_cts,
        dsrdtr=False,
        timeout=read_timeout_s,
        write_timeout=_WRITE_TIMEOUT_S,
        exclusive=True,
    )
    _leave_modem_lines_on_close(port)
    return port


def _plain(line: LineSettings) -> LineSettings:
    return LineSettings(line.baud, 8, Parity.NONE, 1, rts_cts=False)


def _is_pseudo_terminal(url: str) -> bool:
    """Say whether ``url`` is, or links to, a pseudo terminal: the line of a simulator."""
    return "://" not in url and _PSEUDO_TERMINAL.match(str(Path(url).resolve())) is not None


def _leave_modem_lines_on_close(port: Port) -> None:
    """Clear HUPCL where there is one, so that closing the port does not drop DTR and RTS.

    Opening raises both (the system does that) and they stay raised. Windows lowers DTR when the
    last handle is closed; nothing can be done about that from here.
    """
    if sys.platform != "win32" and isinstance(port, serial.Serial):
        with suppress(termios.error):
            attributes = termios.tcgetattr(port.fileno())
            attributes[2] &= ~termios.HUPCL
            termios.tcsetattr(port.fileno(), termios.TCSANOW, attributes)


class _SerialTransport:
    """A port of pyserial whose every fault becomes LinkLost."""

    def __init__(self, url: str, port: Port) -> None:
        self._url = url
        self._port = port

    def read(self) -> bytes:
        """Return what is there, waiting for a first byte at most the read timeout."""
        try:
            return self._read_what_is_there()
        except _FAULTS as fault:
            raise LinkLost(f"{self._url} was unplugged or closed by the other side") from fault

    def _read_what_is_there(self) -> bytes:
        waiting = min(self._port.in_waiting, _READ_LIMIT_BYTES)
        return bytes(self._port.read(waiting or 1))

    def write(self, data: bytes) -> None:
        """Send all of ``data`` within a second."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as fault:
            raise LinkLost(f"the device on {self._url} does not accept data") from fault
        except _FAULTS as fault:
            raise LinkLost(f"{self._url} was unplugged or closed by the other side") from fault

    def close(self) -> None:
        """Let go of the port, whatever state it is in."""
        with suppress(*_FAULTS):
            self._port.close()


class _SocketTransport(_SerialTransport):
    """A TCP line: pyserial says only whether a byte waits, not how many, so wait here."""

    def __init__(self, url: str, port: Port, read_timeout_s: float) -> None:
        super().__init__(url, port)
        self._read_timeout_s = read_timeout_s

    def _read_what_is_there(self) -> bytes:
        ready, _, _ = select.select([self._port.fileno()], [], [], self._read_timeout_s)
        return bytes(self._port.read(_READ_LIMIT_BYTES)) if ready else b""


__all__ = ["PortFacts", "PortUnavailable", "list_ports", "open_transport"]
