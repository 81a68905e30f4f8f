"""The running list of a session, newest line first.

Knows lines of text and their colour. Plain items: a list shows no HTML.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from ui.theme import Theme
from ui.view_models.colours import ColourRole, bright
from ui.view_models.screen import LogLine
from ui.widgets.labels import plain_label, say_elided

DEVICE_WIDTH = 290


class LogList(QFrame):
    """A card with the lines of the session and the device that it is measured with."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._lines: tuple[LogLine, ...] = ()
        self._list = QListWidget()
        self._list.setAccessibleName("Running list of the session")
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        small = theme.sizes["small"]
        title = plain_label(
            theme, theme.font(small, QFont.Weight.Bold), ColourRole.TEXT_2, "THIS SESSION"
        )
        self._device = plain_label(theme, theme.font(small), ColourRole.TEXT_2)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._device)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 8)
        column.addLayout(head)
        column.addWidget(self._list)

    def render_view(self, lines: tuple[LogLine, ...], device: str) -> None:
        """Show ``lines``; the place a person has scrolled to stays when nothing is new."""
        say_elided(self._device, device, DEVICE_WIDTH)
        if lines == self._lines:
            return
        self._lines = lines
        self._list.clear()
        for line in lines:
            self._list.addItem(self._item(line))

    def _item(self, line: LogLine) -> QListWidgetItem:
        item = QListWidgetItem(line.text)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        if line.priority is not None:
            item.setForeground(QBrush(self._theme.colour(bright(line.priority))))
            item.setFont(self._theme.font(self._theme.sizes["body"], QFont.Weight.DemiBold))
        return item
