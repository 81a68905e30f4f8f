"""Stories about one chair, in lines of a nurse's log: when, what happened, what alarms then.

Knows the board's public methods and how a session comes back. Must not know how a rule is judged.

A line is ``m:ss EVENT -> ALARMS``; either side may be left out. Time passes by the second: a frame,
a sample of each vital that has a value, a tick. An event takes place before its second's samples.

    cuff 182/100          a reading              cuff measuring / cuff failed
    pulse 121 / spo2 93   the value from now on  pulse off: marked invalid; pulse gone: nothing said
    baseline 125/78/70/98 parts may be "-"       scale MOAA/S 3
    acknowledge BP-H2     line dead / line live  restart: this process dies and comes back at once
    infusion: it begins   clock 61: the device's clock is 61 s ahead

ALARMS is ``quiet``, or ``BP-H2 high, O2-1 medium``: all that is published and present, of the
families that the story watches.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alarms.board import AlarmBoard, Transition
from monitor.alarms.profile import Profile
from monitor.recall import restore_alarms
from monitor.records import Stamp, TransitionKept
from monitor.snapshot import AlarmState
from monitor.vitals import Vital

LINE = re.compile(r"(?P<m>\d+):(?P<s>\d\d)\s*(?P<event>.*?)\s*(?:->\s*(?P<alarms>.+))?$")
RAISED = (AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED)
VITALS = {"pulse": Vital.PULSE_RATE, "spo2": Vital.SPO2}
PATIENT = ("BP", "HR", "O2")
BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
Fact = Callable[[AlarmBoard], None]
"""Something that is on record and is told again to the board of a process that comes back."""


class Story:
    """A board to which the lines of a story happen; without samples ``step_s`` may be longer."""

    def __init__(self, profile: Profile, watched: Sequence[str] = PATIENT, step_s: int = 1) -> None:
        self._profile = profile
        self._step_s = step_s
        self._watched = tuple(watched)
        self._now: int | None = None
        self._is_live = True
        self._values: dict[Vital, float | None] = {}
        self._on_record: list[Fact] = []
        self.board = AlarmBoard(profile, 0.0)
        self.log: list[tuple[float, Transition]] = []

    def play(self, lines: str) -> "Story":
        """Let the lines happen. Fails at the first whose alarms are not those it says."""
        for line in filter(None, map(str.strip, lines.splitlines())):
            self._line(line)
        return self

    def alarms(self) -> list[str]:
        """What is present and published, sorted."""
        return sorted(
            f"{view.rule} {view.priority.word}"
            for view in self.board.views()
            if view.state in RAISED and view.rule.startswith(self._watched)
        )

    def onsets(self, rule: str) -> list[tuple[float, str]]:
        """When the rule began to sound, and with which priority."""
        return [
            (t, change.priority.word)
            for t, change in self.log
            if change.rule == rule and change.new is AlarmState.SOUNDING
        ]

    # ---- lines

    def _line(self, line: str) -> None:
        found = LINE.match(line)
        assert found, f"no line of a story: {line}"
        t = 60 * int(found["m"]) + int(found["s"])
        self._pass_until(t)
        for event in filter(None, map(str.strip, found["event"].split(";"))):
            self._happen(t, event)
        self._second(t)
        if found["alarms"]:
            named = found["alarms"].strip()
            expected = [] if named == "quiet" else sorted(map(str.strip, named.split(",")))
            assert self.alarms() == expected, line

    def _pass_until(self, t: int) -> None:
        assert self._now is None or t >= self._now, "a story goes forward"
        for second in range(0 if self._now is None else self._now + 1, t, self._step_s):
            self._second(second)

    def _second(self, t: int) -> None:
        """Let the frame and samples of a second come, and tick."""
        if self._is_live:
            self.board.frame(t)
            for vital, value in self._values.items():
                self._sample(vital, t, value)
        self._keep(t, self.board.tick(t))
        self._now = t

    def _sample(self, vital: Vital, t: int, value: float | None) -> None:
        self._tell(lambda board: board.value(vital, t, value))

    def _happen(self, t: int, event: str) -> None:
        word, _, rest = event.partition(" ")
        match word, rest:
            case "cuff", _:
                self._cuff(t, rest)
            case "pulse" | "spo2", "gone":
                self._values.pop(VITALS[word], None)
            case "pulse" | "spo2", _:
                self._values[VITALS[word]] = None if rest == "off" else float(rest)
            case "line", _:
                self._is_live = rest == "live"
            case "baseline", _:
                self._tell(lambda board: setattr(board.evidence, "baseline", baseline(rest)))
            case "infusion", "":
                self._tell(lambda board: setattr(board.evidence, "infusion_s", t))
            case "clock", _:
                off_s = float(rest)
                self._tell(lambda board: setattr(board.evidence, "device_clock_s", off_s))
            case "scale", _:
                name, total = rest.split()
                self._tell(lambda board: board.rated(name, t, float(total)))
            case "acknowledge", _:
                self._keep(t, self.board.acknowledge(t, rest))
            case "restart", "":
                self._restart(t)
            case _:
                pytest.fail(f"nothing is known of '{event}'")

    def _cuff(self, t: int, what: str) -> None:
        match what:
            case "measuring" | "still":
                self.board.evidence.cuff_measuring(t, what == "measuring")
            case "failed":
                self._tell(lambda board: board.evidence.cuff_failed(t))
            case _:
                systolic, diastolic = map(float, what.split("/"))
                self._tell(lambda board: board.pressure(t, systolic, diastolic))

    def _restart(self, t: int) -> None:
        """Come back as a session does: what is on record is told, then the alarms restored."""
        self.board = AlarmBoard(self._profile, t)
        for fact in self._on_record:
            fact(self.board)
        restore_alarms(self.board, [kept(at, change) for at, change in self.log])

    def _tell(self, fact: Fact) -> None:
        self._on_record.append(fact)
        fact(self.board)

    def _keep(self, t: float, changes: Sequence[Transition]) -> None:
        self.log += [(t, change) for change in changes]


def baseline(text: str) -> dict[Vital, float]:
    """Return the baseline of ``125/78/70/98``; "-" is a part that is not known."""
    vitals = (Vital.SYSTOLIC, Vital.DIASTOLIC, Vital.PULSE_RATE, Vital.SPO2)
    parts = zip(vitals, text.split("/"), strict=True)
    return {vital: float(part) for vital, part in parts if part != "-"}


def kept(t: float, change: Transition) -> TransitionKept:
    """Return the row that a session keeps of a change."""
    stamp = Stamp("story", 1, t, BEGAN + timedelta(seconds=t))
    return TransitionKept(stamp, **asdict(change))
