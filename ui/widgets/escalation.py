"""A HIGH that nobody answers, as large as the chart: over the chart, never over the numbers.

Knows how it looks (clinical.md 1.2 and section 4). When it comes and goes is decided elsewhere.
"""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from monitor.alarms.priority import Priority
from ui.theme import Theme
from ui.view_models.alarms import is_lit
from ui.view_models.chair_alarms import EscalationView
from ui.view_models.colours import ColourRole, bright, dark
from ui.widgets.flash import FlashSurface
from ui.widgets.labels import may_shrink, plain_label, say

EDGE = 26
"""Pixels of the ground around the words: what flashes."""
HIGHEST = 360


class EscalationBand(FlashSurface):
    """Its edge flashes with all other HIGH alarms; the words stand still, black on red."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__()
        self.setParent(window)
        self._theme = theme
        self._chart = QRect()
        heavy = QFont.Weight.Bold
        self._title = self._label(theme.font(30, heavy))
        self._text = self._label(theme.font(theme.sizes["stopped"], heavy))
        self._detail = self._label(theme.font(26, heavy))
        self._hint = self._label(theme.font(theme.sizes["title"], heavy))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._arrange()
        self.hide()

    def render_view(self, view: EscalationView | None) -> None:
        """Show ``view`` over everything that lies over the chart, or nothing."""
        if view is not None:
            for label, text in (
                (self._title, view.title),
                (self._text, view.text),
                (self._detail, view.detail),
                (self._hint, view.hint),
            ):
                say(label, text)
            self.setAccessibleName(f"{view.title}. {view.text}. {view.detail}")
        self.setVisible(view is not None)
        if view is not None:
            self.raise_()  # a card over the chart that opened meanwhile is less urgent

    def place(self, chart: QRect) -> None:
        """Take the upper part of this rectangle."""
        self._chart = chart
        self._fit()

    def flash(self, monotonic_s: float) -> None:
        """Put the edge into the half of its flash that belongs to this moment."""
        role = bright if is_lit(Priority.HIGH, monotonic_s) else dark
        self.fill(self._theme.colour(role(Priority.HIGH)))

    def _fit(self) -> None:
        chart = self._chart
        wanted = QRect(chart.left(), chart.top(), chart.width(), min(chart.height(), HIGHEST))
        if self.geometry() != wanted:
            self.setGeometry(wanted)

    def _label(self, font: QFont) -> QLabel:
        return may_shrink(plain_label(self._theme, font, ColourRole.ON_ALARM))

    def _arrange(self) -> None:
        plate = FlashSurface()
        plate.fill(self._theme.colour(ColourRole.ALARM_HIGH))
        words = QVBoxLayout(plate)
        words.setContentsMargins(28, 12, 28, 12)
        for label in (self._title, self._text, self._detail, self._hint):
            words.addWidget(label)
        edge = QVBoxLayout(self)
        edge.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        edge.addWidget(plate)
