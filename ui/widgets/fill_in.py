"""Lines to fill in, made for the page that asks: each with its label above.

Knows Qt. Must not know what the lines are for; nothing that is typed is taken away while they
stand.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.view_models.alarm_panel import PanelField
from ui.view_models.colours import ColourRole
from ui.widgets.labels import plain_label

MOST_LINES = 2
LONGEST = 300


class FillIn(QWidget):
    """At most two lines; hidden without any."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._fields: tuple[PanelField, ...] = ()
        self._labels = [plain_label(theme, role=ColourRole.TEXT_2) for _ in range(MOST_LINES)]
        self._edits = [QLineEdit() for _ in range(MOST_LINES)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for label, edit in zip(self._labels, self._edits, strict=True):
            edit.setObjectName("field")
            edit.setMaxLength(LONGEST)
            column.addWidget(label)
            column.addWidget(edit)
        self.hide()

    def ask(self, fields: tuple[PanelField, ...]) -> None:
        """Show these lines, with the cursor in the first; what stands there is marked."""
        self._fields = fields
        for number, (label, edit) in enumerate(zip(self._labels, self._edits, strict=True)):
            is_on = number < len(fields)
            label.setVisible(is_on)
            edit.setVisible(is_on)
            edit.setText(fields[number].fill if is_on else "")
            if is_on:
                label.setText(fields[number].label)
                edit.setAccessibleName(fields[number].label)
        self.setVisible(bool(fields))
        if fields:
            self._go_to(0)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the lines, by their names."""
        pairs = zip(self._fields, self._edits, strict=False)
        return {field.name: edit.text() for field, edit in pairs}

    @property
    def has_focus(self) -> bool:
        """Whether what is typed goes here."""
        return any(edit.hasFocus() for edit in self._edits)

    def go_to_empty(self) -> bool:
        """Put the cursor into the first empty line; False when there is none, or it is there."""
        for number, text in enumerate(self.typed.values()):
            if not text.strip() and not self._edits[number].hasFocus():
                self._go_to(number)
                return True
        return False

    def go_back(self) -> None:
        """Put the cursor back into the first line when what stands in the lines was refused."""
        if self._fields and all(text.strip() for text in self.typed.values()):
            self._go_to(0)

    def _go_to(self, number: int) -> None:
        self._edits[number].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edits[number].selectAll()
