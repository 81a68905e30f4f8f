"""What the alarm tests share: the shipped profile, and a board that is told what happens.

Knows the board's public methods. Must not know how rules are evaluated.
"""

from collections.abc import Callable

import pytest

from monitor.alarms.board import AlarmBoard, Transition
from monitor.alarms.profile import Profile, default_profile
from monitor.snapshot import AlarmView
from monitor.vitals import Vital


class Chair:
    """A board that is ticked after everything it is told, as a session does; keeps all changes."""

    def __init__(self, profile: Profile, opened_s: float = 0.0) -> None:
        self.board = AlarmBoard(profile, opened_s)
        self.log: list[Transition] = []

    def tick(self, *times: float) -> None:
        for t in times:
            self.log += self.board.tick(t)

    def frame(self, *times: float) -> None:
        for t in times:
            self.board.frame(t)
            self.tick(t)

    def pulse(self, t: float, value: float | None) -> None:
        self.board.value(Vital.PULSE_RATE, t, value)
        self.tick(t)

    def pulses(self, from_s: int, to_s: int, value: float | None) -> None:
        """The same pulse once a second, both ends included."""
        for t in range(from_s, to_s + 1):
            self.pulse(t, value)

    def cuff(self, t: float, systolic: float, diastolic: float) -> None:
        self.board.pressure(t, systolic, diastolic)
        self.tick(t)

    def fault(self, t: float, text: str) -> None:
        self.board.fault("sound", text)
        self.tick(t)

    def acknowledge(self, t: float, rule: str = "") -> None:
        self.log += self.board.acknowledge(t, rule)

    def view(self, rule: str) -> AlarmView | None:
        return next((view for view in self.board.views() if view.rule == rule), None)

    def state(self, rule: str) -> str:
        view = self.view(rule)
        return view.state.value if view else "nothing"

    def changes(self, rule: str) -> list[str]:
        return [f"{c.priority.word}: {c.old} to {c.new}" for c in self.log if c.rule == rule]

    def last(self, rule: str) -> Transition:
        return [change for change in self.log if change.rule == rule][-1]


@pytest.fixture(scope="session")
def profile() -> Profile:
    return default_profile()


@pytest.fixture
def chair(profile: Profile) -> Chair:
    return Chair(profile)


@pytest.fixture
def open_chair(profile: Profile) -> Callable[[float], Chair]:
    """Open another chair, whose board begins to watch at the second given: a restart."""
    return lambda opened_s: Chair(profile, opened_s)
