"""What goes into the engine and what comes out of it, beside the rows.

Knows commands, snapshots and charts. Must not know how the engine works.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.alarms.profile import Profile
from monitor.channel_messages import Command
from monitor.events import DeviceBatch
from monitor.recall import Past
from monitor.records import Record
from monitor.snapshot import RecordingView, SessionSnapshot
from monitor.trends import Mark, Trends


@dataclass(frozen=True, slots=True)
class Ask:
    """A command from somebody; ``answer`` hears a sentence when it is refused."""

    command: Command
    answer: Callable[[str], None] = lambda _sentence: None


@dataclass(frozen=True, slots=True)
class Fault:
    """A technical fault of this computer; ``text`` "" means it is mended."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """An open session from before the start, which could not be read until now."""

    past: Past


@dataclass(frozen=True, slots=True)
class ProfilesInForce:
    """What sessions that begin from now on may have; those that run keep theirs."""

    standard: Profile
    others: tuple[Profile, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """The last message."""


Inbox = DeviceBatch | Ask | Fault | CameBack | ProfilesInForce | Stop


class Keeper(Protocol):
    """Where rows go: the recorder."""

    def put(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        """Take rows to keep; never waits."""

    def status(self) -> RecordingView:
        """Say whether what was put is on disk."""


@dataclass(frozen=True, slots=True)
class Published:
    """The newest picture of a session, and its chart up to ``mark``."""

    snapshot: SessionSnapshot
    trends: Trends
    mark: Mark
