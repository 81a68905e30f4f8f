"""Limits as they are written in a profile: "systolic >= baseline + 40 mmHg", read and evaluated.

Knows vitals, units and the baseline of a session. Must not know rules, time or where values come
from. Grammar of one limit, words parted by blanks:

    limit    = clause { "and" clause }
    clause   = vital op bound [ ( "if" | "unless" ) "baseline" op quantity ]
    op       = ">" | ">=" | "<" | "<="
    bound    = quantity | "baseline" ( "+" | "-" ) quantity | factor "*" "baseline"
    quantity = number unit

The unit is part of the text, so that no number is read as something else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

from monitor.alarms.told import COMPARE, Against, told, told_bound
from monitor.errors import OperatorError
from monitor.vitals import Vital

Values = Mapping[Vital, float]
"""A value (or a baseline) per vital, in its unit; what is not known is not there."""

_WORDS = {">": "above", ">=": "at or above", "<": "below", "<=": "at or below"}
NAMES = {
    Vital.SYSTOLIC: "systolic",
    Vital.DIASTOLIC: "diastolic",
    Vital.MEAN: "mean",
    Vital.PULSE_RATE: "pulse",
    Vital.HEART_RATE: "heart rate",
    Vital.SPO2: "SpO2",
}
MEND = "correct it in the alarm profile"
LONGEST_QUOTE = 120


@dataclass(frozen=True, slots=True)
class Only:
    """A clause holds only when the patient's baseline is such (``is_if``), or unless it is."""

    is_if: bool
    op: str
    number: float

    def is_met(self, baseline: float | None) -> bool:
        """Say whether the clause is in force; without a baseline only an "unless" is."""
        if baseline is None:
            return not self.is_if
        return COMPARE[self.op](baseline, self.number) is self.is_if


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison. The bound is ``number`` plus ``factor`` times the baseline of the vital."""

    vital: Vital
    op: str
    number: float
    factor: float = 0.0
    only: Only | None = None

    @property
    def is_upper(self) -> bool:
        """Whether it is met by what is too high."""
        return self.op in (">", ">=")

    @property
    def is_inclusive(self) -> bool:
        """Whether a value at the bound meets it."""
        return self.op in (">=", "<=")

    @property
    def is_relative(self) -> bool:
        """Whether it needs a baseline."""
        return self.factor != 0.0

    def bound(self, baseline: Values) -> float | None:
        """Return the number to compare with; None when the clause is not in force."""
        known = baseline.get(self.vital)
        if self.only is not None and not self.only.is_met(known):
            return None
        if not self.is_relative:
            return self.number
        return None if known is None else self.number + self.factor * known

    def is_met(self, values: Values, baseline: Values) -> bool | None:
        """Compare; None when the clause is not in force or its vital has no value."""
        bound, value = self.bound(baseline), values.get(self.vital)
        if bound is None or value is None:
            return None
        return COMPARE[self.op](value, bound)

    def moved(self, by: float) -> "Clause":
        """Return the same comparison with another number."""
        return replace(self, number=self.number + by)

    def words(self, values: Values, baseline: Values) -> str:
        """Say how the value stands to the bound: "systolic 184 at or above 180"."""
        known, value = baseline.get(self.vital), values.get(self.vital)
        number = "" if value is None else f" {told(value, *self.against(baseline))}"
        origin = ""
        if self.is_relative and known is not None:
            origin = f" (baseline {told_bound(known)})"
        return f"{name_of(self.vital)}{number} {self.bound_words(baseline)}{origin}"

    def against(self, baseline: Values) -> tuple[Against, ...]:
        """Return what a value is compared with; nothing when the clause is not in force."""
        bound = self.bound(baseline)
        return () if bound is None else (Against(self.op, bound),)

    def bound_words(self, baseline: Values) -> str:
        """Say what lies beyond: "at or above 180", "above baseline + 40" while that is unknown."""
        bound = self.bound(baseline)
        said = self._bound_text() if bound is None else told_bound(bound)
        return f"{_WORDS[self.op]} {said}"

    def __str__(self) -> str:
        unit, only = self.vital.unit, self.only
        tail = ""
        if only is not None:
            word = "if" if only.is_if else "unless"
            tail = f" {word} baseline {only.op} {only.number:g} {unit}"
        measure = "" if self.is_relative and self.number == 0.0 else f" {unit}"
        return f"{self.vital.value} {self.op} {self._bound_text()}{measure}{tail}"

    def _bound_text(self) -> str:
        if not self.is_relative:
            return f"{self.number:g}"
        if self.number == 0.0:
            return f"{self.factor:g} * baseline"
        return f"baseline {'+' if self.number > 0 else '-'} {abs(self.number):g}"


@dataclass(frozen=True, slots=True)
class Limit:
    """Clauses that must all be met."""

    clauses: tuple[Clause, ...]

    def is_met(self, values: Values, baseline: Values) -> bool | None:
        """Say whether all clauses are met; None when one cannot be judged."""
        met = [clause.is_met(values, baseline) for clause in self.clauses]
        if False in met:
            return False
        return None if None in met else True

    def __str__(self) -> str:
        return " and ".join(str(clause) for clause in self.clauses)


def name_of(vital: Vital) -> str:
    """Return a vital's name in clinic words, as it stands within a sentence."""
    return NAMES.get(vital, vital.value)


def capital(text: str) -> str:
    """Return a text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


# ---- reading


def limit_from(text: str) -> Limit:
    """Read a limit. Raises OperatorError that says what is wrong with which words."""
    return Limit(tuple(_clause(part.split(), text) for part in text.split(" and ")))


def _clause(words: list[str], text: str) -> Clause:
    body, only = words, None
    for word in ("if", "unless"):
        if word in words:
            at = words.index(word)
            body, tail = words[:at], words[at + 1 :]
            only = (word == "if", tail)
    if len(body) < 3 or body[1] not in COMPARE:
        raise _wrong(text, "write it like 'systolic >= 180 mmHg'")
    if body[0] not in tuple(Vital):
        raise _wrong(text, f"'{body[0]}' is no vital sign we know")
    vital = Vital(body[0])
    number, factor = _bound(body[2:], vital, text)
    return Clause(
        vital, body[1], number, factor, None if only is None else _only(*only, vital, text)
    )


def _bound(words: list[str], vital: Vital, text: str) -> tuple[float, float]:
    match words:
        case ["baseline", "+" | "-" as sign, number, *unit]:
            amount = _quantity(number, unit, vital, text)
            return (amount if sign == "+" else -amount), 1.0
        case [factor, "*", "baseline"]:
            return 0.0, _number(factor, text)
        case _:
            number, *unit = words
            return _quantity(number, unit, vital, text), 0.0


def _only(is_if: bool, words: list[str], vital: Vital, text: str) -> Only:
    match words:
        case ["baseline", op, number, *unit] if op in COMPARE:
            return Only(is_if, op, _quantity(number, unit, vital, text))
        case _:
            raise _wrong(text, "after 'if' or 'unless' write 'baseline < 60 /min'")


def _quantity(number: str, unit: list[str], vital: Vital, text: str) -> float:
    amount = _number(number, text)
    if unit != [vital.unit.value]:
        what = f"'{' '.join(unit)}' is not its unit" if unit else "the unit is missing"
        raise _wrong(text, f"{what}: write {vital.unit} behind {number}")
    return amount


def _number(word: str, text: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise _wrong(text, f"'{word}' is no number")
    return number


def _wrong(text: str, problem: str) -> OperatorError:
    return OperatorError(f"limit '{' '.join(text.split())[:LONGEST_QUOTE]}': {problem}", MEND)
