"""The screen of one chair with a running session: chart left, numbers and running list right.

Composes widgets. Sends intents out; knows no station and no clock.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.people import WhoView
from ui.view_models.screen import SessionScreen
from ui.widgets.banner import AlarmBanner
from ui.widgets.bars import StatusBar, TopBar
from ui.widgets.chart_panes import ChartPanes
from ui.widgets.facts import FactRow
from ui.widgets.identity import IdentityStrip
from ui.widgets.log_list import LogList
from ui.widgets.numerics import NumericWidget
from ui.widgets.question import QuestionStrip
from ui.widgets.silence_strip import SilenceStrip

RIGHT_WIDTH = 448
"""Room for ``240/130`` with capitals of 18 mm."""
LEAST_LOG = 44
"""Pixels of the running list, when strips and a small window leave no more."""


class OneChairScreen(QWidget):
    """Everything about one session."""

    acknowledged = Signal()
    infusion_started = Signal()
    infusion_ended = Signal()
    session_ended = Signal()
    identify_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._top = TopBar(theme)
        self._banner = AlarmBanner(theme)
        self.silence = SilenceStrip(theme)
        self._facts = FactRow(theme)
        self._identity = IdentityStrip(theme)
        self.question = QuestionStrip(theme)
        self.chart = ChartPanes(theme)
        self._pressure = NumericWidget(theme, ColourRole.NIBP, has_mean=True)
        self._pulse = NumericWidget(theme, ColourRole.PULSE)
        self._spo2 = NumericWidget(theme, ColourRole.SPO2)
        self._log = LogList(theme)
        self._status = StatusBar(theme)
        self._arrange()
        self._banner.acknowledged.connect(self.acknowledged)
        self._identity.identify_asked.connect(self.identify_asked)
        self._top.infusion_started.connect(self.infusion_started)
        self._top.infusion_ended.connect(self.infusion_ended)
        self._top.session_ended.connect(self.session_ended)

    def render_view(self, view: SessionScreen) -> None:
        """Show ``view``; the chart comes apart, because it costs more."""
        self._top.render_view(view.top)
        self._banner.render_view(view.banner)
        self.silence.render_lines(view.silenced)
        self._identity.render_text(view.not_identified)
        self._facts.render_facts(view.facts)
        self._pressure.render_view(view.pressure)
        self._pulse.render_view(view.pulse)
        self._spo2.render_view(view.spo2)
        self._log.render_view(view.log, view.status.device)
        self._status.render_view(view.status)

    def render_who(self, who: WhoView) -> None:
        """Show who is signed in."""
        self._top.render_who(who)

    def render_backup(self, text: str) -> None:
        """Show that the newest backup is too old."""
        self._status.render_backup(text)

    def flash(self, monotonic_s: float) -> None:
        """Pass the phase of the flashing on."""
        self._banner.flash(monotonic_s)

    def _arrange(self) -> None:
        body = QHBoxLayout()
        body.setContentsMargins(10, 10, 16, 8)
        body.setSpacing(14)
        body.addWidget(self.chart, 1)
        body.addWidget(self._right_column())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (
            self._top,
            self._banner,
            self.silence,
            self._identity,
            self.question,
            self._facts,
        ):
            column.addWidget(widget)
        column.addLayout(body, 1)
        column.addWidget(self._status)

    def _right_column(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(RIGHT_WIDTH)
        pair = QHBoxLayout()
        pair.setSpacing(12)
        for tile in (self._pulse, self._spo2):
            tile.setFixedWidth((RIGHT_WIDTH - pair.spacing()) // 2)
            pair.addWidget(tile)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._pressure)
        column.addLayout(pair)
        self._log.setMinimumHeight(LEAST_LOG)  # the list gives way, never a number
        column.addWidget(self._log, 1)
        return side
