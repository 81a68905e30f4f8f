"""A record that is not kept is a technical alarm of its own (TECH-9), and everything else goes on.

Knows the engine's messages and a keeper whose state is told. Real faults: tests/process.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from monitor.alarms.profile import default_profile
from monitor.alarms.rule_kinds import NamedFault
from monitor.channel_messages import Acknowledge, OpenSession
from monitor.clock import ManualClock
from monitor.engine import Ask, Chair, Engine, Fault, Published
from monitor.events import DeviceBatch, LinkUp, Measured, ValidFrame
from monitor.readings import BloodPressure
from monitor.recall import Past
from monitor.records import HappeningKept, Record, SessionOpened
from monitor.snapshot import RecordingView, SessionSnapshot
from tests.monitor.fakes import OPENED_UTC, PROFILE, opened_record, transitions

WELL = RecordingView(True, 0, 0, "")
FULL = RecordingView(False, 7, 0, "The disk is full: make room")
LOW = "Only 499 MB are free on the disk of the records: make room now"


class Keeper:
    """A recorder whose disk does what the test says; the rows are kept all the same."""

    def __init__(self) -> None:
        self.rows: list[Record] = []
        self.view = WELL

    def put(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        self.rows += rows

    def status(self) -> RecordingView:
        return self.view


class Ward:
    """An engine with one chair and a session at it."""

    def __init__(self) -> None:
        self.clock = ManualClock(OPENED_UTC, monotonic=900.0)
        self.keeper = Keeper()
        self.published: list[Published] = []
        chair = Chair("Chair 1", "ge_s5", "GE S/5", "simulated", "port-1")
        self.engine = Engine(
            self.clock, [chair], PROFILE, self.keeper, publish=self.published.append
        )

    def open(self) -> None:
        self.engine.handle(Ask(OpenSession("Chair 1", "Patient A")))
        now = self.clock.now()
        self.engine.handle(DeviceBatch("Chair 1", "ge_s5", (LinkUp(now), ValidFrame(0, now))))

    def say(self, view: RecordingView) -> None:
        self.keeper.view = view
        self.pass_time(0.25)

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.engine.tick()

    @property
    def shown(self) -> SessionSnapshot:
        return self.published[-1].snapshot

    def alarms(self) -> list[str]:
        return [f"{alarm.rule} {alarm.priority.word} {alarm.state}" for alarm in self.shown.alarms]


@pytest.fixture
def ward() -> Ward:
    ward = Ward()
    ward.open()
    return ward


def test_a_disk_that_takes_no_rows_is_an_alarm_in_the_next_pass_and_over_in_the_pass_after(
    ward: Ward,
) -> None:
    ward.say(FULL)
    assert ward.alarms() == ["TECH-9R medium sounding"]
    assert ward.shown.alarms[0].text == "Recording: The disk is full: make room"
    assert ward.shown.recording == FULL
    ward.say(WELL)
    assert ward.alarms() == []
    assert transitions(ward.keeper.rows, "TECH-9R") == [
        "TECH-9R medium: quiet to sounding",
        "TECH-9R medium: sounding to quiet",
    ]


def test_pressures_alarm_and_are_shown_while_nothing_is_recorded(ward: Ward) -> None:
    ward.say(FULL)
    now = ward.clock.advance(1)
    cuff = BloodPressure(184, 101, None, now, 0.0)
    ward.engine.handle(DeviceBatch("Chair 1", "ge_s5", (ValidFrame(0, now), Measured(0, cuff))))
    assert ward.alarms() == ["BP-H2 high sounding", "TECH-9R medium sounding"]
    assert ward.shown.pressure is not None
    assert ward.shown.pressure.systolic == 184


def test_a_session_opened_during_the_fault_alarms_at_once() -> None:
    ward = Ward()
    ward.keeper.view = FULL
    ward.pass_time(1)
    ward.open()
    assert ward.alarms() == ["TECH-9R medium sounding"]


def test_a_session_resumed_during_the_fault_alarms_at_once() -> None:
    ward = Ward()
    ward.keeper.view = FULL
    ward.engine.resume(Past(opened_record(), []))
    ward.pass_time(1)
    assert "TECH-9R medium sounding" in ward.alarms()


def test_it_is_acknowledged_and_sounds_again_after_five_minutes(ward: Ward) -> None:
    ward.say(FULL)
    ward.engine.handle(Ask(Acknowledge(ward.shown.session_id, "", "nurse")))
    assert ward.alarms() == ["TECH-9R medium acknowledged"]
    for _ in range(100):
        ward.clock.advance(3)
        now = ward.clock.now()
        ward.engine.handle(DeviceBatch("Chair 1", "ge_s5", (ValidFrame(0, now),)))
    assert ward.alarms() == ["TECH-9R medium sounding"]


def test_little_room_on_the_disk_is_an_alarm_of_its_own(ward: Ward) -> None:
    ward.say(RecordingView(True, 0, 0, "", LOW, is_space_low=True))
    assert ward.alarms() == ["TECH-9S medium sounding"]
    assert ward.shown.alarms[0].text == f"Disk: {LOW}"


def test_a_note_of_less_room_than_usual_is_no_alarm(ward: Ward) -> None:
    ward.say(RecordingView(True, 0, 0, "", "1.5 GB are free on the disk: make room soon"))
    assert ward.alarms() == []
    assert ward.shown.recording.space == "1.5 GB are free on the disk: make room soon"


def test_acknowledging_one_fault_of_the_system_does_not_silence_the_next(ward: Ward) -> None:
    ward.engine.handle(Fault("sound", "no sound device"))
    ward.engine.handle(Ask(Acknowledge(ward.shown.session_id, "", "nurse")))
    ward.say(FULL)
    assert sorted(ward.alarms()) == ["TECH-9 medium acknowledged", "TECH-9R medium sounding"]


def test_lost_rows_are_shown_and_no_alarm_once_recording_is_back(ward: Ward) -> None:
    ward.say(RecordingView(True, 0, 12, "12 rows could not be kept"))
    assert ward.alarms() == []
    assert ward.shown.recording.lost == 12


def test_the_shipped_profile_has_a_row_for_each_fault_that_the_engine_tells() -> None:
    faults = {rule.fault for rule in default_profile().rules if isinstance(rule, NamedFault)}
    assert faults == {"sound", "recording", "space"}


# ---- what was lost


def lost_rows(keeper: Keeper) -> list[int]:
    happenings = [row for row in keeper.rows if isinstance(row, HappeningKept)]
    return [row.detail["rows"] for row in happenings if row.kind == "lost"]


def test_what_was_lost_is_a_row_of_the_session_once_rows_are_taken_again(ward: Ward) -> None:
    ward.say(replace(FULL, lost=5))
    assert lost_rows(ward.keeper) == []
    ward.say(replace(WELL, lost=5))
    ward.pass_time(1)
    assert lost_rows(ward.keeper) == [5]
    ward.say(replace(FULL, lost=8))
    ward.say(replace(WELL, lost=8))
    assert lost_rows(ward.keeper) == [5, 3]
    assert ward.shown.recording.lost == 8


def test_after_a_restart_it_is_still_counted_and_shown(ward: Ward) -> None:
    ward.say(replace(WELL, lost=5))
    opened, *rows = ward.keeper.rows
    assert isinstance(opened, SessionOpened)
    after = Ward()
    after.engine.resume(Past(opened, rows, len(ward.keeper.rows)))
    after.pass_time(1)
    assert after.shown.recording.lost == 5
    assert lost_rows(after.keeper) == []
    after.say(replace(WELL, lost=2))
    assert after.shown.recording.lost == 7


def test_a_session_without_a_loss_has_no_such_row(ward: Ward) -> None:
    ward.say(FULL)
    ward.say(WELL)
    assert lost_rows(ward.keeper) == []
