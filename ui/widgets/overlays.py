"""What lies over the screen: MONITORING STOPPED over everything, the list of keys over the chart.

Knows how they look. When they come and go is decided elsewhere.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from monitor.alarms.priority import Priority
from ui.theme import Theme
from ui.view_models.alarms import is_lit
from ui.view_models.colours import ColourRole, bright, dark
from ui.view_models.screen import StoppedView
from ui.widgets.flash import FlashSurface
from ui.widgets.labels import may_shrink, plain_label, recolour, say

TOP_BAR_HEIGHT = 54
"""The patient's name stays; the band lies over the alarm banner, whose alarms nobody checks now."""

KEYS = (
    ("A", "Acknowledge: silence the alarms that sound now"),
    ("P", "Pause the sound of this chair's alarms for 2 min, or end the pause"),
    ("C", "The alarms of all chairs; a number or Enter goes there"),
    ("M", "Enter an observation: MOAA/S, then dissociation"),
    ("L", "The alarm limits of this session"),
    ("Ctrl+O", "Alarm sound off until switched on (a physician, with a reason)"),
    ("Ctrl+D", "Single alarms off or on again (a physician, with a reason)"),
    ("I", "Start the infusion"),
    ("E", "End the infusion (asks first)"),
    ("Ctrl+E", "End the session (asks first)"),
    ("N", "New session at a free chair"),
    ("F2", "Start now at a free chair without signing in, identify later"),
    ("Ctrl+I", "Answer for a session that was started so, and name its patient"),
    ("F4", "In the form of a session: a new patient, other alarm limits"),
    ("Ctrl+L", "Lock the controls; unlock them, or sign in"),
    ("F3", "Somebody else signs in; everything goes on"),
    ("Ctrl+P", "Set a PIN for quick unlock"),
    ("Ctrl+Shift+L", "Sign out"),
    ("R / X", "An interrupted session goes on / ended when it was interrupted (asks first)"),
    ("Ctrl+R / Ctrl+X", "The same for all of them; Up and Down mark one"),
    ("Ctrl+1 … Ctrl+8", "Go to a chair"),
    ("Enter / Esc", "Yes / no, when something is asked; Esc also closes this list"),
    ("Ctrl+T", "Test the alarm sound; then Ctrl+H: heard, Ctrl+N: not heard"),
    ("Tab", "Go to the next control"),
    ("Ctrl+Q", "Close the window (asks first while a session runs)"),
    ("F1", "Show or hide this list"),
)


class StoppedOverlay(QWidget):
    """A flashing band over the full width; below it the screen stays faintly visible."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = may_shrink(
            plain_label(
                theme,
                theme.font(theme.sizes["stopped"], QFont.Weight.Bold),
                ColourRole.ON_ALARM,
            )
        )
        self._detail = may_shrink(
            plain_label(theme, theme.font(theme.sizes["title"], QFont.Weight.DemiBold))
        )
        recolour(self._detail, theme, ColourRole.ON_ALARM)
        self._reason = may_shrink(plain_label(theme, role=ColourRole.ON_ALARM))
        self._band = FlashSurface()
        self._arrange()
        self.hide()

    def render_view(self, view: StoppedView | None) -> None:
        """Cover the screen with ``view``, or uncover it."""
        if view is not None:
            say(self._title, view.title)
            say(self._detail, view.detail)
            say(self._reason, view.reason)
            self._reason.setVisible(bool(view.reason))
            self.setAccessibleName(f"{view.title}. {view.detail} {view.reason}".rstrip())
            self.raise_()
        self.setVisible(view is not None)

    def flash(self, monotonic_s: float) -> None:
        """Put the band's ground into the half of its flash that belongs to this moment."""
        role = bright if is_lit(Priority.HIGH, monotonic_s) else dark
        self._band.fill(self._theme.colour(role(Priority.HIGH)))

    def _arrange(self) -> None:
        theme = self._theme
        shade = theme.colour(ColourRole.BACKGROUND)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("shade")
        self.setStyleSheet(
            f"QWidget#shade {{ background: rgba({shade.red()}, {shade.green()},"
            f" {shade.blue()}, 150); }}"
        )
        plate = FlashSurface()
        plate.fill(theme.colour(ColourRole.ALARM_HIGH))
        words = QVBoxLayout(plate)
        words.setContentsMargins(28, 4, 28, 8)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        words.addWidget(self._reason)
        band = QVBoxLayout(self._band)
        band.setContentsMargins(40, 10, 40, 10)
        band.addWidget(plate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, TOP_BAR_HEIGHT, 0, 0)
        column.addWidget(self._band)
        column.addStretch(1)


class KeyHelp(QFrame):
    """All keys; it lies over the chart and never over the alarm banner."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName("Keys")
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 12, 24, 12)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(2)
        title = theme.font(theme.sizes["title"], QFont.Weight.Bold)
        grid.addWidget(plain_label(theme, title, text="Keys"), 0, 0, 1, 2)
        small = theme.font(theme.sizes["small"])
        bold = theme.font(theme.sizes["small"], QFont.Weight.Bold)
        for row, (key, meaning) in enumerate(KEYS, start=1):
            grid.addWidget(plain_label(theme, bold, ColourRole.ACCENT, key), row, 0)
            grid.addWidget(plain_label(theme, small, text=meaning), row, 1)
        self.hide()
