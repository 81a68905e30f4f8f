"""Asks a station whether it is well: it can be reached, it speaks, and its sessions have news.

Knows the channel's messages. Must not know processes, nor what becomes of a station that is not.
"""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import FromStation, SessionUpdate, StationAlive
from monitor.pipe import connect
from monitor.snapshot import Phase
from ui.station_search import Connect
from ui.waking_time import WakingTime

IS_WELL_WITHIN_S = 2.0
"""Of waking time. A station speaks twice a second; its engine makes four pictures a second."""
PROOF_WITHIN_S = 0.5
"""It takes a millisecond; short, because a station that was stopped is called several times."""
LOOK_EVERY_S = 0.05
CALL_EVERY_S = 0.2


def caller(folder: Path) -> Connect:
    """Return how the station of a folder is called to find out whether it answers."""
    return partial(connect, folder, proof_within_s=PROOF_WITHIN_S)


def is_well(
    call: Connect,
    is_there: Callable[[], bool],
    now: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """Call a station until it is known to be well; False when that took too long.

    A new call each time: the last one may have failed because this process did not run.
    ``is_there`` turns false when the station has ended, so that nobody waits for it.
    """
    waking = WakingTime(now())
    while is_there() and waking.pass_to(now()) < IS_WELL_WITHIN_S:
        channel = call()
        if channel is not None:
            try:
                if _speaks(channel, waking, now, pause):
                    return True
            finally:
                channel.close()
        pause(CALL_EVERY_S)
    return False


def _speaks(
    channel: Channel, waking: WakingTime, now: Callable[[], float], pause: Callable[[float], None]
) -> bool:
    heard = _Heard()
    while waking.pass_to(now()) < IS_WELL_WITHIN_S:
        try:
            heard.take(channel.receive())
        except ChannelClosed:
            return False
        if heard.is_enough:
            return True
        pause(LOOK_EVERY_S)
    return False


class _Heard:
    """What a station has said so far.

    Its first picture of a session may be old; only a second one shows that its engine works. By
    the second heartbeat all sessions have been told.
    """

    def __init__(self) -> None:
        self._beats = 0
        self._pictures: Counter[str] = Counter()

    def take(self, messages: list[FromStation]) -> None:
        for message in messages:
            match message:
                case StationAlive():
                    self._beats += 1
                case SessionUpdate():
                    self._count(message)
                case _:
                    pass

    def _count(self, update: SessionUpdate) -> None:
        if update.snapshot.phase is Phase.ENDED:
            del self._pictures[update.snapshot.session_id]
        else:
            self._pictures[update.snapshot.session_id] += 1

    @property
    def is_enough(self) -> bool:
        return self._beats > 1 and all(count > 1 for count in self._pictures.values())
