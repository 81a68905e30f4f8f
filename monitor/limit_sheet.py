"""The limits of a session that may be changed, each beside what its profile says.

Knows profiles. Must not know who may change a limit, or screens.
"""

from monitor.alarms.changed_limit import ChangeableLimit, changeable, fixed
from monitor.alarms.crossing import warnings
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.snapshot import LimitSettingView
from monitor.vitals import Vital


class LimitSheet:
    """Compares the rules in force with those the session began with."""

    def __init__(self, standard: Profile) -> None:
        self._standard = {(one.rule, one.field): one.value for one in changeable(standard)}
        self._of: Profile | None = None
        self._views: tuple[LimitSettingView, ...] = ()
        self._warnings: tuple[str, ...] = ()

    def views(self, in_force: Profile) -> tuple[LimitSettingView, ...]:
        """Return the limits in the order of the profile; some say why they cannot be changed."""
        self._look_at(in_force)
        return self._views

    def warnings(self, in_force: Profile) -> tuple[str, ...]:
        """Return a sentence for each limit that is so wide that it is off (hazard H13)."""
        self._look_at(in_force)
        return self._warnings

    def _look_at(self, in_force: Profile) -> None:
        if in_force is not self._of:  # asked for at every picture, changed once in a session
            self._of = in_force
            self._warnings = warnings(in_force.rules)
            worst = {rule.id: max(tier.priority for tier in rule.tiers) for rule in in_force.rules}
            order = {rule.id: number for number, rule in enumerate(in_force.rules)}
            limits = sorted(
                (*changeable(in_force), *fixed(in_force)), key=lambda one: order[one.rule]
            )
            self._views = tuple(self._view(one, worst[one.rule]) for one in limits)

    def _view(self, one: ChangeableLimit, priority: Priority) -> LimitSettingView:
        return LimitSettingView(
            one.rule,
            Vital(one.field),
            one.value,
            one.value if one.why_fixed else self._standard.get((one.rule, one.field), one.value),
            one.is_upper,
            one.is_relative,
            priority,
            one.why_fixed,
        )
