"""Pictures of sessions for the tests of the screen: built by hand, never by the session itself.

Knows snapshots and chart parts. Must not know widgets.
"""

import contextlib
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.alarms.priority import Priority
from monitor.channel import ChannelClosed, MemoryChannel, in_memory_pair
from monitor.channel_messages import ChairView, Hello, SessionUpdate, StationAlive
from monitor.chart_part import ChartPart, CuffReading, LogEntry, Sample
from monitor.readings import Quality
from monitor.snapshot import (
    AlarmState,
    AlarmView,
    CuffPlanView,
    LimitView,
    LinkState,
    LinkView,
    NumericView,
    Phase,
    PressureView,
    RecordingView,
    SessionSnapshot,
)
from monitor.vitals import Vital
from ui.bridge import UiBridge
from ui.bursts import Tone
from ui.view_models.seen import Seen

OPENED = datetime(2026, 3, 2, 10, 10, tzinfo=UTC)
NOW_S = 2165.0  # 31:05 after the start of the infusion
STARTED_S = 300.0
CHAIR = ChairView("Chair 1", "GE CARESCAPE V100", "/dev/ttyUSB0")
HELLO = Hello(pid=1, command=("vigil",))


def snapshot(**changes: Any) -> SessionSnapshot:
    """Return a calm session in its 32nd minute of infusion, with ``changes``."""
    now_s = changes.get("now_s", NOW_S)
    calm = SessionSnapshot(
        session_id="s1",
        chair="Chair 1",
        patient="Demo patient",
        device_title="GE CARESCAPE V100",
        device_maturity="simulated",
        is_simulated=True,
        speed=1.0,
        opened_utc=OPENED,
        now_utc=OPENED + timedelta(seconds=now_s),
        now_s=now_s,
        phase=Phase.INFUSION,
        infusion_started_s=STARTED_S,
        infusion_ended_s=None,
        planned_infusion_s=2400.0,
        cuff_interval_s=300.0,
        pressure=PressureView(138.0, 84.0, 102.0, now_s - 120, is_stale=False),
        pulse=NumericView(Vital.PULSE_RATE, 88.0, Quality.OK, now_s - 1, ""),
        spo2=NumericView(Vital.SPO2, 97.0, Quality.OK, now_s - 1, ""),
        cuff_is_measuring=False,
        link=LinkView(LinkState.LIVE, 0.0, "", 0),
        recording=RecordingView(is_recording=True, waiting=0, lost=0, reason=""),
        alarms=(),
        limits=(
            LimitView(Vital.SYSTOLIC, 180.0, True, Priority.HIGH, "BP-H2"),
            LimitView(Vital.DIASTOLIC, 110.0, True, Priority.HIGH, "BP-H2"),
            LimitView(Vital.PULSE_RATE, 120.0, True, Priority.MEDIUM, "HR-H1"),
        ),
    )
    shown = replace(calm, **changes)
    if "cuff_plan" in changes:
        return shown
    last_s = 0.0 if shown.pressure is None else shown.pressure.taken_s
    return replace(shown, cuff_plan=CuffPlanView(shown.cuff_interval_s, 0.0, last_s))


def alarm(**changes: Any) -> AlarmView:
    """Return a high alarm that sounds for 42 s at the moment of ``snapshot``."""
    sounding = AlarmView(
        rule="BP-H2",
        priority=Priority.HIGH,
        state=AlarmState.SOUNDING,
        text="Systolic 184 at or above 180",
        value={"systolic": 184.0, "diastolic": 101.0},
        limit={"systolic": 180.0, "diastolic": 110.0},
        since_s=NOW_S - 42,
    )
    return replace(sounding, **changes)


def seen(since_receipt_s: float = 0.0, is_stopped: bool = False, **changes: Any) -> Seen:
    """Return a snapshot with its age, labels in UTC."""
    return Seen(snapshot(**changes), since_receipt_s, UTC, is_stopped)


def whole_chart(until_s: float = NOW_S, **changes: Any) -> ChartPart:
    """Return the first part of a chart: a rise of pressure, pulse and SpO2 every second."""
    seconds = range(30, int(until_s))
    pulse = [Sample(Vital.PULSE_RATE, float(s), 68 + 10 * math.sin(s / 700)) for s in seconds]
    spo2 = [Sample(Vital.SPO2, float(s), 97 + round(math.sin(s / 90))) for s in seconds]
    rise = [
        CuffReading(60.0 + 300 * n, 118 + 8.0 * n, 74 + 3.0 * n, 89 + 4.0 * n)
        for n in range(int((until_s - 60) // 300) + 1)
    ]
    log = (
        LogEntry(0.0, "Session opened"),
        LogEntry(STARTED_S, "Infusion started"),
        LogEntry(NOW_S - 42, "Systolic 184 at or above 180", Priority.HIGH),
    )
    part = ChartPart("s1", True, tuple(pulse + spo2), tuple(rise), (), log)
    return replace(part, **changes)


ALARM_OF = {
    Tone.HIGH: Priority.HIGH,
    Tone.HIGH_LOUD: Priority.HIGH,
    Tone.MEDIUM: Priority.MEDIUM,
    Tone.LOW: Priority.LOW,
}


class FakeSounder:
    """Remembers what was played."""

    def __init__(self) -> None:
        self.fault = ""
        self.output = "speaker"
        self.tones: list[Tone] = []
        self.stops = 0

    @property
    def played(self) -> list[Priority]:
        """The alarms, however loud."""
        return [ALARM_OF[tone] for tone in self.tones if tone in ALARM_OF]

    def play(self, tone: Tone) -> None:
        self.tones.append(tone)

    def stop(self) -> None:
        self.stops += 1


class FakeStation:
    """The other end of the bridge's channel, on a time of its own that tests move."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.answers = True
        self.starts: list[float] = []
        self.ends: list[MemoryChannel] = []
        self.bridge = UiBridge(self._connect, self._start, lambda: self.now_s, HELLO, run_at_once)

    @property
    def channel(self) -> MemoryChannel:
        return self.ends[-1]

    def pass_time(self, seconds: float, *messages: object, each: float = 0.1) -> None:
        """Poll every ``each`` s; the station says ``messages`` every time it can."""
        for _ in range(round(seconds / each)):
            self.now_s += each
            if messages and self.ends:
                self.say(*messages)
            self.bridge.poll("")

    def say(self, *messages: object) -> None:
        """Speak as far as anybody listens."""
        for message in messages:
            with contextlib.suppress(ChannelClosed):
                self.channel.send(message)

    def heard(self) -> list[Any]:
        return self.channel.receive()

    def go_live(self, *updates: SessionUpdate) -> None:
        """Connect, say hello, and tell of the sessions that run."""
        self.bridge.poll("")
        self.bridge.poll("")
        self.say(StationAlive(42, (CHAIR,)), *updates)
        self.bridge.poll("")

    def _connect(self) -> MemoryChannel | None:
        if not self.answers:
            return None
        ours, theirs = in_memory_pair()
        self.ends.append(theirs)
        return ours

    def _start(self) -> None:
        self.starts.append(self.now_s)


def run_at_once(_name: str, task: Callable[[], None]) -> None:
    """Run what the bridge would run in a thread."""
    task()
