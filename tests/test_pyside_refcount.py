"""PySide6 must not lose references to None and True: 6.12.0 on Python 3.11 does, and then aborts.

Knows Qt's signals and Python's reference counts. Must not know the program.
"""

import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal, Slot

ROOT = Path(__file__).resolve().parents[1]
CALLS = 1_000
# Other code in the process (pytest, a garbage collection) may drop a few; the defect drops CALLS.
NOISE = 50
# From 3.12 on None, True and False are immortal: code built for older releases, as PySide6 is, may
# still count them down, and that is harmless as long as the count stays in the immortal half.
MORTAL = sys.version_info < (3, 12)
IMMORTAL_FROM = 2**31


class Speaker(QObject):
    said = Signal(object)
    switched = Signal(bool)
    rang = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    @Slot(object)
    def hear(self, _what: object) -> None:
        self.heard += 1

    @Slot()
    def hear_ring(self) -> None:
        self.heard += 1


def references_lost(to: Sequence[object], call: Callable[[], object]) -> list[int]:
    before = [sys.getrefcount(value) for value in to]
    for _ in range(CALLS):
        call()
    after = [sys.getrefcount(value) for value in to]
    return [first - last for first, last in zip(before, after, strict=True)]


def check(constants: Sequence[object], name: str, call: Callable[[], object]) -> None:
    lost = references_lost(constants, call)
    if MORTAL:
        assert max(lost) < NOISE, f"{CALLS} times {name}: lost {lost} of {constants}"
    else:
        assert min(map(sys.getrefcount, constants)) > IMMORTAL_FROM


def calls(speaker: Speaker) -> dict[str, Callable[[], object]]:
    speaker.said.connect(speaker.hear)
    speaker.switched.connect(speaker.hear)
    speaker.rang.connect(speaker.hear_ring)
    return {
        "signal with None": lambda: speaker.said.emit(None),
        "signal with an object that is True": lambda: speaker.said.emit(True),
        "signal with a truth value": lambda: speaker.switched.emit(False),
        "signal without arguments": speaker.rang.emit,
        "call that returns nothing": lambda: speaker.setObjectName("s"),
        "call that returns a truth value": lambda: speaker.blockSignals(False),
    }


@pytest.mark.parametrize("name", calls(Speaker()))
def test_a_thousand_calls_lose_no_reference_to_none_true_or_false(name: str) -> None:
    speaker = Speaker()
    check((None, True, False), name, calls(speaker)[name])


def test_every_one_of_a_thousand_signals_arrives() -> None:
    speaker = Speaker()
    references_lost((None,), calls(speaker)["signal without arguments"])
    assert speaker.heard == CALLS


def test_a_thousand_signals_keep_the_count_of_an_ordinary_object() -> None:
    speaker, value = Speaker(), object()
    speaker.said.connect(speaker.hear)
    assert references_lost((value,), lambda: speaker.said.emit(value)) == [0]


def test_a_thousand_timer_slots_lose_no_reference(qtbot: object) -> None:
    timer, ticks = QTimer(), []
    timer.timeout.connect(lambda: ticks.append(0))
    check((None, True), "timer slot", timer.timeout.emit)
    assert len(ticks) == CALLS


def test_the_pin_keeps_the_release_that_loses_references_out() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (pin,) = [line for line in project["dependencies"] if line.startswith("PySide6")]
    assert pin.replace(" ", "") == "PySide6>=6.10,<6.12"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_locked_release_lies_inside_the_pin(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    versions = {line.split("==")[1].split()[0] for line in lines if line.startswith("pyside6")}
    assert len(versions) == 1
    assert (6, 10) <= tuple(int(part) for part in versions.pop().split(".")[:2]) < (6, 12)
