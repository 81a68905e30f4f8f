"""The banner of what is silenced at a chair: a symbol, since when, by whom, why, and how to end it.

Knows two lines at most. It wears no alarm colour and never flashes; it stays as long as the state.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.silence import SilenceLine, Symbol
from ui.widgets.buttons import key_button
from ui.widgets.labels import dress, may_shrink, plain_label, plain_tooltip, say
from ui.widgets.symbols import SymbolIcon


class SilenceRow(QFrame):
    """One state."""

    ended = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._line: SilenceLine | None = None
        self.setObjectName("silence")
        dress(
            self,
            f"QFrame#silence {{ background: {theme.colours[ColourRole.RAISED]};"
            f" border: 2px solid {theme.colours[ColourRole.TEXT_1]}; border-radius: 8px; }}",
        )
        self._icon = SymbolIcon(theme.colour(ColourRole.TEXT_1))
        self._headline = plain_label(theme, theme.font(theme.sizes["title"], QFont.Weight.Bold))
        self._detail = may_shrink(plain_label(theme))
        self._button = key_button(theme, "Sound on", "P", "End this state.")
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self._end)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 10, 4)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self._headline)
        row.addWidget(self._detail, 1)
        row.addWidget(self._button)
        self.hide()

    def render_line(self, line: SilenceLine | None) -> None:
        """Show ``line``, or nothing."""
        self.setVisible(line is not None)
        if line is None or line == self._line:
            return
        self._line = line
        self._icon.render_symbol(line.symbol)
        say(self._headline, line.headline)
        say(self._detail, line.detail)
        plain_tooltip(self._detail, line.detail)
        self._button.setText(f"{line.action}   {line.key}")
        self._button.setAccessibleName(line.action)
        self.setAccessibleName(line.sentence)

    def _end(self) -> None:
        if self._line is not None:
            self.ended.emit(self._line.symbol)


class SilenceStrip(QFrame):
    """All states of a session; hidden while nothing is silenced."""

    pause_ended = Signal()
    sound_asked = Signal()
    alarms_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Silenced")
        self._rows = (SilenceRow(theme), SilenceRow(theme))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 6, 22, 0)
        column.setSpacing(6)
        for row in self._rows:
            row.ended.connect(self._end)
            column.addWidget(row)
        self.hide()

    def render_lines(self, lines: tuple[SilenceLine, ...]) -> None:
        """Show these states."""
        for number, row in enumerate(self._rows):
            row.render_line(lines[number] if number < len(lines) else None)
        self.setVisible(bool(lines))

    def _end(self, symbol: Symbol) -> None:
        match symbol:
            case Symbol.AUDIO_PAUSED:
                self.pause_ended.emit()
            case Symbol.AUDIO_OFF:
                self.sound_asked.emit()
            case Symbol.ALARM_OFF:
                self.alarms_asked.emit()
