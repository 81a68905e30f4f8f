"""The strip over a session that was started without signing in, until all of it is identified.

Knows a sentence and one button. Must not know who may answer.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.theme import Theme
from ui.widgets.buttons import key_button
from ui.widgets.labels import may_shrink, plain_label, say


class IdentityStrip(QFrame):
    """Shown while nobody answers for the session, or nobody knows the patient."""

    identify_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._text = may_shrink(
            plain_label(theme, theme.font(theme.sizes["body"], QFont.Weight.Bold))
        )
        self._button = key_button(
            theme, "Identify", "Ctrl+I", "Say who answers for this session, and who the patient is."
        )
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self.identify_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        self.hide()

    def render_text(self, text: str) -> None:
        """Show ``text``, or nothing."""
        say(self._text, text)
        self.setVisible(bool(text))
