"""The patient form on the screen: a card over a free chair or over the chart, never over an alarm.

Knows lines, a list and keys. Looks for nobody itself; what was typed leaves with signals.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.patients.lines import PatientLine
from ui.patients.rows import PatientRows
from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.patients import EXAMPLES, NEW_FIELDS, Page, PatientView, Row
from ui.widgets.buttons import key_button
from ui.widgets.labels import may_shrink, plain_label, say

WIDTH = 580
SIDE = 24
"""The room at its left and at its right."""


class PatientPanel(QFrame):
    """Shows one page at a time; hidden while there is nobody to be found."""

    searched = Signal(str)
    submitted = Signal(dict)
    another_way_asked = Signal()
    left = Signal(dict)
    moved = Signal(int)
    row_marked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedWidth(WIDTH)
        self._page: Page | None = None
        self._turn = -1
        self._had_focus: QWidget | None = None
        self._title = may_shrink(
            plain_label(theme, theme.font(theme.sizes["title"], QFont.Weight.Bold))
        )
        self._text = may_shrink(plain_label(theme, role=ColourRole.TEXT_2))
        told = theme.font(theme.sizes["body"], QFont.Weight.DemiBold)
        self._told = may_shrink(plain_label(theme, told))
        self._who = _big(theme, 28)
        self._identifiers = _big(theme, 22)
        self._rows = PatientRows(theme)
        self._lines = {
            "search": PatientLine(theme, "Search"),
            "minutes": PatientLine(theme, "Planned infusion, minutes"),
            **{
                name: PatientLine(theme, label, EXAMPLES.get(name, ""))
                for name, label in NEW_FIELDS.items()
            },
        }
        self._do = key_button(theme, "Choose", "Enter", "Go on with it.", True)
        self._second = key_button(theme, "New patient", "F4", "Somebody who is not listed.")
        self._back = key_button(theme, "Cancel", "Esc", "Go back.")
        self._do_row, self._low_row = QHBoxLayout(), QHBoxLayout()
        self._is_stacked = False
        self._connect()
        self._arrange()
        self.hide()

    def render_view(self, view: PatientView | None) -> None:
        """Show ``view``, or nothing."""
        if view is None:
            self._leave()
            return
        self._show_page(view)
        for label, text in ((self._title, view.title), (self._text, view.text)):
            say(label, text)
        say(self._told, view.told)
        self._told.setVisible(bool(view.told))
        self._show_who(view.who)
        self._rows.render_rows(view.rows, view.marked)
        for name, line in self._lines.items():
            line.render_fault(view.faults.get(name, ""))
            line.edit.setReadOnly(view.is_busy)
        self._show_buttons(view)
        self._go_to(view)

    def cover(self) -> None:
        """Show nothing of it for now; all that was typed stays, and the cursor comes back."""
        if self.is_open:
            self._had_focus = self.window().focusWidget() if self.has_focus else None
            self._hide()

    @property
    def is_open(self) -> bool:
        """Whether a page is shown."""
        return not self.isHidden()

    @property
    def has_focus(self) -> bool:
        """Whether what is typed goes here."""
        focused = self.window().focusWidget()
        return self.is_open and focused is not None and self.isAncestorOf(focused)

    def submit(self) -> None:
        """Do what Enter does: press the button that has the focus, else send what was typed."""
        focused = self.window().focusWidget()
        if isinstance(focused, QPushButton) and focused is not self._do:
            focused.click()
        else:
            self._send()

    def _send(self) -> None:
        self.submitted.emit(self.typed)

    def leave(self) -> None:
        """Do what Esc does."""
        self.left.emit(self.typed)

    def go_back_to(self) -> None:
        """Put the cursor into the first line, with all that was typed."""
        self._first.setFocus(Qt.FocusReason.OtherFocusReason)  # others would mark the text

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the lines that are shown, by their names."""
        shown = self._lines.items()
        return {name: line.edit.text() for name, line in shown if not line.isHidden()}

    def fit(self, height: int) -> None:
        """Be as high as it needs, and no higher than so many pixels: the list gives way."""
        has_wrapped = self.hasHeightForWidth()
        wanted = self.heightForWidth(WIDTH) if has_wrapped else self.sizeHint().height()
        self.setFixedHeight(max(min(wanted, height), self._column.minimumSize().height()))

    # ---- one page

    def _show_page(self, view: PatientView) -> None:
        if view.page is self._page:
            self._uncover()
            return
        self._page = view.page
        self.setAccessibleName(view.title)
        for name, line in self._lines.items():
            line.setVisible(_is_on(name, view))
            line.fill(view.fill.get(name, "") if _is_on(name, view) else "")
        self._rows.setVisible(view.page in (Page.FIND, Page.ALIKE))
        self.show()

    def _uncover(self) -> None:
        if self.is_open:
            return
        self.show()
        if self._had_focus is not None:
            self._had_focus.setFocus(Qt.FocusReason.OtherFocusReason)
            self._had_focus = None

    def _show_who(self, who: Row | None) -> None:
        for label, text in (
            (self._who, who.name if who else ""),
            (self._identifiers, who.identifiers if who else ""),
        ):
            say(label, text)
            label.setVisible(bool(text))

    def _show_buttons(self, view: PatientView) -> None:
        for button, words, key in (
            (self._do, view.action, "Enter"),
            (self._second, view.second, "F4"),
            (self._back, view.back, "Esc"),
        ):
            if words:
                button.setText(f"{words}   {key}".replace("&", "&&"))
                button.setAccessibleName(words)
            button.setVisible(bool(words))  # also while busy: it may have the cursor
        self._second.setEnabled(not view.is_busy)
        self._stack_buttons()

    def _stack_buttons(self) -> None:
        """Give the first button a line of its own when three do not fit side by side, uncut."""
        shown = [one for one in (self._do, self._second, self._back) if not one.isHidden()]
        gaps = self._low_row.spacing() * (len(shown) - 1)
        wanted = sum(one.sizeHint().width() for one in shown) + gaps
        is_stacked = wanted > WIDTH - 2 * SIDE
        if is_stacked != self._is_stacked:
            self._is_stacked = is_stacked
            self._low_row.setContentsMargins(0, 0 if is_stacked else 6, 0, 0)
            self._do_row.setContentsMargins(0, 6 if is_stacked else 0, 0, 0)
            self._do_row.removeWidget(self._do)
            self._low_row.removeWidget(self._do)
            if is_stacked:
                self._do_row.addWidget(self._do)
            else:
                self._low_row.insertWidget(0, self._do, 1)

    def _go_to(self, view: PatientView) -> None:
        if view.turn == self._turn and self._page is not None:
            return
        self._turn = view.turn
        line = self._lines.get(view.focus)
        if line is not None and not line.isHidden():
            line.go_to()
        else:
            self._first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def _first(self) -> QWidget:
        """What gets the cursor: the first line, else the list, else the button."""
        shown = [line.edit for line in self._lines.values() if not line.isHidden()]
        return shown[0] if shown else self._rows if not self._rows.isHidden() else self._do

    def _leave(self) -> None:
        if self._page is None:
            return
        self._page, self._turn, self._had_focus = None, -1, None
        self._hide()
        for line in self._lines.values():
            line.fill("")

    def _hide(self) -> None:
        if self.has_focus:  # before it hides: Qt would go on by Tab, which marks a text
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    # ---- putting it together

    def _connect(self) -> None:
        self._lines["search"].edit.textEdited.connect(self.searched)
        self._rows.row_marked.connect(self.row_marked)
        self._rows.row_chosen.connect(self.submit)
        self._do.clicked.connect(self._send)
        self._second.clicked.connect(self.another_way_asked)
        self._back.clicked.connect(self.leave)

    def _arrange(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 18, SIDE, 18)
        column.setSpacing(8)
        for widget in (self._title, self._text, self._who, self._identifiers):
            column.addWidget(widget)
        column.addWidget(self._lines["search"])
        column.addWidget(self._rows, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for number, name in enumerate(NEW_FIELDS):
            grid.addWidget(self._lines[name], number // 2, number % 2, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)
        column.addWidget(self._lines["minutes"])
        column.addWidget(self._told)
        column.addLayout(self._do_row)
        self._low_row.setContentsMargins(0, 6, 0, 0)
        self._low_row.setSpacing(8)
        self._low_row.addWidget(self._do, 1)
        self._low_row.addWidget(self._second, 1)
        self._low_row.addWidget(self._back)
        column.addLayout(self._low_row)


def _is_on(name: str, view: PatientView) -> bool:
    if name == "minutes":
        return view.asks_minutes
    return view.page is (Page.FIND if name == "search" else Page.NEW)


def _big(theme: Theme, pixels: int) -> QLabel:
    return may_shrink(plain_label(theme, theme.font(pixels, QFont.Weight.Bold)))
