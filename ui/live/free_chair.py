"""The screen of a chair without a session: what stands there, and how one is started.

Knows words and two buttons. Opens nothing itself; the form to start lies over it (patients/).
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.people import WhoView
from ui.view_models.screen import FreeScreen
from ui.widgets.bars import chip, disclaimer_label, show_item, show_warning, show_who
from ui.widgets.buttons import key_button
from ui.widgets.labels import plain_label, say
from ui.widgets.question import QuestionStrip


class FreeChairScreen(QWidget):
    """An empty screen that says what to do next."""

    start_asked = Signal()
    break_glass_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        title = theme.font(28, QFont.Weight.Bold)
        self._title = plain_label(theme, title)
        self._device = plain_label(theme, role=ColourRole.TEXT_2)
        self._hint = plain_label(theme)
        self._button = key_button(theme, "Start a session", "N", "Open the form.", True)
        self._button.clicked.connect(self.start_asked)
        self._glass = key_button(
            theme, "Start now, identify later", "F2", "Start a session without signing in."
        )
        self._glass.clicked.connect(self.break_glass_asked)
        self._who = chip(theme)
        self._room = QWidget()
        self._has_panel = False
        self._sound = chip(theme)
        self._backup = chip(theme)
        self.question = QuestionStrip(theme)
        self._arrange()

    def render_view(self, view: FreeScreen) -> None:
        """Show ``view``."""
        say(self._title, view.title)
        say(self._device, view.device)
        say(self._hint, view.hint)
        share = 2 if self._backup.isHidden() else 4
        show_item(self._sound, self._theme, view.sound, self.width() // share)
        is_calm = not self._has_panel
        for button in (self._button, self._glass):
            button.setVisible(bool(view.chair) and is_calm)
        self._device.setVisible(not self._has_panel)
        self._hint.setVisible(is_calm or not view.chair)  # what to do first, beside signing in

    def render_who(self, who: WhoView) -> None:
        """Show who is signed in."""
        show_who(self._who, self._theme, who)

    def make_room(self, pixels: int) -> None:
        """Leave this height free above the foot, for a panel."""
        self._room.setFixedHeight(pixels)
        self._has_panel = pixels > 0

    def render_backup(self, text: str) -> None:
        """Show that the newest backup is too old."""
        show_warning(self._backup, self._theme, text, self.width() * 3 // 10)

    def _arrange(self) -> None:
        middle = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 10, 22, 10)
        column.setSpacing(12)
        column.addWidget(self._who, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.question)
        column.addStretch(1)
        for widget in (
            self._title,
            self._device,
            self._hint,
            self._button,
            self._glass,
        ):
            column.addWidget(widget, 0, middle)
        column.addStretch(1)
        column.addWidget(self._room)
        foot = QHBoxLayout()
        foot.addWidget(self._sound)
        foot.addWidget(self._backup)
        foot.addStretch(1)
        foot.addWidget(disclaimer_label(self._theme))
        column.addLayout(foot)
