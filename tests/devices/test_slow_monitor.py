"""A monitor that keeps to the documented 5 s, from its bytes to the alarms of a session.

Knows the simulator, the driver's line and a told session. Must not know how they decide.
"""

from datetime import UTC, datetime

from devices.drivers.ge_s5 import INFO
from devices.drivers.ge_s5.simulator import GeS5Simulator
from devices.reader import Line
from devices.simulation.device import Bedside, TrueVitals
from monitor.clock import ManualClock
from monitor.events import DeviceEvent, LinkDown, ValidFrame
from tests.monitor.fakes import Story, transitions

STEP_S = 0.25
SWITCHED_ON = datetime(2026, 1, 1, tzinfo=UTC)


class Patient:
    """Somebody whose pulse can be told."""

    def __init__(self) -> None:
        self.pulse = 72.0

    def vitals(self, _t: float) -> TrueVitals:
        return TrueVitals(120, 80, self.pulse, 97)

    def monitor(self, shortest_interval_s: int) -> GeS5Simulator:
        return GeS5Simulator(Bedside(self.vitals, SWITCHED_ON), shortest_interval_s)


class Cable:
    """One reader's line; what hangs on its other end may be changed, as plugs are."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.line = Line(INFO.create(), INFO.silent_after_s)
        self.plug_in(Patient().monitor(1))

    def plug_in(self, simulator: GeS5Simulator) -> None:
        self.simulator, self._since = simulator, self.clock.now()
        self.line.opened(self.clock.now())

    def step(self) -> tuple[DeviceEvent, ...]:
        """Let a quarter of a second pass; a line that is silent too long is opened again."""
        now = self.clock.advance(STEP_S)
        t = now.seconds_since(self._since)
        self.simulator.receive(self.line.due(now), t)
        events = self.line.received(self.simulator.emit(t), now)
        if reason := self.line.silence(now):
            events += self.line.down(reason, now, is_silence=True)
            self.line.opened(now)
        return events


def test_a_strict_monitor_plugged_in_for_a_fast_one_is_heard_and_stays_connected() -> None:
    clock = ManualClock(SWITCHED_ON)
    cable = Cable(clock)
    for _ in range(240):
        cable.step()
    cable.plug_in(Patient().monitor(5))
    heard, losses = [], 0
    for _ in range(1200):
        events = cable.step()
        heard += [clock.now().monotonic for e in events if isinstance(e, ValidFrame)]
        losses += sum(isinstance(event, LinkDown) for event in events)
    assert losses == 0
    assert len(heard) > 50


def test_at_5_s_the_alarm_of_the_pulse_begins_and_ends_and_the_link_stays_quiet() -> None:
    story, patient = Story(), Patient()
    cable = Cable(story.clock)
    cable.plug_in(patient.monitor(5))
    for pulse, seconds in ((72.0, 60), (130.0, 40), (72.0, 60)):
        patient.pulse = pulse
        for _ in range(int(seconds / STEP_S)):
            story.say(*cable.step())
    assert transitions(story.rows, "HR-H1") == [
        "HR-H1 medium: quiet to pending",
        "HR-H1 medium: pending to sounding",
        "HR-H1 medium: sounding to unseen",
    ]
    assert transitions(story.rows, "TECH-3") == [
        "TECH-3 low: quiet to sounding",  # until the first frames came, after the fast request
        "TECH-3 low: sounding to quiet",
    ]
