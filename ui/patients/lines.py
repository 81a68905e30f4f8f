"""Lines to fill in, each with its label above and what is wrong with it below.

Knows one line. Must not know what it is for; nothing that is typed is ever cut or taken away.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.widgets.labels import may_shrink, plain_label, say


class PatientLine(QWidget):
    """One line."""

    def __init__(self, theme: Theme, label: str, example: str = "") -> None:
        super().__init__()
        bold = theme.font(theme.sizes["body"], QFont.Weight.DemiBold)
        self._fault = may_shrink(plain_label(theme, bold))
        self.edit = QLineEdit()
        self.edit.setObjectName("field")
        self.edit.setAccessibleName(label)
        self.edit.setPlaceholderText(example)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        above = may_shrink(plain_label(theme, role=ColourRole.TEXT_2, text=label))
        for widget in (above, self.edit, self._fault):
            column.addWidget(widget)
        self._fault.hide()

    def render_fault(self, fault: str) -> None:
        """Show what is wrong with it, or nothing; a screen reader hears it with the line."""
        say(self._fault, f"▲ {fault}" if fault else "")
        self._fault.setVisible(bool(fault))
        self.edit.setAccessibleDescription(fault)

    def fill(self, text: str) -> None:
        """Put ``text`` into the line, with the cursor at its end."""
        if self.edit.text() != text:
            self.edit.setText(text)

    def go_to(self) -> None:
        """Put the cursor here; what stands there is marked, to be typed over."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
