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
from devices.simulation.scenarios import INFUSION_STARTS_S
from devices.simulation.serve import exchange, push_through
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
        self._plan: list[tuple[float, Callable[[str], Command]]] = [
            (INFUSION_STARTS_S, StartInfusion),
            (INFUSION_STARTS_S + INFUSION_S, EndInfusion),
            (SESSION_S, EndSession),
        ]

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
        while self._plan and t >= self._plan[0][0]:
            engine.handle(Ask(self._plan.pop(0)[1](session_id)))


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
