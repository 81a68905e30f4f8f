"""Lines to fill in, one under the other, each with its label: for every form about people.

Knows fields and the cursor. Must not know what the lines are for.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.people import Field
from ui.widgets.labels import plain_label, say

MOST = 4


class FormLines(QWidget):
    """Up to four lines; those that are not needed are hidden."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._fields: Sequence[Field] = ()
        self._lines = [
            (plain_label(theme, role=ColourRole.TEXT_2), QLineEdit()) for _ in range(MOST)
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for label, line in self._lines:
            line.setObjectName("field")
            column.addWidget(label)
            column.addWidget(line)

    def ask(self, fields: Sequence[Field]) -> None:
        """Show these lines, empty, with the cursor in the first."""
        self._fields = fields
        for number, (label, line) in enumerate(self._lines):
            is_used = number < len(fields)
            label.setVisible(is_used)
            line.setVisible(is_used)
            line.clear()
            if is_used:
                _prepare(label, line, fields[number])
        self.setVisible(bool(fields))
        if fields:
            self._lines[0][1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def typed(self) -> dict[str, str]:
        """What was filled in, by the fields' keys."""
        return {
            field.key: line.text()
            for field, (_, line) in zip(self._fields, self._lines, strict=False)
        }

    def go_to_empty(self) -> bool:
        """Put the cursor into the first line that is empty; False when there is none."""
        for _, line in self._lines[: len(self._fields)]:
            if not line.text():
                line.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False

    def forget_secrets(self) -> None:
        """Clear what must not stay on a screen, and put the cursor there."""
        secret = [line for n, (_, line) in enumerate(self._lines) if self._is_secret(n)]
        for line in secret:
            line.clear()
        if secret:
            secret[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Clear everything."""
        for _, line in self._lines:
            line.clear()

    def _is_secret(self, number: int) -> bool:
        return number < len(self._fields) and self._fields[number].is_secret


def _prepare(label: QLabel, line: QLineEdit, field: Field) -> None:
    say(label, field.label)
    line.setAccessibleName(field.label)
    line.setMaxLength(field.longest)
    shown = QLineEdit.EchoMode.Password if field.is_secret else QLineEdit.EchoMode.Normal
    line.setEchoMode(shown)
    pattern = QRegularExpression("[0-9]*" if field.is_digits else ".*")
    line.setValidator(QRegularExpressionValidator(pattern, line))
