"""Cells of CSV files: numbers as they are, text that no spreadsheet will run.

Knows what spreadsheets take for a formula (contracts, "CSV export"; reliability brief, 5.2). Must
not know rows or columns.
"""

import re

Cell = str | float | bool | None

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""Apostrophes before it count, so that the guard can be taken away again without loss."""


def guarded(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would run it.

    To read it back: of a cell that begins with apostrophes and then one of ``= + - @``, a tab, a
    line end or a full-width twin of these, the first apostrophe is not part of the text.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def written(cell: Cell) -> str:
    """Write a cell: numbers with a dot and no needless zeros, nothing for no value."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return guarded(cell) if isinstance(cell, str) else str(cell)
