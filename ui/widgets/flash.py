"""A surface whose background flashes; the text on it never does.

Knows two colours and which of them is on. The phase comes from outside, the same for all.
"""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFrame


class FlashSurface(QFrame):
    """A frame filled with one colour at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)

    def fill(self, colour: QColor) -> None:
        """Fill with ``colour``, only when it is not there already."""
        palette = self.palette()
        if palette.color(QPalette.ColorRole.Window) != colour:
            palette.setColor(QPalette.ColorRole.Window, colour)
            self.setPalette(palette)
