"""The window: keys become commands, ages become grey, a loss covers everything, names stay text."""

import sys
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitor.alarms.priority import Priority
from monitor.channel import in_memory_pair
from monitor.channel_messages import (
    Acknowledge,
    ChairView,
    EndInfusion,
    EndSession,
    Goodbye,
    SessionUpdate,
    StartInfusion,
    StationAlive,
)
from monitor.chart_part import ChartPart
from monitor.errors import OperatorError
from monitor.snapshot import Phase, PressureView
from tests.ui.fixtures import (
    CHAIR,
    HELLO,
    NOW_S,
    alarm,
    snapshot,
    whole_chart,
)
from tests.ui.room import Room, nobody_asks, nobody_is_known, press, running, vigil_windows
from ui.app import run_desktop, tick_timer
from ui.live.desk import Desk
from ui.people.reception import VISITOR
from ui.theme import load_theme
from ui.view_models.colours import ColourRole
from ui.view_models.status import DISCLAIMER
from ui.widgets.labels import plain_label, plain_tooltip

UI = Path(__file__).resolve().parents[2] / "ui"
ALIVE = StationAlive(42, (CHAIR,))


pytestmark = pytest.mark.usefixtures("themed")


def acknowledge(session_id: str, rule: str) -> Acknowledge:
    """The occurrence that ``alarm()`` shows, and no other."""
    return Acknowledge(session_id, rule, since_s=NOW_S - 42, by_id=VISITOR.user_id)


def test_a_acknowledges_and_silences_at_once(qtbot: QtBot) -> None:
    room = Room(running(alarms=(alarm(),)))
    assert room.sounder.played == [Priority.HIGH]
    press(qtbot, room, Qt.Key.Key_A)
    assert room.commands() == [acknowledge("s1", "BP-H2")]
    assert room.sounder.stops == 1


def test_an_alarm_that_is_not_yet_on_the_screen_is_not_acknowledged(qtbot: QtBot) -> None:
    room = Room(running(alarms=(alarm(rule="HR-H1"), alarm(rule="TECH-9"))))
    press(qtbot, room, Qt.Key.Key_A)
    assert room.commands() == [acknowledge("s1", "HR-H1"), acknowledge("s1", "TECH-9")]


def test_a_screen_that_can_no_longer_be_drawn_ends_the_process(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    class BrokenDesk:
        ticks = 0

        def tick(self) -> None:
            self.ticks += 1
            if self.ticks > 1:
                raise ValueError("no such pixel")

    deaths: list[bool] = []
    timer = tick_timer(cast("Desk", BrokenDesk()), lambda: deaths.append(True))
    qtbot.waitUntil(lambda: bool(deaths))
    timer.stop()
    assert "could not be drawn" in caplog.text


def test_the_acknowledge_button_does_the_same_and_is_15_mm_high(qtbot: QtBot) -> None:
    room = Room(running(alarms=(alarm(),)))
    button = room.button("Acknowledge")
    assert button.height() >= 57
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert room.commands() == [acknowledge("s1", "BP-H2")]


def test_i_and_e_start_and_end_the_infusion_when_it_makes_sense(qtbot: QtBot) -> None:
    room = Room(running(phase=Phase.BASELINE, infusion_started_s=None))
    press(qtbot, room, Qt.Key.Key_E)
    press(qtbot, room, Qt.Key.Key_I)
    room.tell(running())
    press(qtbot, room, Qt.Key.Key_I)
    press(qtbot, room, Qt.Key.Key_E)
    # One slip of a finger ends no infusion.
    assert room.commands() == [StartInfusion("s1", by_id=VISITOR.user_id)]
    press(qtbot, room, Qt.Key.Key_Return)
    assert room.commands() == [EndInfusion("s1", by_id=VISITOR.user_id)]


def test_ending_the_session_asks_first_beside_the_banner(qtbot: QtBot) -> None:
    room = Room(running(alarms=(alarm(),)))
    press(qtbot, room, Qt.Key.Key_E, ctrl=True)
    assert room.commands() == []
    assert room.button("Acknowledge").isVisible()
    press(qtbot, room, Qt.Key.Key_Escape)
    press(qtbot, room, Qt.Key.Key_Return)
    assert room.commands() == []
    press(qtbot, room, Qt.Key.Key_E, ctrl=True)
    press(qtbot, room, Qt.Key.Key_Return)
    assert room.commands() == [EndSession("s1", by_id=VISITOR.user_id)]


def test_n_opens_a_form_and_without_a_patient_no_session_is_opened(qtbot: QtBot) -> None:
    room = Room()
    assert "Chair 1 is free" in room.texts()
    press(qtbot, room, Qt.Key.Key_N)
    room.tell()
    assert room.window.patients.has_focus
    press(qtbot, room, Qt.Key.Key_Return)
    assert room.commands() == []
    assert room.window.patients.is_open


def test_f1_shows_the_keys_and_escape_hides_them(qtbot: QtBot) -> None:
    room = Room(running())
    press(qtbot, room, Qt.Key.Key_F1)
    assert "Start the infusion" in room.texts()
    press(qtbot, room, Qt.Key.Key_Escape)
    assert "Start the infusion" not in room.texts()


def test_the_list_of_keys_covers_neither_numbers_nor_banner(qtbot: QtBot) -> None:
    room = Room(running(alarms=(alarm(),)))
    press(qtbot, room, Qt.Key.Key_F1)
    keys = next(w for w in room.window.findChildren(QWidget) if w.accessibleName() == "Keys")
    number = next(w for w in room.window.findChildren(QLabel) if w.text() == "138/84")
    assert keys.geometry().right() < number.mapTo(room.window, number.rect().topLeft()).x()
    assert keys.geometry().top() > 140


def test_a_cuff_reading_greys_and_vanishes_as_time_passes(qtbot: QtBot) -> None:
    room = Room(running())
    assert "138/84" in room.texts()
    grey = running(now_s=NOW_S + 400, pressure=PressureView(138, 84, 102, NOW_S - 120, False))
    room.tell(grey)
    assert number_colour(room, "138/84") == ColourRole.STALE
    room.tell(running(now_s=NOW_S + 800, pressure=PressureView(138, 84, 102, NOW_S - 120, False)))
    assert "--/--" in room.texts()
    assert "last 138/84 at " in " ".join(room.texts())


def number_colour(room: Room, text: str) -> ColourRole:
    """Return the role whose colour fills most of the number's ink, as drawn."""
    label = next(w for w in room.window.findChildren(QLabel) if w.text() == text)
    image = label.grab().toImage()
    counts: dict[str, int] = {}
    for x in range(0, image.width(), 2):
        for y in range(0, image.height(), 2):
            name = QColor(image.pixel(x, y)).name().upper()
            counts[name] = counts.get(name, 0) + 1
    theme = load_theme()
    inks = (ColourRole.NIBP, ColourRole.STALE, ColourRole.ALARM_HIGH, ColourRole.TEXT_1)
    return max(inks, key=lambda role: counts.get(theme.colours[role], 0))


def test_the_number_is_drawn_in_the_colour_of_its_state(qtbot: QtBot) -> None:
    assert number_colour(Room(running()), "138/84") == ColourRole.NIBP
    assert number_colour(Room(running(alarms=(alarm(),))), "138/84") == ColourRole.ALARM_HIGH
    stale = running(pressure=PressureView(138, 84, 102, NOW_S - 500, False))
    assert number_colour(Room(stale), "138/84") == ColourRole.STALE


def test_without_news_for_2_s_the_numbers_are_grey_and_the_foot_says_so(qtbot: QtBot) -> None:
    room = Room(running())
    room.station.now_s += 1.0
    room.tell()
    room.station.now_s += 1.2
    room.tell()
    assert number_colour(room, "138/84") == ColourRole.STALE
    assert any("No news from the station" in text for text in room.texts())


def test_a_lost_station_covers_the_screen_sounds_high_and_leaves_no_number(qtbot: QtBot) -> None:
    room = Room(running())
    room.station.answers = False
    room.station.channel.close()
    room.pass_time(0.1)
    assert room.window.is_stopped
    assert "MONITORING STOPPED - restarting" in room.texts()
    assert room.sounder.played == [Priority.HIGH]
    assert {"138/84", "88", "97"}.isdisjoint(room.texts())
    assert room.texts().count("--") == 2


def test_after_the_restart_the_screen_is_back(qtbot: QtBot) -> None:
    room = Room(running())
    room.station.channel.close()
    for _ in range(5):
        room.pass_time(0.2)
    room.tell(running())
    assert not room.window.is_stopped
    assert "138/84" in room.texts()


def test_a_patient_name_with_markup_stays_text_everywhere(qtbot: QtBot, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    red = QPixmap(40, 40)
    red.fill(QColor("#ff0000"))
    red.save(str(picture))
    name = f'<img src="{picture}"><b>x'
    label = plain_label(load_theme(), text=name)
    assert label.textFormat() is Qt.TextFormat.PlainText
    room = Room(running(patient=name))
    shown = next(w for w in room.window.findChildren(QLabel) if w.accessibleName() == name)
    assert shown.textFormat() is Qt.TextFormat.PlainText
    plain_tooltip(shown, name)
    assert "<img" not in shown.toolTip()
    press(qtbot, room, Qt.Key.Key_E, ctrl=True)
    labels = room.window.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_labels_and_message_boxes_are_made_in_one_place_only() -> None:
    for file in UI.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "QMessageBox" not in text, file
        assert "QLabel(" not in text or file.name == "labels.py", file
        assert "setToolTip(" not in text or file.name == "labels.py", file
        assert "html=" not in text, file


def test_every_control_has_a_name_and_a_tooltip(qtbot: QtBot) -> None:
    for room in (Room(running(alarms=(alarm(),))), Room()):
        for button in room.window.findChildren(QPushButton):
            assert button.accessibleName(), button.text()
            assert button.toolTip(), button.text()


def test_simulated_data_is_marked_and_the_disclaimer_is_there(qtbot: QtBot) -> None:
    room = Room(running(speed=30.0))
    assert "SIMULATED ×30" in room.texts()
    described = [w.accessibleDescription() for w in room.window.findChildren(QLabel)]
    assert DISCLAIMER in described
    assert "SIMULATED ×30" not in Room(running(is_simulated=False, speed=1.0)).texts()


def test_an_alarm_at_another_chair_sounds_and_is_seen_and_can_be_gone_to(qtbot: QtBot) -> None:
    two = ChairView("Chair 2", "GE", "")
    other = SessionUpdate(
        snapshot(chair="Chair 2", session_id="s2", alarms=(alarm(),)), ChartPart("s2", True)
    )
    room = Room(running(), chairs=(CHAIR, two))
    room.tell(other)
    assert room.sounder.played == [Priority.HIGH]
    assert "No active alarm" in room.texts()
    assert "!!!" in room.button("Chair 2, infusion  !!!").text()
    press(qtbot, room, Qt.Key.Key_2, ctrl=True)
    room.pass_time(0.1)
    press(qtbot, room, Qt.Key.Key_A)
    assert room.commands() == [acknowledge("s2", "BP-H2")]


def test_closing_while_a_session_runs_asks_and_then_says_goodbye(qtbot: QtBot) -> None:
    room = Room(running())
    room.window.close()
    assert room.window.isVisible()
    press(qtbot, room, Qt.Key.Key_Return)
    assert not room.window.isVisible()
    assert room.commands() == [Goodbye(stop_station=False)]


def test_closing_with_every_chair_free_closes_at_once(qtbot: QtBot) -> None:
    room = Room()
    room.window.close()
    assert room.commands() == [Goodbye(stop_station=False)]


def test_the_whole_desktop_starts_and_ends_by_its_window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    ours, theirs = in_memory_pair()
    heard: list[object] = []

    def close_when_greeted() -> None:
        heard.extend(theirs.receive())
        theirs.send(ALIVE)
        if len(heard) > 1:
            timer.stop()  # the channel is closed with the window
            for window in vigil_windows(qapp):
                window.close()

    timer = QTimer()
    timer.timeout.connect(close_when_greeted)
    timer.start(20)
    assert (
        run_desktop(
            lambda: ours,
            lambda: None,
            HELLO,
            reception=nobody_asks(),
            patients=nobody_is_known(),
            sound_folder=tmp_path,
        )
        == 0
    )
    timer.stop()
    heard += theirs.receive()
    assert heard[0] == HELLO
    assert "cannot be used" in heard[1].sound_fault
    assert heard[-1] == Goodbye()


def test_without_a_display_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(OperatorError, match="no display"):
        run_desktop(
            lambda: None,
            lambda: None,
            HELLO,
            reception=nobody_asks(),
            patients=nobody_is_known(),
            sound_folder=tmp_path,
        )


def test_nothing_is_drawn_again_while_nothing_is_new(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(running())
    drawn: list[object] = []
    monkeypatch.setattr(room.window.session.chart, "render_view", drawn.append)
    for _ in range(5):
        room.tell(SessionUpdate(snapshot(), ChartPart("s1", False)))
    assert drawn == []
    room.tell(SessionUpdate(snapshot(), ChartPart("s1", False, whole_chart().samples[:1])))
    assert len(drawn) == 1


def test_the_banner_flashes_its_ground_and_never_its_words(qtbot: QtBot) -> None:
    room = Room(running(alarms=(alarm(),)))
    grounds = set()
    for quarter in (0.0, 0.25):
        room.window.flash(quarter + 0.01)
        image = room.window.grab().toImage()
        grounds.add(QColor(image.pixel(6, 90)).name())
        assert "Systolic 184 at or above 180 · for 0:42" in room.texts()
        assert QColor(image.pixel(60, 72)).name() == load_theme().colours["alarm_high"].lower()
    assert len(grounds) == 2
