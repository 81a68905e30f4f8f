"""Tell what a simulated device on a real pty or TCP port does: it runs, loses, paces, replays."""

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from devices.serial_transport import open_transport
from devices.simulation.line import PacedSimulator, bytes_per_second
from devices.simulation.serve import (
    Endpoint,
    PtyEndpoint,
    ServedDevice,
    TcpEndpoint,
    exchange,
    push_through,
    replay,
    step_real_s,
    wait_for_reader,
    write_all,
)
from devices.transport import LineSettings, LinkLost, Parity, Transport
from monitor.clock import FastClock, ManualClock, SystemClock
from monitor.errors import OperatorError

LINE = LineSettings(19200, parity=Parity.EVEN, rts_cts=True)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SOME = bytes(range(256)) * 400  # 102,400 bytes: five times what a pty holds


class Counter:
    """A device that counts tenths of a second aloud and repeats what it is told."""

    def __init__(self) -> None:
        self._said = 0
        self._answer = b""

    def receive(self, data: bytes, t: float) -> None:
        self._answer += b"<" + data + b">"

    def emit(self, t: float) -> bytes:
        answer, self._answer = self._answer, b""
        first, self._said = self._said + 1, max(self._said, int(t * 10))
        return answer + b"".join(b"%d\n" % tenth for tenth in range(first, self._said + 1))


needs_pty = pytest.mark.skipif(os.name != "posix", reason="pseudo terminals exist only on POSIX")
KINDS = [pytest.param(PtyEndpoint, marks=needs_pty, id="pty"), pytest.param(TcpEndpoint, id="tcp")]
either = pytest.mark.parametrize("make", KINDS)


def read_until(transport: Transport, done: Callable[[bytes], bool], seconds: float = 8.0) -> bytes:
    data, deadline = b"", time.monotonic() + seconds
    while not done(data):
        assert time.monotonic() < deadline, f"waited in vain after {len(data)} bytes"
        data += transport.read()
    return data


def numbers(data: bytes) -> list[int]:
    lines = data.split(b"\n")[1:-1]
    return [int(line) for line in lines if line.isdigit()]


@either
def test_a_served_device_talks_listens_and_survives_its_hosts(
    make: Callable[[], Endpoint],
) -> None:
    device = ServedDevice(Counter(), make(), SystemClock())
    device.start()
    last = -1
    for _ in range(3):
        host = open_transport(device.url, LINE)
        host.write(b"who")
        heard = read_until(host, lambda data: b"<who>" in data and data.count(b"\n") > 3)
        counted = numbers(heard)
        assert counted == sorted(set(counted))
        assert counted[0] > last
        last = counted[-1]
        host.close()
    device.stop()


@either
def test_what_is_said_while_nobody_listens_is_lost(make: Callable[[], Endpoint]) -> None:
    endpoint = make()
    assert endpoint.write_some(b"to nobody") == 9
    assert not endpoint.has_reader()
    host = open_transport(endpoint.url, LINE)
    wait_for_reader(endpoint, 5)
    write_all(endpoint, b"to you")
    assert read_until(host, lambda data: len(data) >= 6) == b"to you"
    host.close()
    until_left(endpoint)
    assert endpoint.write_some(b"to nobody again") == 15
    endpoint.close()


def until_left(endpoint: Endpoint) -> None:
    deadline = time.monotonic() + 5
    while endpoint.has_reader():
        assert time.monotonic() < deadline
        threading.Event().wait(0.002)


@either
def test_a_device_switched_off_is_a_lost_line_for_its_host(make: Callable[[], Endpoint]) -> None:
    device = ServedDevice(Counter(), make(), SystemClock())
    device.start()
    host = open_transport(device.url, LINE)
    read_until(host, lambda data: b"\n" in data)
    device.stop()
    with pytest.raises(LinkLost):
        read_until(host, lambda _: False)
    host.close()


@either
def test_a_recording_is_replayed_whole_and_verbatim(make: Callable[[], Endpoint]) -> None:
    endpoint = make()
    player = threading.Thread(target=replay, args=(SOME, endpoint, SystemClock()))
    player.start()
    host = open_transport(endpoint.url, LINE)
    assert read_until(host, lambda data: len(data) >= len(SOME)) == SOME
    player.join(5)
    assert not player.is_alive()
    host.close()
    endpoint.close()


@needs_pty
def test_a_replay_returns_only_when_the_host_has_read_everything() -> None:
    endpoint, done = PtyEndpoint(), threading.Event()

    def play() -> None:
        replay(SOME[:3000], endpoint, SystemClock())
        endpoint.close()
        done.set()

    player = threading.Thread(target=play)
    host = open_transport(endpoint.url, LINE, read_timeout_s=2)
    player.start()
    assert not done.wait(0.3)
    assert read_until(host, lambda data: len(data) >= 3000) == SOME[:3000]
    assert done.wait(5)
    player.join(5)
    host.close()


@needs_pty
def test_a_replay_keeps_to_its_rate_on_the_given_clock() -> None:
    endpoint = PtyEndpoint()
    host = open_transport(endpoint.url, LINE)
    began = time.monotonic()
    player = threading.Thread(
        target=replay, args=(SOME[:6000], endpoint, FastClock(10, datetime.now(UTC)), 1000.0)
    )
    player.start()
    read_until(host, lambda data: len(data) >= 6000)
    assert 0.5 < time.monotonic() - began < 3
    player.join(5)
    host.close()
    endpoint.close()


@needs_pty
def test_a_replay_to_nobody_and_to_one_who_leaves_is_an_error() -> None:
    endpoint = PtyEndpoint()
    with pytest.raises(LinkLost, match="nobody opened"):
        replay(SOME, endpoint, SystemClock(), reader_timeout_s=0.05)
    host = open_transport(endpoint.url, LINE)
    wait_for_reader(endpoint, 5)
    leaver = threading.Timer(0.2, host.close)
    leaver.start()
    with pytest.raises(LinkLost, match="left"):
        replay(SOME, endpoint, SystemClock())
    leaver.join()
    endpoint.close()


@needs_pty
def test_a_host_that_does_not_read_never_stops_the_device() -> None:
    endpoint = PtyEndpoint()
    host = open_transport(endpoint.url, LINE)
    wait_for_reader(endpoint, 5)
    with pytest.raises(LinkLost, match="does not read"):
        write_all(endpoint, SOME, timeout_s=0.2)
    assert endpoint.write_some(SOME) == 0
    host.close()
    endpoint.close()


@either
def test_one_thread_can_be_device_and_host_in_lockstep(make: Callable[[], Endpoint]) -> None:
    endpoint, device = make(), Counter()
    host = open_transport(endpoint.url, LINE, read_timeout_s=0)
    received = bytearray()

    def pump() -> int:
        data = host.read()
        received.extend(data)
        return len(data)

    sent = b""
    for second in range(0, 3600, 60):
        host.write(b"?")
        said = exchange(device, endpoint, float(second))
        push_through(said, endpoint, pump)
        sent += said
    push_through(SOME, endpoint, pump)
    assert bytes(received) == sent + SOME
    assert sent.count(b"\n") == 35400
    host.close()
    endpoint.close()


def test_the_speed_of_a_line_counts_start_parity_and_stop_bits() -> None:
    assert bytes_per_second(LINE) == pytest.approx(1745.45, abs=0.01)
    assert bytes_per_second(LineSettings(9600)) == 960.0


def test_a_paced_device_says_the_same_only_later() -> None:
    class Burst(Counter):
        def emit(self, t: float) -> bytes:
            return b"x" * 1000 if t == 0 else b""

    paced = PacedSimulator(Burst(), rate=100)
    counts = [len(paced.emit(t / 2)) for t in range(30)]
    assert counts[0] == 0
    assert set(counts[1:21]) == {50}
    assert sum(counts) == 1000


def test_an_idle_line_saves_up_nothing() -> None:
    class Late(Counter):
        def emit(self, t: float) -> bytes:
            return b"x" * 1000 if t == 60 else b""

    paced = PacedSimulator(Late(), rate=100)
    paced.emit(59.0)
    assert len(paced.emit(60.0)) <= 100


def test_a_fast_clock_is_looked_at_more_often_but_not_without_end() -> None:
    assert step_real_s(SystemClock()) == 0.05
    assert step_real_s(FastClock(10, BEGIN)) == pytest.approx(0.025)
    assert step_real_s(FastClock(1000, BEGIN)) == 0.01
    assert step_real_s(ManualClock(BEGIN)) == 0.05


def test_a_tcp_port_that_is_taken_is_refused_in_one_sentence() -> None:
    first = TcpEndpoint()
    with pytest.raises(OperatorError, match="cannot be used: choose another"):
        TcpEndpoint(int(first.url.rsplit(":", 1)[1]))
    with pytest.raises(OperatorError):
        TcpEndpoint(70000)
    first.close()
