"""A question in a strip of its own: it asks without covering anything, least of all an alarm.

Knows a sentence and two answers. Must not know what is asked.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.theme import Theme
from ui.widgets.buttons import key_button
from ui.widgets.labels import may_shrink, plain_label, say


class QuestionStrip(QFrame):
    """Shows a question, or a plain notice without answers."""

    answered = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._text = may_shrink(
            plain_label(theme, theme.font(theme.sizes["body"], QFont.Weight.DemiBold))
        )
        self._yes = key_button(theme, "Yes", "Enter", "Do it.", True)
        self._no = key_button(theme, "No", "Esc", "Leave everything as it is.")
        self._yes.clicked.connect(lambda: self.answered.emit(True))
        self._no.clicked.connect(lambda: self.answered.emit(False))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self._yes)
        row.addWidget(self._no)
        self.hide()

    @property
    def is_asking(self) -> bool:
        """Whether an answer is awaited."""
        return not self.isHidden() and not self._yes.isHidden()

    def ask(self, question: str) -> None:
        """Show ``question`` with its two answers."""
        self._show(question, has_answers=True)

    def notify(self, sentence: str) -> None:
        """Show ``sentence``, or nothing when it is ""; a question under way stays."""
        if not self.is_asking:
            self._show(sentence, has_answers=False)

    def dismiss(self) -> None:
        """Take the strip away."""
        self.hide()

    def _show(self, text: str, has_answers: bool) -> None:
        say(self._text, text)
        self._yes.setVisible(has_answers)
        self._no.setVisible(has_answers)
        self.setVisible(bool(text))
