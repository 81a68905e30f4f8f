"""A trace of vitals as a file of ``vigil replay``: its lines checked, its rows as numbers.

Knows the form of the file (contracts, "vigil replay") and which values a person can have. Must not
know alarms, or where the lines come from.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from statistics import median

from monitor.errors import OperatorError
from monitor.vitals import Vital, is_possible, is_possible_pressure

HEADER = "t_s,sys,dia,map,pr,spo2"
COLUMNS = HEADER.split(",")
LONGEST_LINE = 1000
"""Bytes. A row of six numbers is shorter than 100."""
MOST_ROWS = 200_000
LONGEST_S = 24 * 3600.0
"""No session is longer; each second of a trace is played."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
NUMERICS = {"pr": Vital.PULSE_RATE, "spo2": Vital.SPO2}
BASELINE = (Vital.SYSTOLIC, Vital.DIASTOLIC, Vital.PULSE_RATE, Vital.SPO2)
"""In the order of the option."""


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured at second ``t_s`` of the infusion; what is impossible is left out.

    ``numerics`` holds each vital that was measured then: its value, None when it is impossible.
    """

    t_s: float
    pressure: tuple[float, float] | None
    numerics: dict[Vital, float | None]

    def values(self) -> Iterator[tuple[Vital, float]]:
        """Yield what was measured of every vital."""
        if self.pressure:
            yield from zip((Vital.SYSTOLIC, Vital.DIASTOLIC), self.pressure, strict=True)
        yield from ((vital, value) for vital, value in self.numerics.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Trace:
    """The rows in order, and a sentence for each value in them that was not taken."""

    rows: tuple[Row, ...]
    rejected: tuple[str, ...]

    @property
    def baseline(self) -> dict[Vital, float]:
        """The median of all rows before second 0, for each vital that has one."""
        found: dict[Vital, list[float]] = {}
        for row in self.rows:
            if row.t_s < 0:
                for vital, value in row.values():
                    found.setdefault(vital, []).append(value)
        return {vital: median(values) for vital, values in found.items()}


def baseline_from(text: str) -> dict[Vital, float]:
    """Return the baseline of ``SYS/DIA/PR/SPO2``; a part that is blank or "-" is not known.

    Raises OperatorError.
    """
    parts = [part.strip() for part in text.split("/")]
    if len(parts) != len(BASELINE):
        raise _no_baseline(text, f"it has {len(parts)} parts, not {len(BASELINE)}")
    known = {vital: part for vital, part in zip(BASELINE, parts, strict=True) if part.strip("-")}
    return _possible(text, {vital: _part(text, part) for vital, part in known.items()})


def _part(text: str, part: str) -> float:
    value = _finite(part)
    if value is None:
        raise _no_baseline(text, f"'{part}' is no number")
    return value


def _possible(text: str, baseline: dict[Vital, float]) -> dict[Vital, float]:
    for vital, value in baseline.items():
        if not is_possible(vital, value):
            raise _no_baseline(text, f"nobody has the value {value:g}")
    systolic, diastolic = baseline.get(Vital.SYSTOLIC), baseline.get(Vital.DIASTOLIC)
    if systolic and diastolic and not is_possible_pressure(systolic, diastolic):
        raise _no_baseline(text, f"nobody has the pressure {systolic:g}/{diastolic:g}")
    return baseline


def _no_baseline(text: str, problem: str) -> OperatorError:
    return OperatorError(
        f"'{text}' is no baseline ({problem})", "write it as SYS/DIA/PR/SPO2, such as 125/78/70/98"
    )


# ---- lines


def read_trace(lines: Iterable[bytes], name: str) -> Trace:
    """Return the trace in the lines of a file. Raises OperatorError with the line's number."""
    reading = _Reading(name)
    for number, line in enumerate(lines, 1):
        reading.take(number, line)
    return reading.finish()


class _Reading:
    """Takes one line after the other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._number = 0
        self._rows: list[Row] = []
        self._rejected: list[str] = []

    def take(self, number: int, line: bytes) -> None:
        self._number = number
        text = self._text(line)
        if number == 1:
            self._check_header(text.removeprefix("\N{BYTE ORDER MARK}"))
        elif text:
            self._rows.append(self._row(text))

    def finish(self) -> Trace:
        if self._number == 0:
            raise OperatorError(f"The trace {self._name} is empty", f"begin it with {HEADER}")
        if not self._rows:
            self._number += 1
            raise self._wrong("there is no row", "add what was measured")
        return Trace(tuple(self._rows), tuple(self._rejected))

    def _text(self, line: bytes) -> str:
        if len(line) > LONGEST_LINE:
            raise self._wrong("it is too long for a row", "name a trace of vitals")
        try:
            return line.decode("utf-8").strip()
        except UnicodeDecodeError as cause:
            raise self._wrong("it is no text", "name a trace of vitals") from cause

    def _check_header(self, header: str) -> None:
        if [name.strip() for name in header.split(",")] == COLUMNS:
            return
        if ";" in header:
            raise self._wrong("semicolons stand between the names", "save it with commas")
        raise self._wrong("this is not the header of a trace", f"write {HEADER}")

    def _row(self, text: str) -> Row:
        cells = [cell.strip() for cell in text.split(",")]
        if len(cells) != len(COLUMNS):
            raise self._wrong(f"it has {len(cells)} cells", f"a row has {len(COLUMNS)}: {HEADER}")
        values = {
            name: self._number_in(name, cell) for name, cell in zip(COLUMNS, cells, strict=True)
        }
        t_s = values["t_s"]
        if t_s is None:
            raise self._wrong("it has no t_s", "say when it was measured, in seconds")
        self._check_time(t_s)
        return Row(t_s, self._pressure(values["sys"], values["dia"]), dict(self._numerics(values)))

    def _number_in(self, name: str, cell: str) -> float | None:
        value = _finite(cell) if cell else None
        if cell and value is None:
            shown = cell if cell.isprintable() else ascii(cell)
            raise self._wrong(
                f"'{shown}' in {name} is no number", "leave blank what was not measured"
            )
        return value

    def _check_time(self, t_s: float) -> None:
        if not self._rows:
            return
        first, last = self._rows[0].t_s, self._rows[-1].t_s
        if t_s == last:
            raise self._wrong(f"the second {t_s:g} stands there twice", "put it into one row")
        if t_s < last:
            raise self._wrong(f"the second {t_s:g} comes after {last:g}", "put the rows in order")
        if t_s - first > LONGEST_S:
            raise self._wrong("it is more than a day after the first row", "cut the trace")
        if len(self._rows) >= MOST_ROWS:
            raise self._wrong(f"a trace has at most {MOST_ROWS:,} rows", "cut the trace")

    def _pressure(
        self, systolic: float | None, diastolic: float | None
    ) -> tuple[float, float] | None:
        match systolic, diastolic:
            case None, None:
                return None
            case (None, _) | (_, None):
                self._reject("a cuff reading needs both sys and dia")
            case float(), float() if is_possible_pressure(systolic, diastolic):
                return systolic, diastolic
            case _:
                self._reject(f"nobody has the pressure {systolic:g}/{diastolic:g}")
        return None

    def _numerics(self, values: dict[str, float | None]) -> Iterator[tuple[Vital, float | None]]:
        for name, vital in NUMERICS.items():
            value = values[name]
            if value is not None and not is_possible(vital, value):
                self._reject(f"nobody has a {name} of {value:g}")
                yield vital, None
            elif value is not None:
                yield vital, value

    def _reject(self, why: str) -> None:
        self._rejected.append(f"line {self._number} of {self._name}: {why}; it is left out")

    def _wrong(self, what: str, what_to_do: str) -> OperatorError:
        return OperatorError(f"Line {self._number} of {self._name} is wrong: {what}", what_to_do)


def _finite(text: str) -> float | None:
    """Return the number that a text is, or None."""
    value = float(text) if NUMBER.fullmatch(text) else float("nan")
    return value if isfinite(value) else None
