"""The nurse of a demonstration with a window: starts the sessions and the infusions.

A second client of the station, as any script could be. Must not import Qt.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from devices.simulation.scenarios import INFUSION_STARTS_S
from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import OpenSession, SessionUpdate, StartInfusion
from monitor.pipe import connect
from monitor.snapshot import Phase

LOOK_EVERY_S = 0.2


def attend(folder: Path, chairs: Sequence[str], speed: float) -> None:
    """Open a session at every chair once and start its infusion when its time has come."""
    channel = _call(folder)
    for chair in chairs:
        channel.send(OpenSession(chair, "Demo patient"))
    waiting = set(chairs)
    try:
        while waiting:
            for message in channel.receive():
                if isinstance(message, SessionUpdate):
                    _start_when_due(channel, message, waiting)
            time.sleep(LOOK_EVERY_S / max(1.0, speed / 10))
    except ChannelClosed:
        return


def _call(folder: Path) -> Channel:
    while (channel := connect(folder)) is None:
        time.sleep(LOOK_EVERY_S)
    return channel


def _start_when_due(channel: Channel, update: SessionUpdate, waiting: set[str]) -> None:
    snapshot = update.snapshot
    if snapshot.phase is not Phase.BASELINE:
        waiting.discard(snapshot.chair)
    elif snapshot.now_s >= INFUSION_STARTS_S:
        channel.send(StartInfusion(snapshot.session_id))
