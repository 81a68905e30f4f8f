"""Rows of one session as its alarms leave them, made by hand for the tests of the figures.

Knows records only. Must not know how figures are made.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.alarms.priority import Priority
from monitor.records import HappeningKept, SessionRow, Stamp, TransitionKept
from monitor.snapshot import AlarmState

OPENED = datetime(2026, 11, 19, 10, 16, tzinfo=UTC)
LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
QUIET, PENDING, UNSEEN = AlarmState.QUIET, AlarmState.PENDING, AlarmState.UNSEEN
SOUNDING, ACKNOWLEDGED = AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED
REFUTED = "Not confirmed, repeat 150/90"


class Rows:
    """The rows of one session, numbered in the order in which they are told."""

    def __init__(self, session_id: str = "s1") -> None:
        self.session_id = session_id
        self.kept: list[SessionRow] = []

    def alarm(  # noqa: PLR0917 - the fields of a transition row, in its order
        self,
        t_s: float,
        rule: str,
        priority: Priority,
        old: AlarmState,
        new: AlarmState,
        text: str = "",
        since_s: float | None = None,
    ) -> None:
        value = {"systolic": 165.0} if rule.startswith("BP-") else {"pulse_rate": 125.0}
        self.kept.append(
            TransitionKept(
                self._stamp(t_s), rule, priority, old, new, value, {}, text, since_s=since_s
            )
        )

    def onset(self, t_s: float, rule: str = "HR-H1", priority: Priority = MEDIUM) -> None:
        self.alarm(t_s, rule, priority, QUIET, SOUNDING)

    def happen(self, t_s: float, kind: str, **detail: Any) -> None:
        self.kept.append(HappeningKept(self._stamp(t_s), kind, detail))

    def audio(self, t_s: float, state: str, until_s: float | None = None) -> None:
        self.happen(t_s, "audio", state=state, until_s=until_s, reason="", by="Ben")

    def switch(self, t_s: float, rule: str, *, is_off: bool) -> None:
        self.happen(t_s, "alarm_off", rule=rule, is_off=is_off, reason="", by="Dr. Weber")

    def end(self, t_s: float) -> None:
        self.happen(t_s, "phase", phase="ended")

    def _stamp(self, t_s: float) -> Stamp:
        seq = len(self.kept) + 2  # the session's own row is the first
        return Stamp(self.session_id, seq, t_s, OPENED + timedelta(seconds=t_s))
