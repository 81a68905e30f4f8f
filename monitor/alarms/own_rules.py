"""Alarms about the program itself that are in force in every session, whatever its profile says.

Knows three named faults of a session that comes back, and that of the profiles. Must not know who
raises them.
"""

from dataclasses import replace

from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.alarms.rule_kinds import AlarmRule, NamedFault
from monitor.alarms.rules import Latch, Tier

WAITING_FAULT = "waiting"
RECORD_FAULT = "record"
CHAIR_FAULT = "chair"
PROFILE_FAULT = "profile"
ANSWERED_WITHIN_S = 120.0
"""How long a question may stand before an alarm reminds of it."""


def _fault(rule_id: str, fault: str, title: str, priority: Priority, delay_s: float) -> AlarmRule:
    tiers = (Tier(priority, delay_s),)
    return NamedFault(id=rule_id, latch=Latch.NO, tiers=tiers, fault=fault, title=title)


OWN_RULES = (
    _fault("TECH-10", WAITING_FAULT, "No answer yet", Priority.MEDIUM, ANSWERED_WITHIN_S),
    _fault("TECH-11", RECORD_FAULT, "Record incomplete", Priority.HIGH, 0.0),
    _fault("TECH-12", CHAIR_FAULT, "Session without a chair", Priority.HIGH, 0.0),
    _fault("TECH-13", PROFILE_FAULT, "Alarm profile", Priority.MEDIUM, 0.0),
)
RECORD_RULE = OWN_RULES[1].id


def with_own_rules(profile: Profile) -> Profile:
    """Return the profile with the program's own rules beside its rows."""
    taken = {rule.id for rule in profile.rules}
    own = tuple(rule for rule in OWN_RULES if rule.id not in taken)
    return replace(profile, rules=(*profile.rules, *own))
