"""The sound of one session's alarms paused or off, and single alarms switched off.

Knows the states of IEC 60601-1-8 (clinical brief 1.5). Must not know who may switch, or where it
is recorded. Pictures never change with it: only ALARM OFF takes an alarm from the screen.
"""

from collections.abc import Iterable
from dataclasses import replace

from monitor.alarms.priority import Priority
from monitor.alarms.watch import Transition
from monitor.snapshot import AlarmOffView, AlarmState, AudioState, AudioView

PAUSE_S = 120.0
"""AUDIO PAUSED (clinical brief 1.5: a typical cap, ISO 80601-2-12 and -2-61)."""
BROKEN = "a new high alarm"
TIME_OVER = "time over"


class Silence:
    """What people have silenced in one session, and until when."""

    def __init__(self) -> None:
        self.audio = AudioView()
        self._off: dict[str, AlarmOffView] = {}

    def set_audio(self, audio: AudioView) -> None:
        """The sound of all alarms is like this from now on."""
        self.audio = audio

    def end_pause(self, t: float) -> None:
        """No pause lasts beyond second ``t``; an AUDIO OFF goes on."""
        if self.audio.state is AudioState.PAUSED:
            self.audio = replace(self.audio, until_s=t)

    def switch_off(self, alarm: AlarmOffView) -> None:
        """One rule neither sounds nor flashes any more."""
        self._off[alarm.rule] = alarm

    def switch_on(self, rule: str) -> None:
        """A rule is announced again."""
        self._off.pop(rule, None)

    @property
    def alarms_off(self) -> tuple[AlarmOffView, ...]:
        """The rules that are switched off."""
        return tuple(self._off.values())

    def is_off(self, rule: str) -> bool:
        """Whether a rule is switched off."""
        return rule in self._off

    def is_silent(self, t: float) -> bool:
        """Whether alarms make no sound at second ``t``."""
        match self.audio.state:
            case AudioState.PAUSED:
                return self.audio.until_s is not None and t < self.audio.until_s
            case state:
                return state is AudioState.OFF

    def ends(self, t: float, changes: Iterable[Transition]) -> str:
        """Say why a pause is over at second ``t``, after these changes; "" when it is not."""
        if self.audio.state is not AudioState.PAUSED:
            return ""
        if any(_is_new_high(change) for change in changes):
            return BROKEN
        return "" if self.is_silent(t) else TIME_OVER


def _is_new_high(change: Transition) -> bool:
    is_new = change.new is AlarmState.SOUNDING and change.old is not AlarmState.ACKNOWLEDGED
    return is_new and change.priority is Priority.HIGH
