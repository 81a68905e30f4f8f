"""How good the alarms of one session were: how many, how urgent, how true, how soon answered.

Knows the rows that alarms leave behind, and the benchmarks of the clinical brief, 2.2. Must not
know storage, screens or the rules themselves. A share of nothing is None, never 0.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.alarms.changes import Change, Sum, change_of
from monitor.alarms.crowds import Crowd, chatter, floods
from monitor.alarms.priority import Priority
from monitor.alarms.silenced import Silenced, silenced
from monitor.records import HappeningKept, SessionRow, TransitionKept
from monitor.snapshot import Phase

BENCHMARK_MIX = {Priority.HIGH: 0.05, Priority.MEDIUM: 0.15, Priority.LOW: 0.80}
"""Of all onsets (clinical brief 2.2, source V 60)."""
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class AlarmQuality:
    """The alarm figures of one session, or of several together; ``session_s`` is its length.

    An onset is an announcement: a row that goes to sounding from anything but acknowledged or
    sounding. ``acknowledged_s``: how long each acknowledged one had sounded, the shortest first.
    ``ended``: over before anybody acknowledged them, of which ``seen_later`` were acknowledged
    after that. ``overtaken``: they went on, but a worse alarm took their place (or their rule was
    switched off). ``confirmed`` and ``refuted`` are of cuff alarms (changes.Verdicts).
    """

    session_s: float = 0.0
    by_priority: dict[Priority, int] = field(default_factory=dict)
    by_rule: dict[str, int] = field(default_factory=dict)
    confirmed: int = 0
    refuted: int = 0
    acknowledged_s: tuple[float, ...] = ()
    ended: int = 0
    seen_later: int = 0
    overtaken: int = 0
    realarms: int = 0
    silenced: Silenced = field(default_factory=Silenced)
    floods: tuple[Crowd, ...] = ()
    chatter: tuple[Crowd, ...] = ()

    @property
    def hours(self) -> float:
        """How long the session lasted, hours."""
        return self.session_s / _HOUR_S

    @property
    def onsets(self) -> int:
        """How often any alarm began."""
        return sum(self.by_priority.values())

    @property
    def urgent(self) -> int:
        """How often a HIGH or MEDIUM one began."""
        return self.onsets - self.by_priority.get(Priority.LOW, 0)

    @property
    def per_hour(self) -> float | None:
        """Onsets an hour."""
        return share(self.onsets, self.hours)

    @property
    def urgent_per_hour(self) -> float | None:
        """Onsets of HIGH and MEDIUM ones an hour."""
        return share(self.urgent, self.hours)

    @property
    def mix(self) -> dict[Priority, float] | None:
        """The share of each priority in the onsets; compare BENCHMARK_MIX."""
        if not self.onsets:
            return None
        return {each: self.by_priority.get(each, 0) / self.onsets for each in Priority}

    @property
    def confirmed_share(self) -> float | None:
        """Of the cuff alarms that one reading raised and that were judged, those that stood."""
        return share(self.confirmed, self.confirmed + self.refuted)

    @property
    def acknowledged(self) -> int:
        """How many somebody acknowledged while they went on."""
        return len(self.acknowledged_s)

    @property
    def unanswered(self) -> int:
        """Onsets of which the record says neither an acknowledgement nor an end."""
        return self.onsets - self.acknowledged - self.ended - self.overtaken

    @property
    def acknowledged_share(self) -> float | None:
        """Of all onsets, those that somebody acknowledged while they went on."""
        return share(self.acknowledged, self.onsets)

    @property
    def acknowledged_median_s(self) -> float | None:
        """The middle time from sounding to acknowledged."""
        return percentile(self.acknowledged_s, 50)

    @property
    def acknowledged_p90_s(self) -> float | None:
        """The time within which nine of ten were acknowledged."""
        return percentile(self.acknowledged_s, 90)

    @property
    def paused_share(self) -> float | None:
        """Share of the session's time in AUDIO PAUSED."""
        return self._time_share(self.silenced.paused_s)

    @property
    def audio_off_share(self) -> float | None:
        """Share of the session's time in AUDIO OFF."""
        return self._time_share(self.silenced.audio_off_s)

    @property
    def alarm_off_share(self) -> float | None:
        """Share of the session's time in which any rule was in ALARM OFF."""
        return self._time_share(self.silenced.alarm_off_s)

    def _time_share(self, seconds: float) -> float | None:
        part = share(seconds, self.session_s)
        return None if part is None else min(1.0, part)  # sums of seconds are rounded


def alarm_quality(rows: Iterable[SessionRow], last_t_s: float = 0.0) -> AlarmQuality:
    """Return the figures of one session from its rows, given in any order; most kinds are skipped.

    ``last_t_s`` is the last second on record where the rows given may not reach it. A session that
    was ended is as long as that, whatever followed.
    """
    ordered = sorted(rows, key=lambda row: (row.stamp.t_s, row.stamp.seq))
    happened = [row for row in ordered if isinstance(row, HappeningKept)]
    changes = (change_of(row) for row in ordered if isinstance(row, TransitionKept))
    latest_s = max([last_t_s, *(row.stamp.t_s for row in ordered)])
    ended_s = (row.stamp.t_s for row in happened if _ends_session(row))
    return quality_of(changes, happened, next(ended_s, latest_s))


def quality_of(
    changes: Iterable[Change], happened: Iterable[HappeningKept], end_s: float
) -> AlarmQuality:
    """Return the figures of a session that lasted ``end_s`` s; both inputs in the order of time."""
    total = Sum()
    total.add(changes)
    answers, verdicts, onsets = total.answers, total.verdicts, total.onsets
    return AlarmQuality(
        session_s=end_s,
        by_priority=dict(Counter(priority for _, (_, priority) in onsets)),
        by_rule=dict(Counter(rule for _, (rule, _) in onsets)),
        confirmed=verdicts.confirmed,
        refuted=verdicts.refuted,
        acknowledged_s=tuple(sorted(answers.acknowledged_s)),
        ended=answers.ended,
        seen_later=answers.seen_later,
        overtaken=answers.overtaken,
        realarms=answers.realarms,
        silenced=silenced(happened, end_s),
        floods=floods(onsets),
        chatter=chatter(onsets),
    )


def share(part: float, whole: float) -> float | None:
    """Return the quotient; None of nothing."""
    return part / whole if whole > 0 else None


def percentile(ordered: tuple[float, ...], percent: int) -> float | None:
    """Return the smallest of the sorted values that ``percent`` % (1 to 100) do not exceed."""
    if not ordered:
        return None
    rank = -(-percent * len(ordered) // 100)  # rounded up, in whole numbers
    return ordered[rank - 1]


def _ends_session(row: HappeningKept) -> bool:
    return row.kind == "phase" and bool(row.detail["phase"] == Phase.ENDED)
