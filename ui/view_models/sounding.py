"""What should be heard at this desktop now, over all chairs.

Knows pictures of sessions. Must not know Qt, tones or time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.alarms.priority import Priority
from monitor.snapshot import AudioState, SessionSnapshot


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be heard. ``is_escalated``: a HIGH that nobody answers.

    ``is_reminding``: an alarm or its sound is off somewhere (clinical brief 1.5, reminder signal).
    """

    priority: Priority | None = None
    is_escalated: bool = False
    is_reminding: bool = False
    has_session: bool = False


def wanted_sound(running: Iterable[SessionSnapshot], *, is_desktop_alarm: bool) -> Wanted:
    """Return what the running sessions ask for; ``is_desktop_alarm``: this desktop's own HIGH."""
    sessions = tuple(running)
    heard = [alarm for one in sessions for alarm in one.alarms if alarm.is_heard]
    own = [Priority.HIGH] if is_desktop_alarm else []
    priority = max([*own, *(alarm.priority for alarm in heard)], default=None)
    return Wanted(
        priority,
        any(alarm.is_escalated for alarm in heard if alarm.priority is priority),
        any(one.audio.state is AudioState.OFF or one.alarms_off for one in sessions),
        bool(sessions),
    )
