"""A whole session as fast as this computer can: devices, wire and engine move in equal steps.

Every byte still goes through a real port and the real reader. One thread; must not import Qt.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.driver import DriverInfo
from devices.reader import DeviceReader
from devices.serial_transport import open_transport
from devices.simulation.device import DeviceSimulator
from devices.simulation.endpoints import Endpoint
from devices.simulation.serve import exchange, push_through
from monitor.baseline import readings_so_far
from monitor.channel_messages import (
    Acknowledge,
    Command,
    EndInfusion,
    EndSession,
    OpenSession,
    StartInfusion,
)
from monitor.clock import ManualClock
from monitor.engine import TICK_S, Ask, Engine
from monitor.picture import Picture
from monitor.snapshot import Phase
from ui.demo_nurse import RATES_EVERY_S, infusion_is_due, ratings

INFUSION_S = 2400.0
SESSION_S = 3600.0
ANSWERS_AFTER_S = 30.0
"""How long after its onset the demonstration's nurse acknowledges an alarm."""


@dataclass(frozen=True, slots=True)
class Bed:
    """A chair's simulated device, its end of the wire, and the reader at ours."""

    chair: str
    simulator: DeviceSimulator
    endpoint: Endpoint
    reader: DeviceReader

    def step(self, t: float) -> None:
        """Let the device live until second ``t`` and the reader take all it says."""
        self.reader.pump_once()
        push_through(exchange(self.simulator, self.endpoint, t), self.endpoint, self._pump)

    def _pump(self) -> int:
        return self.reader.pump_once()

    def unplug(self) -> None:
        """End both sides."""
        self.reader.stop()
        self.endpoint.close()


def make_bed(
    chair: str,
    info: DriverInfo,
    simulator: DeviceSimulator,
    endpoint: Endpoint,
    *,
    engine: Engine,
    clock: ManualClock,
) -> Bed:
    """Join a simulated device to the engine by a wire that is read without waiting."""
    line = info.line_settings[0]
    reader = DeviceReader(
        chair,
        info.key,
        info,
        lambda: open_transport(endpoint.url, line, read_timeout_s=0),
        clock=clock,
        inbox=engine.handle,
    )
    return Bed(chair, simulator, endpoint, reader)


class Nurse:
    """Does in a demonstration what a nurse does: starts, answers alarms, ends."""

    def __init__(self, chair: str) -> None:
        self._chair = chair
        self._rounds = 0

    def _rate(self, engine: Engine, session_id: str, started_s: float | None, t: float) -> None:
        number = 0 if started_s is None else int((t - started_s) // RATES_EVERY_S)
        if number > self._rounds:
            self._rounds = number
            for rating in ratings(session_id, number):
                engine.handle(Ask(rating))

    def act(self, engine: Engine, t: float) -> None:
        """Do what is due at second ``t``."""
        session = engine.session_at(self._chair)
        if session is None:
            if t < SESSION_S:
                engine.handle(Ask(OpenSession(self._chair, "Demo patient", INFUSION_S)))
            return
        session_id = session.picture.opened.stamp.session_id
        if any(t - since_s >= ANSWERS_AFTER_S for since_s in session.unanswered()):
            engine.handle(Ask(Acknowledge(session_id, by="demo nurse")))
        self._rate(engine, session_id, session.picture.infusion_started_s, t)
        if command := due(session.picture, t):
            engine.handle(Ask(command(session_id)))


def due(picture: Picture, t: float) -> Callable[[str], Command] | None:
    """Return what the session needs next at second ``t``, if anything."""
    started_s = picture.infusion_started_s
    if started_s is None and infusion_is_due(t, readings_so_far(picture.trends)):
        return StartInfusion
    if picture.phase is Phase.INFUSION and started_s is not None and t >= started_s + INFUSION_S:
        return EndInfusion
    return EndSession if t >= SESSION_S else None


def run_lockstep(
    engine: Engine,
    clock: ManualClock,
    beds: Sequence[Bed],
    *,
    speed: float,
    on_step: Callable[[float], object],
    settle: Callable[[], object],
) -> None:
    """Run one session at every bed. ``speed`` is the most times faster than life (inf: no limit).

    ``settle`` is called once a simulated minute, so that the recorder never falls far behind.
    """
    nurses = [Nurse(bed.chair) for bed in beds]
    began, t = time.monotonic(), 0.0
    while True:
        for nurse in nurses:
            nurse.act(engine, t)
        for bed in beds:
            bed.step(t)
        engine.tick()
        if t >= SESSION_S:
            return
        if t % 60 == 0:
            settle()
        t += TICK_S
        clock.advance(TICK_S)
        on_step(TICK_S)
        ahead_s = t / speed - (time.monotonic() - began)
        if ahead_s > 0:
            time.sleep(ahead_s)
