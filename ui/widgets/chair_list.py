"""The list of chairs at the left, so that an alarm at another chair is seen from this one.

Knows tabs. Sends which chair was chosen.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from ui.theme import Theme
from ui.view_models.colours import ColourRole, bright, dark
from ui.view_models.screen import ChairTab
from ui.widgets.labels import plain_tooltip

WIDTH = 150
HEIGHT, LINE = 60, 16
"""Pixels of two lines, and of each more."""
NEW_LINE = "\n"


class ChairList(QFrame):
    """One button per chair; hidden when there is only one."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName("Chairs")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._tabs: tuple[ChairTab, ...] = ()
        self._buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 12, 10, 12)
        self._column.addStretch(1)
        self.hide()

    def render_tabs(self, tabs: tuple[ChairTab, ...]) -> None:
        """Show ``tabs``."""
        self.setVisible(bool(tabs))
        if tabs == self._tabs:
            return
        self._tabs = tabs
        while len(self._buttons) < len(tabs):
            self._add_button()
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(tabs))
            if number < len(tabs):
                self._dress(button, tabs[number])

    def _add_button(self) -> None:
        button = QPushButton()
        button.setFont(self._theme.font(self._theme.sizes["body"], QFont.Weight.DemiBold))
        number = len(self._buttons)
        button.clicked.connect(lambda: self.chosen.emit(self._tabs[number].chair))
        self._column.insertWidget(number, button)
        self._buttons.append(button)

    def _dress(self, button: QPushButton, tab: ChairTab) -> None:
        button.setText(tab.text)
        button.setAccessibleName(tab.text.replace("\n", ", "))
        plain_tooltip(button, f"Go to {tab.chair}. Key {tab.key}.")
        theme = self._theme
        ground = theme.colours[ColourRole.ACCENT_DEEP if tab.is_current else ColourRole.RAISED]
        ink = theme.colours[ColourRole.TEXT_1]
        if tab.alarm is not None:
            ground = theme.colours[bright(tab.alarm) if tab.is_calling else dark(tab.alarm)]
            ink = theme.colours[ColourRole.ON_ALARM if tab.is_calling else ColourRole.TEXT_1]
        edge = theme.colours[ColourRole.TEXT_1 if tab.is_current else ColourRole.LINE]
        button.setStyleSheet(
            f"QPushButton {{ background: {ground}; color: {ink}; border: 2px solid {edge};"
            f" padding: 0 2px; min-height: {HEIGHT + LINE * (tab.text.count(NEW_LINE) - 1)}px; }}"
        )
