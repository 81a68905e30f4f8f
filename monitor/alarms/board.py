"""All alarms of one session: every tier of every rule with its own lifecycle, merged for display.

Knows the profile, the evidence and the time it is told. Must not sleep, store, log or make a sound;
it must be ticked by time, not only by data, so that a silent device alarms.
"""

from monitor.alarms.evidence import Cuff, Evidence
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.alarms.watch import Transition, Watch, restored
from monitor.errors import BugError, OperatorError
from monitor.snapshot import AlarmState, AlarmView, LimitView
from monitor.vitals import Vital

__all__ = ["AlarmBoard", "Transition"]


class AlarmBoard:
    """The alarms of one session.

    ``opened_s`` is when the board begins to watch (after a restart: then), on the session's
    timeline; silence of the device counts from there.
    """

    def __init__(self, profile: Profile, opened_s: float = 0.0) -> None:
        self._profile = profile
        self._evidence = Evidence(opened_s)
        self._watches = [Watch(rule, tier) for rule in profile.rules for tier in rule.tiers]

    def frame(self, t: float) -> None:
        """Note that a valid frame arrived at second ``t``."""
        self._evidence.frame(t)

    def value(self, vital: Vital, t: float, value: float | None) -> None:
        """Note a value of ``vital`` in its unit; None when the device says it is invalid."""
        self._evidence.value(vital, t, value)

    def pressure(self, t: float, systolic: float, diastolic: float) -> None:
        """Note one cuff inflation, mmHg, taken at second ``t``."""
        self._evidence.pressure(Cuff(t, systolic, diastolic))

    def fault(self, name: str, text: str) -> None:
        """Note what is wrong with the part ``name`` ("sound"); "" says it is well."""
        self._evidence.fault(name, text)

    def tick(self, t: float) -> tuple[Transition, ...]:
        """Look at everything at second ``t``; return what changed. Call after each note as well."""
        changes = (watch.look(self._evidence, t) for watch in self._watches)
        return tuple(change for change in changes if change is not None)

    def acknowledge(
        self, t: float, rule: str = "", since_s: float | None = None
    ) -> tuple[Transition, ...]:
        """Somebody has seen what is shown of ``rule``, or of every rule when it is "".

        A milder tier of the same rule, hidden behind the one that is shown, counts as seen too.
        Raises OperatorError when what is shown did not begin at ``since_s``: nobody saw that one.
        """
        meant = [shown for shown in self._shown() if rule in ("", shown.rule.id)]
        for shown in meant:
            if since_s is not None and shown.since_s != since_s:
                raise OperatorError(
                    f"The alarm {shown.rule.id} that began meanwhile is not acknowledged",
                    "look at it, then acknowledge it",
                )
        changes = (
            watch.acknowledge(t, self._profile.realarm_s[watch.tier.priority])
            for shown in meant
            for watch in self._tiers_up_to(shown)
        )
        return tuple(change for change in changes if change is not None)

    def views(self) -> tuple[AlarmView, ...]:
        """Return one view per rule that is not quiet: what is heard first, then the worst."""
        return tuple(sorted((watch.view() for watch in self._shown()), key=_urgency))

    def limits(self) -> tuple[LimitView, ...]:
        """Return the limits to draw on the chart."""
        return tuple(
            LimitView(drawn.vital, drawn.value, drawn.is_upper, rule.tiers[-1].priority, rule.id)
            for rule in self._profile.rules
            for drawn in rule.drawn_limits()
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
        watch.restore(restored(state, since_s, until_s, ended_s), self._evidence)

    def _shown(self) -> list[Watch]:
        """Per rule the tier to show: what is heard, then what goes on, then the worst."""
        worst: dict[str, Watch] = {}
        for watch in self._watches:
            other = worst.get(watch.rule.id)
            if watch.is_shown and (other is None or _weight(watch) > _weight(other)):
                worst[watch.rule.id] = watch
        return list(worst.values())

    def _tiers_up_to(self, shown: Watch) -> list[Watch]:
        return [
            watch
            for watch in self._watches
            if watch.rule is shown.rule and watch.tier.priority <= shown.tier.priority
        ]

    def _watch(self, rule: str, priority: Priority) -> Watch:
        for watch in self._watches:
            if (watch.rule.id, watch.tier.priority) == (rule, priority):
                return watch
        raise BugError(
            f"profile {self._profile.title} has no rule {rule} of {priority.word} priority"
        )


def _weight(watch: Watch) -> tuple[bool, bool, int]:
    return (watch.is_heard, watch.is_heard or watch.is_raised, watch.tier.priority)


def _urgency(view: AlarmView) -> tuple[int, int, bool, float]:
    """What is heard stands before what somebody knows, and that before what is silently over."""
    is_over = view.state is AlarmState.UNSEEN
    turn = 0 if view.is_heard else 2 if is_over else 1
    return (turn, -view.priority, is_over, view.since_s)
