"""The channel between two processes: a local socket or named pipe with a shared secret.

Carries frozen messages as msgpack, never pickles. Two small threads keep either side from waiting.
"""

import contextlib
import hashlib
import os
import queue
import secrets
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Client,
    Connection,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from pathlib import Path
from typing import Any

import msgspec

from monitor import channel_messages as messages
from monitor.channel import ChannelClosed
from monitor.errors import OperatorError

ADDRESS_FILE = "station.json"
LONGEST_SOCKET_PATH = 100
"""A Unix socket's path may hold some 104 bytes (macOS) or 108 (Linux)."""

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
        messages.Acknowledge,
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


@dataclass(frozen=True, slots=True)
class Address:
    """Where a station listens, and the secret to speak with it; kept in the data folder."""

    where: str
    secret: bytes
    pid: int


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
        for name, work in (("channel-in", self._take), ("channel-out", self._give)):
            threading.Thread(target=work, name=name, daemon=True).start()

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

    def close(self) -> None:
        """Send what is queued and hang up."""
        self._outgoing.put(None)

    def _take(self) -> None:
        with contextlib.suppress(EOFError, OSError, ValueError, msgspec.MsgspecError):
            while True:
                self._incoming.append(decode(self._connection.recv_bytes()))
                self._arrived()
        self._hang_up()

    def _give(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (message := self._outgoing.get()) is not None:
                self._connection.send_bytes(encode(message))
        self._hang_up()

    def _hang_up(self) -> None:
        """Close once; the other thread then wakes with an error and ends, too."""
        if not self._closed.is_set():
            self._closed.set()
            self._outgoing.put(None)
            _shut_down(self._connection)
            self._arrived()


def _shut_down(connection: "Connection[Any, Any]") -> None:
    """Wake a thread that reads the connection, which closing alone does not do on POSIX."""
    with contextlib.suppress(OSError, ValueError):
        if sys.platform != "win32":
            import socket  # noqa: PLC0415 - only POSIX has AF_UNIX sockets here

            with socket.socket(fileno=os.dup(connection.fileno())) as alias:
                alias.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        connection.close()


class Doorbell:
    """Listens in a data folder and hands each desktop that knows the secret to ``greet``."""

    def __init__(self, folder: Path, greet: Callable[["Connection[Any, Any]"], None]) -> None:
        self._greet = greet
        self._secret = secrets.token_bytes(32)
        where = _free_address(folder)
        self._listener = Listener(where, backlog=8)
        self._file = folder / ADDRESS_FILE
        _write_private(self._file, msgspec.json.encode(Address(where, self._secret, os.getpid())))
        threading.Thread(target=self._serve, name="doorbell", daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._admit, args=(connection,), daemon=True).start()

    def _admit(self, connection: "Connection[Any, Any]") -> None:
        try:
            deliver_challenge(connection, self._secret)
            answer_challenge(connection, self._secret)
        except (AuthenticationError, EOFError, OSError):
            connection.close()
            return
        self._greet(connection)

    def close(self) -> None:
        """Stop listening and take the address away."""
        with contextlib.suppress(OSError):
            self._file.unlink()
        self._listener.close()


def connect(folder: Path) -> PipeChannel | None:
    """Call the station of a data folder; None when none answers."""
    address = address_of(folder)
    if address is None:
        return None
    try:
        return PipeChannel(Client(address.where, authkey=address.secret))
    except (OSError, EOFError, AuthenticationError):
        return None


def address_of(folder: Path) -> Address | None:
    """Return where the folder's station said it listens; None when it has not said, or is over."""
    try:
        return msgspec.json.decode((folder / ADDRESS_FILE).read_bytes(), type=Address)
    except (OSError, msgspec.MsgspecError):
        return None


def _free_address(folder: Path) -> str:
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\vigil-{name}-{os.getpid()}"
    path = folder / "station.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        path = Path(tempfile.mkdtemp(prefix="vigil-")) / "station.sock"
    path.unlink(missing_ok=True)
    return str(path)


def _write_private(path: Path, data: bytes) -> None:
    """Write a file that only this user can read, whole or not at all."""
    half_done = path.with_suffix(".new")
    half_done.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
            f.write(data)
        half_done.replace(path)
    except OSError as cause:
        raise OperatorError(
            f"The data folder {path.parent} cannot be written ({cause.strerror})",
            "check that it is yours and the disk is not full",
        ) from cause
