"""The alarm figures of many sessions together, and how they spread over the sessions.

Knows the figures of single sessions. Must not know rows, storage or screens.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from monitor.alarms.quality import AlarmQuality, percentile, share
from monitor.alarms.silenced import Silenced

K = TypeVar("K")
GOAL_MEDIAN = 0
GOAL_P90 = 3
"""Onsets of HIGH and MEDIUM a session: median 0, 90th percentile at most 3 (clinical brief 2.2)."""


@dataclass(frozen=True, slots=True)
class OverAll:
    """``total`` adds the sessions up, with all floods and chatter, each in its session's seconds.

    ``urgent_median`` and ``urgent_p90`` are of HIGH and MEDIUM onsets a session, None without any
    session; ``sessions_urgent`` had one or more, ``sessions_any`` one of any priority.
    """

    sessions: int
    total: AlarmQuality
    urgent_median: float | None
    urgent_p90: float | None
    sessions_any: int
    sessions_urgent: int
    sessions_flooded: int
    sessions_chattering: int

    @property
    def any_share(self) -> float | None:
        """Share of the sessions in which any alarm began."""
        return share(self.sessions_any, self.sessions)

    @property
    def urgent_share(self) -> float | None:
        """Share of the sessions in which a HIGH or MEDIUM one began."""
        return share(self.sessions_urgent, self.sessions)

    @property
    def is_within_goal(self) -> bool | None:
        """Whether both goals are met; None without any session."""
        if self.urgent_median is None or self.urgent_p90 is None:
            return None
        return self.urgent_median <= GOAL_MEDIAN and self.urgent_p90 <= GOAL_P90


def over_all(sessions: Sequence[AlarmQuality]) -> OverAll:
    """Return the figures of all these sessions together."""
    urgent = tuple(sorted(float(each.urgent) for each in sessions))
    return OverAll(
        sessions=len(sessions),
        total=_total(sessions),
        urgent_median=percentile(urgent, 50),
        urgent_p90=percentile(urgent, 90),
        sessions_any=sum(each.onsets > 0 for each in sessions),
        sessions_urgent=sum(each.urgent > 0 for each in sessions),
        sessions_flooded=sum(bool(each.floods) for each in sessions),
        sessions_chattering=sum(bool(each.chatter) for each in sessions),
    )


def _total(sessions: Sequence[AlarmQuality]) -> AlarmQuality:
    quiet = [each.silenced for each in sessions]
    return AlarmQuality(
        session_s=sum(each.session_s for each in sessions),
        by_priority=_added([each.by_priority for each in sessions]),
        by_rule=_added([each.by_rule for each in sessions]),
        confirmed=sum(each.confirmed for each in sessions),
        refuted=sum(each.refuted for each in sessions),
        acknowledged_s=tuple(sorted(s for each in sessions for s in each.acknowledged_s)),
        ended=sum(each.ended for each in sessions),
        seen_later=sum(each.seen_later for each in sessions),
        overtaken=sum(each.overtaken for each in sessions),
        realarms=sum(each.realarms for each in sessions),
        silenced=Silenced(
            sum(each.paused_s for each in quiet),
            sum(each.audio_off_s for each in quiet),
            sum(each.alarm_off_s for each in quiet),
        ),
        floods=tuple(flood for each in sessions for flood in each.floods),
        chatter=tuple(crowd for each in sessions for crowd in each.chatter),
    )


def _added(counts: Sequence[Mapping[K, int]]) -> dict[K, int]:
    total: Counter[K] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)
