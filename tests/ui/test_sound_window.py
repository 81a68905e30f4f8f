"""The sound test at the window: one key, a strip that covers nothing; the station is told."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from monitor.alarms.priority import Priority
from monitor.channel_messages import DesktopAlive, StationAlive
from monitor.snapshot import AlarmOffView, AudioState, AudioView
from tests.ui.fixtures import CHAIR, FakeSounder, FakeStation, alarm, snapshot
from tests.ui.room import Room, nobody_asks, nobody_is_known, press, running
from ui.bursts import Tone
from ui.live.desk import Desk
from ui.live.intents import (
    CLOSE_QUESTION,
    CLOSE_QUESTION_OF_DEMONSTRATION,
    CLOSE_QUESTION_WITHOUT_SOUND,
)
from ui.sound_test import GRACE_S
from ui.theme import load_theme
from ui.view_models.sound_test import KEY, NO_SECOND_VOICE, SHORT_DOUBT
from ui.view_models.sounding import Wanted, wanted_sound

Key = Qt.Key
CALM = running()
HIGH = running(alarms=(alarm(),))


def room_with(*updates: object) -> Room:
    room = Room()
    room.tell(*updates)
    return room


def last_beat(room: Room) -> DesktopAlive:
    """Let a heartbeat pass and return it."""
    room.station.heard()
    room.station.now_s += 1.0
    room.tell()
    room.tell()
    return [one for one in room.station.heard() if isinstance(one, DesktopAlive)][-1]


def sees(room: Room, words: str) -> bool:
    return any(words in text for text in room.texts())


@pytest.mark.parametrize("updates", [(), (CALM,)], ids=["free chair", "session"])
def test_one_key_on_every_screen_sounds_a_burst_and_asks(
    qtbot: QtBot, updates: tuple[object, ...]
) -> None:
    room = room_with(*updates)
    assert sees(room, SHORT_DOUBT)
    press(qtbot, room, Key.Key_T, ctrl=True)
    room.tell()
    assert room.sounder.tones == [Tone.MEDIUM]
    assert sees(room, "did you hear")
    press(qtbot, room, Key.Key_H, ctrl=True)
    room.tell()
    assert not sees(room, "did you hear")
    assert sees(room, "Sound on")
    assert sees(room, "Sound confirmed.")


def test_not_heard_is_told_to_the_station(qtbot: QtBot) -> None:
    room = room_with(CALM)
    assert last_beat(room).sound_fault == ""
    press(qtbot, room, Key.Key_T, ctrl=True)
    press(qtbot, room, Key.Key_N, ctrl=True)
    assert "nobody heard" in last_beat(room).sound_fault
    press(qtbot, room, Key.Key_T, ctrl=True)
    room.tell()
    room.button("Heard").click()
    assert last_beat(room).sound_fault == ""


def test_what_nobody_tests_in_a_running_session_is_told_to_the_station() -> None:
    room = room_with(CALM)
    room.station.now_s += GRACE_S + 1
    room.tell(CALM)
    assert KEY in last_beat(room).sound_fault


def test_the_station_is_told_whose_bursts_are_heard() -> None:
    room = room_with(CALM)
    assert last_beat(room).voice is None
    room.tell(HIGH)
    assert last_beat(room).voice is Priority.HIGH
    room.sounder.fault = "no audio output"
    beat = last_beat(room)
    assert (beat.voice, beat.sound_fault) == (None, "no audio output")


def test_a_burst_that_begins_is_confirmed_in_the_same_tick() -> None:
    room = room_with(CALM)
    last_beat(room)
    room.station.heard()
    room.tell(HIGH)
    beats = [one for one in room.station.heard() if isinstance(one, DesktopAlive)]
    assert [beat.voice for beat in beats] == [Priority.HIGH]
    assert room.sounder.tones == [Tone.HIGH]


def test_the_strip_covers_neither_banner_nor_numbers(qtbot: QtBot) -> None:
    room = room_with(HIGH)
    press(qtbot, room, Key.Key_T, ctrl=True)
    room.tell()
    QApplication.processEvents()
    strip = room.window._sound_strip
    page = room.window.session
    top = page.mapTo(room.window, page.rect().topLeft()).y()
    assert strip.mapTo(room.window, strip.rect().bottomLeft()).y() < top


def test_without_a_second_voice_the_test_says_so(qtbot: QtBot) -> None:
    room = room_with(CALM)
    room.desk._ears._has_second_voice = False
    press(qtbot, room, Key.Key_T, ctrl=True)
    press(qtbot, room, Key.Key_H, ctrl=True)
    room.tell()
    assert NO_SECOND_VOICE in room.station.bridge.notice


@pytest.mark.parametrize(
    ("has_second_voice", "question"),
    [(True, CLOSE_QUESTION), (False, CLOSE_QUESTION_WITHOUT_SOUND)],
)
def test_who_closes_is_told_whether_alarms_still_sound(
    qtbot: QtBot, has_second_voice: bool, question: str
) -> None:
    desk = desk_with(FakeStation(), has_second_voice=has_second_voice)
    assert asked_on_closing(desk) == [question]


def test_no_second_voice_is_promised_where_no_sound_comes_out_of_the_computer(
    qtbot: QtBot,
) -> None:
    sounder = FakeSounder()
    desk = desk_with(FakeStation(), sounder)
    sounder.fault = "no audio output"
    assert asked_on_closing(desk) == [CLOSE_QUESTION_WITHOUT_SOUND]


def test_who_closes_a_demonstration_is_told_that_it_ends(qtbot: QtBot) -> None:
    desk = desk_with(FakeStation(), stop_station_on_close=True)
    assert asked_on_closing(desk) == [CLOSE_QUESTION_OF_DEMONSTRATION]


def asked_on_closing(desk: Desk) -> list[str]:
    desk.window.close()
    desk.tick()
    labels = desk.window.findChildren(QLabel)
    return [label.text() for label in labels if label.text().endswith("Close the window?")]


def test_the_window_of_a_demonstration_never_alarms_for_a_sound_that_nobody_tested() -> None:
    station = FakeStation()
    desk = desk_with(station, stop_station_on_close=True)
    station.now_s += 10 * GRACE_S
    for _ in range(2):
        station.say(StationAlive(42, (CHAIR,)), CALM)
        desk.tick()
    beats = [one for one in station.heard() if isinstance(one, DesktopAlive)]
    assert beats[-1].sound_fault == ""


def desk_with(station: FakeStation, sounder: FakeSounder | None = None, **words: bool) -> Desk:
    """Return a window that shows a calm session."""
    desk = Desk(
        load_theme(),
        station.bridge,
        sounder or FakeSounder(),
        lambda: station.now_s,
        reception=nobody_asks(),
        patients=nobody_is_known(),
        **words,
    )
    station.go_live()
    station.say(StationAlive(42, (CHAIR,)), CALM)
    desk.tick()
    return desk


# ---- what is wanted over all chairs


def test_the_worst_over_all_chairs_is_wanted_once() -> None:
    low = snapshot(alarms=(alarm(priority=Priority.LOW),))
    high = snapshot(alarms=(alarm(), alarm(priority=Priority.MEDIUM)))
    wanted = wanted_sound([low, high, snapshot()], is_desktop_alarm=False)
    assert wanted == Wanted(Priority.HIGH, has_session=True)


def test_only_an_escalated_alarm_of_the_worst_priority_makes_it_louder() -> None:
    escalated = alarm(is_escalated=True)
    assert wanted_sound([snapshot(alarms=(escalated,))], is_desktop_alarm=False).is_escalated
    beside = replace(escalated, priority=Priority.MEDIUM)
    sessions = [snapshot(alarms=(alarm(), beside))]
    assert not wanted_sound(sessions, is_desktop_alarm=False).is_escalated


def test_what_is_silenced_is_not_wanted_and_what_is_off_is_recalled() -> None:
    off = AlarmOffView("HR-H1", "Pulse high", 0.0, "Dr Boss", "known")
    silenced = snapshot(alarms=(alarm(is_silenced=True),), audio=AudioView(AudioState.OFF))
    assert wanted_sound([silenced], is_desktop_alarm=False) == Wanted(
        None, is_reminding=True, has_session=True
    )
    assert wanted_sound([snapshot(alarms_off=(off,))], is_desktop_alarm=False).is_reminding
    paused = snapshot(audio=AudioView(AudioState.PAUSED))
    assert not wanted_sound([paused], is_desktop_alarm=False).is_reminding


def test_the_desktops_own_alarm_needs_no_session() -> None:
    assert wanted_sound([], is_desktop_alarm=True) == Wanted(Priority.HIGH)
