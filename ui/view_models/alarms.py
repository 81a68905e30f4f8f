"""The alarm banner: which alarm leads, in what words, and whether it flashes.

Knows the visual signals of clinical.md 1.2: they follow what calls, also while the sound is paused
or off (what is heard: sounding.py). Must not know Qt; never changes the state of an alarm.
"""

from dataclasses import dataclass

from monitor.alarms.priority import Priority
from monitor.snapshot import AlarmState, AlarmView, SessionSnapshot
from ui.view_models.seen import Seen
from ui.view_models.words import clock_text, sentence_case

MARKS = {Priority.HIGH: "!!!", Priority.MEDIUM: "!!", Priority.LOW: "!"}
# Clinical brief 1.2, D: HIGH 2.0 Hz, MEDIUM 0.6 Hz, half on; LOW is steady.
FLASH_HZ = {Priority.HIGH: 2.0, Priority.MEDIUM: 0.6}
_SHOWN = (AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED, AlarmState.UNSEEN)


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm in words; ``note`` says what was done about it."""

    priority: Priority
    text: str
    duration: str
    note: str
    state: AlarmState

    @property
    def mark(self) -> str:
        """The sign that carries the priority without colour."""
        return MARKS[self.priority]

    @property
    def word(self) -> str:
        """The word that carries the priority without colour."""
        return self.priority.word.upper()

    @property
    def sentence(self) -> str:
        """The whole alarm on one line."""
        tail = f" · {self.note}" if self.note else ""
        return f"{self.mark} {self.word}  {self.text} {self.duration}{tail}".strip()


@dataclass(frozen=True, slots=True)
class BannerView:
    """The worst alarm, the others, and what flashes: None when nothing calls."""

    worst: AlarmLine | None
    others: tuple[AlarmLine, ...]
    flashes: Priority | None
    can_acknowledge: bool
    quiet_text: str

    @property
    def others_text(self) -> str:
        """Name and count the other alarms, e.g. ``2 more: !! MEDIUM No data · ! LOW ...``."""
        if not self.others:
            return ""
        listed = "  |  ".join(line.sentence for line in self.others)
        return f"{len(self.others)} more:  {listed}"


def banner_view(seen: Seen) -> BannerView:
    """Return the banner of one session."""
    shown = sorted(
        (alarm for alarm in seen.snapshot.alarms if is_shown(alarm)), key=_rank, reverse=True
    )
    lines = tuple(alarm_line(seen, alarm) for alarm in shown)
    return BannerView(
        worst=lines[0] if lines else None,
        others=lines[1:],
        flashes=flashing(seen.snapshot),
        can_acknowledge=any(alarm.state is not AlarmState.ACKNOWLEDGED for alarm in shown),
        quiet_text="No news from the station: alarms unknown" if seen.is_old else "No active alarm",
    )


def is_shown(alarm: AlarmView) -> bool:
    """Say whether people see this alarm; one that only waits for its delay is none yet."""
    return alarm.state in _SHOWN


def flashing(snapshot: SessionSnapshot) -> Priority | None:
    """Return the worst priority that calls in a session, whether it may sound or not."""
    calling = (alarm.priority for alarm in snapshot.alarms if alarm.is_calling)
    return max(calling, default=None)


def worst_shown(snapshot: SessionSnapshot) -> Priority | None:
    """Return the worst priority of a session that is not quiet, acknowledged or over included."""
    shown = (alarm.priority for alarm in snapshot.alarms if is_shown(alarm))
    return max(shown, default=None)


def is_lit(priority: Priority, monotonic_s: float) -> bool:
    """Say whether a flashing alarm is in its bright half; all of one priority agree."""
    hertz = FLASH_HZ.get(priority)
    return hertz is None or (monotonic_s * hertz) % 1.0 < 0.5


def _rank(alarm: AlarmView) -> tuple[int, int, bool, float]:
    """What calls stands above what somebody knows, and that above what is silently over."""
    is_over = alarm.state is AlarmState.UNSEEN
    turn = 2 if alarm.is_calling else 0 if is_over else 1
    return (turn, alarm.priority, not is_over, alarm.since_s)


def alarm_line(seen: Seen, alarm: AlarmView) -> AlarmLine:
    """Return an alarm in words, with how long it lasts and what was done about it."""
    is_over = alarm.state is AlarmState.UNSEEN
    return AlarmLine(
        priority=alarm.priority,
        text=sentence_case(alarm.text),
        duration=_duration(seen, alarm, is_over),
        note=_note(seen, alarm),
        state=alarm.state,
    )


def _duration(seen: Seen, alarm: AlarmView, is_over: bool) -> str:
    if is_over:
        return f"since {seen.label(alarm.since_s)}"
    return f"for {clock_text(_lasts_s(seen, alarm))}"


def _lasts_s(seen: Seen, alarm: AlarmView) -> float:
    """Return how long it lasts; a silence by its own length: a milder alarm told of it before."""
    began_s = seen.snapshot.now_s - alarm.value.get("silence_s", 0.0)
    return seen.age_s(min(alarm.since_s, began_s))


def _note(seen: Seen, alarm: AlarmView) -> str:
    if alarm.state is AlarmState.UNSEEN:
        return "over, calls until acknowledged" if alarm.sounds_on else "over, not yet acknowledged"
    if alarm.state is not AlarmState.ACKNOWLEDGED:
        return "nobody has answered" if alarm.is_escalated else ""
    if alarm.until_s is None or alarm.until_s < seen.now_s:  # back within its limit
        return "acknowledged"
    return f"acknowledged, sounds again in {clock_text(alarm.until_s - seen.now_s)}"
