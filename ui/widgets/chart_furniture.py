"""What stands still on the chart: shades, limits, names, failed attempts, the watermark.

Knows how each looks. Rebuilt as a whole when the view says something of it has changed.
"""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from ui.theme import Theme
from ui.view_models.chart_limits import LimitLine, LimitName, Pane, limit_names
from ui.view_models.chart_view import Furniture, Range
from ui.view_models.colours import ColourRole, bright

TITLES = {
    Pane.PRESSURE: ("NIBP mmHg", ColourRole.NIBP),
    Pane.PULSE: ("PR /min", ColourRole.PULSE),
    Pane.SPO2: ("SpO₂ %", ColourRole.SPO2),
}
WATERMARK_PIXELS = 64
FAILED_ROW_PIXELS = 17
NEAREST_ALPHA, BEYOND_ALPHA = 0.85, 0.5
SUNK = 0.15
"""The empty part of a text's box at its top and foot: the name stands close to its line."""


class ChartFurniture:
    """All movable items of the panes that are not data."""

    def __init__(self, theme: Theme, plots: dict[Pane, Any]) -> None:
        self._theme = theme
        self._plots = plots
        self._items: list[tuple[Any, Any]] = []

    def draw(self, furniture: Furniture) -> None:
        """Take away what was drawn and draw ``furniture``."""
        self._clear()
        ranges = dict(furniture.ranges)
        self._grid(furniture, ranges)
        self._shades(furniture)
        self._titles(furniture, ranges)
        self._phases(furniture, ranges[Pane.PRESSURE])
        for pane, shown in furniture.ranges:
            self._limits(furniture, pane, shown)
        self._failed(furniture, ranges[Pane.PRESSURE])
        self._watermark(furniture, ranges[Pane.PRESSURE])

    def _clear(self) -> None:
        for plot, item in self._items:
            plot.removeItem(item)
        self._items.clear()

    def _add(self, pane: Pane, item: Any, z: float) -> None:
        item.setZValue(z)
        self._plots[pane].addItem(item, ignoreBounds=True)
        self._items.append((self._plots[pane], item))

    def _text(
        self,
        pane: Pane,
        text: str,
        place: tuple[float, float],
        anchor: tuple[float, float],
        *,
        colour: QColor,
        font: QFont | None = None,
    ) -> None:
        """Write ``text``: a TextItem made from text, not from html, shows it as it is."""
        item = pg.TextItem(text, color=colour, anchor=anchor)
        item.setFont(font or self._theme.font(12, QFont.Weight.DemiBold))
        item.setPos(*place)
        self._add(pane, item, 5)

    def _grid(self, furniture: Furniture, ranges: dict[Pane, Range]) -> None:
        """Draw the lines of the labelled values. The axes' own grid hides labels at the ends."""
        pen = pg.mkPen(self._theme.colour(ColourRole.LINE, 0.7), width=1)
        for pane, shown in ranges.items():
            level = [(x, y) for y in shown.labelled for x in (furniture.low, furniture.high)]
            upright = [(x, y) for x, _text in furniture.ticks for y in (shown.low, shown.high)]
            ends = level + upright
            lines = pg.PlotCurveItem(
                [float(x) for x, _y in ends], [float(y) for _x, y in ends], pen=pen, connect="pairs"
            )
            self._add(pane, lines, -20)

    def _shades(self, furniture: Furniture) -> None:
        for pane in Pane:
            if furniture.infusion is not None:
                self._shade(pane, furniture.infusion, ColourRole.INFUSION, 0.09)
            for low, high, _reason in furniture.gaps:
                self._shade(pane, (low, high), ColourRole.NO_DATA, 0.22, hatched=True)
        top = dict(furniture.ranges)[Pane.PULSE].high
        colour = self._theme.colour(ColourRole.TEXT_1)
        for label in furniture.gap_names:
            self._text(Pane.PULSE, label.text, (label.x, top), (0.5, 0.0), colour=colour)

    def _shade(
        self,
        pane: Pane,
        span: tuple[float, float],
        role: ColourRole,
        alpha: float,
        hatched: bool = False,
    ) -> None:
        brush = pg.mkBrush(self._theme.colour(role, alpha))
        if hatched:
            brush.setColor(self._theme.colour(role, 0.6))
            brush.setStyle(Qt.BrushStyle.BDiagPattern)
        item = pg.LinearRegionItem(values=span, movable=False, brush=brush, pen=pg.mkPen(None))
        self._add(pane, item, -10)

    def _titles(self, furniture: Furniture, ranges: dict[Pane, Range]) -> None:
        for pane, (title, role) in TITLES.items():
            place = (furniture.low, ranges[pane].low)
            self._text(pane, title, place, (0.0, 1.0), colour=self._theme.colour(role))

    def _phases(self, furniture: Furniture, shown: Range) -> None:
        for label in furniture.phases:
            is_infusion = label.text.startswith("INFUSION")
            role = ColourRole.ACCENT if is_infusion else ColourRole.TEXT_2
            colour = self._theme.colour(role)
            place = (label.x, shown.high)
            self._text(Pane.PRESSURE, label.text, place, (0.0, 0.0), colour=colour)

    def _limits(self, furniture: Furniture, pane: Pane, shown: Range) -> None:
        lines = [line for line in furniture.limits if line.pane is pane]
        for line in lines:
            self._limit(line)
        for name in limit_names(lines, shown.low, shown.high, self._per_pixel(pane, shown)):
            self._limit_name(pane, name, furniture.high)

    def _limit(self, line: LimitLine) -> None:
        """Draw the nearest limits dashed, those beyond them fainter and dotted."""
        style = Qt.PenStyle.DashLine if line.is_nearest else Qt.PenStyle.DotLine
        alpha = NEAREST_ALPHA if line.is_nearest else BEYOND_ALPHA
        pen = pg.mkPen(self._theme.colour(bright(line.priority), alpha), width=1, style=style)
        self._add(line.pane, pg.InfiniteLine(pos=line.value, angle=0, pen=pen), -1)

    def _limit_name(self, pane: Pane, name: LimitName, right: float) -> None:
        colour = self._theme.colour(bright(name.priority), NEAREST_ALPHA)
        anchor = (1.0, 1.0 - SUNK) if name.is_above else (1.0, SUNK)
        self._text(pane, name.text, (right, name.value), anchor, colour=colour)

    def _per_pixel(self, pane: Pane, shown: Range) -> float:
        """How much of the pane's scale one pixel is."""
        height = self._plots[pane].getViewBox().height()
        return (shown.high - shown.low) / max(1.0, float(height))

    def _failed(self, furniture: Furniture, shown: Range) -> None:
        """Draw failed attempts as hollow squares at the foot: they have no value to stand at."""
        if not furniture.failed:
            return
        per_pixel = self._per_pixel(Pane.PRESSURE, shown)
        foot = shown.low + 30 * per_pixel
        colour = self._theme.colour(ColourRole.NIBP)
        marks = pg.ScatterPlotItem(
            [label.x for label in furniture.failed],
            [foot + label.row * FAILED_ROW_PIXELS * per_pixel for label in furniture.failed],
            symbol="s",
            size=11,
            pen=pg.mkPen(colour, width=1),
            brush=None,
        )
        self._add(Pane.PRESSURE, marks, 4)
        for label in furniture.failed:
            place = (label.x, foot + label.row * FAILED_ROW_PIXELS * per_pixel)
            if label.text:
                self._text(Pane.PRESSURE, f"   {label.text}", place, (0.0, 0.5), colour=colour)

    def _watermark(self, furniture: Furniture, shown: Range) -> None:
        if furniture.watermark:
            self._text(
                Pane.PRESSURE,
                furniture.watermark,
                ((furniture.low + furniture.high) / 2, (shown.low + shown.high) / 2),
                (0.5, 0.5),
                colour=self._theme.colour(ColourRole.TEXT_1, 0.16),
                font=self._theme.font(WATERMARK_PIXELS, QFont.Weight.Bold),
            )
