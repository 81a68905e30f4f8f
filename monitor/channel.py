"""The seam between desktop and station: messages in both directions over a local channel.

Knows how a message travels in memory. Must not know what it means; pipe.py crosses processes.
"""

from collections import deque
from typing import Any, Protocol


class ChannelClosed(Exception):  # noqa: N818 - a fact, not an error
    """The other side is gone."""


class Channel(Protocol):
    """One end of a conversation; the messages are those of channel_messages.py."""

    def send(self, message: Any) -> None:
        """Queue ``message`` for the other side without waiting. Raises ChannelClosed."""

    def receive(self) -> list[Any]:
        """Return all that has arrived, without waiting. Raises ChannelClosed once that is read."""

    def close(self, wait_s: float = 0.0) -> None:
        """Hang up; never raises. A process about to end waits until its last words are sent."""


class MemoryChannel:
    """One end of a pair in one process, for tests."""

    def __init__(self, outgoing: deque[Any], incoming: deque[Any], closed: list[bool]) -> None:
        self._outgoing = outgoing
        self._incoming = incoming
        self._closed = closed

    def send(self, message: Any) -> None:
        """Hand the message over. Raises ChannelClosed."""
        if self._closed[0]:
            raise ChannelClosed
        self._outgoing.append(message)

    def receive(self) -> list[Any]:
        """Return all that has arrived. Raises ChannelClosed once that is read."""
        messages = [self._incoming.popleft() for _ in range(len(self._incoming))]
        if not messages and self._closed[0]:
            raise ChannelClosed
        return messages

    def close(self, wait_s: float = 0.0) -> None:  # noqa: ARG002 - nothing is ever on its way here
        """Hang up on both ends."""
        self._closed[0] = True


def in_memory_pair() -> tuple[MemoryChannel, MemoryChannel]:
    """Return two joined ends."""
    there: deque[Any] = deque()
    back: deque[Any] = deque()
    closed = [False]
    return MemoryChannel(there, back, closed), MemoryChannel(back, there, closed)
