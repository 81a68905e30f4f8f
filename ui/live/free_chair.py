"""The screen of a chair without a session: what stands there, and a form to start one.

Knows the form's fields. Sends what was filled in; opens nothing itself.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QIntValidator
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.people import WhoView
from ui.view_models.screen import FreeScreen
from ui.widgets.bars import chip, disclaimer_label, show_item, show_warning, show_who
from ui.widgets.buttons import key_button
from ui.widgets.labels import plain_label, say
from ui.widgets.question import QuestionStrip

FORM_WIDTH = 460
DEFAULT_MINUTES = 40
LONGEST_MINUTES = 240


class FreeChairScreen(QWidget):
    """An empty screen that says what to do next."""

    start_asked = Signal()
    session_wanted = Signal(str, int)
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
        self._form = self._build_form()
        self._arrange()

    @property
    def form_is_open(self) -> bool:
        """Whether the form is shown."""
        return not self._form.isHidden()

    @property
    def form_has_focus(self) -> bool:
        """Whether what is typed goes into the form."""
        focused = self.window().focusWidget()
        return self.form_is_open and focused is not None and self._form.isAncestorOf(focused)

    def render_view(self, view: FreeScreen) -> None:
        """Show ``view``."""
        say(self._title, view.title)
        say(self._device, view.device)
        say(self._hint, view.hint)
        share = 2 if self._backup.isHidden() else 4
        show_item(self._sound, self._theme, view.sound, self.width() // share)
        is_calm = not self.form_is_open and not self._has_panel
        for button in (self._button, self._glass):
            button.setVisible(bool(view.chair) and is_calm)
        self._device.setVisible(not self._has_panel)
        self._hint.setVisible(is_calm)

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

    def open_form(self) -> None:
        """Show an empty form and go to its first field."""
        self._patient.clear()
        self._minutes.setText(str(DEFAULT_MINUTES))
        self._form.show()
        self._patient.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_form(self) -> None:
        """Take the form away."""
        self._form.hide()

    def go_to_form(self) -> None:
        """Put the cursor back into the form, with all that was filled in."""
        self._patient.setFocus(Qt.FocusReason.OtherFocusReason)  # others would mark the text

    def submit(self) -> None:
        """Send what was filled in; a field that lacks something gets the cursor."""
        patient = self._patient.text().strip()
        if not patient:
            self._patient.setPlaceholderText("Enter a patient first")
            self._patient.setFocus()
            return
        if not self._minutes.hasAcceptableInput():
            self._minutes.clear()
            self._minutes.setFocus()
            return
        self.session_wanted.emit(patient, int(self._minutes.text()))

    def _build_form(self) -> QFrame:
        theme = self._theme
        form = QFrame()
        form.setObjectName("card")
        form.setFixedWidth(FORM_WIDTH)
        self._patient = QLineEdit()
        self._patient.setObjectName("field")
        self._patient.setAccessibleName("Patient")
        self._patient.setPlaceholderText("Name or number of the patient")
        self._patient.setMaxLength(120)
        self._minutes = QLineEdit()
        self._minutes.setObjectName("field")
        self._minutes.setAccessibleName("Minutes of infusion")
        self._minutes.setPlaceholderText(f"1 to {LONGEST_MINUTES} minutes")
        self._minutes.setValidator(QIntValidator(1, LONGEST_MINUTES, self._minutes))
        column = QVBoxLayout(form)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        column.addWidget(plain_label(theme, role=ColourRole.TEXT_2, text="Patient"))
        column.addWidget(self._patient)
        column.addWidget(
            plain_label(theme, role=ColourRole.TEXT_2, text="Planned infusion, minutes")
        )
        column.addWidget(self._minutes)
        column.addLayout(self._form_buttons())
        form.hide()
        return form

    def _form_buttons(self) -> QHBoxLayout:
        start = key_button(self._theme, "Start the session", "Enter", "Open the session.", True)
        cancel = key_button(self._theme, "Cancel", "Esc", "Close the form.")
        start.clicked.connect(self.submit)
        cancel.clicked.connect(self.close_form)
        row = QHBoxLayout()
        row.setContentsMargins(0, 10, 0, 0)
        row.addWidget(start, 1)
        row.addWidget(cancel)
        return row

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
            self._form,
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
