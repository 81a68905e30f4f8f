"""The whole screen as values: a session, a free chair, or the station on its way.

Composes the other view models. Must not know Qt, channels or sound devices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alarms.priority import Priority
from monitor.channel_messages import ChairView
from monitor.chart_part import LogEntry
from monitor.snapshot import Phase, SessionSnapshot
from monitor.vitals import Vital
from ui.view_models.alarms import MARKS, BannerView, banner_view, flashing
from ui.view_models.numerics import NumericTile, pressure_tile, trend_tile
from ui.view_models.patients import UNKNOWN_PATIENT
from ui.view_models.seen import Seen
from ui.view_models.session_facts import Fact, session_facts
from ui.view_models.silence import SilenceLine, silence_lines, silence_words
from ui.view_models.status import StatusItem, StatusView, TopView, sound_item, status_view, top_view
from ui.view_models.words import clock_text

LOG_LINES = 200
NOT_IDENTIFIED = (
    "NOT IDENTIFIED: started without signing in. A nurse or physician answers for it, and says "
    "who the patient is."
)
NO_PATIENT = (
    "THE PATIENT IS NOT IDENTIFIED: somebody answers for the session, but it has no patient."
)
NOBODY_ANSWERS = (
    "NOBODY ANSWERS for this session: started without signing in. The patient is named."
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the running list, ready to show."""

    text: str
    priority: Priority | None


@dataclass(frozen=True, slots=True)
class SessionScreen:
    """A chair with a running session (its chart comes apart, see chart_view)."""

    top: TopView
    banner: BannerView
    pressure: NumericTile
    pulse: NumericTile
    spo2: NumericTile
    log: tuple[LogLine, ...]
    status: StatusView
    not_identified: str = ""
    silenced: tuple[SilenceLine, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class FreeScreen:
    """A chair without a session: what stands there and what to do next."""

    title: str
    device: str
    hint: str
    chair: str
    sound: StatusItem


@dataclass(frozen=True, slots=True)
class StoppedView:
    """Monitoring has stopped: the words that cover the screen; ``reason`` is "" when unknown."""

    title: str
    detail: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChairTab:
    """One entry of the list of chairs, shown when there are several."""

    chair: str
    text: str
    key: str
    is_current: bool
    alarm: Priority | None
    is_calling: bool = False


def session_screen(seen: Seen, log: Sequence[LogEntry], sound_fault: str) -> SessionScreen:
    """Return the screen of one session."""
    return SessionScreen(
        top=top_view(seen),
        banner=banner_view(seen),
        pressure=pressure_tile(seen),
        pulse=trend_tile(seen, Vital.PULSE_RATE),
        spo2=trend_tile(seen, Vital.SPO2),
        log=log_lines(seen, log),
        status=status_view(seen, sound_fault),
        not_identified=not_identified(seen.snapshot),
        silenced=silence_lines(seen),
        facts=session_facts(seen),
    )


def not_identified(snapshot: SessionSnapshot) -> str:
    """Return what is not known of a session: who answers for it, or whose it is; "" for nothing."""
    if snapshot.patient != UNKNOWN_PATIENT:
        return NOBODY_ANSWERS if snapshot.emergency else ""
    return NOT_IDENTIFIED if snapshot.emergency else NO_PATIENT


def log_lines(seen: Seen, log: Sequence[LogEntry]) -> tuple[LogLine, ...]:
    """Return the newest lines first, each with its wall clock time."""
    return tuple(_log_line(seen, entry) for entry in reversed(log[-LOG_LINES:]))


def free_screen(
    chair: ChairView | None, sound_fault: str, *, is_set_up: bool = False
) -> FreeScreen:
    """Return the empty screen; without a chair none is set up, or the station is on its way."""
    sound = sound_item(sound_fault)
    if chair is None and is_set_up:
        return FreeScreen(
            "No chair is set up yet",
            "",
            "Name each chair with its driver and port in settings.toml in the data folder, "
            "as the README shows, and open Vigil again.",
            "",
            sound,
        )
    if chair is None:
        return FreeScreen(
            "Starting", "", "The station is starting; this takes a moment.", "", sound
        )
    device = f"{chair.device_title} at {chair.port}" if chair.port else chair.device_title
    hint = "Press N to start a session."
    return FreeScreen(f"{chair.chair} is free", device, hint, chair.chair, sound)


def stopped_view(stopped_for_s: float, last_clock: str, fault: str) -> StoppedView:
    """Return the words for a lost station; ``last_clock`` is when it was last heard, or ""."""
    since = f"Last news at {last_clock}. " if last_clock else ""
    return StoppedView(
        title="MONITORING STOPPED - restarting",
        detail=(
            f"{since}No value has reached this screen for {clock_text(stopped_for_s)}. "
            "Watch the patient and the bedside monitor."
        ),
        reason=fault and f"{fault.rstrip('.')}.",
    )


def chair_tabs(
    chairs: Sequence[ChairView],
    sessions: dict[str, SessionSnapshot],
    alarms: dict[str, Priority | None],
    current: str,
) -> tuple[ChairTab, ...]:
    """Return the list of chairs; empty when there is only one to look at."""
    if len(chairs) < 2:
        return ()
    return tuple(
        ChairTab(
            chair=view.chair,
            text=_tab_text(view.chair, sessions.get(view.chair), alarms.get(view.chair)),
            key=f"Ctrl+{number}" if number <= 8 else "",
            is_current=view.chair == current,
            alarm=alarms.get(view.chair),
            is_calling=_is_calling(sessions.get(view.chair)),
        )
        for number, view in enumerate(chairs, start=1)
    )


def is_running(snapshot: SessionSnapshot) -> bool:
    """Say whether the session still needs its chair."""
    return snapshot.phase is not Phase.ENDED


def _log_line(seen: Seen, entry: LogEntry) -> LogLine:
    mark = "" if entry.priority is None else f"{MARKS[entry.priority]} "
    return LogLine(f"{seen.label(entry.t_s, '%H:%M:%S')}  {mark}{entry.text}", entry.priority)


def _is_calling(snapshot: SessionSnapshot | None) -> bool:
    return snapshot is not None and flashing(snapshot) is not None


def _tab_text(chair: str, snapshot: SessionSnapshot | None, alarm: Priority | None) -> str:
    phase = "free" if snapshot is None else snapshot.phase.value
    phase = "waiting ?" if snapshot is not None and snapshot.waiting else phase
    mark = "" if alarm is None else f"  {MARKS[alarm]}"
    silenced = "" if snapshot is None else silence_words(snapshot)
    return f"{chair}\n{phase}{mark}" + (f"\n{silenced}" if silenced else "")
