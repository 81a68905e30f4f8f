"""What is open in the alarm panel: the form of such a task, and the list of all chairs' alarms.

Knows what a task can do (``Hands``). Decides no alarm; who may do what: leave.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.accounts.people import Actor
from monitor.channel_messages import Command
from monitor.snapshot import SessionSnapshot
from ui.live.leave import Leave
from ui.view_models.alarm_panel import MOST_NUMBERED, AlarmPanelView, alarms_page
from ui.view_models.chair_alarms import ChairAlarm

NO_REASON = "Write a reason: it is kept with the session."


@dataclass(frozen=True, slots=True)
class Hands:
    """What a task can do: ask for leave, send, go to a chair, put another task in its place.

    ``told`` returns what the screen was told last, as a refusal; ``tell`` replaces it.
    """

    leave: Leave
    anybody: Callable[[SessionSnapshot], Actor]
    send: Callable[[Command], bool]
    go_to: Callable[[str], object]
    open: Callable[["Task | None"], object]
    told: Callable[[], str]
    tell: Callable[[str], object]


class Task(Protocol):
    """One thing that is open in the panel. ``needs_session``: it goes when its session does."""

    needs_session: bool

    def view(self, session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the page, None when there is nothing to show any more."""

    def move(self, by: int) -> None:
        """Mark another row."""

    def mark(self, row: int) -> None:
        """Mark this row."""

    def digit(self, number: int) -> None:
        """Take a digit."""

    def enter(self, session: SessionSnapshot | None, typed: dict[str, str]) -> None:
        """Do what Enter does, with what stands in the lines."""

    def back(self) -> "Task | None":
        """Return what Esc leads to; None closes the panel."""


class Plain:
    """A task without rows, digits or a way back."""

    needs_session = True

    def move(self, by: int) -> None:
        """Nothing is marked."""

    def mark(self, row: int) -> None:
        """Nothing is marked."""

    def digit(self, number: int) -> None:
        """No digit means anything."""

    def back(self) -> Task | None:
        """Close the panel."""
        return None


class Rows(Plain):
    """A task with rows, one of them marked."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._marked = 0
        self._count = 0

    def move(self, by: int) -> None:
        """Mark the next row, up or down."""
        self.mark(self._marked + by)

    def mark(self, row: int) -> None:
        """Mark this row, or the last one."""
        self._marked = min(max(row, 0), max(self._count - 1, 0))


class AllAlarms(Rows):
    """The alarms of all chairs. The marked one stays marked when others come and go."""

    needs_session = False

    def __init__(self, hands: Hands, alarms: Callable[[], Sequence[ChairAlarm]], here: str) -> None:
        super().__init__(hands)
        self._alarms = alarms
        others = [at for at, one in enumerate(alarms()) if one.is_calling and not one.is_at(here)]
        self._meant = self._key_of(others[0] if others else 0)

    def view(self, _session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the list."""
        alarms = self._alarms()
        keys = [(one.chair, one.rule) for one in alarms]
        self._count = len(alarms)
        self._marked = keys.index(self._meant) if self._meant in keys else 0
        return alarms_page(alarms, self._marked)

    def mark(self, row: int) -> None:
        """Mark this row."""
        super().mark(row)
        self._meant = self._key_of(self._marked)

    def digit(self, number: int) -> None:
        """Go to the chair of this row at once."""
        alarms = self._alarms()
        if 1 <= number <= min(len(alarms), MOST_NUMBERED):
            self._go(alarms[number - 1])

    def enter(self, _session: SessionSnapshot | None, _typed: dict[str, str]) -> None:
        """Go to the chair of the marked row."""
        meant = [one for one in self._alarms() if (one.chair, one.rule) == self._meant]
        for one in meant[:1]:
            self._go(one)

    def _go(self, one: ChairAlarm) -> None:
        self._hands.go_to(one.chair)
        self._hands.open(None)

    def _key_of(self, row: int) -> tuple[str, str]:
        alarms = self._alarms()
        return (alarms[row].chair, alarms[row].rule) if row < len(alarms) else ("", "")
