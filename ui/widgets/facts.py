"""The row of facts over the chart: what the alarms of this session rest on.

Knows chips and how much room there is. Must not know what a fact means.
"""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.session_facts import Fact, Weight
from ui.widgets.bars import chip, recolour_chip
from ui.widgets.labels import say_elided

SPACING = 8
PADDING = 24
NARROWEST = 60
_INKS = {
    Weight.CALM: (ColourRole.TEXT_2, ColourRole.RAISED),
    Weight.NOTE: (ColourRole.TEXT_1, ColourRole.TEXT_1),
    Weight.CAUTION: (ColourRole.CAUTION, ColourRole.CAUTION),
}


class FactRow(QWidget):
    """One chip per fact, the weightier first; what has no room is cut and in the tooltip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Facts of the alarms")
        self._theme = theme
        self._facts: tuple[Fact, ...] = ()
        self._chips: list[QLabel] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(22, 6, 22, 0)
        self._row.setSpacing(SPACING)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Never widen the window."""
        return QSize(0, super().minimumSizeHint().height())

    def render_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these facts."""
        if facts == self._facts:
            return
        self._facts = facts
        while len(self._chips) < len(facts):
            self._chips.append(chip(self._theme))
            self._row.insertWidget(len(self._chips) - 1, self._chips[-1])
        for number, label in enumerate(self._chips):
            label.setVisible(number < len(facts))
        self.setVisible(bool(facts))
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room anew."""
        super().resizeEvent(event)
        self._show()

    def _show(self) -> None:
        left = self.width() - 2 * 22
        for fact, label in zip(self._facts, self._chips, strict=False):
            left -= PADDING
            say_elided(label, fact.text, max(NARROWEST, left))
            left -= label.fontMetrics().horizontalAdvance(label.text()) + SPACING
            ink, edge = _INKS[fact.weight]
            recolour_chip(label, self._theme, ColourRole.RAISED, ink, edge)
