"""A tile with one big number, its age and its limits.

Knows sizes and colours. The words, the ages and the greying come from view_models/numerics.py.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui.theme import Theme
from ui.view_models.colours import ColourRole, bright
from ui.view_models.numerics import NumericTile
from ui.widgets.labels import plain_label, recolour, say


class NumericWidget(QFrame):
    """One tile; ``own`` is the colour of the vital's name, which stays when the value greys."""

    def __init__(self, theme: Theme, own: ColourRole, has_mean: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._view: NumericTile | None = None
        self.setObjectName("card")
        small = theme.font(theme.sizes["body"], QFont.Weight.Medium)
        self._label = plain_label(theme, theme.font(theme.sizes["body"], QFont.Weight.Bold), own)
        self._limits = plain_label(theme, theme.font(theme.sizes["small"]), ColourRole.TEXT_2)
        self._number = plain_label(theme, _number_font(theme, "number_capital"))
        self._mean = plain_label(theme, _number_font(theme, "mean_capital"))
        self._source = plain_label(theme, small, ColourRole.TEXT_2)
        self._age = plain_label(theme, small, ColourRole.TEXT_1)
        self._due = plain_label(theme, small, ColourRole.TEXT_2)
        self._arrange(has_mean)

    def render_view(self, view: NumericTile) -> None:
        """Show ``view``."""
        if view == self._view:
            return
        self._view = view
        for label, text in (
            (self._label, view.label),
            (self._limits, view.limits),
            (self._number, view.text),
            (self._mean, view.mean),
            (self._age, view.age),
            (self._due, view.due),
            (self._source, view.source),
        ):
            say(label, text)
        recolour(self._number, self._theme, view.colour)
        recolour(self._mean, self._theme, view.colour)
        self.setAccessibleName(view.spoken)
        self._frame(view)

    def _frame(self, view: NumericTile) -> None:
        role = ColourRole.LINE if view.alarm is None else bright(view.alarm)
        width = 1 if view.alarm is None else 2
        colour = self._theme.colours[role]
        self.setStyleSheet(f"QFrame#card {{ border: {width}px solid {colour}; }}")

    def _arrange(self, has_mean: bool) -> None:
        head = QHBoxLayout()
        head.addWidget(self._label)
        head.addStretch(1)
        head.addWidget(self._limits)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._number)
        column.addLayout(self._foot(has_mean))

    def _foot(self, has_mean: bool) -> QHBoxLayout:
        """Return the last line: mean or source at the left, age and what is due at the right."""
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self._age, self._due) if has_mean else (self._age,):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            words.addWidget(label)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._mean if has_mean else self._source)
        foot.addStretch(1)
        foot.addLayout(words)
        return foot


def _number_font(theme: Theme, size: str) -> QFont:
    return theme.font_of_capitals(theme.sizes[size], QFont.Weight.DemiBold)
