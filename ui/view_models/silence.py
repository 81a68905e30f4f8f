"""What people have silenced at a chair, in words: sound paused or off, alarms off, by whom and why.

Knows the states of clinical.md 1.5 and their symbols by name. Must not know Qt. Nothing here wears
an alarm's colour or flashes: it is no alarm (clinical.md 1.2).
"""

from dataclasses import dataclass
from enum import StrEnum

from monitor.snapshot import AudioState, SessionSnapshot
from ui.view_models.seen import Seen
from ui.view_models.words import clock_text


class Symbol(StrEnum):
    """A symbol of IEC 60417: with a dashed cross until a time, with a solid one until changed."""

    AUDIO_PAUSED = "bell, dashed cross"
    AUDIO_OFF = "bell, cross"
    ALARM_OFF = "triangle, cross"


@dataclass(frozen=True, slots=True)
class SilenceLine:
    """One line of the banner; ``key`` and ``action`` end the state. ``is_timed``: it ends alone."""

    symbol: Symbol
    headline: str
    detail: str
    action: str
    key: str

    @property
    def sentence(self) -> str:
        """The line as a screen reader says it."""
        return f"{self.headline}. {self.detail}" if self.detail else self.headline


def silence_lines(seen: Seen) -> tuple[SilenceLine, ...]:
    """Return what is silenced in a session, the sound first."""
    lines = (_audio(seen), _alarms_off(seen))
    return tuple(line for line in lines if line is not None)


def silence_words(snapshot: SessionSnapshot) -> str:
    """Return the same in two words, for the list of chairs; "" when nothing is silenced."""
    if snapshot.audio.state is AudioState.OFF:
        return "SOUND OFF"
    if snapshot.alarms_off:
        return "ALARM OFF"
    return "sound paused" if snapshot.audio.state is AudioState.PAUSED else ""


def _audio(seen: Seen) -> SilenceLine | None:
    audio = seen.snapshot.audio
    match audio.state:
        case AudioState.ON:
            return None
        case AudioState.PAUSED:
            left = "" if audio.until_s is None else f" {clock_text(audio.until_s - seen.now_s)}"
            return SilenceLine(
                Symbol.AUDIO_PAUSED,
                f"Sound paused{left}",
                _joined(_by(audio.by), "a new high alarm ends the pause"),
                "Sound on",
                "P",
            )
        case AudioState.OFF:
            since = f"since {seen.label(audio.since_s)}"
            detail = _joined(since, _by(audio.by), audio.reason)
            return SilenceLine(Symbol.AUDIO_OFF, "SOUND OFF", detail, "Sound on", "Ctrl+O")


def _alarms_off(seen: Seen) -> SilenceLine | None:
    off = seen.snapshot.alarms_off
    if not off:
        return None
    each = (
        f"{one.words} ({_joined(f'since {seen.label(one.since_s)}', _by(one.by), one.reason)})"
        for one in off
    )
    headline = "ALARM OFF" if len(off) == 1 else f"{len(off)} ALARMS OFF"
    return SilenceLine(Symbol.ALARM_OFF, headline, "  |  ".join(each), "Alarms off", "Ctrl+D")


def _by(name: str) -> str:
    return f"by {name}" if name else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
