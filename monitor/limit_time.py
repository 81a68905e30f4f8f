"""How long the values of a patient were beyond each limit, in seconds of the values' own time.

Knows limits and values. Must not know delays, confirmations or alarms: a value beyond its limit
for a second counts, whatever became of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.alarms.limit_rules import LimitRule
from monitor.alarms.rules import Rule
from monitor.vitals import Vital

CUFF_COUNTS_S = 900.0
"""A reading stands for the pressure until the next one; older than this it is not shown either
(clinical brief, TECH-5)."""
SAMPLE_COUNTS_S = 5.0
"""A sample stands until the next one; an older one is grey (clinical brief, TECH-1)."""


@dataclass(frozen=True, slots=True)
class _Known:
    value: float
    until_s: float


class LimitTime:
    """Adds up, per rule, the time for which one of its limits was crossed."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [rule for rule in rules if isinstance(rule, LimitRule)]
        self._known: dict[Vital, _Known] = {}
        self._baseline: Mapping[Vital, float] = {}
        self._crossed: tuple[str, ...] = ()
        self._now_s: float | None = None
        self._is_to_be_judged = False
        self.seconds = {rule.id: 0.0 for rule in self._rules}

    def measured(self, t: float, values: Mapping[Vital, float | None], counts_s: float) -> None:
        """Note values that count from ``t`` on, for ``counts_s`` at most; None ends the last one.

        ``pass_until`` was called with ``t`` before.
        """
        for vital, value in values.items():
            known = self._known.pop(vital, None)
            if value is not None:
                self._known[vital] = _Known(value, t + counts_s)
            self._is_to_be_judged |= value != (known and known.value)

    def baseline(self, baseline: Mapping[Vital, float]) -> None:
        """Note what the relative limits are relative to from now on."""
        self._baseline = baseline
        self._is_to_be_judged = True

    def pass_until(self, t: float) -> None:
        """Let time pass; ``t`` never goes back."""
        now = t if self._now_s is None else self._now_s
        while now < t:
            self._judge()
            end = min([t, *(known.until_s for known in self._known.values())])
            for rule in self._crossed:
                self.seconds[rule] += end - now
            now = end
            self._forget(now)
        self._now_s = t

    def _forget(self, t: float) -> None:
        """Drop what does not count any more."""
        for vital in [vital for vital, known in self._known.items() if known.until_s <= t]:
            del self._known[vital]
            self._is_to_be_judged = True

    def _judge(self) -> None:
        if not self._is_to_be_judged:
            return
        self._is_to_be_judged = False
        values = {vital: known.value for vital, known in self._known.items()}
        self._crossed = tuple(
            rule.id
            for rule in self._rules
            if any(limit.is_met(values, self._baseline) for limit in rule.when)
        )
