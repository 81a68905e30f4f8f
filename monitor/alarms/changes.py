"""What the alarm rows of one session add up to: onsets, answers, and what became of cuff alarms.

Knows one change of one alarm after the other. Must not know where they are stored, or shares.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.alarms.crowds import Onset
from monitor.alarms.flood import Alarm
from monitor.alarms.priority import Priority
from monitor.records import TransitionKept
from monitor.snapshot import AlarmState
from monitor.vitals import Vital

_CUFF = frozenset({Vital.SYSTOLIC.value, Vital.DIASTOLIC.value, Vital.MEAN.value})
_REFUTED = "Not confirmed"
"""How the text of an alarm begins that the repeat refuted: no field of the row says it yet."""
_BEFORE = (AlarmState.QUIET, AlarmState.PENDING, AlarmState.UNSEEN)
_OVER = (AlarmState.QUIET, AlarmState.UNSEEN)


@dataclass(frozen=True, slots=True)
class Change:
    """One alarm went from one state to another, at second ``t_s`` of the session.

    ``since_s`` is the onset of the occurrence that the new state is of, or that goes on behind a
    worse alarm; ``about`` names what was measured; ``is_refuted``: the repeat was clear.
    """

    t_s: float
    rule: str
    priority: Priority
    old: AlarmState
    new: AlarmState
    since_s: float | None
    about: frozenset[str]
    is_refuted: bool

    @property
    def alarm(self) -> Alarm:
        """Which alarm it is."""
        return self.rule, self.priority

    @property
    def is_cuff(self) -> bool:
        """Whether it was about a cuff reading."""
        return not _CUFF.isdisjoint(self.about)

    @property
    def is_onset(self) -> bool:
        """Whether an occurrence is announced: not one that sounds again after its time."""
        return self.new is AlarmState.SOUNDING and self.old in _BEFORE

    @property
    def is_end(self) -> bool:
        """Whether what went on is over."""
        was_on = self.old in (AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED)
        return self.new in _OVER and was_on and not self.is_covered

    @property
    def is_covered(self) -> bool:
        """Whether it goes on, or was not seen yet, and is only not announced any more."""
        return self.new is AlarmState.QUIET and self.since_s is not None


def change_of(row: TransitionKept) -> Change:
    """Return what counts of a row."""
    return change_from(
        row.stamp.t_s, row.rule, row.priority, row.old, row.new, row.value, row.text, row.since_s
    )


def change_from(  # noqa: PLR0917 - the fields of a transition row, in its order
    t_s: float,
    rule: str,
    priority: Priority,
    old: AlarmState,
    new: AlarmState,
    value: Mapping[str, float],
    text: str,
    since_s: float | None,
) -> Change:
    """Return the same from the row's fields."""
    about = frozenset(value)
    return Change(t_s, rule, priority, old, new, since_s, about, text.startswith(_REFUTED))


@dataclass(slots=True)
class Answers:
    """What people did about the occurrences.

    ``acknowledged_s``: how long each sounded before it was acknowledged. ``ended`` before anybody
    had acknowledged them; ``seen_later``: how many of those were acknowledged afterwards.
    ``overtaken``: fell silent while they went on, because a worse alarm stands for them or their
    rule was switched off. ``realarms``: how often an acknowledged one sounded again.
    """

    acknowledged_s: list[float] = field(default_factory=list)
    ended: int = 0
    seen_later: int = 0
    overtaken: int = 0
    realarms: int = 0
    _sounding: dict[Alarm, float] = field(default_factory=dict)
    _unseen: set[Alarm] = field(default_factory=set)

    def take(self, change: Change) -> None:
        """Take the next change into account."""
        alarm = change.alarm
        if change.is_onset:
            self._sounding[alarm] = change.t_s
            self._unseen.discard(alarm)
        elif change.new is AlarmState.SOUNDING:
            self.realarms += change.old is AlarmState.ACKNOWLEDGED
        elif change.old is AlarmState.UNSEEN and change.is_covered:
            return
        elif change.old is AlarmState.UNSEEN and alarm in self._unseen:
            self._unseen.remove(alarm)
            self.seen_later += 1
        elif alarm in self._sounding:
            self._answer(change, self._sounding.pop(alarm))

    def _answer(self, change: Change, since_s: float) -> None:
        if change.new is AlarmState.ACKNOWLEDGED:
            self.acknowledged_s.append(change.t_s - since_s)
            return
        self.overtaken += change.is_covered
        self.ended += not change.is_covered
        if change.new is AlarmState.UNSEEN:
            self._unseen.add(change.alarm)


@dataclass(slots=True)
class Verdicts:
    """What became of the cuff alarms that one reading raised.

    A LOW one is ``confirmed`` when a worse tier of its rule begins while it goes on (or as it
    ends, in the same second), ``refuted`` when a clear repeat ends it; else it counts nowhere. A
    HIGH one is confirmed unless a clear repeat refutes it: without one the reading stands. One
    that a worse alarm covered for a while is still the same.
    """

    confirmed: int = 0
    refuted: int = 0
    _first: dict[str, float | None] = field(default_factory=dict)
    """Rules whose LOW alarm waits for a second reading, and when it ended, if it did."""
    _high: dict[str, float | None] = field(default_factory=dict)
    """Rules whose HIGH alarm counts as confirmed so far, and since when it goes on."""

    def take(self, change: Change) -> None:
        """Take the next change into account."""
        if not change.is_cuff:
            return
        if change.is_onset:
            self._begin(change)
        elif change.is_end and change.priority is Priority.LOW:
            self._end_low(change)
        elif change.is_end and change.priority is Priority.HIGH:
            self._end_high(change)

    def _begin(self, change: Change) -> None:
        if change.priority is Priority.LOW:
            self._first[change.rule] = None
            return
        ended_s = self._first.pop(change.rule, -1.0)
        self.confirmed += ended_s is None or ended_s == change.t_s
        is_known = change.since_s is not None and self._high.get(change.rule) == change.since_s
        if change.priority is Priority.HIGH and not is_known:
            self._high[change.rule] = change.since_s
            self.confirmed += 1

    def _end_low(self, change: Change) -> None:
        if change.rule not in self._first:
            return
        if change.is_refuted:
            del self._first[change.rule]
            self.refuted += 1
        else:
            self._first[change.rule] = change.t_s

    def _end_high(self, change: Change) -> None:
        if change.is_refuted and change.rule in self._high:
            del self._high[change.rule]
            self.confirmed -= 1
            self.refuted += 1


@dataclass(slots=True)
class Sum:
    """All that a session's changes add up to."""

    onsets: list[Onset] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)
    verdicts: Verdicts = field(default_factory=Verdicts)

    def add(self, changes: Iterable[Change]) -> None:
        """Take changes into account, in the order of time."""
        for change in changes:
            if change.is_onset:
                self.onsets.append((change.t_s, change.alarm))
            self.answers.take(change)
            self.verdicts.take(change)
