"""All alarms of one session: every tier of every rule with its own lifecycle, merged for display.

Knows the profile, the evidence and the time it is told. Must not sleep, store, log or make a sound;
it must be ticked by time, not only by data, so that a silent device alarms.

Of a group of rules (one inflation, one vital, the link) only the worst raised alarm is announced;
the others are covered: they go on inside, and come out in their present state when the worse one
ends. Whoever acknowledges an alarm has acknowledged what it covers.
"""

from collections.abc import Iterable

from monitor.alarms.evidence import PULSE_OF_CUFF_WITHIN_S, Cuff, Evidence, Sample
from monitor.alarms.flood import FloodWatch
from monitor.alarms.lifecycle import Acknowledged
from monitor.alarms.limit_rules import LimitRule
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.alarms.rule_kinds import DeviceClockOff
from monitor.alarms.silence import Silence
from monitor.alarms.watch import Transition, Watch, restored
from monitor.errors import BugError, OperatorError
from monitor.snapshot import AlarmState, AlarmView, LimitView
from monitor.vitals import Vital

__all__ = ["AlarmBoard", "Transition"]


class AlarmBoard:
    """The alarms of one session.

    ``opened_s`` is when the board begins to watch (after a restart: then), on the session's
    timeline; silence of the device counts from there. ``evidence`` is what it looks at, ``silence``
    what people have silenced, ``flood`` how fast alarms come.
    """

    def __init__(self, profile: Profile, opened_s: float = 0.0) -> None:
        self.profile = profile
        self.evidence = Evidence(opened_s)
        self.silence = Silence()
        self.flood = FloodWatch()
        self._now_s = opened_s
        self._watches = _watches(profile)
        self._groups = _grouped(self._watches)

    # ---- what comes in

    def frame(self, t: float) -> None:
        """Note that a valid frame arrived at second ``t``."""
        self.evidence.frame(t)

    def value(self, vital: Vital, t: float, value: float | None) -> None:
        """Note a value of ``vital`` in its unit; None when the device says it is invalid."""
        self.evidence.value(vital, t, value)

    def pressure(
        self, t: float, systolic: float, diastolic: float, pulse: float | None = None
    ) -> None:
        """Note one cuff inflation, mmHg, taken at second ``t``, with the pulse that it counted."""
        other = self.evidence.fresh_value(Vital.PULSE_RATE, t, PULSE_OF_CUFF_WITHIN_S)
        other_pulse = None if other is None else other.value
        self.evidence.pressure(Cuff(t, systolic, diastolic, pulse, other_pulse))

    def rated(self, scale: str, t: float, total: float) -> None:
        """Note that staff rated a scale at second ``t``; an older rating changes nothing."""
        known = self.evidence.scales.get(scale)
        if known is None or t >= known.t:
            self.evidence.scales[scale] = Sample(t, total)

    def fault(self, name: str, text: str) -> None:
        """Note what is wrong with the part ``name`` ("sound"); "" says it is well."""
        self.evidence.fault(name, text)

    def adopt(self, profile: Profile) -> None:
        """Go on with other rules; an alarm of a rule that stays goes on where it stood."""
        before = {(watch.rule.id, watch.tier.priority): watch for watch in self._watches}
        self.profile = profile
        self._watches = _watches(profile)
        self._groups = _grouped(self._watches)
        for watch in self._watches:
            if known := before.get((watch.rule.id, watch.tier.priority)):
                watch.taken_over_from(known)

    def tick(self, t: float) -> tuple[Transition, ...]:
        """Look at everything at second ``t``; return what changed. Call after each note as well."""
        self._now_s = t
        for watch in self._watches:
            watch.look(self.evidence, t)
        for watch in self._watches:
            if self._is_known_by_a_worse_one(watch):
                self._hear(watch, t)
        return self._announced(t)

    def acknowledge(
        self, t: float, rule: str = "", since_s: float | None = None
    ) -> tuple[Transition, ...]:
        """Somebody has seen what is shown of ``rule``, or of every rule when it is "".

        What it covers counts as seen too. Raises OperatorError when nothing that is shown began at
        ``since_s``: nobody saw what began meanwhile.
        """
        shown = [watch for watch in self._shown() if rule in ("", watch.rule.id)]
        meant = [watch for watch in shown if since_s in (None, watch.since_s)]
        if shown and not meant:
            raise OperatorError(
                f"The alarm {shown[0].rule.id} that began meanwhile is not acknowledged",
                "look at it, then acknowledge it",
            )
        covered = [each for one in meant for each in self._groups[one.group] if one.covers(each)]
        for watch in (*meant, *covered):
            self._hear(watch, t)
        return self._announced(t)

    def accepts_clock(self, changes: Iterable[Transition]) -> bool:
        """Whether these acknowledgements accept that the device's clock differs."""
        return any(
            isinstance(self.profile.rule(change.rule), DeviceClockOff)
            and change.new is AlarmState.ACKNOWLEDGED
            for change in changes
        )

    def restore(  # noqa: PLR0917 - the fields of a recorded transition, in its order
        self,
        rule: str,
        priority: Priority,
        state: AlarmState,
        since_s: float,
        until_s: float | None,
        ended_s: float | None,
    ) -> None:
        """Go on with an alarm from before a restart, as its last transition recorded it.

        Call it after the stored readings were noted again, before the first tick. A raised alarm
        ends only by its clearing limits. A time that is missing leaves the alarm louder, not
        quieter. Raises BugError when the profile has no such rule and priority.
        """
        watch = self._watch(rule, priority)
        watch.restore(restored(state, since_s, until_s, ended_s), self.evidence, self._now_s)
        for other in self._groups[watch.group]:
            if watch.is_raised and other.is_implied_by(watch, self.evidence.baseline):
                other.raise_covered(watch.since_s)

    # ---- what there is

    def views(self) -> tuple[AlarmView, ...]:
        """Return one view per alarm that is announced: what calls first, then the worst."""
        is_silenced = self.silence.is_silent(self._now_s)
        escalates_after_s = self.profile.escalates_after_s
        views = [
            watch.view(self._now_s, escalates_after_s=escalates_after_s, is_silenced=is_silenced)
            for watch in self._shown()
        ]
        return tuple(sorted(views, key=_urgency))

    def limits(self) -> tuple[LimitView, ...]:
        """Return the limits to draw on the chart: those of alarms above LOW that hold now."""
        return tuple(
            view
            for rule in self.profile.rules
            if isinstance(rule, LimitRule) and not self.silence.is_off(rule.id)
            for view in self._drawn(rule)
        )

    def words_of(self, rule: str) -> str:
        """Return the condition of a rule in clinic words. Raises OperatorError."""
        return self._rule_watch(rule).rule.words

    # ---- inside

    def _drawn(self, rule: LimitRule) -> Iterable[LimitView]:
        priority = rule.tiers[-1].priority
        if priority is Priority.LOW:
            return
        for limit in rule.when:
            clause = limit.clauses[0]
            bound = clause.bound(self.evidence.baseline)
            if bound is not None and len(limit.clauses) == 1:
                facts = (clause.is_upper, priority, rule.id, clause.is_inclusive)
                yield LimitView(clause.vital, bound, *facts)

    def _shown(self) -> list[Watch]:
        return [watch for watch in self._watches if watch.is_shown]

    def _covering(self, watch: Watch) -> list[Watch]:
        return [
            other
            for other in self._groups[watch.group]
            if other.covers(watch) and not self.silence.is_off(other.rule.id)
        ]

    def _is_known_by_a_worse_one(self, watch: Watch) -> bool:
        """Whether somebody has answered everything that is worse than this and covers it."""
        if not watch.is_standing or isinstance(watch.state, Acknowledged):
            return False
        covering = self._covering(watch)
        return bool(covering) and all(isinstance(one.state, Acknowledged) for one in covering)

    def _hear(self, watch: Watch, t: float) -> None:
        watch.acknowledge(t, self.profile.realarm_s[watch.tier.priority])

    def _announced(self, t: float) -> tuple[Transition, ...]:
        news = [watch for watch in self._watches if not watch.is_idle]
        changes = (watch.announce(t, is_covered=self._is_covered(watch)) for watch in news)
        return tuple(change for change in changes if change is not None)

    def _is_covered(self, watch: Watch) -> bool:
        return self.silence.is_off(watch.rule.id) or bool(self._covering(watch))

    def _rule_watch(self, rule: str) -> Watch:
        for watch in self._watches:
            if watch.rule.id == rule:
                return watch
        raise OperatorError(f"There is no alarm {rule[:40]}", "choose one of the profile")

    def _watch(self, rule: str, priority: Priority) -> Watch:
        for watch in self._watches:
            if (watch.rule.id, watch.tier.priority) == (rule, priority):
                return watch
        raise BugError(
            f"profile {self.profile.title} has no rule {rule} of {priority.word} priority"
        )


def _watches(profile: Profile) -> list[Watch]:
    return [
        Watch(rule, tier, rank) for rank, rule in enumerate(profile.rules) for tier in rule.tiers
    ]


def _grouped(watches: Iterable[Watch]) -> dict[str, list[Watch]]:
    groups: dict[str, list[Watch]] = {}
    for watch in watches:
        groups.setdefault(watch.group, []).append(watch)
    return groups


def _urgency(view: AlarmView) -> tuple[int, int, bool, float]:
    """What calls stands before what somebody knows, and that before what is silently over."""
    is_over = view.state is AlarmState.UNSEEN
    turn = 0 if view.is_calling else 2 if is_over else 1
    return (turn, -view.priority, is_over, view.since_s)
