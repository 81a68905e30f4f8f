"""One tier of one rule under watch: its lifecycle, its memory, and what is announced of it.

Knows how a look, an acknowledgement or a restart changes it. Must not know the other rules, or
where evidence and time come from: whether a worse alarm covers it, the board says.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from monitor.alarms.conditions import Memory, evaluate, raised_memory
from monitor.alarms.evidence import Evidence
from monitor.alarms.finding import Finding, Look
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
from monitor.alarms.limit_rules import LimitRule, ValueLimit
from monitor.alarms.limits import Values
from monitor.alarms.priority import Priority
from monitor.alarms.rule_kinds import AlarmRule, NamedFault, ValueMissing
from monitor.alarms.rules import Tier
from monitor.alarms.value_conditions import is_milder
from monitor.snapshot import AlarmState, AlarmView


@dataclass(frozen=True, slots=True)
class Transition:
    """One alarm went from one state to another; the times are those of the new state.

    ``text`` says why in clinic words, with ``value`` and ``limit`` (by vital name) as they were.
    Quiet with ``since_s``: it goes on since then (or, with ``ended_s``, is over and not yet seen),
    but is not announced beside a worse alarm or while its rule is off.
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
    """One tier of one rule.

    ``state`` is its lifecycle, ``announced`` what people know of it: the same, or quiet while a
    worse alarm covers it. ``rank`` orders the rules of one priority, the first in the profile
    before the later ones.
    """

    def __init__(self, rule: AlarmRule, tier: Tier, rank: int = 0) -> None:
        self.rule = rule
        self.tier = tier
        self.rank = rank
        self.state: State = Quiet()
        self.announced: State = Quiet()
        self.heard_since_s = 0.0
        """When what is announced began to sound, last."""
        self._memory: Memory = None
        self._finding = Finding(Condition.UNKNOWN, "not looked at yet")
        self._acknowledged: frozenset[str] | None = None
        self._occurrence = Finding(Condition.UNKNOWN, rule.words)

    @property
    def group(self) -> str:
        """The alarms of which only the worst is announced."""
        return self.rule.group or self.rule.id

    @property
    def weight(self) -> tuple[int, int]:
        """Orders the alarms of a group, the worst highest."""
        return (self.tier.priority, -self.rank)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing, neither inside nor announced."""
        return isinstance(self.state, Quiet) and isinstance(self.announced, Quiet)

    @property
    def is_raised(self) -> bool:
        """Whether an occurrence that was raised goes on."""
        return isinstance(self.state, Sounding | Acknowledged)

    @property
    def is_standing(self) -> bool:
        """Whether there is anything to show, covered or not."""
        return self.is_raised or isinstance(self.state, Unseen)

    @property
    def is_shown(self) -> bool:
        """Whether it is announced."""
        return isinstance(self.announced, Sounding | Acknowledged | Unseen)

    @property
    def since_s(self) -> float:
        """The onset of the present occurrence, which tells it from others; 0 when there is none."""
        since_s, _, _ = _times(self.announced)
        return since_s or 0.0

    def covers(self, other: "Watch") -> bool:
        """Whether the other need not be announced beside this one; what is over covers no more."""
        if not self.is_standing or self.weight <= other.weight or self._has_turned_to(other):
            return False
        mine, its = self._finding.parts, other._finding.parts
        if isinstance(self.rule, ValueMissing) and mine and not its <= mine:
            return False  # of the pulse, say, while the other is of SpO2 as well
        return self.is_raised or not other.is_raised

    def _has_turned_to(self, other: "Watch") -> bool:
        """Whether a value that was too high may now be too low, or the other way round.

        A pressure of 184 that has fallen to 75 still waits for its clearing limits, but it must
        not hide the fall, nor answer for it because somebody acknowledged the 184.
        """
        mine, its = self.rule, other.rule
        if not isinstance(mine, LimitRule) or not isinstance(its, LimitRule):
            return False
        is_beyond = self._finding.condition is Condition.PRESENT and not self._finding.is_held
        return mine.is_upper is not its.is_upper and not is_beyond

    def is_implied_by(self, worse: "Watch", baseline: Values) -> bool:
        """Whether this was surely raised behind a worse alarm, of which alone there is a record."""
        mine, its = self.rule, worse.rule
        if self.is_standing or self.weight >= worse.weight:
            return False
        if not isinstance(mine, ValueLimit) or not isinstance(its, ValueLimit):
            return False
        return is_milder(mine, its, baseline)

    def raise_covered(self, since_s: float) -> None:
        """Go on as raised, behind the worse alarm; it ends by its own clearing limits."""
        self.state = Sounding(since_s)

    def look(self, evidence: Evidence, t: float) -> None:
        """Look at the evidence at second ``t``."""
        look = Look(evidence, t, self.is_raised)
        finding, self._memory = evaluate(self.rule, self.tier, self._memory, look)
        self._finding = finding
        if finding.condition is Condition.PRESENT and not finding.is_held:
            self._occurrence = finding
        delay_s = 0.0 if finding.is_at_once else self.rule.sounds_after_s(self.tier)
        timing = Timing(delay_s, self.rule.is_latching)
        state = advance(self._known_or_new(finding, t), finding.condition, t, timing)
        if not (finding.is_held and isinstance(self.state, Acknowledged)):
            self.state = state  # known, and no longer beyond the limit: it need not sound again

    def _known_or_new(self, finding: Finding, t: float) -> State:
        """Return the present state; an acknowledged one of which a new part came calls anew."""
        if not isinstance(self.state, Acknowledged) or finding.condition is not Condition.PRESENT:
            return self.state
        if self._acknowledged is None:  # by somebody before a restart
            self._acknowledged = finding.parts
        return self.state if finding.parts <= self._acknowledged else Sounding(t)

    def acknowledge(self, t: float, realarm_s: float) -> None:
        """Somebody has seen it, or a worse one that covers it, at second ``t``."""
        known = self._acknowledged if isinstance(self.state, Acknowledged) else None
        self._acknowledged = (known or frozenset()) | self._finding.parts
        self.state = acknowledge(self.state, t, realarm_s)

    def announce(self, t: float, *, is_covered: bool) -> Transition | None:
        """Let people know how it stands at second ``t``; return the change, if any."""
        new, old = Quiet() if is_covered else self.state, self.announced
        if new == old:
            return None
        self.announced = new
        if isinstance(new, Sounding) and not isinstance(old, Sounding):
            self.heard_since_s = t
        since_s, until_s, ended_s = _times(self.state if self._is_only_hidden(old, new) else new)
        told = self._told_of(old, new)
        return Transition(
            self.rule.id,
            self.tier.priority,
            _name(old),
            _name(new),
            told.value,
            told.limit,
            told.text,
            since_s,
            until_s,
            ended_s,
        )

    def _is_only_hidden(self, old: State, new: State) -> bool:
        """Whether nothing ended and nobody saw anything, only it is not announced any more."""
        was_over = isinstance(old, Unseen) and isinstance(self.state, Unseen)
        return isinstance(new, Quiet) and (self.is_raised or was_over)

    def _told_of(self, old: State, new: State) -> Finding:
        """What to say of a change: of its end how it is now, of what was seen what it was."""
        if isinstance(old, Unseen) and isinstance(new, Quiet):
            return replace(self._occurrence, prompt="")
        is_over = self._finding.condition is Condition.ABSENT
        return self._finding if is_over else self._told

    def restore(self, state: State, evidence: Evidence, t: float) -> None:
        """Go on in ``state``; a raised alarm then ends only by its clearing limits."""
        self.state = self.announced = state
        self.heard_since_s = self.since_s
        if self.is_raised:
            self._memory = raised_memory(self.rule, self._memory, Look(evidence, t, True))

    def taken_over_from(self, other: "Watch") -> None:
        """Go on where the same tier of a changed rule stood; what it remembers is found anew."""
        self.state, self.announced = other.state, other.announced
        self.heard_since_s = other.heard_since_s
        self._occurrence = other._occurrence
        self._acknowledged = other._acknowledged

    def view(self, t: float, *, escalates_after_s: float, is_silenced: bool) -> AlarmView:
        """Return what to show at second ``t``; only while ``is_shown``."""
        told = self._told
        _, until_s, _ = _times(self.announced)
        after_s = self.rule.escalates_after_s or escalates_after_s
        is_calling = isinstance(self.announced, Sounding)
        is_high = self.tier.priority is Priority.HIGH
        return AlarmView(
            rule=self.rule.id,
            priority=self.tier.priority,
            state=_name(self.announced),
            text=f"{told.text}. {told.prompt}" if told.prompt else told.text,
            value=told.value,
            limit=told.limit,
            since_s=self.since_s,
            until_s=until_s,
            sounds_on=self.rule.sounds_on,
            is_silenced=is_silenced,
            is_escalated=is_calling and is_high and t - self.heard_since_s >= after_s,
            is_own=isinstance(self.rule, NamedFault),
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
