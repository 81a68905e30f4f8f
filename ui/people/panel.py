"""The panel in which people say who they are: a card over the chart, never over an alarm.

Knows lines to fill in and keys. Compares nothing; what was typed leaves with one signal.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.people import Form, PanelView
from ui.widgets.buttons import key_button
from ui.widgets.labels import may_shrink, plain_label, say
from ui.widgets.lines import FormLines

WIDTH = 500


class PeoplePanel(QFrame):
    """Shows one form at a time; hidden while there is nothing to ask."""

    submitted = Signal(dict)
    closed = Signal()
    another_asked = Signal()
    break_glass_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedWidth(WIDTH)
        self._form: Form | None = None
        self._is_busy = False
        self._before: QWidget | None = None
        self._title = plain_label(theme, theme.font(theme.sizes["title"], QFont.Weight.Bold))
        self._text = may_shrink(plain_label(theme, role=ColourRole.TEXT_2))
        told = theme.font(theme.sizes["body"], QFont.Weight.DemiBold)
        self._told = may_shrink(plain_label(theme, told))
        self._lines = FormLines(theme)
        self._do = key_button(theme, "Sign in", "Enter", "Try what was typed.", True)
        self._cancel = key_button(theme, "Cancel", "Esc", "Close this panel.")
        self._another = key_button(theme, "Another person", "F3", "Let somebody else sign in.")
        self._glass = key_button(
            theme, "Start now, identify later", "F2", "Start a session without signing in."
        )
        self._do.clicked.connect(self.submit)
        self._cancel.clicked.connect(self.closed)
        self._another.clicked.connect(self.another_asked)
        self._glass.clicked.connect(self.break_glass_asked)
        self._arrange()
        self.hide()

    def render_view(self, view: PanelView | None) -> None:
        """Show ``view``, or nothing."""
        if view is None:
            self._leave()
            return
        if view.form is not self._form:
            self._change_to(view)
        self._is_busy = view.is_busy
        for label, text in ((self._text, view.text), (self._told, view.told)):
            say(label, text)
            label.setVisible(bool(text))
        self._do.setEnabled(not view.is_busy)
        self._glass.setVisible(view.break_glass)
        self.adjustSize()

    @property
    def has_focus(self) -> bool:
        """Whether what is typed goes here."""
        focused = self.window().focusWidget()
        return not self.isHidden() and focused is not None and self.isAncestorOf(focused)

    def submit(self) -> None:
        """Send what was filled in; a line that is empty gets the cursor instead."""
        if not self._is_busy and not self._lines.go_to_empty():
            self.submitted.emit(self._lines.typed)
            self._lines.forget_secrets()

    def _change_to(self, view: PanelView) -> None:
        if self._form is None:
            self._before = self.window().focusWidget()
        self._form = view.form
        say(self._title, view.title)
        self.setAccessibleName(view.title)
        self._do.setText(f"{view.action}   Enter")
        self._do.setAccessibleName(view.action)
        self._another.setVisible(view.for_another)
        self.show()
        self.raise_()
        self._lines.ask(view.fields)

    def _leave(self) -> None:
        if self._form is None:
            return
        self._form = None
        self._lines.forget()
        if self.has_focus:
            self._give_focus_back()  # before it hides: Qt would go on by Tab, which marks a text
        self.hide()

    def _give_focus_back(self) -> None:
        """Go on where somebody was typing: else the rest of a name would be taken for keys."""
        before, self._before = self._before, None
        is_there = before is not None and before.isVisible() and before.isEnabled()
        back = before if before is not None and is_there else self.window()
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        for widget in (self._title, self._text, self._lines, self._told):
            column.addWidget(widget)
        column.addLayout(_row(self._do, self._cancel))
        column.addLayout(_row(self._another, self._glass))


def _row(first: QPushButton, second: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 6, 0, 0)
    row.addWidget(first, 1)
    row.addWidget(second, 1)
    return row
