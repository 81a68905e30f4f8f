"""The one window: it shows a session, a free chair, or that monitoring stopped, and binds the keys.

Knows screens and keys. Every key becomes a signal; what it does is decided in app.py.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.live.free_chair import FreeChairScreen
from ui.live.one_chair import RIGHT_WIDTH, OneChairScreen
from ui.people.panel import PeoplePanel
from ui.theme import Theme
from ui.view_models.people import PanelView, WhoView
from ui.view_models.screen import ChairTab, FreeScreen, SessionScreen, StoppedView
from ui.view_models.waiting import WaitingPanel
from ui.widgets.chair_list import ChairList
from ui.widgets.overlays import KeyHelp, StoppedOverlay
from ui.widgets.question import QuestionStrip
from ui.widgets.waiting_panel import WaitingPanelWidget

SMALLEST = (1100, 700)
FOOT_HEIGHT = 60
CHAIR_KEYS = 8


class VigilWindow(QWidget):
    """The main window."""

    acknowledged = Signal()
    infusion_started = Signal()
    infusion_ended = Signal()
    session_end_asked = Signal()
    new_session_asked = Signal()
    session_wanted = Signal(str, int)
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
        column.addWidget(self._pages, 1)
        row.addLayout(column, 1)
        self._help = KeyHelp(theme, self)
        self.panel = PeoplePanel(theme)
        self.panel.setParent(self)
        self._stopped = StoppedOverlay(theme, self)
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
        room = 0 if self.panel.isHidden() else self.panel.height()
        self.free.make_room(room)
        self._place_panel()

    def render_backup(self, text: str) -> None:
        """Show that the newest backup is too old."""
        self.session.render_backup(text)
        self.free.render_backup(text)

    def render_waiting(self, panel: WaitingPanel | None) -> None:
        """Show the question which interrupted sessions go on, above the screen."""
        self._waiting.render_view(panel)

    def flash(self, monotonic_s: float) -> None:
        """Pass the phase of the flashing on, one for all alarms."""
        self.session.flash(monotonic_s)
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
        self._stopped.setGeometry(self.rect())
        self._help.adjustSize()
        left = 0 if self._chairs.isHidden() else self._chairs.width()
        free_width = self.width() - left - RIGHT_WIDTH - self._help.width()
        free_height = self.height() - self._help.height()
        self._help.move(left + max(0, free_width // 2), free_height * 2 // 3)
        self._place_panel()

    def _place_panel(self) -> None:
        """Put the panel over the chart, or below what stands at a free chair."""
        left = 0 if self._chairs.isHidden() else self._chairs.width()
        right = RIGHT_WIDTH if self._shows_session else 0
        free_width = self.width() - left - right - self.panel.width()
        top = self.height() - FOOT_HEIGHT - self.panel.height()
        self.panel.move(left + max(0, free_width // 2), max(0, top))

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
        self.free.session_wanted.connect(self.session_wanted)
        self.free.break_glass_asked.connect(self.break_glass_asked)
        self.session.identify_asked.connect(self.identify_asked)
        self.panel.submitted.connect(self.proof_given)
        self.panel.closed.connect(self.panel_closed)
        self.panel.another_asked.connect(self.another_asked)
        self.panel.break_glass_asked.connect(self.break_glass_asked)
        self._chairs.chosen.connect(self.chair_chosen)
        self._waiting.row_marked.connect(self.waiting_marked)
        self._waiting.resumed.connect(self.waiting_resumed)
        self._waiting.ended.connect(self.waiting_ended)

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
        self._key("Ctrl+Q", self.close)
        self._key("Esc", self._escape)
        self._key("Return", self._enter)
        self._key("Enter", self._enter)
        self._key("R", partial(self.waiting_resumed.emit, False))
        self._key("X", partial(self.waiting_ended.emit, False))
        self._key("Ctrl+R", partial(self.waiting_resumed.emit, True))
        self._key("Ctrl+X", partial(self.waiting_ended.emit, True))
        self._key("Up", partial(self.waiting_moved.emit, -1))
        self._key("Down", partial(self.waiting_moved.emit, 1))
        for number in range(1, CHAIR_KEYS + 1):
            self._key(f"Ctrl+{number}", partial(self.chair_number_chosen.emit, number))

    def _key(self, sequence: str, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(sequence), self)
        shortcut.setAutoRepeat(False)
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
        else:
            self.free.close_form()

    def _enter(self) -> None:
        if self.panel.has_focus:
            self.panel.submit()
        elif self.question.is_asking:
            self.answered.emit(True)
        elif not self._shows_session and self.free.form_has_focus:
            self.free.submit()
        elif not self._shows_session and self.free.form_is_open:
            self.free.go_to_form()
