"""The nurse of a demonstration with a window: starts the sessions and the infusions.

A second client of the station, as any script could be. Must not import Qt.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from devices.simulation.scenarios import INFUSION_STARTS_S
from monitor.baseline import LEAST_READINGS
from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import OpenSession, SessionUpdate, StartInfusion
from monitor.pipe import connect
from monitor.snapshot import Phase

LOOK_EVERY_S = 0.2
WAITS_AT_MOST_S = 660.0
"""Two cycles of the simulated cuff and a minute: then she starts without a baseline."""


def infusion_is_due(t: float, readings: int) -> bool:
    """Say whether to start the infusion at second ``t`` of the session.

    When the simulated patient's time has come and a baseline can be taken from so many cuff
    ``readings``; a cuff that fails all the time does not keep the demonstration waiting for ever.
    """
    is_time = t >= INFUSION_STARTS_S
    return is_time and (readings >= LEAST_READINGS or t >= WAITS_AT_MOST_S)


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
                    start_when_due(channel, message, waiting)
            time.sleep(LOOK_EVERY_S / max(1.0, speed / 10))
    except ChannelClosed:
        return


def _call(folder: Path) -> Channel:
    while (channel := connect(folder)) is None:
        time.sleep(LOOK_EVERY_S)
    return channel


def start_when_due(channel: Channel, update: SessionUpdate, waiting: set[str]) -> None:
    """Start the infusion of the session of ``update`` when it is due; leave the chairs that run."""
    snapshot = update.snapshot
    if snapshot.phase is not Phase.BASELINE:
        waiting.discard(snapshot.chair)
    elif infusion_is_due(snapshot.now_s, snapshot.baseline_readings):
        channel.send(StartInfusion(snapshot.session_id))
