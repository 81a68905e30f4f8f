"""The nurse of a demonstration with a window: starts sessions and infusions, rates the patient.

A second client of the station, as any script could be. Must not import Qt.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from devices.simulation.scenarios import INFUSION_STARTS_S
from monitor.baseline import LEAST_READINGS
from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import OpenSession, SessionUpdate, StartInfusion
from monitor.entry_messages import EnterScale
from monitor.pipe import connect
from monitor.snapshot import Phase, SessionSnapshot

LOOK_EVERY_S = 0.2
WAITS_AT_MOST_S = 660.0
"""Two cycles of the simulated cuff and a minute: then she starts without a baseline."""

RATES_EVERY_S = 600.0
RATINGS = ((5, 3), (4, 6), (4, 5), (5, 2), (5, 0))
"""MOAA/S (0 to 5) and dissociation (0 to 10) of a usual session, round by round."""


def infusion_is_due(t: float, readings: int) -> bool:
    """Say whether to start the infusion at second ``t`` of the session.

    When the simulated patient's time has come and a baseline can be taken from so many cuff
    ``readings``; a cuff that fails all the time does not keep the demonstration waiting for ever.
    """
    is_time = t >= INFUSION_STARTS_S
    return is_time and (readings >= LEAST_READINGS or t >= WAITS_AT_MOST_S)


class Rounds:
    """Rates sedation and dissociation of each patient every ten minutes of the infusion."""

    def __init__(self) -> None:
        self._rated: dict[str, int] = {}

    def due(self, snapshot: SessionSnapshot) -> tuple[EnterScale, ...]:
        """Return what to enter now for the session of ``snapshot``."""
        started_s = snapshot.infusion_started_s
        if started_s is None or snapshot.phase is Phase.ENDED:
            return ()
        number = int((snapshot.now_s - started_s) // RATES_EVERY_S)
        if number <= self._rated.get(snapshot.session_id, 0):
            return ()
        self._rated[snapshot.session_id] = number
        return ratings(snapshot.session_id, number)


def ratings(session_id: str, number: int) -> tuple[EnterScale, ...]:
    """Return the ratings of the round of that number: drowsy and far away in the middle."""
    sedation, dissociation = RATINGS[min(number, len(RATINGS)) - 1]
    return (
        EnterScale(session_id, "MOAA/S", sedation, by="demo nurse"),
        EnterScale(session_id, "Dissociation", dissociation, by="demo nurse"),
    )


def attend(folder: Path, chairs: Sequence[str], speed: float) -> None:
    """Open a session at every chair once, start its infusion in time and rate its patient."""
    channel = _call(folder)
    for chair in chairs:
        channel.send(OpenSession(chair, "Demo patient"))
    waiting, rounds = set(chairs), Rounds()
    try:
        while True:
            for message in channel.receive():
                if isinstance(message, SessionUpdate):
                    start_when_due(channel, message, waiting)
                    for rating in rounds.due(message.snapshot):
                        channel.send(rating)
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
