"""The question which interrupted sessions go on: above the screen, so that it covers no alarm.

Knows a list and four answers for the marked row or for all. Must not know what they do.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QVBoxLayout

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.waiting import WaitingPanel
from ui.widgets.buttons import key_button
from ui.widgets.labels import dress, may_shrink, plain_label, say

ROWS_SEEN = 3
"""More than so many are scrolled: the panel must leave room for the numbers below."""


class WaitingPanelWidget(QFrame):
    """Shows a ``WaitingPanel``; hidden without one."""

    row_marked = Signal(int)
    resumed = Signal(bool)
    ended = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName("Interrupted sessions")
        self._theme = theme
        self._shown: WaitingPanel | None = None
        bold = theme.font(theme.sizes["body"], QFont.Weight.DemiBold)
        self._title = may_shrink(plain_label(theme, bold))
        self._hint = may_shrink(plain_label(theme, role=ColourRole.TEXT_2))
        self._list = QListWidget()
        self._list.setFont(bold)
        self._list.setAccessibleName("Interrupted sessions, one a line")
        self._list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._list.currentRowChanged.connect(self._mark)
        self._resume = key_button(theme, "Resume", "R", "The same patient: go on.", True)
        self._end = key_button(
            theme, "End as interrupted", "X", "The session was over when it was interrupted."
        )
        self._resume_all = key_button(theme, "Resume all", "Ctrl+R", "All go on.")
        self._end_all = key_button(theme, "End all", "Ctrl+X", "All were over.")
        self._arrange()
        self.hide()

    def render_view(self, view: WaitingPanel | None) -> None:
        """Show ``view``, only what has changed."""
        self.setVisible(view is not None)
        if view is None or view == self._shown:
            return
        self._shown = view
        say(self._title, view.title)
        say(self._hint, view.hint)
        self._fill(view)
        self._resume.setText(f"{view.resume_text}   R")
        self._resume.setAccessibleName(view.resume_text)
        self._resume.setEnabled(view.can_resume)
        self._end.setEnabled(view.can_end)
        self._resume_all.setVisible(view.can_resume_all)
        self._end_all.setVisible(view.can_end_all)
        ground = ColourRole.ALARM_HIGH_DARK if view.is_alarm else ColourRole.RAISED
        dress(self, f"QFrame#strip {{ background: {self._theme.colours[ground]}; }}")

    def _fill(self, view: WaitingPanel) -> None:
        """Fill the list anew; the marked row stays in sight."""
        self._list.blockSignals(True)
        self._list.clear()
        self._list.addItems([row.text for row in view.rows])
        for number, row in enumerate(view.rows):
            self._list.item(number).setData(Qt.ItemDataRole.AccessibleTextRole, row.text)
        self._list.setCurrentRow(view.marked)
        self._list.blockSignals(False)
        height = max(self._list.sizeHintForRow(0), self._list.fontMetrics().height())
        self._list.setFixedHeight(height * min(len(view.rows), ROWS_SEEN) + 8)
        self._list.scrollToItem(self._list.item(view.marked))

    def _mark(self, row: int) -> None:
        if row >= 0:
            self.row_marked.emit(row)

    def _arrange(self) -> None:
        self._resume.clicked.connect(lambda: self.resumed.emit(False))
        self._end.clicked.connect(lambda: self.ended.emit(False))
        self._resume_all.clicked.connect(lambda: self.resumed.emit(True))
        self._end_all.clicked.connect(lambda: self.ended.emit(True))
        answers = QHBoxLayout()
        answers.addWidget(self._hint, 1)
        for button in (self._resume, self._end, self._resume_all, self._end_all):
            answers.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(self._list)
        column.addLayout(answers)
