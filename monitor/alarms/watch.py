"""One tier of one rule under watch: its lifecycle state, its memory, and what to say of it.

Knows how a look, an acknowledgement or a restart changes it. Must not know the other rules, or
where evidence and time come from.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from monitor.alarms.conditions import Finding, Look, Memory, evaluate, raised_memory
from monitor.alarms.evidence import Evidence
from monitor.alarms.lifecycle import (
    Acknowledged,
    Condition,
    Pending,
    Quiet,
    Sounding,
    State,
    Timing,
    Unseen,
    acknowledge,
    advance,
)
from monitor.alarms.priority import Priority
from monitor.alarms.rules import AlarmRule, Tier
from monitor.snapshot import AlarmState, AlarmView


@dataclass(frozen=True, slots=True)
class Transition:
    """One alarm went from one state to another; the times are those of the new state.

    ``text`` says why in clinic words, with ``value`` and ``limit`` (by vital name) as they were.
    """

    rule: str
    priority: Priority
    old: AlarmState
    new: AlarmState
    value: dict[str, float]
    limit: dict[str, float]
    text: str
    since_s: float | None
    until_s: float | None
    ended_s: float | None


class Watch:
    """One tier of one rule. ``rule`` and ``tier`` never change; ``state`` is its lifecycle."""

    def __init__(self, rule: AlarmRule, tier: Tier) -> None:
        self.rule = rule
        self.tier = tier
        self.state: State = Quiet()
        self._timing = Timing(rule.sounds_after_s(tier), rule.is_latching)
        self._memory: Memory = None
        self._finding = Finding(Condition.UNKNOWN, "not looked at yet")
        self._occurrence = Finding(Condition.UNKNOWN, rule.words)

    @property
    def is_raised(self) -> bool:
        """Whether an occurrence that was announced goes on."""
        return isinstance(self.state, Sounding | Acknowledged)

    @property
    def is_heard(self) -> bool:
        """Whether it makes a sound: it goes on, or it is over and sounds until acknowledged."""
        is_over = isinstance(self.state, Unseen)
        return isinstance(self.state, Sounding) or (is_over and self.rule.sounds_on)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to show."""
        return self.is_raised or isinstance(self.state, Unseen)

    @property
    def since_s(self) -> float:
        """The onset of the present occurrence, which tells it from others; 0 when there is none."""
        since_s, _, _ = _times(self.state)
        return since_s or 0.0

    def look(self, evidence: Evidence, t: float) -> Transition | None:
        """Look at the evidence at second ``t``; return the change, if any."""
        look = Look(evidence, t, self.is_raised)
        finding, self._memory = evaluate(self.rule, self.tier, self._memory, look)
        self._finding = finding
        if finding.condition is Condition.PRESENT and not finding.is_held:
            self._occurrence = finding
        state = advance(self.state, finding.condition, t, self._timing)
        return self._enter(state, finding if finding.condition is Condition.ABSENT else self._told)

    def acknowledge(self, t: float, realarm_s: float) -> Transition | None:
        """Somebody has seen it at second ``t``; return the change, if any."""
        return self._enter(acknowledge(self.state, t, realarm_s), self._told)

    def restore(self, state: State, evidence: Evidence) -> None:
        """Go on in ``state``; a raised alarm then ends only by its clearing limits."""
        self.state = state
        if self.is_raised:
            self._memory = raised_memory(self.rule, self._memory, evidence)

    def view(self) -> AlarmView:
        """Return what to show; only while ``is_shown``."""
        told = self._told
        _, until_s, _ = _times(self.state)
        return AlarmView(
            rule=self.rule.id,
            priority=self.tier.priority,
            state=_name(self.state),
            text=f"{told.text}. {told.prompt}" if told.prompt else told.text,
            value=told.value,
            limit=told.limit,
            since_s=self.since_s,
            until_s=until_s,
            sounds_on=self.rule.sounds_on,
        )

    @property
    def _told(self) -> Finding:
        """What to say of an alarm: how it stands, or how it last stood when that is not known."""
        if isinstance(self.state, Unseen) or self._finding.condition is Condition.ABSENT:
            return replace(self._occurrence, prompt="")
        if self._finding.condition is Condition.UNKNOWN:
            note = f"{self._occurrence.text} ({self._finding.text})"
            return replace(self._occurrence, text=note)
        return self._finding

    def _enter(self, new: State, told: Finding) -> Transition | None:
        old, self.state = self.state, new
        if new == old:
            return None
        return Transition(
            self.rule.id,
            self.tier.priority,
            _name(old),
            _name(new),
            told.value,
            told.limit,
            told.text,
            *_times(new),
        )


def restored(
    state: AlarmState, since_s: float, until_s: float | None, ended_s: float | None
) -> State:
    """Return the lifecycle state of a record; a missing time makes it louder, never quieter."""
    match state:
        case AlarmState.QUIET:
            return Quiet()
        case AlarmState.PENDING:
            return Pending(since_s)
        case AlarmState.ACKNOWLEDGED if until_s is not None:
            return Acknowledged(since_s, until_s)
        case AlarmState.SOUNDING | AlarmState.ACKNOWLEDGED:
            return Sounding(since_s)
        case AlarmState.UNSEEN:
            return Unseen(since_s, since_s if ended_s is None else ended_s)
        case _:
            assert_never(state)


def _name(state: State) -> AlarmState:
    return AlarmState(type(state).__name__.lower())


def _times(state: State) -> tuple[float | None, float | None, float | None]:
    """Since, until and ended of a state, as far as it has them."""
    match state:
        case Quiet():
            return None, None, None
        case Pending(since) | Sounding(since):
            return since, None, None
        case Acknowledged(since, until):
            return since, until, None
        case Unseen(since, ended):
            return since, None, ended
        case _:
            assert_never(state)
