"""How a number is written in the sentence of an alarm: short, and never against what it says.

Knows comparisons. Must not know vitals, rules, or who reads the sentence.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.readings import as_whole

COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
MOST_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Against:
    """What a value is compared with, as a limit writes it: ``op`` and ``bound``."""

    op: str
    bound: float

    def holds(self, value: float) -> bool:
        """Whether the value is beyond the bound."""
        return COMPARE[self.op](value, self.bound)

    def is_said_truly(self, value: float, said: str) -> bool:
        """Whether the words are beyond the bound as it is written if and only if the value is."""
        return COMPARE[self.op](float(said), float(told_bound(self.bound))) is self.holds(value)


def told(value: float, *against: Against) -> str:
    """Write a value with as few decimals as leave every comparison as it is: 87 below 88, 87.96.

    Without any it is the whole number that the screen shows. Where two decimals are not enough,
    the nearest number of two that is on the right side of what it is too near to.
    """
    for said in (as_whole(value), f"{round(value, 1):g}", f"{round(value, MOST_DECIMALS):g}"):
        if all(each.is_said_truly(value, said) for each in against):
            return said
    nearest = min(against, key=lambda each: abs(each.bound - value))
    step = 0.01 if value > nearest.bound else -0.01
    return f"{round(float(told_bound(nearest.bound)) + step, MOST_DECIMALS):g}"


def told_bound(bound: float) -> str:
    """Write a bound: one that counts from a baseline may have decimals, one is enough."""
    return f"{round(bound, 1):g}"
