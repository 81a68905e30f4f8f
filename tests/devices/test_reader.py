"""Tell what a reader reports of its line: connected, silent, lost, and never anything invented."""

import os
import re
import threading
import time
import tty
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.driver import DriverInfo, Maturity
from devices.memory_transport import MemoryTransport, joined_pair
from devices.reader import PIECE_BYTES, Broken, DeviceReader, Line, Live, silence_limit_s
from devices.serial_transport import open_transport
from devices.transport import LineSettings, LinkLost, Transport
from monitor.clock import FastClock, Instant, ManualClock, SystemClock
from monitor.errors import OperatorError
from monitor.events import (
    BadFrame,
    DeviceBatch,
    DeviceEvent,
    DriverEvent,
    LinkDown,
    LinkUp,
    Measured,
    ValidFrame,
)
from monitor.readings import Quality, Reading
from monitor.vitals import Vital

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SILENT_AFTER_S = 15.0


def frame(number: int) -> bytes:
    return b"V%d*%02x\n" % (number, sum(b"%d" % number) & 0xFF)


class LineDriver:
    """A device that says ``V<number>*<sum>`` in lines; b"boom" is its bug."""

    def __init__(self) -> None:
        self._held = b""
        self._offset = 0
        self._greet = b""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        if b"boom" in self._held + data:
            raise ZeroDivisionError
        *lines, self._held = (self._held + data).split(b"\n")
        return [event for line in lines for event in self._decode(line, now)]

    def _decode(self, line: bytes, now: Instant) -> list[DriverEvent]:
        offset, self._offset = self._offset, self._offset + len(line) + 1
        found = re.fullmatch(rb"V(\d+)\*([0-9a-f]{2})", line)
        if not found or sum(found[1]) & 0xFF != int(found[2], 16):
            return [BadFrame(offset, now, "checksum", line[:32])]
        reading = Reading(Vital.PULSE_RATE, float(found[1]), Quality.OK, now)
        return [ValidFrame(offset, now), Measured(offset, reading)]

    def due(self, now: Instant) -> bytes:
        greet, self._greet = self._greet, b""
        return greet

    def line_opened(self) -> None:
        self._held = b""
        self._greet = b"hello\n"

    def farewell(self) -> bytes:
        return b"bye\n"

    @property
    def buffered(self) -> int:
        return len(self._held)


INFO = DriverInfo(
    key="lines",
    title="A device of lines",
    line_settings=(LineSettings(9600),),
    create=LineDriver,
    maturity=Maturity.SIMULATED,
    silent_after_s=SILENT_AFTER_S,
)


def values(events: Sequence[DeviceEvent]) -> list[int]:
    readings = [e.reading for e in events if isinstance(e, Measured)]
    return [int(r.value) for r in readings if isinstance(r, Reading) and r.value is not None]


def link(events: Sequence[DeviceEvent]) -> list[str]:
    told = [e for e in events if isinstance(e, LinkUp | LinkDown)]
    return ["up" if isinstance(e, LinkUp) else e.reason for e in told]


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait really until something holds, without a sleep in the way."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(0.001)


class Bench:
    """A reader without thread on wires in memory; each opening takes the next one."""

    def __init__(self, info: DriverInfo = INFO) -> None:
        self.clock = ManualClock(BEGIN)
        self.batches: list[DeviceBatch] = []
        self.refusal: Exception | None = None
        self.far: MemoryTransport | None = None
        self.near: MemoryTransport | None = None
        self.openings = 0
        self.reader = DeviceReader(
            "chair 1", "lines", info, self.open_line, clock=self.clock, inbox=self.batches.append
        )

    def open_line(self) -> Transport:
        self.openings += 1
        if self.refusal:
            raise self.refusal
        self.near, self.far = joined_pair()
        return self.near

    def say(self, data: bytes) -> int:
        assert self.far is not None
        self.far.write(data)
        return self.reader.pump_once()

    @property
    def events(self) -> list[DeviceEvent]:
        return [event for batch in self.batches for event in batch.events]


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.reader.pump_once()
    return made


# --- the pure part -----------------------------------------------------------------------------


def test_an_open_line_is_not_a_connected_one() -> None:
    line, clock = Line(LineDriver(), SILENT_AFTER_S), ManualClock(BEGIN)
    line.opened(clock.now())
    assert link(line.received(b"V7*00\nnoise\n", clock.now())) == []
    assert not isinstance(line.state, Live)


def test_link_up_stands_before_the_first_valid_frame_and_only_there() -> None:
    line, clock = Line(LineDriver(), SILENT_AFTER_S), ManualClock(BEGIN)
    line.opened(clock.now())
    events = line.received(b"noise\n" + frame(1) + frame(2), clock.now())
    kinds = [type(event) for event in events]
    assert kinds == [BadFrame, LinkUp, ValidFrame, Measured, ValidFrame, Measured]
    assert link(line.received(frame(3), clock.now())) == []


def test_a_loss_is_told_once_and_again_only_for_another_reason() -> None:
    line, clock = Line(LineDriver(), SILENT_AFTER_S), ManualClock(BEGIN)
    told = [line.down(reason, clock.now()) for reason in ("lost", "lost", "absent", "lost")]
    assert [link(events) for events in told] == [["lost"], [], ["absent"], ["lost"]]


def test_a_loss_after_fresh_frames_is_told_again() -> None:
    line, clock = Line(LineDriver(), SILENT_AFTER_S), ManualClock(BEGIN)
    told: list[DeviceEvent] = []
    for number in range(3):
        line.opened(clock.now())
        told += line.received(frame(number), clock.now())
        told += line.down("lost", clock.now())
    assert link(told) == ["up", "lost"] * 3


def test_only_valid_frames_put_off_silence() -> None:
    line, clock = Line(LineDriver(), SILENT_AFTER_S), ManualClock(BEGIN)
    line.opened(clock.now())
    line.received(frame(1), clock.advance(10))
    line.received(b"noise\n", clock.advance(10))
    assert line.silence(clock.now()) is None
    assert line.silence(clock.advance(5)) == "no valid data for 15 s"


def test_the_waits_double_to_a_second_and_start_over_once_connected() -> None:
    line, clock = Line(LineDriver(), SILENT_AFTER_S), ManualClock(BEGIN)
    waits = [line.next_wait_s() for _ in range(8)]
    assert waits == [0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.0, 1.0]
    line.opened(clock.now())
    assert line.next_wait_s() == 1.0
    line.received(frame(1), clock.now())
    assert line.next_wait_s() == 0.02


def test_silence_is_counted_on_the_clock_but_never_shorter_than_a_wire_needs() -> None:
    assert silence_limit_s(INFO, SystemClock()) == 15.0
    assert silence_limit_s(INFO, FastClock(60, BEGIN)) == 15.0
    assert silence_limit_s(INFO, FastClock(1000, BEGIN)) == pytest.approx(200.0)


# --- without a thread --------------------------------------------------------------------------


def test_a_pump_reads_everything_and_counts_the_bytes(bench: Bench) -> None:
    assert bench.say(frame(1) + frame(2)) == len(frame(1) + frame(2))
    assert bench.reader.pump_once() == 0
    assert values(bench.events) == [1, 2]
    assert {(batch.chair, batch.device) for batch in bench.batches} == {("chair 1", "lines")}
    assert all(batch.received_ns > 0 for batch in bench.batches)


def test_events_carry_the_moment_of_the_read(bench: Bench) -> None:
    bench.clock.advance(3)
    bench.say(frame(1))
    assert [e.at for e in bench.events if isinstance(e, LinkUp | ValidFrame)] == [
        bench.clock.now()
    ] * 2


def test_what_the_driver_wants_sent_goes_out_and_the_farewell_at_the_end(bench: Bench) -> None:
    assert bench.far is not None
    assert bench.far.read() == b"hello\n"
    bench.reader.stop()
    assert bench.far.read() == b"bye\n"
    assert bench.near is not None
    assert bench.near.is_closed


def test_a_flood_is_fed_in_pieces_of_bounded_size(bench: Bench) -> None:
    flood = b"".join(frame(number) for number in range(3000))
    bench.say(flood)
    assert values(bench.events) == list(range(3000))
    assert len(bench.batches) >= len(flood) // PIECE_BYTES
    assert max(len(batch.events) for batch in bench.batches) < PIECE_BYTES


def test_a_cut_cable_is_told_and_half_a_frame_is_forgotten(bench: Bench) -> None:
    bench.say(frame(1) + b"V2")
    assert bench.near is not None
    bench.near.unplug()
    bench.reader.pump_once()
    bench.reader.pump_once()
    bench.say(b"3*33\n" + frame(4))
    assert link(bench.events) == ["up", "the cable was unplugged", "up"]
    assert values(bench.events) == [1, 4]


def test_an_open_but_silent_line_is_told_closed_and_opened_again(bench: Bench) -> None:
    bench.say(frame(1))
    silent = bench.near
    bench.clock.advance(14.9)
    bench.reader.pump_once()
    assert link(bench.events) == ["up"]
    bench.clock.advance(0.1)
    bench.reader.pump_once()
    assert link(bench.events) == ["up", "no valid data for 15 s"]
    assert silent is not None
    assert silent.is_closed
    for _ in range(5):
        bench.clock.advance(16)
        bench.reader.pump_once()
        bench.reader.pump_once()
    assert len(link(bench.events)) == 2
    assert bench.openings > 5
    bench.reader.pump_once()
    bench.say(frame(2))
    assert link(bench.events)[2:] == ["up"]


def test_a_device_that_says_only_nonsense_is_silent(bench: Bench) -> None:
    for _ in range(20):
        bench.clock.advance(1)
        bench.say(b"V1*00\n")
        bench.reader.pump_once()
    assert link(bench.events) == ["no valid data for 15 s"]


def test_a_port_that_cannot_be_opened_is_told_once_for_each_reason() -> None:
    bench = Bench()
    for refusal in (
        OperatorError("the port does not exist", "plug it in"),
        OperatorError("the port does not exist", "plug it in, please"),
        LinkLost("gone again"),
    ):
        bench.refusal = refusal
        bench.reader.pump_once()
        bench.reader.pump_once()
    assert link(bench.events) == ["the port does not exist", "gone again"]
    assert bench.reader.state == Broken("gone again")


# --- the thread, on real pseudo terminals ------------------------------------------------------

needs_pty = pytest.mark.skipif(os.name != "posix", reason="pseudo terminals exist only on POSIX")


class Cable:
    """A link that points to one pseudo terminal after the other."""

    def __init__(self, folder: Path) -> None:
        self.url = str(folder / "monitor")
        self._spare = folder / "next"
        self.master = -1

    def plug_in(self) -> None:
        """Swap in a new pty, then hang up the old one."""
        old = self.master
        self.master, slave = os.openpty()
        tty.setraw(slave)
        self._spare.symlink_to(os.ttyname(slave))
        os.close(slave)
        self._spare.replace(self.url)
        if old >= 0:
            os.close(old)


class ThreadBench:
    def __init__(self, open_line: Callable[[], Transport]) -> None:
        self.events: list[DeviceEvent] = []
        self.reader = DeviceReader(
            "chair 1",
            "lines",
            INFO,
            open_line,
            clock=SystemClock(),
            inbox=lambda batch: self.events.extend(batch.events),
        )

    def __enter__(self) -> "ThreadBench":
        self.reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.reader.stop()
        self.reader.join(5)
        assert not self.reader.is_alive


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0


@needs_pty
def test_a_cable_pulled_fifty_times_in_mid_frame_invents_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    cable, sent, files = Cable(tmp_path), 0, open_files()
    cable.plug_in()
    with ThreadBench(lambda: open_transport(cable.url, LineSettings(9600))) as bench:
        assert f"reader:{'lines'}" in {thread.name for thread in threading.enumerate()}
        for pull in range(50):
            connected = [*["up", "lost"] * pull, "up"]
            while len(link(bench.events)) < len(connected):
                sent += 1
                os.write(cable.master, frame(sent))
                threading.Event().wait(0.001)
            os.write(cable.master, frame(sent + 1)[: 1 + pull % 5])
            cable.plug_in()
            until(lambda: len(link(bench.events)) == 2 * pull + 2)  # noqa: B023 - used at once
            assert bench.reader.is_alive
    os.close(cable.master)
    told = link(bench.events)
    assert told[::2] == ["up"] * 50
    assert all("was unplugged" in reason for reason in told[1::2])
    got = values(bench.events)
    assert got == sorted(set(got))
    assert set(got) <= set(range(1, sent + 1))
    assert open_files() == files


@needs_pty
def test_a_stopped_reader_says_farewell_and_frees_the_port(tmp_path: Path) -> None:
    cable = Cable(tmp_path)
    cable.plug_in()
    with ThreadBench(lambda: open_transport(cable.url, LineSettings(9600))):
        heard = b""
        while b"hello" not in heard:
            try:
                heard += os.read(cable.master, 100)
            except OSError:
                continue  # the reader has not opened it yet
    assert os.read(cable.master, 100) == b"bye\n"
    open_transport(cable.url, LineSettings(9600)).close()
    os.close(cable.master)


@needs_pty
def test_a_bug_is_told_and_the_reader_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.reader.RESTART_WAIT_S", 0.01)
    cable = Cable(tmp_path)
    cable.plug_in()
    with ThreadBench(lambda: open_transport(cable.url, LineSettings(9600))) as bench:
        for number in range(1, 4):
            while len(link(bench.events)) < 2 * number - 1:
                os.write(cable.master, frame(number))
                threading.Event().wait(0.002)
            os.write(cable.master, b"boom\n")
            until(lambda: len(link(bench.events)) == 2 * number)  # noqa: B023 - used at once
        assert link(bench.events) == ["up", "reader failed: ZeroDivisionError"] * 3
        assert bench.reader.is_alive
    os.close(cable.master)


def test_a_reader_whose_inbox_fails_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.reader.RESTART_WAIT_S", 0.01)
    failures: list[int] = []
    events: list[DeviceEvent] = []

    def inbox(batch: DeviceBatch) -> None:
        if len(failures) < 3:
            failures.append(1)
            raise RuntimeError
        events.extend(batch.events)

    def refuse() -> Transport:
        raise LinkLost(f"no port, attempt {len(failures)}")

    reader = DeviceReader("chair 1", "x", INFO, refuse, clock=SystemClock(), inbox=inbox)
    reader.start()
    until(lambda: bool(events))
    assert reader.is_alive
    reader.stop()
    reader.join(5)
    assert not reader.is_alive


def test_a_driver_that_fails_twice_in_a_row_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.reader.RESTART_WAIT_S", 0.01)
    made: list[LineDriver] = []

    def create() -> LineDriver:
        made.append(LineDriver())
        return made[-1]

    info = DriverInfo("lines", "x", (LineSettings(9600),), create, Maturity.SIMULATED)

    def doomed() -> Transport:
        near, far = joined_pair()
        far.write(b"boom\n")
        return near

    events: list[DeviceEvent] = []
    reader = DeviceReader(
        "chair 1",
        "lines",
        info,
        doomed,
        clock=SystemClock(),
        inbox=lambda b: events.extend(b.events),
    )
    reader.start()
    until(lambda: len(made) >= 3)
    reader.stop()
    reader.join(5)
    assert link(events) == ["reader failed: ZeroDivisionError"]
