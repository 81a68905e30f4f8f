"""The list of people who were found: a name, and below it both identifiers.

Knows rows of text. Plain items: a list shows no HTML.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.theme import Theme
from ui.view_models.patients import Row

ROW_HEIGHT = 52
LEAST_ROWS = 4


class PatientRows(QListWidget):
    """One row is marked: up and down move it, Enter and a click choose it."""

    row_marked = Signal(int)
    row_chosen = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown: tuple[Row, ...] = ()
        self.setAccessibleName("Patients found")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.setFont(theme.font(theme.sizes["body"] + 1))
        self.setMinimumHeight(2 * ROW_HEIGHT)
        self.itemClicked.connect(self._clicked)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for some rows."""
        return QSize(super().sizeHint().width(), LEAST_ROWS * ROW_HEIGHT + 6)

    def render_rows(self, rows: tuple[Row, ...], marked: int) -> None:
        """Show the rows, the marked one in sight."""
        if rows != self._shown:
            self._shown = rows
            self.clear()
            for row in rows:
                self.addItem(_item(row))
        if rows and self.currentRow() != marked:
            self.setCurrentRow(marked)

    def _clicked(self, item: QListWidgetItem) -> None:
        self.row_marked.emit(self.row(item))
        self.row_chosen.emit()


def _item(row: Row) -> QListWidgetItem:
    reason = f"   ({row.reason})" if row.reason else ""
    item = QListWidgetItem(f"{row.name}\n{row.identifiers}{reason}")
    item.setSizeHint(QSize(0, ROW_HEIGHT))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.name}, {row.identifiers}{reason}")
    return item
