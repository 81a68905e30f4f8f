"""Words into a given room: how high they stand when wrapped, and which whole words still fit.

Knows fonts and pixels. Must not know what the words mean.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics

MORE = " …"
_ENDLESS = 100_000


def wrapped_height(font: QFont, text: str, width: int) -> int:
    """Return the pixels that ``text`` is high when it wraps at ``width``."""
    words = Qt.TextFlag.TextWordWrap
    room = QRect(0, 0, max(1, width), _ENDLESS)
    return QFontMetrics(font).boundingRect(room, words, text).height()


def fitted(fonts: Sequence[QFont], text: str, room: QSize) -> tuple[QFont, str]:
    """Return the first font in which all words fit; else the last, with as many as fit in it."""
    for font in fonts:
        if _fits(font, text, room):
            return font, text
    return fonts[-1], _cut(fonts[-1], text, room)


def shared_widths(least: Sequence[int], natural: Sequence[int], room: int) -> list[int]:
    """Share ``room`` between columns: each its longest word, then more the more it has to say."""
    spare, wanted = room - sum(least), sum(natural) - sum(least)
    if wanted <= spare:
        return list(natural)
    if spare < 0:
        return [one * room // sum(least) for one in least]
    pairs = zip(least, natural, strict=True)
    return [low + (most - low) * spare // wanted for low, most in pairs]


def _cut(font: QFont, text: str, room: QSize) -> str:
    words = text.split()
    for count in range(len(words) - 1, 0, -1):
        part = " ".join(words[:count]) + MORE
        if _fits(font, part, room):
            return part
    return MORE.strip()


def _fits(font: QFont, text: str, room: QSize) -> bool:
    metrics = QFontMetrics(font)
    widest = max((metrics.horizontalAdvance(word) for word in text.split()), default=0)
    return widest <= room.width() and wrapped_height(font, text, room.width()) <= room.height()
