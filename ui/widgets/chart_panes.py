"""The chart: three panes over one time axis and the alarm lane, drawn only when something is new.

Knows pyqtgraph and how a glyph looks. What is drawn, and where a line breaks, comes in the view.
"""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from monitor.alarms.priority import Priority
from ui.theme import Theme
from ui.view_models.chart_limits import Pane
from ui.view_models.chart_view import ChartView, Furniture, Range
from ui.view_models.colours import ColourRole, bright
from ui.widgets.chart_furniture import ChartFurniture
from ui.widgets.chart_glyphs import CuffGlyphs

AXIS_WIDTH = 52
LANE_HEIGHT = 22
TIME_HEIGHT = 40
RIGHT_MARGIN = 26  # half of the last time label
_STRETCH = {Pane.PRESSURE: 50, Pane.PULSE: 18, Pane.SPO2: 25}


class ChartPanes(QWidget):
    """The whole chart of one session; trend pens are one pixel wide (architecture, fact 3)."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._drawn: tuple[Furniture, int] | None = None
        self._graphics = pg.GraphicsLayoutWidget()
        self._graphics.setBackground(theme.colour(ColourRole.BACKGROUND))
        self._graphics.ci.setContentsMargins(0, 0, RIGHT_MARGIN, 0)
        self._graphics.ci.setSpacing(8)
        self._graphics.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plots = {pane: self._pane(row, pane) for row, pane in enumerate(Pane)}
        self._lane = self._alarm_lane(len(Pane))
        self._curves = {
            Pane.PULSE: self._curve(Pane.PULSE, ColourRole.PULSE),
            Pane.SPO2: self._curve(Pane.SPO2, ColourRole.SPO2),
        }
        self._cuffs = CuffGlyphs(theme, self._plots[Pane.PRESSURE])
        self._furniture = ChartFurniture(theme, self._plots)
        self._spans = {priority: self._lane_curve(priority) for priority in Priority}
        self._now_lines = [self._now_line(plot) for plot in (*self._plots.values(), self._lane)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._graphics)
        self.setAccessibleName("Chart of the session")

    @property
    def columns(self) -> int:
        """Width of the plots in pixels."""
        return max(1, int(self._plots[Pane.PRESSURE].getViewBox().width()))

    def render_view(self, view: ChartView) -> None:
        """Show ``view``."""
        if (view.furniture, self.height()) != self._drawn:
            self._drawn = (view.furniture, self.height())
            self._place(view.furniture)
        self._curves[Pane.PULSE].setData(*view.pulse, connect="finite")
        self._curves[Pane.SPO2].setData(*view.spo2, connect="finite")
        for priority, curve in self._spans.items():
            ends = [(m.low, m.high) for m in view.alarms if m.priority is priority]
            curve.setData([x for pair in ends for x in pair], [0.5] * (2 * len(ends)))
        for line in self._now_lines:
            line.setPos(view.now_x)

    def _place(self, furniture: Furniture) -> None:
        for plot in (*self._plots.values(), self._lane):
            plot.setXRange(furniture.low, furniture.high, padding=0)
            plot.getAxis("bottom").setTicks([list(furniture.ticks)])
        for pane, shown in furniture.ranges:
            self._show_range(self._plots[pane], shown)
        self._cuffs.draw(furniture)
        self._furniture.draw(furniture)

    @staticmethod
    def _show_range(plot: Any, shown: Range) -> None:
        plot.setYRange(shown.low, shown.high, padding=0)
        plot.getAxis("left").setTicks([[(float(v), str(v)) for v in shown.labelled]])

    def _pane(self, row: int, pane: Pane) -> Any:
        plot = self._plot(row)
        self._graphics.ci.layout.setRowStretchFactor(row, _STRETCH[pane])
        self._graphics.ci.layout.setRowMinimumHeight(row, 90)
        is_last = row == len(Pane) - 1
        bottom = plot.getAxis("bottom")
        bottom.setStyle(showValues=is_last)
        bottom.setHeight(TIME_HEIGHT if is_last else 0)
        return plot

    def _alarm_lane(self, row: int) -> Any:
        plot = self._plot(row)
        self._graphics.ci.layout.setRowFixedHeight(row, LANE_HEIGHT)
        plot.getAxis("bottom").setStyle(showValues=False)
        plot.getAxis("bottom").setHeight(0)
        plot.getAxis("left").setTicks([[(0.5, "alarms")]])
        plot.setYRange(0, 1, padding=0)
        return plot

    def _plot(self, row: int) -> Any:
        plot = self._graphics.addPlot(row=row, col=0, enableMenu=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.getViewBox().setBackgroundColor(self._theme.colour(ColourRole.SURFACE))
        plot.getViewBox().disableAutoRange()
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setTextPen(self._theme.colour(ColourRole.TEXT_2))
            axis.setPen(pg.mkPen(self._theme.colour(ColourRole.TEXT_3), width=1))
            axis.setStyle(
                tickLength=0,
                tickFont=self._theme.font(self._theme.sizes["small"]),
                hideOverlappingLabels=RIGHT_MARGIN,
            )
        plot.getAxis("left").setWidth(AXIS_WIDTH)
        return plot

    def _curve(self, pane: Pane, role: ColourRole) -> Any:
        pen = pg.mkPen(self._theme.colour(role), width=1)
        curve = pg.PlotCurveItem(pen=pen, antialias=True)
        self._plots[pane].addItem(curve)
        return curve

    def _lane_curve(self, priority: Priority) -> Any:
        pen = pg.mkPen(self._theme.colour(bright(priority)), width=8)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        curve = pg.PlotCurveItem(pen=pen, connect="pairs")
        self._lane.addItem(curve)
        return curve

    def _now_line(self, plot: Any) -> Any:
        line = pg.InfiniteLine(
            pos=0.0, angle=90, pen=pg.mkPen(self._theme.colour(ColourRole.TEXT_2), width=1)
        )
        plot.addItem(line)
        return line
