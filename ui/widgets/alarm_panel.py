"""The alarm panel: a card over the chart with a list, lines to fill in, or one big number.

Knows Qt. Changes nothing itself; what was chosen or typed leaves with signals.
"""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from ui.theme import Theme
from ui.view_models.alarm_panel import AlarmPanelView, PanelField, PanelRow
from ui.view_models.colours import ColourRole, bright
from ui.widgets.buttons import key_button
from ui.widgets.fill_in import FillIn
from ui.widgets.fitting import shared_widths, wrapped_height
from ui.widgets.labels import dress, may_shrink, plain_label, say

WIDTH, NARROWEST = 760, 480
ROWS_SEEN = 9
"""More are scrolled: the card must leave the banner and the chart's head free."""
FEWEST_ROWS = 2
ROW_HEIGHT = 30
ROUND_LIST = 190
"""Pixels of the card above and below its list."""
SIDE = 24
CELL_SIDES = 20
"""Pixels of a cell that its words cannot use."""
NARROW = 110
"""A column that needs no more is never narrower: "!! MEDIUM" stays on one line."""
MOST_LINES = 3
"""Of one cell: a longer alarm is read in its chair's banner, and the rows stay in sight."""


class AlarmPanel(QFrame):
    """Shows one page at a time; hidden without one."""

    row_marked = Signal(int)
    submitted = Signal(dict)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._page = ""
        self._shown: AlarmPanelView | None = None
        self._rows_seen = ROWS_SEEN
        bold = QFont.Weight.Bold
        self._title = may_shrink(plain_label(theme, theme.font(theme.sizes["title"], bold)))
        self._text = may_shrink(plain_label(theme, role=ColourRole.TEXT_2))
        self._rows = _list(theme)
        self._big = plain_label(theme, theme.font_of_capitals(theme.sizes["number_capital"], bold))
        self._lines = FillIn(theme)
        self._told = may_shrink(plain_label(theme, theme.font(theme.sizes["body"], bold)))
        self._do = key_button(theme, "Save", "Enter", "Do it.", True)
        self._back = key_button(theme, "Close", "Esc", "Change nothing.")
        self._do.clicked.connect(self.submit)
        self._back.clicked.connect(self.left)
        self._rows.itemClicked.connect(self._clicked)
        self._arrange()
        self.hide()

    def render_view(self, view: AlarmPanelView | None) -> None:
        """Show ``view``, only what has changed; a mark that a click moved goes back to its row."""
        if view == self._shown:
            return
        is_new = view is None or view.page != self._page
        is_told = view is not None and view.told not in {"", self._told.text()}
        self._shown = view
        if view is None:
            self._leave()
            return
        self._page = view.page
        self._say(view)
        self._fill(view)
        if is_new:
            self._open(view.fields)
        elif is_told:
            self._lines.go_back()
        self._fit_height()

    def fit(self, width: int, height: int) -> None:
        """Take no more room than this, in pixels: the list gives way, and is scrolled."""
        self.setFixedWidth(max(NARROWEST, min(WIDTH, width)))
        self._rows_seen = max(FEWEST_ROWS, min(ROWS_SEEN, (height - ROUND_LIST) // ROW_HEIGHT))
        if self._shown is not None:
            self._share_columns(self._shown.rows)
            self._size_list()
            self._fit_height()

    def submit(self) -> None:
        """Do what Enter does: press Close if that has the focus, fill an empty line, or send."""
        if self._back.hasFocus():
            self.left.emit()
        elif self._shown is not None and not self._lines.go_to_empty():
            self.submitted.emit(self._lines.typed)

    # ---- one page

    def _say(self, view: AlarmPanelView) -> None:
        self.setAccessibleName(view.title)
        for label, text in (
            (self._title, view.title),
            (self._text, view.text),
            (self._big, view.big),
            (self._told, view.told),
        ):
            say(label, text)
            label.setVisible(bool(text))
        self._do.setText(f"{view.action}   Enter")
        self._do.setAccessibleName(view.action)
        self._do.setVisible(bool(view.action))

    def _open(self, fields: tuple[PanelField, ...]) -> None:
        """Show the lines of a new page; without any, what is typed is keys again."""
        self.show()
        self.raise_()
        self._lines.ask(fields)
        if not fields:
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self._page = ""
        if self._lines.has_focus:  # before it hides: Qt would go on by Tab
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)
        self._lines.ask(())
        self.hide()

    # ---- the list

    def _fill(self, view: AlarmPanelView) -> None:
        self._rows.setVisible(bool(view.rows))
        if not view.rows:
            return
        self._rows.setColumnCount(max(len(row.cells) for row in view.rows))
        while self._rows.topLevelItemCount() > len(view.rows):
            self._rows.takeTopLevelItem(self._rows.topLevelItemCount() - 1)
        for number, row in enumerate(view.rows):
            self._show_row(number, row)
        self._share_columns(view.rows)
        self._size_list()
        self._mark(view.marked)

    def _fit_height(self) -> None:
        """Be as high as the wrapped words need, which adjustSize overestimates."""
        self.setFixedHeight(self.heightForWidth(self.width()))

    def _size_list(self) -> None:
        rows = (self._rows.topLevelItem(at) for at in range(self._rows.topLevelItemCount()))
        height = sum(row.sizeHint(0).height() for row in rows if row is not None)
        self._rows.setFixedHeight(min(height, ROW_HEIGHT * self._rows_seen) + 4)

    def _share_columns(self, rows: tuple[PanelRow, ...]) -> None:
        """Share the card's width between the columns; a long cell wraps."""
        if not rows:
            return
        font = self._theme.font(self._theme.sizes["body"], QFont.Weight.Bold)
        count = self._rows.columnCount()
        cells = [[*row.cells, *[""] * (count - len(row.cells))] for row in rows]
        columns = list(zip(*cells, strict=True))
        natural = [_widest(font, column) for column in columns]
        words = [_widest(font, " ".join(column).split()) for column in columns]
        least = [max(word, min(whole, NARROW)) for word, whole in zip(words, natural, strict=True)]
        bar = self._rows.verticalScrollBar().sizeHint().width()
        shared = shared_widths(least, natural, self.width() - 2 * SIDE - bar)
        for column, width in enumerate(shared):
            self._rows.setColumnWidth(column, width)
        for number, row in enumerate(cells):
            self._size_row(number, font, row, shared)

    def _size_row(self, number: int, font: QFont, cells: list[str], widths: list[int]) -> None:
        item = self._rows.topLevelItem(number)
        if item is not None:
            pairs = zip(cells, widths, strict=True)
            words = max(wrapped_height(font, text, width - CELL_SIDES) for text, width in pairs)
            line = wrapped_height(font, "Ag", self.width())
            item.setSizeHint(
                0, QSize(0, ROW_HEIGHT + min(max(words, line), MOST_LINES * line) - line)
            )

    def _show_row(self, number: int, row: PanelRow) -> None:
        item = self._rows.topLevelItem(number)
        if item is None:
            item = QTreeWidgetItem(self._rows)
        weight = QFont.Weight.Bold if row.is_changed else QFont.Weight.Normal
        font = self._theme.font(self._theme.sizes["body"], weight)
        for column, text in enumerate(row.cells):
            item.setText(column, text)
            item.setFont(column, font)
            role = ColourRole.TEXT_1
            if row.priority is not None and text[:1] == "!":
                role = bright(row.priority)
            item.setForeground(column, QBrush(self._theme.colour(role)))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, row.cells)))

    def _mark(self, marked: int) -> None:
        item = self._rows.topLevelItem(marked) if marked >= 0 else None
        if item is None:
            self._rows.clearSelection()
            self._rows.setCurrentIndex(QModelIndex())
        else:
            self._rows.setCurrentItem(item)
            self._rows.scrollToItem(item)

    def _clicked(self, item: QTreeWidgetItem) -> None:
        self.row_marked.emit(self._rows.indexOfTopLevelItem(item))

    # ---- putting it together

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 6, 0, 0)
        buttons.addWidget(self._do, 1)
        buttons.addWidget(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 16, SIDE, 16)
        column.setSpacing(8)
        for widget in (self._title, self._text, self._rows):
            column.addWidget(widget)
        column.addWidget(self._big, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._lines)
        column.addWidget(self._told)
        column.addLayout(buttons)


def _widest(font: QFont, texts: Sequence[str]) -> int:
    measure = QFontMetrics(font).horizontalAdvance
    return max(map(measure, texts), default=0) + CELL_SIDES


def _list(theme: Theme) -> QTreeWidget:
    rows = QTreeWidget()
    rows.setAccessibleName("Choices")
    rows.setHeaderHidden(True)
    rows.setRootIsDecorated(False)
    rows.setUniformRowHeights(False)
    rows.setWordWrap(True)
    rows.header().setStretchLastSection(True)
    rows.header().setMinimumSectionSize(1)
    rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # arrows and digits come by the window's keys
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    rows.setTextElideMode(Qt.TextElideMode.ElideRight)
    dress(
        rows,
        "QTreeWidget { background: transparent; border: none; outline: none; }"
        f"QTreeWidget::item {{ height: {ROW_HEIGHT}px; padding: 0 6px; }}"
        f"QTreeWidget::item:selected {{ background: {theme.colours[ColourRole.ACCENT_DEEP]}; }}",
    )
    return rows
