"""The channel between two processes: a local socket or named pipe with a shared secret.

Carries frozen messages as msgpack, never pickles. Two small threads keep either side from waiting.
"""

import contextlib
import os
import queue
import secrets
import sys
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Client,
    Connection,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from pathlib import Path
from typing import Any, get_args

import msgspec

from monitor import channel_messages as messages
from monitor.address import TEMPORARY_PREFIX, Address, Nameplate, address_of, free_address
from monitor.channel import ChannelClosed
from monitor.entry_messages import EntryCommand

PROOF_WITHIN_S = 3.0
"""So long a caller has to prove that it knows the secret: it takes a millisecond."""
PAUSE_AFTER_FAULT_S = 0.2
LOOK_EVERY_S = 0.5

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        messages.Hello,
        messages.DesktopAlive,
        messages.Goodbye,
        messages.OpenSession,
        messages.StartInfusion,
        messages.EndInfusion,
        messages.EndSession,
        messages.ResumeSession,
        messages.EndInterrupted,
        messages.Identify,
        messages.Acknowledge,
        *get_args(messages.AlarmSetting),
        *get_args(EntryCommand),
        messages.StationAlive,
        messages.SessionUpdate,
        messages.Refused,
    )
}


def encode(message: Any) -> bytes:
    """Turn a message into bytes: its name and its fields."""
    return msgspec.msgpack.encode((type(message).__name__, message))


def decode(data: bytes) -> Any:
    """Turn bytes back into a message. Raises ValueError for anything else."""
    name, body = msgspec.msgpack.decode(data, type=tuple[str, msgspec.Raw])
    if name not in _TYPES:
        raise ValueError(f"unknown message {name}")
    return msgspec.msgpack.decode(body, type=_TYPES[name])


class PipeChannel:
    """One end of a conversation over a connection. ``arrived`` is called after each message."""

    def __init__(
        self, connection: "Connection[Any, Any]", arrived: Callable[[], None] = lambda: None
    ) -> None:
        self._connection = connection
        self._arrived = arrived
        self._incoming: deque[Any] = deque()
        self._outgoing: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._working = 2
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._take, name="channel-in", daemon=True)
        self._writer = threading.Thread(target=self._give, name="channel-out", daemon=True)
        self._reader.start()
        self._writer.start()

    def send(self, message: Any) -> None:
        """Queue a message. Raises ChannelClosed."""
        if self._closed.is_set():
            raise ChannelClosed
        self._outgoing.put(message)

    def receive(self) -> list[Any]:
        """Return all that has arrived. Raises ChannelClosed once that is read."""
        over = self._closed.is_set()
        messages_ = [self._incoming.popleft() for _ in range(len(self._incoming))]
        if not messages_ and over:
            raise ChannelClosed
        return messages_

    @property
    def waiting(self) -> int:
        """Messages queued and not yet handed to the operating system."""
        return self._outgoing.qsize()

    def close(self, wait_s: float = 0.0) -> None:
        """Send what is queued and hang up; wait so long at most until it is sent."""
        self._outgoing.put(None)
        if wait_s:
            self._writer.join(wait_s)

    def _take(self) -> None:
        """Read to the very end, even when nothing can be sent any more: it may be a goodbye."""
        try:
            with contextlib.suppress(EOFError, OSError, ValueError, msgspec.MsgspecError):
                while True:
                    self._incoming.append(decode(self._connection.recv_bytes()))
                    self._arrived()
        finally:
            self._closed.set()
            self._outgoing.put(None)
            _shut_down(self._connection)  # wakes the other thread, should the system let it wait
            self._finish()
            self._arrived()

    def _give(self) -> None:
        try:
            with contextlib.suppress(OSError, ValueError):
                while (message := self._outgoing.get()) is not None:
                    self._connection.send_bytes(encode(message))
                _shut_down(self._connection)
        finally:
            self._finish()

    def _finish(self) -> None:
        """Let go of the connection when both threads are done with it, not before."""
        with self._lock:
            self._working -= 1
            if self._working == 0:
                self._connection.close()


def _shut_down(connection: "Connection[Any, Any]") -> None:
    """Wake whoever waits for the connection; on POSIX it stays open for the threads that use it."""
    with contextlib.suppress(OSError, ValueError):
        if sys.platform == "win32":
            connection.close()
        else:
            import socket  # noqa: PLC0415 - only POSIX has AF_UNIX sockets here

            with socket.socket(fileno=os.dup(connection.fileno())) as alias:
                alias.shutdown(socket.SHUT_RDWR)


class Doorbell:
    """Listens in a data folder and hands each desktop that knows the secret to ``greet``.

    Whoever does not prove in time to know it is turned away, and keeps nobody else waiting.
    """

    def __init__(self, folder: Path, greet: Callable[["Connection[Any, Any]"], None]) -> None:
        self._greet = greet
        self._secret = secrets.token_bytes(32)
        self._where = free_address(folder)
        parent = Path(self._where).parent
        self._temporary = parent if parent.name.startswith(TEMPORARY_PREFIX) else None
        self._listener = Listener(self._where, backlog=8)
        self._nameplate = Nameplate(folder, Address(self._where, self._secret, os.getpid()))
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="doorbell", daemon=True)
        self._looker = threading.Thread(target=self._look, name="doorbell-look", daemon=True)
        self._thread.start()
        self._looker.start()

    def _look(self) -> None:
        while not self._is_closing.wait(LOOK_EVERY_S):
            self._nameplate.look()

    def _serve(self) -> None:
        while not self._is_closing.is_set():
            try:
                connection = self._listener.accept()
            except OSError:  # too many open files, or a caller that hung up at once
                self._is_closing.wait(PAUSE_AFTER_FAULT_S)
                continue
            admit = threading.Thread(
                target=self._admit, args=(connection,), name="doorbell-admit", daemon=True
            )
            admit.start()

    def _admit(self, connection: "Connection[Any, Any]") -> None:
        if _shake_hands(connection, self._secret, deliver_challenge, answer_challenge):
            self._greet(connection)

    def close(self) -> None:
        """Stop listening and take the address away."""
        self._is_closing.set()
        self._looker.join()
        self._nameplate.take_down()
        with contextlib.suppress(OSError):
            Client(self._where).close()  # closing alone does not wake a thread that accepts
        self._thread.join(PROOF_WITHIN_S)
        with contextlib.suppress(OSError):
            self._listener.close()
        with contextlib.suppress(OSError):
            if self._temporary is not None:
                self._temporary.rmdir()


Step = Callable[["Connection[Any, Any]", bytes], None]


def _shake_hands(
    connection: "Connection[Any, Any]", secret: bytes, *steps: Step, within_s: float | None = None
) -> bool:
    """Prove to each other in time to know the secret; hang up and return False otherwise."""
    patience = threading.Timer(within_s or PROOF_WITHIN_S, _shut_down, (connection,))
    patience.daemon = True
    patience.start()
    is_proven = False
    with contextlib.suppress(AuthenticationError, AssertionError, EOFError, OSError, ValueError):
        for step in steps:
            step(connection, secret)
        is_proven = True
    patience.cancel()
    patience.join()
    if not is_proven:
        connection.close()
    return is_proven


def connect(folder: Path, *, proof_within_s: float | None = None) -> PipeChannel | None:
    """Call the station of a data folder; None when none answers (in so many seconds)."""
    address = address_of(folder)
    if address is None:
        return None
    try:
        connection = Client(address.where)
    except OSError:
        return None
    steps = (answer_challenge, deliver_challenge)
    if not _shake_hands(connection, address.secret, *steps, within_s=proof_within_s):
        return None
    return PipeChannel(connection)
