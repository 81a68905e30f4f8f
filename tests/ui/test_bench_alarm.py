"""The alarm benchmark: its figures follow what was told, and silence is no figure."""

import random
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from monitor.alarms.priority import Priority
from monitor.engine_messages import Published
from monitor.errors import BugError
from monitor.storage.database import Database
from monitor.trends import Trends
from tests.ui.fixtures import alarm, snapshot
from tests.ui.room import Room, running
from ui.bench import alarm as bench
from ui.bench import alarm_desktop, alarm_station, alarm_ward
from ui.bench.alarm_beds import Bed
from ui.bench.alarm_desktop import FlashWatch
from ui.bench.alarm_station import RULE, TellingBoard
from ui.bench.alarm_ward import Condition, Onset
from ui.bench.benchmark import Work
from ui.bench.figures import Figure
from ui.bench.sample import new_database
from ui.bench.telling import Told, heard
from ui.theme import load_theme

CALM = bench.CONDITIONS[0]
QUICK = Onset(5.0, 90.0, 120.0, is_second_voice=False, are_both=False)
LATE = Onset(70.0, 390.0, 1200.0, is_second_voice=True, are_both=True)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []

    def tell(kind: str, detail: str = "") -> None:
        said.append((kind, detail))

    for module in (alarm_station, alarm_desktop):
        monkeypatch.setattr(module, "tell", tell)
    return said


def by_name(onsets: list[Onset], *, is_judged: bool = True) -> dict[str, Figure]:
    found = bench.report(CALM, onsets, is_judged=is_judged)
    return {figure.gauge.name: figure for figure in found}


def test_one_late_crossing_in_fifty_is_in_the_99th_percentile_and_misses_its_goal() -> None:
    found = by_name([QUICK] * 98 + [LATE] * 2)
    values = [found[f"alarm_{what}_calm"].value for what in ("state", "sound", "flash")]
    assert values == [70.0, 390.0, 1200.0]
    goods = [found[f"alarm_{what}_calm"].is_good for what in ("state", "sound", "flash")]
    assert goods == [False, True, False]
    assert "median 90, 95 of 100 90, slowest 390" in found["alarm_sound_calm"].note


def test_bursts_of_both_voices_are_counted() -> None:
    both = by_name([QUICK] * 3 + [LATE])["alarm_both_voices_calm"]
    assert (both.value, both.target) == (25.0, None)
    assert "1 were heard from the station first" in both.note


def test_a_short_form_is_held_against_no_goal() -> None:
    assert all(one.target is None for one in by_name([LATE], is_judged=False).values())


def test_a_line_says_what_it_was_told() -> None:
    for one in (Told("state", 12, "Chair 1"), Told("flash", 13)):
        assert heard(one.line()) == one


def test_the_station_tells_of_an_occurrence_once_and_of_no_other_rule(
    told: list[tuple[str, str]],
) -> None:
    board, trends = TellingBoard(), Trends()
    for pictured in (
        alarm(rule="HR-H1"),
        alarm(rule=RULE, is_silenced=True),
        alarm(rule=RULE),
        alarm(rule=RULE),
        alarm(rule=RULE, since_s=2100.0),
    ):
        board.publish(Published(snapshot(alarms=(pictured,)), trends, trends.mark()))
    assert told == [("state", "Chair 1"), ("state", "Chair 1")]
    assert len(board.newest()) == 1


def test_a_slow_disk_holds_every_transaction_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(Database, "writing", Database.writing)  # put back afterwards
    monkeypatch.setattr(alarm_station, "time", SimpleNamespace(sleep=slept.append))
    alarm_station.slow_down(0.2)
    with new_database(tmp_path / "vigil.db") as database:
        slept.clear()
        with database.writing():
            assert slept == []
    assert slept == [0.2]


def test_a_flash_is_told_when_its_bright_half_is_painted_and_again_only_after_a_dark_one(
    qtbot: QtBot, told: list[tuple[str, str]]
) -> None:
    room = Room(running())
    watch = FlashWatch(room.desk, load_theme())
    seen = told.count
    room.tell(running(alarms=(alarm(priority=Priority.HIGH),)))
    qtbot.waitUntil(lambda: seen(("flash", "")) == 1)
    room.pass_time(0.3)  # dark
    qtbot.waitUntil(lambda: not any(watch._was_lit.values()))
    room.pass_time(0.2)
    qtbot.waitUntil(lambda: seen(("flash", "")) == 2)


def test_a_device_that_nobody_asks_is_no_figure() -> None:
    bed = Bed(1)
    bed.start()
    try:
        with pytest.raises(BugError, match="Chair 1 sends nothing"):
            bed.cross(random.Random(1), 0.05)
    finally:
        bed.stop()


@pytest.mark.timeout(180)
def test_a_crossing_is_measured_through_real_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarm_ward, "CHAIRS", 1)
    (onset,) = bench.cross(Work(tmp_path), Condition("calm"), 1)
    assert 0.0 < onset.state_ms <= onset.sound_ms
    assert onset.state_ms <= onset.flash_ms


def test_every_condition_is_measured_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    def cross(_work: Work, condition: Condition, rounds: int) -> list[Onset]:
        asked.append((condition.name, rounds))
        return [QUICK]

    monkeypatch.setattr(bench, "cross", cross)
    figures = list(bench.measure(Work(tmp_path, is_quick=True)))
    assert asked == [("calm", 1), ("stalled", 1), ("slow_disk", 1)]
    assert {figure.gauge.name for figure in figures} == {
        gauge.name for gauge in bench.BENCHMARK.gauges
    }
