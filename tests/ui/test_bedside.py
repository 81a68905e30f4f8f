"""The clock of a simulated monitor, from its bytes to TECH-8, in the time zones of two clinics.

Knows the simulated device, the reader's line and the engine; one thread, a clock that is told.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.drivers.ge_s5 import INFO
from devices.reader import Line
from devices.serial_transport import open_transport
from monitor.channel_messages import Acknowledge, OpenSession
from monitor.clock import FastClock, ManualClock
from monitor.engine import Ask, Chair, Engine, local_zone
from monitor.events import DeviceBatch, DeviceClock
from monitor.records import SessionOpened
from monitor.time_zone import on_the_wall
from tests.monitor.fakes import PROFILE, Keeper, happenings, transitions
from ui.bedside import simulated_device
from ui.commands.demo import device_words
from ui.options import parser

# Written out, for a computer without the files of the zones: POSIX, "TZ variable".
BERLIN, NEW_YORK, KOLKATA = (
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "EST5EDT,M3.2.0,M11.1.0",
    "IST-5:30",
)
WINTER, SUMMER = datetime(2026, 1, 15, 9, 0, tzinfo=UTC), datetime(2026, 7, 15, 9, 0, tzinfo=UTC)
BEFORE_SUMMER_TIME = datetime(2026, 3, 29, 0, 55, tzinfo=UTC)
BEGINS = "TECH-8 low: quiet to sounding"


def use_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()


@pytest.fixture
def zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Allow a test to put this process into another time zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows cannot change the time zone of one process")
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


class Room:
    """One chair with a simulated monitor, from its bytes to the rows."""

    def __init__(self, scenario: str, utc: datetime, speed: float = 1.0) -> None:
        self.clock = ManualClock(utc, monotonic=100.0)
        self.keeper = Keeper()
        chair = Chair("Chair 1", "ge_s5", "GE S/5", "simulated", "port-1", is_simulated=True)
        self.engine = Engine(self.clock, [chair], PROFILE, self.keeper, time_zone=local_zone)
        info, self.device = simulated_device("ge_s5", scenario, 0, utc)
        self.line = Line(info.create(), info.silent_after_s)
        self.began, self.speed = self.clock.now(), speed
        self.line.opened(self.began)

    def open(self) -> None:
        self.engine.handle(Ask(OpenSession("Chair 1", "Patient A")))

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            now = self.clock.advance(1.0)
            t = now.seconds_since(self.began) * self.speed
            self.device.receive(self.line.due(now), t)
            events = self.line.received(self.device.emit(t), now)
            self.engine.handle(DeviceBatch("Chair 1", "ge_s5", events))

    def accept(self) -> None:
        session = self.engine.session_at("Chair 1")
        assert session is not None
        session_id = session.picture.opened.stamp.session_id
        self.engine.handle(Ask(Acknowledge(session_id, "TECH-8", "nurse")))

    @property
    def alarms(self) -> list[str]:
        return transitions(self.keeper.rows, "TECH-8")

    @property
    def offs(self) -> list[float]:
        return [
            row.detail["off_s"]
            for row in happenings(self.keeper.rows)
            if row.kind == "device_clock"
        ]


# ---- a right clock


@pytest.mark.parametrize("utc", [WINTER, SUMMER, BEFORE_SUMMER_TIME])
@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, KOLKATA, "UTC0"])
def test_a_simulated_monitor_shows_the_time_of_the_clinic_and_raises_nothing(
    zones: pytest.MonkeyPatch, zone: str, utc: datetime
) -> None:
    use_zone(zones, zone)
    room = Room("calm", utc)
    room.open()
    room.run(360)  # past the hour at which summer time begins
    assert room.alarms == []
    assert len(room.offs) == 1
    assert abs(room.offs[0]) <= 1


def test_a_monitor_in_another_zone_than_the_clinic_is_noticed(zones: pytest.MonkeyPatch) -> None:
    use_zone(zones, "UTC0")
    room = Room("calm", WINTER)
    use_zone(zones, BERLIN)
    room.open()
    room.run(10)
    assert room.alarms == [BEGINS]
    assert round(room.offs[0]) in (-3601, -3600)


def test_a_station_that_ran_through_the_winter_opens_its_session_in_summer_time(
    zones: pytest.MonkeyPatch,
) -> None:
    use_zone(zones, BERLIN)
    room = Room("calm", WINTER)
    room.clock.advance((SUMMER - WINTER).total_seconds())
    room.open()
    (opened,) = [row for row in room.keeper.rows if isinstance(row, SessionOpened)]
    assert (opened.time_zone, opened.utc_offset_s) == ("CEST", 7200)


def test_the_wall_of_a_clinic_has_its_summer_time(zones: pytest.MonkeyPatch) -> None:
    use_zone(zones, BERLIN)
    assert [on_the_wall(utc).hour for utc in (WINTER, SUMMER)] == [10, 11]
    use_zone(zones, NEW_YORK)
    assert [on_the_wall(utc).hour for utc in (WINTER, SUMMER)] == [4, 5]


# ---- a wrong clock


def test_the_scenario_of_a_wrong_clock_alarms_is_accepted_and_alarms_when_it_is_set() -> None:
    room = Room("wrong_clock", WINTER)
    room.open()
    room.run(30)
    assert room.alarms == [BEGINS]
    room.accept()
    room.run(860)
    assert room.alarms == [
        BEGINS,
        "TECH-8 low: sounding to acknowledged",
        "TECH-8 low: acknowledged to quiet",
    ]
    room.run(20)  # ten minutes into the infusion it is set right
    assert room.alarms[3:] == [BEGINS]
    room.accept()
    room.run(20)
    assert room.alarms[4:] == [
        "TECH-8 low: sounding to acknowledged",
        "TECH-8 low: acknowledged to quiet",
    ]


def test_a_session_that_begins_later_alarms_for_a_wrong_clock_too() -> None:
    room = Room("wrong_clock", WINTER)
    room.run(60)
    assert room.keeper.rows == []
    room.open()
    room.run(1)
    assert room.alarms == [BEGINS]


def test_a_monitor_that_lives_twenty_times_as_fast_fills_no_record() -> None:
    room = Room("calm", WINTER, speed=20.0)
    room.open()
    room.run(150)
    assert len(room.offs) == 5  # three as they came, then one a minute
    assert room.alarms == [BEGINS]


# ---- processes with one injected clock


def test_the_devices_of_a_demonstration_have_the_clock_of_its_station(tmp_path: Path) -> None:
    anchor = datetime(2026, 7, 1, 8, 0, 0, 250_000, tzinfo=UTC)
    options = parser().parse_args(device_words("calm", (20.0, anchor), 3, tmp_path))
    assert (options.speed, options.anchor) == (20.0, anchor)
    assert (options.scenario, options.seed, options.while_exists) == ("calm", 3, tmp_path)


def test_a_device_with_an_anchor_shows_the_injected_time(tmp_path: Path) -> None:
    """Its anchor is an hour old, so at twice the speed it is an hour ahead of the world."""
    pace = (2.0, datetime.now(UTC) - timedelta(hours=1))
    words = [sys.executable, "-m", "ui.cli", *device_words("calm", pace, 0, tmp_path)]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, env=os.environ | {"TZ": "UTC0"}
    ) as process:
        try:
            assert process.stdout is not None
            told = _first_clock(process.stdout.readline().strip(), FastClock(*pace))
        finally:
            process.kill()
    assert abs((told.local - told.at.utc.replace(tzinfo=None)).total_seconds()) < 600


def _first_clock(url: str, clock: FastClock) -> DeviceClock:
    line, driver = open_transport(url, INFO.line_settings[0]), INFO.create()
    driver.line_opened()
    give_up = time.monotonic() + 20.0
    try:
        line.write(driver.due(clock.now()))
        while time.monotonic() < give_up:
            for event in driver.feed(line.read(), clock.now()):
                if isinstance(event, DeviceClock):
                    return event
    finally:
        line.close()
    raise AssertionError("the device told no clock")
