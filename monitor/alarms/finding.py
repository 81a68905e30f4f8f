"""What a look at the evidence is and what it finds, for every kind of rule.

Knows conditions and values. Must not know rules, or the lifecycle's states.
"""

from dataclasses import dataclass, field

from monitor.alarms.evidence import Evidence
from monitor.alarms.lifecycle import Condition

PRESENT, ABSENT, UNKNOWN = Condition.PRESENT, Condition.ABSENT, Condition.UNKNOWN


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at the evidence found; ``value`` and ``limit`` by vital name, in its unit.

    ``is_held``: no longer beyond the limit, but not yet clear. ``is_at_once``: it must not wait
    for the delay of its tier. ``prompt`` asks for an action. ``parts`` names what it is about,
    where that can grow: whoever acknowledged one part has not acknowledged one that comes later.
    """

    condition: Condition
    text: str
    value: dict[str, float] = field(default_factory=dict)
    limit: dict[str, float] = field(default_factory=dict)
    is_held: bool = False
    is_at_once: bool = False
    prompt: str = ""
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the evidence, at second ``t``.

    ``is_raised``: the alarm in question sounds or is acknowledged, so its clearing limits hold.
    """

    evidence: Evidence
    t: float
    is_raised: bool
