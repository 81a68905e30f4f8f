"""Read one device for ever: open its port, feed its driver, hand over events, reconnect.

Knows transports, drivers and waiting; ``Line`` is the pure part, ``DeviceReader`` the thread.
Must not know protocols, sessions or what becomes of the events.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from devices.driver import Driver, DriverInfo
from devices.transport import LinkLost, Transport
from monitor.clock import Clock, Instant
from monitor.errors import OperatorError
from monitor.events import DeviceBatch, DeviceEvent, LinkDown, LinkUp, ValidFrame

# Reliability study, section 3, "Reconnect": 20 ms, twice as long each time, 1 s at most, for ever.
FIRST_WAIT_S = 0.02
LONGEST_WAIT_S = 1.0
RESTART_WAIT_S = 1.0
PIECE_BYTES = 4096
PUMP_LIMIT_BYTES = 65536
# A clock that runs fast does not make a wire fast: so long, really, a line may always be quiet.
SHORTEST_SILENCE_REAL_S = 0.2


@dataclass(frozen=True, slots=True)
class Untried:
    """Nothing was said about the link yet."""


@dataclass(frozen=True, slots=True)
class Live:
    """Valid frames arrive."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The link is down, and this reason was reported."""

    reason: str


LinkState = Untried | Live | Broken


class Line:
    """What became of one device's line: openings, bytes and losses in, events out; no I/O.

    Connected means a frame with a good checksum, nothing else. A loss is told once; another
    reason is told again.
    """

    def __init__(self, driver: Driver, silent_after_s: float) -> None:
        self._driver = driver
        self._silent_after_s = silent_after_s
        self._state: LinkState = Untried()
        self._last_sign: Instant | None = None
        self._next_wait_s = FIRST_WAIT_S

    @property
    def state(self) -> LinkState:
        """What was last reported about the link."""
        return self._state

    def opened(self, now: Instant) -> None:
        """Begin anew on a port that was just opened; this alone does not connect."""
        self._driver.line_opened()
        self._last_sign = now

    def due(self, now: Instant) -> bytes:
        """Return what the driver wants sent now."""
        return self._driver.due(now)

    def farewell(self) -> bytes:
        """Return what the driver wants sent before the port is closed on purpose."""
        return self._driver.farewell()

    def received(self, data: bytes, now: Instant) -> tuple[DeviceEvent, ...]:
        """Take bytes; the first valid frame after a loss is preceded by LinkUp."""
        events = self._driver.feed(data, now)
        first = next((i for i, event in enumerate(events) if isinstance(event, ValidFrame)), None)
        if first is None:
            return tuple(events)
        self._last_sign = now
        if isinstance(self._state, Live):
            return tuple(events)
        self._state = Live()
        self._next_wait_s = FIRST_WAIT_S
        return (*events[:first], LinkUp(now), *events[first:])

    def down(
        self, reason: str, now: Instant, *, is_silence: bool = False
    ) -> tuple[DeviceEvent, ...]:
        """Take note that the line is lost, silent or cannot be opened."""
        if self._state == Broken(reason):
            return ()
        self._state = Broken(reason)
        return (LinkDown(now, reason, is_silence),)

    def silence(self, now: Instant) -> str | None:
        """Return the reason when no valid frame came for too long on an open port."""
        if self._last_sign is None or now.seconds_since(self._last_sign) < self._silent_after_s:
            return None
        return f"no valid data for {self._silent_after_s:g} s"

    def next_wait_s(self) -> float:
        """Return how long to wait really before the next attempt; longer each time."""
        wait = self._next_wait_s
        self._next_wait_s = min(2 * wait, LONGEST_WAIT_S)
        return wait

    def replace_driver(self, driver: Driver) -> None:
        """Go on with a new driver, because the old one failed twice without a valid frame."""
        self._driver = driver


class DeviceReader:
    """The one owner of one device's port: opens, reads, writes and closes it.

    Either ``start()`` its thread, or call ``pump_once()`` from one thread of your own; ``stop()``
    ends both. Batches go to ``inbox`` from that thread. ``open_line`` raises OperatorError or
    LinkLost when there is no port now.
    """

    def __init__(
        self,
        chair: str,
        device: str,
        info: DriverInfo,
        open_line: Callable[[], Transport],
        *,
        clock: Clock,
        inbox: Callable[[DeviceBatch], None],
    ) -> None:
        self._chair = chair
        self._device = device
        self._info = info
        self._open_line = open_line
        self._clock = clock
        self._inbox = inbox
        self._line = Line(info.create(), silence_limit_s(info, clock))
        self._transport: Transport | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"reader:{device}", daemon=True)

    def start(self) -> None:
        """Begin to read in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Ask to end: the farewell is sent as well as it can be, then the port is closed."""
        self._stopping.set()
        if self._thread.ident is None:
            self._hang_up()

    def join(self, timeout_s: float | None = None) -> None:
        """Wait until the thread has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def state(self) -> LinkState:
        """What was last reported about the link."""
        return self._line.state

    def pump_once(self) -> int:
        """Read everything available now, feed it, and return the number of bytes; no thread.

        The transport decides whether a read waits: open it with ``read_timeout_s=0`` for lockstep.
        """
        if not self._is_open():
            return 0
        total = 0
        while total < PUMP_LIMIT_BYTES and (count := self._exchange()):
            total += count
        return total

    def _run(self) -> None:
        failure = ""
        while not self._stopping.is_set():
            try:
                self._recover(failure)
                self._follow_line()
            except Exception as fault:  # noqa: BLE001 - the one wrapper: a reader never dies silently
                failure = f"reader failed: {type(fault).__name__}"

    def _recover(self, failure: str) -> None:
        """Report a failure of ours and wait; its second time in a row the driver is replaced too.

        The first time it stays, for it remembers which inflations were already reported.
        """
        if not failure:
            return
        try:
            if self._line.state == Broken(failure):
                self._line.replace_driver(self._info.create())
            self._hand_over(self._line.down(failure, self._clock.now()))
        finally:
            self._stopping.wait(RESTART_WAIT_S)

    def _follow_line(self) -> None:
        try:
            while not self._stopping.is_set():
                if self._is_open():
                    self._exchange()
                if self._transport is None:
                    self._stopping.wait(self._line.next_wait_s())
        finally:
            self._hang_up()

    def _is_open(self) -> bool:
        """Open the port unless it is open; say whether it is now."""
        if self._transport is not None:
            return True
        try:
            self._transport = self._open_line()
        except OperatorError as refusal:
            self._hand_over(self._line.down(refusal.what, self._clock.now()))
        except LinkLost as refusal:
            self._hand_over(self._line.down(str(refusal), self._clock.now()))
        else:
            self._line.opened(self._clock.now())
        return self._transport is not None

    def _exchange(self) -> int:
        """Send what is due, read once, hand over; return how many bytes were read."""
        try:
            self._send(self._line.due(self._clock.now()))
            data = self._transport.read() if self._transport else b""
        except LinkLost as lost:
            self._give_up(str(lost))
            return 0
        self._take(data)
        if reason := self._line.silence(self._clock.now()):
            self._give_up(reason, is_silence=True)
        return len(data)

    def _send(self, data: bytes) -> None:
        if data and self._transport is not None:
            self._transport.write(data)

    def _take(self, data: bytes) -> None:
        now, received_ns = self._clock.now(), time.perf_counter_ns()
        for start in range(0, len(data), PIECE_BYTES):
            events = self._line.received(data[start : start + PIECE_BYTES], now)
            self._hand_over(events, received_ns)

    def _hand_over(self, events: Sequence[DeviceEvent], received_ns: int | None = None) -> None:
        if events:
            stamp = time.perf_counter_ns() if received_ns is None else received_ns
            self._inbox(DeviceBatch(self._chair, self._device, tuple(events), stamp))

    def _give_up(self, reason: str, *, is_silence: bool = False) -> None:
        """Close a line that is lost or silent, and say so."""
        self._close()
        self._hand_over(self._line.down(reason, self._clock.now(), is_silence=is_silence))

    def _hang_up(self) -> None:
        """Close the port; on purpose, when asked to stop, with the driver's farewell."""
        try:
            if self._stopping.is_set():
                with suppress(LinkLost):
                    self._send(self._line.farewell() if self._transport else b"")
        finally:
            self._close()

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None


def silence_limit_s(info: DriverInfo, clock: Clock) -> float:
    """Return after how many seconds on ``clock`` an open line of this driver counts as silent."""
    real_s = clock.real_seconds(info.silent_after_s)
    return info.silent_after_s * max(1.0, SHORTEST_SILENCE_REAL_S / real_s)
