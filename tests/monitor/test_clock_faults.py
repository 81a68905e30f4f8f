"""A computer that sleeps, and summer time: durations stay right, and what is missing is seen.

A sleep comes in two forms: with a monotonic clock that goes on (ours, see clock.py), and with one
that stands still, so that only the wall clock shows it. Steps of the wall clock: test_session.py.
"""

import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.chart_part import Sample
from monitor.clock import ManualClock, seconds_awake_or_asleep
from monitor.events import ValidFrame
from monitor.session import Session
from monitor.vitals import Vital
from tests.monitor.fakes import PROFILE, STANDING, Story, happenings, opened_record

ASLEEP_S = 600


def running() -> Story:
    """A session with a live link, a pulse each second and one cuff reading."""
    story = Story()
    story.up()
    story.cuff(130, 80)
    story.pulses(60, 71)
    return story


def lines_are_broken(story: Story, since_s: float) -> bool:
    samples = story.session.picture.trends.samples
    return any(s.value is None and s.t_s >= since_s for s in samples if s.vital is Vital.PULSE_RATE)


def test_a_sleep_on_which_data_follow_at_once_is_a_gap_nevertheless() -> None:
    """The first frame may come before the first tick, and no reader was awake to miss any."""
    story = running()
    before = story.t
    story.clock.advance(ASLEEP_S)
    story.pulse(72)
    assert [(gap["from_s"], gap["to_s"]) for gap in story.kept("gap")] == [
        (before, before + ASLEEP_S)
    ]
    samples = story.session.picture.trends.samples
    assert Sample(Vital.PULSE_RATE, before + ASLEEP_S, None) in samples
    assert [entry.text for entry in story.session.picture.trends.log][-3:] == [
        "Monitor not connected: nothing came; this computer may have slept",
        "Monitor connected",
        "Blood pressure overdue: none for 11 min, planned every 5 min",
    ]
    assert story.shown().link.state == "live"


def test_a_sleep_after_which_nothing_comes_alarms_with_the_first_tick() -> None:
    story = running()
    story.clock.advance(ASLEEP_S)
    story.wait(0.25)
    assert story.state("TECH-3") == "sounding"
    assert story.alarm("TECH-3").priority.word == "medium"  # type: ignore[union-attr]  # it sounds


def test_after_a_sleep_a_reading_is_as_old_as_it_is() -> None:
    story = running()
    story.clock.advance(ASLEEP_S)
    story.wait(0.25)
    shown = story.shown()
    assert shown.pulse is not None
    assert shown.pressure is not None
    assert shown.now_s - shown.pulse.at_s == pytest.approx(ASLEEP_S, abs=1)
    assert shown.now_s - shown.pressure.taken_s == pytest.approx(ASLEEP_S + 60, abs=1)


def test_an_acknowledgement_runs_out_during_a_sleep() -> None:
    story = running()
    story.pulses(20, 131)
    story.acknowledge()
    assert story.state("HR-H1") == "acknowledged"
    story.clock.advance(ASLEEP_S)
    story.pulse(131)
    assert story.state("HR-H1") == "sounding"


def test_a_sleep_does_not_look_like_a_clock_that_was_set() -> None:
    story = running()
    story.clock.advance(ASLEEP_S)
    story.wait(1)
    assert story.kept("clock") == []


def test_a_pause_that_the_reader_itself_would_notice_is_left_to_it() -> None:
    story = running()
    story.clock.advance(15)
    story.pulse(72)
    assert story.kept("gap") == []


def test_a_gap_that_the_reader_told_is_not_told_twice() -> None:
    story = running()
    story.wait(15)
    story.down("no valid data for 15 s", is_silence=True)
    story.wait(30)
    story.up()
    assert len(story.kept("gap")) == 1


def test_a_sleep_in_which_the_monotonic_clock_stood_still_is_said_and_breaks_the_lines() -> None:
    story = running()
    before = story.t
    story.clock.step_wall_clock(ASLEEP_S)
    story.wait(0.25)
    story.pulse(72)
    assert story.kept("clock") == [{"by_s": ASLEEP_S}]
    assert lines_are_broken(story, before)
    log = [entry.text for entry in story.session.picture.trends.log]
    assert "The computer's clock jumped by +600 s" in log


def test_a_clock_that_is_set_back_breaks_no_line() -> None:
    story = running()
    before = story.t
    story.clock.step_wall_clock(-ASLEEP_S)
    story.wait(0.25)
    assert not lines_are_broken(story, before)


# ---- summer time


SPRING, AUTUMN = datetime(2026, 3, 29, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC)


@pytest.mark.parametrize("start", [SPRING, AUTUMN])
def test_a_change_of_summer_time_is_no_event_of_a_session(start: datetime) -> None:
    """Sessions know UTC only; Europe changes its clocks at 01:00 UTC."""
    clock = ManualClock(start, monotonic=1.0)
    opened = opened_record()
    opened = replace(opened, stamp=replace(opened.stamp, utc=start))
    session, first = Session.open(opened, PROFILE, clock.now())
    rows = list(first)
    for _ in range(1800):
        rows += session.apply(ValidFrame(0, clock.advance(1)))
        rows += session.tick(clock.now())
    assert session.snapshot(clock.now(), STANDING).now_s == 1800
    assert [row.kind for row in happenings(rows)] == ["phase"]


SAY_NOW = "from monitor.clock import SystemClock; print(SystemClock().now().utc.isoformat())"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_the_zone_of_the_computer_does_not_enter_the_time(zone: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAY_NOW],
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    said = datetime.fromisoformat(done.stdout.strip())
    assert abs((datetime.now(UTC) - said).total_seconds()) < 30


# ---- the clock itself


def test_our_monotonic_clock_runs_as_the_computer_does_while_it_is_awake() -> None:
    before, ours = time.monotonic(), seconds_awake_or_asleep()
    while time.monotonic() < before + 0.02:
        pass
    assert seconds_awake_or_asleep() - ours == pytest.approx(time.monotonic() - before, abs=0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux")
def test_on_linux_it_counts_from_the_boot_sleep_included() -> None:
    with open("/proc/uptime", encoding="ascii") as file:  # noqa: PTH123 - no file of ours
        uptime = float(file.read().split()[0])
    assert seconds_awake_or_asleep() == pytest.approx(uptime, abs=1.0)
