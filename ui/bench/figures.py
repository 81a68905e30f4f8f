"""What a benchmark says: a figure, beside its target and its peer on the same work.

Knows numbers and their names. Must not know how anything is measured.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never


class Bound(StrEnum):
    """On which side of a target the good values lie."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Target:
    """The value, in the gauge's unit, that must be kept; ``source`` is who asks for it."""

    bound: Bound
    value: float
    source: str

    def is_met_by(self, value: float) -> bool:
        """Say whether a value is good enough; NaN never is."""
        match self.bound:
            case Bound.AT_MOST:
                return value <= self.value
            case Bound.AT_LEAST:
                return value >= self.value
            case _:
                assert_never(self.bound)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One thing that is measured. ``peer`` is what does the same work in the same run, if any."""

    name: str
    measures: str
    unit: str
    peer: str = ""
    target: Target | None = None

    def reads(
        self,
        value: float,
        *,
        peer_value: float | None = None,
        ratio: float | None = None,
        note: str = "",
        is_judged: bool = True,
    ) -> "Figure":
        """Return the figure; ``ratio`` is ours to the peer's, by default of the two values.

        Without ``is_judged`` the work was too small for the target to mean anything.
        """
        if ratio is None and peer_value:
            ratio = value / peer_value
        return Figure(self, value, peer_value, ratio, note, is_judged)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a gauge read once."""

    gauge: Gauge
    value: float
    peer_value: float | None = None
    ratio: float | None = None
    note: str = ""
    is_judged: bool = True

    @property
    def target(self) -> Target | None:
        """The target that this figure is held against."""
        return self.gauge.target if self.is_judged else None

    @property
    def is_good(self) -> bool:
        """Whether it misses no target."""
        return self.target is None or self.target.is_met_by(self.value)

    def facts(self) -> dict[str, Any]:
        """Return the figure for a script; what does not apply is null."""
        return {
            "name": self.gauge.name,
            "value": rounded(self.value),
            "unit": self.gauge.unit,
            "peer": self.gauge.peer or None,
            "peer_value": None if self.peer_value is None else rounded(self.peer_value),
            "ratio": None if self.ratio is None else rounded(self.ratio),
            "target": self.target and self.target.value,
            "is_met": self.target and self.is_good,
            "note": self.note,
        }


DIGITS = 4


def rounded(value: float) -> float:
    """Return a value with as many digits as a measurement on a shared machine has."""
    short = float(f"{value:.{DIGITS}g}")
    return int(value) if value == int(value) else short


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def paired_ratio(ours: Sequence[float], peers: Sequence[float]) -> float:
    """Return the median of the ratios of each round: noise that hits both halves drops out."""
    return statistics.median(one / other for one, other in zip(ours, peers, strict=True))
