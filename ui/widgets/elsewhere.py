"""The strip that says which other chair calls: above every screen, one line, never hidden by one.

Knows one alarm and its flash (clinical.md 1.2). Sends where to go.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout

from ui.theme import Theme
from ui.view_models.alarms import is_lit
from ui.view_models.chair_alarms import ELSEWHERE_KEY, ElsewhereView
from ui.view_models.colours import ColourRole, bright, dark
from ui.widgets.buttons import key_button
from ui.widgets.flash import FlashSurface
from ui.widgets.labels import plain_label, say, say_elided

BUTTONS = 370
"""Pixels of the two buttons and the margins."""
LEAST_ROOM = 200


class ElsewhereStrip(FlashSurface):
    """Shows an ``ElsewhereView``; hidden without one. Its ground flashes, its words never."""

    chosen = Signal(str)
    list_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Alarm at another chair")
        self._theme = theme
        self._view: ElsewhereView | None = None
        self._plate = FlashSurface()
        self._text = plain_label(theme, theme.font(17, QFont.Weight.Bold), ColourRole.ON_ALARM)
        self._more = plain_label(theme, self._text.font(), ColourRole.ON_ALARM)
        self._go = key_button(theme, "Go there", "", "Show that chair.")
        self._all = key_button(theme, "All alarms", ELSEWHERE_KEY, "List the alarms of all chairs.")
        for button in (self._go, self._all):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._go.clicked.connect(self._choose)
        self._all.clicked.connect(self.list_asked)
        self._arrange()
        self.hide()

    def render_view(self, view: ElsewhereView | None) -> None:
        """Show ``view``, or nothing."""
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            return
        line, words = view.line, view.words
        self._plate.fill(self._theme.colour(bright(line.priority)))
        say(self._more, view.more)
        more = self._more.fontMetrics().horizontalAdvance(view.more)
        say_elided(self._text, words, max(LEAST_ROOM, self.width() - BUTTONS - more))

    def flash(self, monotonic_s: float) -> None:
        """Put the ground into the half of its flash that belongs to this moment."""
        if self._view is not None:
            priority = self._view.line.priority
            role = bright if is_lit(priority, monotonic_s) else dark
            self.fill(self._theme.colour(role(priority)))

    def _choose(self) -> None:
        if self._view is not None:
            self.chosen.emit(self._view.chair)

    def _arrange(self) -> None:
        plate = QHBoxLayout(self._plate)
        plate.setContentsMargins(14, 0, 14, 0)
        plate.addWidget(self._text, 1)
        plate.addWidget(self._more)
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 5, 22, 5)
        row.setSpacing(10)
        row.addWidget(self._plate, 1)
        row.addWidget(self._go)
        row.addWidget(self._all)
