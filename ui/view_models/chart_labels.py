"""Words on the chart that must not overlap: failed cuff attempts, gaps and the phases.

Knows how wide a word is, roughly. What does not fit is left out; its mark stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.snapshot import SessionSnapshot

PIXELS_PER_LETTER = 7.5
MARGIN_PIXELS = 18.0
ROWS = 3
NO_DATA = "no data"


@dataclass(frozen=True, slots=True)
class Label:
    """A word that begins at ``x`` (minutes) in one of the rows; "" when there is no room."""

    x: float
    text: str
    row: int = 0


def failed_labels(
    attempts: Sequence[tuple[float, str]], minutes_per_pixel: float
) -> tuple[Label, ...]:
    """Return one label per failed attempt, in the first row where it overlaps no other."""
    free_from = [float("-inf")] * ROWS
    return tuple(_place(x, f"failed: {why}", free_from, minutes_per_pixel) for x, why in attempts)


def phase_labels(
    snapshot: SessionSnapshot,
    low: float,
    infusion: tuple[float, float] | None,
    minutes_per_pixel: float,
) -> tuple[Label, ...]:
    """Return the names of the phases at their beginnings, where they fit."""
    if infusion is None:
        return (Label(low, "BASELINE"),)
    planned = round(snapshot.planned_infusion_s / 60.0)
    named = [Label(low, "BASELINE"), Label(infusion[0], f"INFUSION · {planned} min planned")]
    ends = [infusion[0], infusion[1]]
    if snapshot.infusion_ended_s is not None:
        named.append(Label(infusion[1], "RECOVERY"))
        ends.append(float("inf"))
    return tuple(
        label
        for label, end in zip(named, ends, strict=True)
        if label.x + _width(label.text) * minutes_per_pixel <= end
    )


def gap_labels(
    gaps: Sequence[tuple[float, float]], low: float, high: float, minutes_per_pixel: float
) -> tuple[Label, ...]:
    """Return ``no data`` for gaps (minutes from, to), its ``x`` the middle of the word.

    A word that would be cut at an edge of the chart is moved in: half of it says "data". One that
    would run into the word before it is left out, as the hatching is there for both.
    """
    half = _width(NO_DATA) / 2 * minutes_per_pixel
    placed: list[Label] = []
    free_from = low
    for start, end in sorted(gaps):
        x = min(max((start + end) / 2, low + half), high - half)
        if x - half >= free_from and start < high and end > low:
            placed.append(Label(x, NO_DATA))
            free_from = x + half
    return tuple(placed)


def _place(x: float, text: str, free_from: list[float], minutes_per_pixel: float) -> Label:
    for row in range(ROWS):
        if x >= free_from[row]:
            free_from[row] = x + _width(text) * minutes_per_pixel
            return Label(x, text, row)
    return Label(x, "", ROWS - 1)


def _width(text: str) -> float:
    return len(text) * PIXELS_PER_LETTER + MARGIN_PIXELS
