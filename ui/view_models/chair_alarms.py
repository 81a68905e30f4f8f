"""The alarms of all chairs in one list, most urgent first; who calls elsewhere; and escalation.

Knows pictures of sessions. Must not know Qt, nor which sound is played (sounding.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.alarms.priority import Priority
from monitor.snapshot import AlarmState
from ui.view_models.alarms import AlarmLine, alarm_line, is_shown
from ui.view_models.seen import Seen
from ui.view_models.words import clock_text

ELSEWHERE_KEY = "C"
MOST_NAMED = 3
"""Chairs that are named when all tell the same."""


@dataclass(frozen=True, slots=True)
class ChairAlarm:
    """One alarm of one chair; it lasts ``lasts_s``. ``is_escalated``: nobody answers it.

    ``also``: the other chairs that tell the same of Vigil itself, which is one thing to mend.
    """

    chair: str
    patient: str
    line: AlarmLine
    is_calling: bool
    is_escalated: bool
    lasts_s: float
    rule: str
    is_own: bool = False
    also: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The chair and who sits there; of what several chairs tell, their names."""
        if len(self.also) >= MOST_NAMED:
            return f"{self.chair} and {len(self.also)} more"
        if self.also:
            return ", ".join((self.chair, *self.also))
        return f"{self.chair} · {self.patient}" if self.patient else self.chair

    def joined_by(self, other: "ChairAlarm") -> "ChairAlarm":
        """Return this line for another chair too, the chairs in the order of their names."""
        chairs = sorted((self.chair, *self.also, other.chair), key=lambda name: (len(name), name))
        return replace(self, chair=chairs[0], also=tuple(chairs[1:]))

    def is_at(self, chair: str) -> bool:
        """Whether this chair tells it, alone or with others."""
        return chair in (self.chair, *self.also)

    @property
    def sentence(self) -> str:
        """The alarm on one line, with its place first."""
        return f"{self.place}:  {self.line.sentence}"


@dataclass(frozen=True, slots=True)
class ElsewhereView:
    """What calls at other chairs: the most urgent in words, and how many more there are."""

    chair: str
    place: str
    line: AlarmLine
    more: str

    @property
    def words(self) -> str:
        """The alarm with its place; what is over says so."""
        note = f" · {self.line.note}" if self.line.note else ""
        return f"Also at {self.place}:  {self.line.mark} {self.line.word}  {self.line.text}{note}"


@dataclass(frozen=True, slots=True)
class EscalationView:
    """A HIGH that nobody answers, as large as the screen allows. ``chair`` is where it is."""

    chair: str
    title: str
    text: str
    detail: str
    hint: str


def chair_alarms(sessions: Iterable[Seen]) -> tuple[ChairAlarm, ...]:
    """Return every alarm that is shown at any chair, the most urgent first, then the oldest."""
    found = [
        ChairAlarm(
            seen.snapshot.chair,
            seen.snapshot.patient,
            alarm_line(seen, alarm),
            alarm.is_calling,
            alarm.is_escalated and alarm.is_calling,
            seen.age_s(alarm.since_s),
            alarm.rule,
            alarm.is_own,
        )
        for seen in sessions
        for alarm in seen.snapshot.alarms
        if is_shown(alarm)
    ]
    return tuple(_joined(sorted(found, key=_urgency)))


def elsewhere_view(alarms: Sequence[ChairAlarm], here: str) -> ElsewhereView | None:
    """Return what calls at chairs other than ``here``; None while none does."""
    calling = [one for one in alarms if one.is_calling and not one.is_at(here)]
    if not calling:
        return None
    worst, *others = calling
    more = f"+ {len(others)} more" if others else ""
    return ElsewhereView(worst.chair, worst.place, worst.line, more)


def escalation_view(alarms: Sequence[ChairAlarm], here: str) -> EscalationView | None:
    """Return the HIGH that nobody answers: that of this chair, else that of another."""
    escalated = [one for one in alarms if one.is_escalated]
    if not escalated:
        return None
    first = next((one for one in escalated if one.is_at(here)), escalated[0])
    is_here = first.is_at(here)
    return EscalationView(
        first.chair,
        f"{first.line.mark} {first.line.word}  ·  {first.place}",
        first.line.text,
        f"Nobody has answered for {clock_text(first.lasts_s)}",
        "A: acknowledge" if is_here else f"{ELSEWHERE_KEY}, then Enter: go to {first.chair}",
    )


def worst_calling(alarms: Iterable[ChairAlarm]) -> Priority | None:
    """Return the worst priority that flashes at any of these."""
    return max((one.line.priority for one in alarms if one.is_calling), default=None)


def _joined(alarms: Iterable[ChairAlarm]) -> list[ChairAlarm]:
    """Make one line of what several chairs tell of Vigil itself: it must not hide a patient."""
    lines: dict[object, ChairAlarm] = {}
    for one in alarms:
        same = (one.rule, one.line.text, one.line.state)
        key = same if one.is_own else (one.chair, *same)
        first = lines.get(key)
        lines[key] = one if first is None else first.joined_by(one)
    return list(lines.values())


def _urgency(one: ChairAlarm) -> tuple[bool, int, bool, bool, bool, float, str]:
    is_over = one.line.state is AlarmState.UNSEEN
    return (
        not one.is_calling,
        -one.line.priority,
        one.is_own,
        not one.is_escalated,
        is_over,
        -one.lasts_s,
        one.chair,
    )
