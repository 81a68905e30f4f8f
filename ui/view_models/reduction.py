"""Make a trend ready to draw: break it where nothing is known, reduce it to the pixel.

Knows arrays only. A line is never drawn over a break, and no extreme value is lost.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BREAK_AFTER_S = 10.0
"""A longer silence breaks the line (clinical brief, section 7, "Joining lines")."""


def broken(
    times: Sequence[float], values: Sequence[float], gaps: Sequence[tuple[float, float]] = ()
) -> tuple[Floats, Floats]:
    """Return times (s) in order and values, with NaN where the line must be broken.

    ``values`` already carry NaN at explicit gaps; every silence of more than 10 s and every one of
    ``gaps`` (from, to) adds one more.
    """
    t = np.asarray(times, dtype=np.float64)
    y = np.asarray(values, dtype=np.float64)
    order = np.argsort(t, kind="stable")
    t, y = t[order], y[order]
    after = np.flatnonzero(np.diff(t) > BREAK_AFTER_S)
    breaks = np.concatenate([(t[after] + t[after + 1]) / 2, [(a + b) / 2 for a, b in gaps]])
    at = np.searchsorted(t, breaks)
    return np.insert(t, at, breaks), np.insert(y, at, np.nan)


def to_columns(
    x: Floats, y: Floats, low: float, high: float, columns: int
) -> tuple[Floats, Floats]:
    """Reduce ``y`` over ``x`` to one minimum and one maximum per pixel column of [low, high].

    NaN stays a break between two runs. What is short enough is returned as it is.
    """
    columns = max(1, columns)
    if x.size <= 2 * columns or high <= low:
        return x, y
    known = ~np.isnan(y)
    run = np.cumsum(~known)[known]
    column = np.floor((x[known] - low) / (high - low) * columns)
    starts = _starts(run, column)
    if starts.size == 0:
        return x[:0], y[:0]
    return _woven(x[known][starts], y[known], run[starts], starts)


def _starts(run: NDArray[np.int64], column: Floats) -> NDArray[np.int64]:
    """Return where a new run or a new pixel column begins."""
    if run.size == 0:
        return np.zeros(0, dtype=np.int64)
    is_new = (np.diff(run) != 0) | (np.diff(column) != 0)
    return np.concatenate([[0], np.flatnonzero(is_new) + 1]).astype(np.int64)


def _woven(
    x: Floats, y: Floats, run: NDArray[np.int64], starts: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return minimum, maximum of each group in turn, with a NaN wherever the run changes."""
    pairs = np.column_stack([np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)])
    at = (np.flatnonzero(np.diff(run)) + 1) * 2
    twice = np.repeat(x, 2)
    return np.insert(twice, at, twice[at]), np.insert(pairs.ravel(), at, np.nan)
