"""Tell how real lines behave: ptys and TCP here, and what is said when a port cannot be opened."""

import errno
import os
import socket
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from devices.port_faults import explain
from devices.serial_transport import PortUnavailable, list_ports, open_transport
from devices.transport import LineSettings, LinkLost, Parity, Transport

if os.name != "posix":
    pytest.skip("pseudo terminals exist only on POSIX systems", allow_module_level=True)

import termios

LINE = LineSettings(19200)


@pytest.fixture
def pty() -> Iterator[tuple[int, str]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)
    os.close(slave)
    yield master, name
    try:
        os.close(master)
    except OSError:
        return


@pytest.fixture
def host() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def read_all(transport: Transport, count: int) -> bytes:
    data = b""
    for _ in range(100):
        data += transport.read()
        if len(data) >= count:
            break
    return data


def url_of(listener: socket.socket) -> str:
    return f"socket://127.0.0.1:{listener.getsockname()[1]}"


def test_every_byte_value_passes_a_pty_both_ways(pty: tuple[int, str]) -> None:
    master, name = pty
    transport = open_transport(name, LINE)
    os.write(master, bytes(range(256)))
    assert read_all(transport, 256) == bytes(range(256))
    transport.write(bytes(range(256)))
    assert os.read(master, 512) == bytes(range(256))
    transport.close()


def test_a_quiet_line_reads_as_nothing(pty: tuple[int, str]) -> None:
    transport = open_transport(pty[1], LINE, read_timeout_s=0)
    assert transport.read() == b""
    transport.close()


@pytest.mark.parametrize(
    "line",
    [
        LineSettings(19200, parity=Parity.EVEN, rts_cts=True),
        LineSettings(9600, data_bits=7, parity=Parity.ODD, stop_bits=2),
    ],
    ids=str,
)
def test_a_pty_opens_again_and_again_with_parity_and_flow_control(
    pty: tuple[int, str], line: LineSettings
) -> None:
    master, name = pty
    for _ in range(3):
        transport = open_transport(name, line)
        os.write(master, b"\x80\xff")
        assert read_all(transport, 2) == b"\x80\xff"
        transport.close()


def test_a_link_to_a_pty_counts_as_a_pty(pty: tuple[int, str], tmp_path: Path) -> None:
    link = tmp_path / "monitor"
    link.symlink_to(pty[1])
    for _ in range(2):
        open_transport(str(link), LineSettings(19200, parity=Parity.EVEN)).close()


def test_an_unplugged_line_is_lost_for_reading_and_writing_and_closes_cleanly(
    pty: tuple[int, str],
) -> None:
    master, name = pty
    transport = open_transport(name, LINE)
    os.close(master)
    with pytest.raises(LinkLost, match="unplugged"):
        transport.read()
    with pytest.raises(LinkLost, match="unplugged"):
        transport.write(b"x")
    transport.close()
    with pytest.raises(LinkLost):
        transport.read()


def hangs_up_on_close(name: str) -> bool:
    line = os.open(name, os.O_RDWR | os.O_NOCTTY)
    try:
        return bool(termios.tcgetattr(line)[2] & termios.HUPCL)
    finally:
        os.close(line)


def test_closing_does_not_hang_up_the_modem_lines(pty: tuple[int, str]) -> None:
    _, name = pty
    line = os.open(name, os.O_RDWR | os.O_NOCTTY)
    attributes = termios.tcgetattr(line)
    attributes[2] |= termios.HUPCL  # as a real port is when nobody has touched it; a pty is not
    termios.tcsetattr(line, termios.TCSANOW, attributes)
    os.close(line)
    assert hangs_up_on_close(name)
    transport = open_transport(name, LINE)
    assert not hangs_up_on_close(name)
    transport.write(b"request")
    transport.close()
    assert not hangs_up_on_close(name), "nothing on the way out may set it again"


def test_a_port_that_is_open_already_is_refused_as_held_by_another_program(
    pty: tuple[int, str],
) -> None:
    first = open_transport(pty[1], LINE)
    with pytest.raises(PortUnavailable, match="another program holds"):
        open_transport(pty[1], LINE)
    first.close()


def test_a_port_that_does_not_exist_is_named_with_the_ports_present() -> None:
    with pytest.raises(PortUnavailable, match=r"/dev/nothing-here does not exist: .*present"):
        open_transport("/dev/nothing-here", LINE)
    told = explain("/dev/x", serial.SerialException(errno.ENOENT, "gone"), ["/dev/ttyUSB0"])
    assert "present: /dev/ttyUSB0" in told.what_to_do


def test_a_dangling_link_counts_as_absent(tmp_path: Path) -> None:
    link = tmp_path / "monitor"
    link.symlink_to(tmp_path / "gone")
    with pytest.raises(PortUnavailable, match="does not exist"):
        open_transport(str(link), LINE)


def test_a_port_that_is_not_permitted_names_the_group_to_join(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = tmp_path / "port"
    port.touch()
    port.chmod(0o660)
    refused = serial.SerialException(errno.EACCES, "Permission denied")
    if port.stat().st_gid == 0:
        assert "administrator" in explain(str(port), refused, []).what_to_do
        os.chown(port, -1, 20)
    group = port.group()
    told = explain(str(port), refused, [])
    assert f"sudo usermod -aG {group} $USER" in told.what_to_do


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("could not open port 'COM9': FileNotFoundError(2, 'x', None, 2)", "COM9 does not exist"),
        ("could not open port 'COM9': OSError(22, 'x', None, 87)", "cannot be used"),
    ],
)
def test_what_windows_says_only_in_words_is_understood(text: str, expected: str) -> None:
    assert expected in explain("COM9", serial.SerialException(text), []).what


def test_a_file_that_is_no_serial_port_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a port")
    with pytest.raises(PortUnavailable, match="cannot be used as a serial port"):
        open_transport(str(file), LINE)
    assert file.read_text() == "not a port"


def test_a_line_over_tcp_reads_what_is_there_and_is_lost_when_the_host_hangs_up(
    host: socket.socket,
) -> None:
    transport = open_transport(url_of(host), LINE)
    device, _ = host.accept()
    device.sendall(bytes(range(256)) * 8)
    assert read_all(transport, 2048) == bytes(range(256)) * 8
    transport.write(b"request")
    assert device.recv(100) == b"request"
    device.close()
    with pytest.raises(LinkLost, match="closed by the other side"):
        read_all(transport, 1)
    transport.close()


def test_a_tcp_port_where_nobody_listens_is_said_in_one_sentence(host: socket.socket) -> None:
    url = url_of(host)
    host.close()
    with pytest.raises(PortUnavailable, match=f"nothing listens at {url}: start the simulator"):
        open_transport(url, LINE)


@pytest.mark.parametrize("url", ["nonsense://x", "socket://127.0.0.1", "socket://127.0.0.1:99999"])
def test_an_address_that_is_none_is_said_in_one_sentence(url: str) -> None:
    with pytest.raises(PortUnavailable, match="cannot be"):
        open_transport(url, LINE)


def test_a_loop_of_pyserial_can_stand_in_for_a_device() -> None:
    transport = open_transport("loop://", LINE)
    transport.write(b"echo")
    assert read_all(transport, 4) == b"echo"
    transport.close()


def test_the_ports_of_this_computer_can_be_listed_without_opening_them() -> None:
    assert all(port.url for port in list_ports())
