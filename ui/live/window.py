"""The one window: it shows a session, a free chair, or that monitoring stopped, and binds the keys.

Knows screens and keys. Every key becomes a signal; what it does is decided in app.py.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.live.alarm_controls import AlarmControls
from ui.live.free_chair import FreeChairScreen
from ui.live.layers import Layers
from ui.live.one_chair import OneChairScreen
from ui.patients.panel import PatientPanel
from ui.people.panel import PeoplePanel
from ui.theme import Theme
from ui.view_models.alarm_panel import AlarmPanelView
from ui.view_models.patients import PatientView
from ui.view_models.people import PanelView, WhoView
from ui.view_models.screen import ChairTab, FreeScreen, SessionScreen, StoppedView
from ui.view_models.sound_test import SoundStrip
from ui.view_models.waiting import WaitingPanel
from ui.widgets.chair_list import ChairList
from ui.widgets.overlays import KeyHelp, StoppedOverlay
from ui.widgets.question import QuestionStrip
from ui.widgets.sound_strip import SoundStripWidget
from ui.widgets.waiting_panel import WaitingPanelWidget

SMALLEST = (1100, 700)
CHAIR_KEYS = 8


class VigilWindow(QWidget):
    """The main window."""

    acknowledged = Signal()
    infusion_started = Signal()
    infusion_ended = Signal()
    session_end_asked = Signal()
    new_session_asked = Signal()
    chair_chosen = Signal(str)
    chair_number_chosen = Signal(int)
    answered = Signal(bool)
    waiting_marked = Signal(int)
    waiting_moved = Signal(int)
    waiting_resumed = Signal(bool)
    waiting_ended = Signal(bool)
    lock_asked = Signal()
    pin_asked = Signal()
    sign_out_asked = Signal()
    another_asked = Signal()
    break_glass_asked = Signal()
    identify_asked = Signal()
    panel_closed = Signal()
    proof_given = Signal(dict)
    sound_test_asked = Signal()
    sound_answered = Signal(bool)

    def __init__(self, theme: Theme, may_close: Callable[[], bool]) -> None:
        super().__init__()
        self._may_close = may_close
        self.setWindowTitle("Vigil")
        self.setMinimumSize(*SMALLEST)
        self.session = OneChairScreen(theme)
        self.free = FreeChairScreen(theme)
        self._chairs = ChairList(theme)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.free)
        self._pages.addWidget(self.session)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._chairs)
        self._waiting = WaitingPanelWidget(theme)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._waiting)
        self._sound_strip = SoundStripWidget(theme)
        column.addWidget(self._sound_strip)
        self.alarms = AlarmControls(theme, self, self._key)
        column.addWidget(self.alarms.elsewhere)
        column.addWidget(self._pages, 1)
        row.addLayout(column, 1)
        self.patients = PatientPanel(theme)
        self.patients.setParent(self)
        self._help = KeyHelp(theme, self)
        self.panel = PeoplePanel(theme)
        self.panel.setParent(self)
        self._stopped = StoppedOverlay(theme, self)
        self._layers = Layers(
            self,
            self._chairs,
            session=self.session,
            free=self.free,
            cards=(self.panel, self.patients, self.alarms),
            overlays=(self._help, self._stopped),
        )
        self._connect_screens()
        self._bind_keys()

    def render_session(self, view: SessionScreen) -> None:
        """Show a running session."""
        self.session.render_view(view)
        self._pages.setCurrentWidget(self.session)

    def render_free(self, view: FreeScreen) -> None:
        """Show a chair without one."""
        self.free.render_view(view)
        self._pages.setCurrentWidget(self.free)

    def render_frame(
        self, tabs: tuple[ChairTab, ...], stopped: StoppedView | None, notice: str
    ) -> None:
        """Show what surrounds the screen: the chairs, a loss of the station, a notice."""
        self._chairs.render_tabs(tabs)
        self._stopped.render_view(stopped)
        self.question.notify(notice)

    def render_people(self, who: WhoView, panel: PanelView | None) -> None:
        """Show who is signed in, and the panel that asks for it."""
        self.session.render_who(who)
        self.free.render_who(who)
        self.panel.render_view(panel)
        self._make_room()

    def render_patients(self, view: PatientView | None, *, is_covered: bool = False) -> None:
        """Show the patient form; covered, nobody's name is to be seen, and what was typed stays."""
        if is_covered:
            self.patients.cover()
        else:
            self.patients.render_view(view)
        self._make_room()

    def render_alarm_panel(self, view: AlarmPanelView | None) -> None:
        """Show a page of the alarm panel, or nothing."""
        self.alarms.panel.render_view(view)
        self._make_room()

    def render_backup(self, text: str) -> None:
        """Show that the newest backup is too old."""
        self.session.render_backup(text)
        self.free.render_backup(text)

    def render_waiting(self, panel: WaitingPanel | None) -> None:
        """Show the question which interrupted sessions go on, above the screen."""
        self._waiting.render_view(panel)

    def render_sound_test(self, view: SoundStrip | None) -> None:
        """Show the question whether the sound was heard, above the screen."""
        self._sound_strip.render_view(view)

    def flash(self, monotonic_s: float) -> None:
        """Pass the phase of the flashing on, one for all alarms."""
        self.session.flash(monotonic_s)
        self.alarms.flash(monotonic_s)
        self._stopped.flash(monotonic_s)

    @property
    def question(self) -> QuestionStrip:
        """The strip of the screen that is shown."""
        return self.session.question if self._shows_session else self.free.question

    @property
    def is_stopped(self) -> bool:
        """Whether MONITORING STOPPED covers the screen."""
        return not self._stopped.isHidden()

    @property
    def _shows_session(self) -> bool:
        return self._pages.currentWidget() is self.session

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the overlays in place: the keys over the chart, never over numbers or banner."""
        super().resizeEvent(event)
        self._layers.resized(shows_session=self._shows_session)

    def _make_room(self) -> None:
        self._layers.make_room(shows_session=self._shows_session)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close only when nothing speaks against it; the question stands in its strip."""
        if self._may_close():
            event.accept()
        else:
            event.ignore()

    def _connect_screens(self) -> None:
        self.session.acknowledged.connect(self.acknowledged)
        self.session.infusion_started.connect(self.infusion_started)
        self.session.infusion_ended.connect(self.infusion_ended)
        self.session.session_ended.connect(self.session_end_asked)
        self.session.question.answered.connect(self.answered)
        self.free.question.answered.connect(self.answered)
        self.free.start_asked.connect(self.new_session_asked)
        self.free.break_glass_asked.connect(self.break_glass_asked)
        self.session.identify_asked.connect(self.identify_asked)
        self.panel.submitted.connect(self.proof_given)
        self.panel.closed.connect(self.panel_closed)
        self.panel.another_asked.connect(self.another_asked)
        self.panel.break_glass_asked.connect(self.break_glass_asked)
        self._chairs.chosen.connect(self.chair_chosen)
        self.session.silence.pause_ended.connect(self.alarms.pause_asked)
        self.session.silence.sound_asked.connect(self.alarms.sound_off_asked)
        self.session.silence.alarms_asked.connect(self.alarms.alarms_off_asked)
        self._waiting.row_marked.connect(self.waiting_marked)
        self._waiting.resumed.connect(self.waiting_resumed)
        self._waiting.ended.connect(self.waiting_ended)
        self._sound_strip.answered.connect(self.sound_answered)

    def _bind_keys(self) -> None:
        self._key("A", self.acknowledged.emit)
        self._key("I", self.infusion_started.emit)
        self._key("E", self.infusion_ended.emit)
        self._key("Ctrl+E", self.session_end_asked.emit)
        self._key("N", self.new_session_asked.emit)
        self._key("F1", self._toggle_help)
        self._key("F2", self.break_glass_asked.emit)
        self._key("F3", self.another_asked.emit)
        self._key("Ctrl+L", self.lock_asked.emit)
        self._key("Ctrl+P", self.pin_asked.emit)
        self._key("Ctrl+Shift+L", self.sign_out_asked.emit)
        self._key("Ctrl+I", self.identify_asked.emit)
        self._key("Ctrl+T", self.sound_test_asked.emit)
        self._key("Ctrl+H", partial(self.sound_answered.emit, True))
        self._key("Ctrl+N", partial(self.sound_answered.emit, False))
        self._key("Ctrl+Q", self.close)
        self._key("Esc", self._escape)
        self._key("Return", self._enter)
        self._key("Enter", self._enter)
        self._key("R", partial(self.waiting_resumed.emit, False))
        self._key("X", partial(self.waiting_ended.emit, False))
        self._key("Ctrl+R", partial(self.waiting_resumed.emit, True))
        self._key("Ctrl+X", partial(self.waiting_ended.emit, True))
        self._key("Up", self._up, repeats=True)
        self._key("Down", self._down, repeats=True)
        self._key("F4", self._another_way)
        for number in range(1, CHAIR_KEYS + 1):
            self._key(f"Ctrl+{number}", partial(self.chair_number_chosen.emit, number))

    def _key(self, sequence: str, action: Callable[[], object], *, repeats: bool = False) -> None:
        shortcut = QShortcut(QKeySequence(sequence), self)
        shortcut.setAutoRepeat(repeats)
        shortcut.activated.connect(action)

    def _toggle_help(self) -> None:
        self._help.setVisible(self._help.isHidden())
        self._help.raise_()
        self._stopped.raise_()

    def _escape(self) -> None:
        if not self._help.isHidden():
            self._help.hide()
        elif self.panel.has_focus:
            self.panel_closed.emit()
        elif self.question.is_asking:
            self.answered.emit(False)
        elif self.alarms.is_open:
            self.alarms.left.emit()
        elif self.patients.is_open:
            self.patients.leave()

    def _enter(self) -> None:
        if self.panel.has_focus:
            self.panel.submit()
        elif self.question.is_asking:
            self.answered.emit(True)
        elif self.alarms.is_open:
            self.alarms.panel.submit()
        elif self.patients.has_focus:
            self.patients.submit()
        elif self.patients.is_open:
            self.patients.go_back_to()

    def _another_way(self) -> None:
        if self.patients.is_open and not self.question.is_asking:
            self.patients.another_way_asked.emit()

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        """Mark another row: of the patient form while somebody types there."""
        if self.alarms.is_open:
            self.alarms.moved.emit(by)
        elif self.patients.has_focus:
            self.patients.moved.emit(by)
        else:
            self.waiting_moved.emit(by)
