"""The alarm parts of the window: keys, the panel, the strip of other chairs, the large HIGH.

Knows widgets and keys. Every key becomes a signal; what it does is decided in alarm_intents.py.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from ui.theme import Theme
from ui.view_models.chair_alarms import ELSEWHERE_KEY, ElsewhereView, EscalationView
from ui.widgets.alarm_panel import AlarmPanel
from ui.widgets.elsewhere import ElsewhereStrip
from ui.widgets.escalation import BAND, EscalationBand

BindKey = Callable[[str, Callable[[], object]], None]


class AlarmControls(QObject):
    """What the window has for alarms beside the banner."""

    pause_asked = Signal()
    sound_off_asked = Signal()
    alarms_off_asked = Signal()
    limits_asked = Signal()
    observation_asked = Signal()
    list_asked = Signal()
    chair_chosen = Signal(str)
    digit_pressed = Signal(int)
    moved = Signal(int)
    row_marked = Signal(int)
    entered = Signal(dict)
    left = Signal()

    def __init__(self, theme: Theme, window: QWidget, bind: BindKey) -> None:
        super().__init__(window)
        self.panel = AlarmPanel(theme)
        self.panel.setParent(window)
        self.elsewhere = ElsewhereStrip(theme)
        self._escalation = EscalationBand(theme, window)
        self.panel.row_marked.connect(self.row_marked)
        self.panel.submitted.connect(self.entered)
        self.panel.left.connect(self.left)
        self.elsewhere.chosen.connect(self.chair_chosen)
        self.elsewhere.list_asked.connect(self.list_asked)
        self._bind(bind)

    def render_elsewhere(self, view: ElsewhereView | None) -> None:
        """Show what calls at another chair, or nothing."""
        self.elsewhere.render_view(view)

    def render_escalation(self, view: EscalationView | None) -> None:
        """Show the HIGH that nobody answers, or nothing."""
        self._escalation.render_view(view)

    def fit(self, chart: QRect) -> None:
        """Let the panel take no more than the chart, and leave the band of the HIGH free."""
        self.panel.fit(chart.width(), chart.height() - self.band_height)

    @property
    def band_height(self) -> int:
        """Pixels above an open form that belong to a HIGH which nobody answers."""
        return BAND if self._escalation.is_called else 0

    def place_escalation(self, room: QRect, *, is_alone: bool) -> None:
        """Lay the large HIGH over this part of the chart, where no form is open."""
        self._escalation.place(room, is_alone=is_alone)

    def flash(self, monotonic_s: float) -> None:
        """Pass the phase of the flashing on."""
        self.elsewhere.flash(monotonic_s)
        self._escalation.flash(monotonic_s)

    @property
    def is_open(self) -> bool:
        """Whether the panel is open."""
        return not self.panel.isHidden()

    def _bind(self, bind: BindKey) -> None:
        bind("P", self.pause_asked.emit)
        bind("Ctrl+O", self.sound_off_asked.emit)
        bind("Ctrl+D", self.alarms_off_asked.emit)
        bind("L", self.limits_asked.emit)
        bind("M", self.observation_asked.emit)
        bind(ELSEWHERE_KEY, self.list_asked.emit)
        for number in range(10):
            bind(str(number), partial(self._digit, number))

    def _digit(self, number: int) -> None:
        if self.is_open:
            self.digit_pressed.emit(number)
