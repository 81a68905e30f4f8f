"""The seam between desktop and station: messages in both directions over a local channel.

Knows how messages become bytes and travel. Must not know what they mean.
"""

from collections import deque
from typing import Generic, Protocol, TypeVar

Sent = TypeVar("Sent", contravariant=True)
Received = TypeVar("Received", covariant=True)


class ChannelClosed(Exception):  # noqa: N818 - a fact, not an error
    """The other side is gone."""


class Channel(Protocol, Generic[Sent, Received]):
    """One end of a conversation."""

    def send(self, message: Sent) -> None:
        """Queue ``message`` for the other side without waiting. Raises ChannelClosed."""

    def receive(self) -> list[Received]:
        """Return all that has arrived, without waiting. Raises ChannelClosed once that is read."""

    def close(self) -> None:
        """Hang up; never raises."""


T = TypeVar("T")
U = TypeVar("U")


class _MemoryEnd(Generic[T, U]):
    """One end of an in-memory pair."""

    def __init__(self, outgoing: deque[T], incoming: deque[U], closed: list[bool]) -> None:
        self._outgoing = outgoing
        self._incoming = incoming
        self._closed = closed

    def send(self, message: T) -> None:
        if self._closed[0]:
            raise ChannelClosed
        self._outgoing.append(message)

    def receive(self) -> list[U]:
        messages = [self._incoming.popleft() for _ in range(len(self._incoming))]
        if not messages and self._closed[0]:
            raise ChannelClosed
        return messages

    def close(self) -> None:
        self._closed[0] = True


def in_memory_pair() -> tuple[Channel[T, U], Channel[U, T]]:
    """Return two joined ends in one process, for tests."""
    there: deque[T] = deque()
    back: deque[U] = deque()
    closed = [False]
    return _MemoryEnd(there, back, closed), _MemoryEnd(back, there, closed)
