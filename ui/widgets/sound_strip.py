"""The strip of the sound test: above the screen, so that it covers no alarm and no number.

Knows a question and two answers. Must not know what is played.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.theme import Theme
from ui.view_models.sound_test import SoundStrip
from ui.widgets.buttons import key_button
from ui.widgets.labels import may_shrink, plain_label, say


class SoundStripWidget(QFrame):
    """Shows a ``SoundStrip``; hidden without one."""

    answered = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName("Sound test")
        bold = theme.font(theme.sizes["body"], QFont.Weight.DemiBold)
        self._text = may_shrink(plain_label(theme, bold))
        heard = key_button(theme, "Heard", "Ctrl+H", "The sound was heard.", True)
        not_heard = key_button(theme, "Not heard", "Ctrl+N", "It was not heard.")
        heard.clicked.connect(lambda: self.answered.emit(True))
        not_heard.clicked.connect(lambda: self.answered.emit(False))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 6)
        row.addWidget(self._text, 1)
        row.addWidget(heard)
        row.addWidget(not_heard)
        self.hide()

    def render_view(self, view: SoundStrip | None) -> None:
        """Show ``view``, or take the strip away."""
        if view is not None:
            say(self._text, view.question)
        self.setVisible(view is not None)
