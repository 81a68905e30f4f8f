"""The window of the first start: one page at a time, in the look of the live screen.

Knows pages and keys. Must not know what a page's answer leads to.
"""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.first_start.steps import Steps
from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.first_start import Page, PageView
from ui.widgets.bars import disclaimer_label
from ui.widgets.buttons import key_button
from ui.widgets.labels import may_shrink, plain_label, say
from ui.widgets.lines import FormLines

CARD_WIDTH, CARD_MARGIN = 740, 36
TEXT_WIDTH = CARD_WIDTH - 2 * CARD_MARGIN
TICK_MS = 50
SMALLEST = (1100, 700)
FIRST_SIZE = QSize(1440, 900)


class StartWindow(QWidget):
    """Shows the steps until there is a key, or somebody closes it."""

    def __init__(self, theme: Theme, steps: Steps) -> None:
        super().__init__()
        self.setWindowTitle("Vigil")
        self.setMinimumSize(*SMALLEST)
        self._steps = steps
        self._page: Page | None = None
        self._is_busy = False
        self._title = plain_label(theme, theme.font(28, QFont.Weight.Bold))
        self._text = may_shrink(plain_label(theme))
        self._key = plain_label(theme, theme.font(24, QFont.Weight.Bold), ColourRole.ACCENT)
        self._key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        told = theme.font(theme.sizes["body"], QFont.Weight.DemiBold)
        self._told = may_shrink(plain_label(theme, told))
        self._lines = FormLines(theme)
        self._do = key_button(theme, "Begin", "Enter", "Go on to the next page.", True)
        self._cancel = key_button(theme, "Cancel", "Esc", "Leave everything as it was.")
        self._do.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.close)
        self._arrange(theme)
        for keys, action in (
            ("Return", self._submit),
            ("Enter", self._submit),
            ("Esc", self.close),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(action)
        self.tick()

    def tick(self) -> None:
        """Show where the steps are; close when they have brought a key."""
        self._steps.tick()
        if self._steps.key is not None:
            self.close()
        else:
            self._render(self._steps.view())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Leave nothing half made; while the last step makes everything, stay."""
        is_making = self._is_busy and self._page is Page.ADMINISTRATOR
        if self._steps.key is None and is_making:
            event.ignore()
            return
        if self._steps.key is None:
            self._steps.abandon()
        event.accept()

    def _render(self, view: PageView) -> None:
        self._do.setEnabled(not view.is_busy)
        self._cancel.setVisible(view.can_cancel)
        if view.page is not self._page:
            self._change_to(view)
        self._is_busy = view.is_busy
        for label, text in ((self._text, view.text), (self._told, view.told)):
            if label.text() != text:
                say(label, text)
                label.setMinimumHeight(0)  # or the height below would never shrink
                label.setMinimumHeight(max(0, label.heightForWidth(TEXT_WIDTH)))
            label.setVisible(bool(text))
        say(self._key, view.shown_key)
        self._key.setVisible(bool(view.shown_key))

    def _change_to(self, view: PageView) -> None:
        self._page = view.page
        say(self._title, view.title)
        self._do.setText(f"{view.action}   Enter")
        self._do.setAccessibleName(view.action)
        self._lines.ask(view.fields)
        if not view.fields:
            self._do.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        if not self._is_busy and not self._lines.go_to_empty():
            self._steps.submit(self._lines.typed)
            self._lines.forget_secrets()
            self.tick()

    def _arrange(self, theme: Theme) -> None:
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(CARD_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(CARD_MARGIN, 30, CARD_MARGIN, 30)
        inside.setSpacing(16)
        for widget in (self._title, self._text, self._key, self._lines, self._told):
            inside.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self._do, 1)
        buttons.addWidget(self._cancel)
        inside.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 10, 22, 10)
        column.addStretch(1)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(1)
        column.addWidget(disclaimer_label(theme), 0, Qt.AlignmentFlag.AlignRight)


def show_steps(theme: Theme, app: QApplication, steps: Steps) -> None:
    """Show a window until the steps have a key or it is closed."""
    window = StartWindow(theme, steps)
    timer = QTimer()
    timer.timeout.connect(window.tick)
    timer.start(TICK_MS)
    window.resize(FIRST_SIZE.boundedTo(app.primaryScreen().availableSize()))
    window.show()
    app.exec()
    timer.stop()
