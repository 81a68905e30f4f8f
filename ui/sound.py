"""Makes alarms heard: which burst when, and the loudspeaker through QtMultimedia.

Knows priorities and bursts; a fault is a sentence, never an exception. Decides no alarm.
"""

import importlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QLoggingCategory, QUrl

from monitor.alarms.priority import Priority
from monitor.standin import make_standin, write_standin
from ui.bursts import RECIPES, wav_bytes

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

VOLUME = 1.0
HUSH_S = 1.0
"""How long an acknowledgement may be on its way before the same alarm is heard again."""


DUMMY_OUTPUTS = (b"auto_null",)
"""What PulseAudio and PipeWire offer when there is no real output: it swallows every sound."""
BURST_IS_STUCK_AFTER_S = 4.0
"""Latency of a sound server allowed after the end of a burst; less than the shortest pause."""


class Sounder(Protocol):
    """Something that can play one burst at a time."""

    @property
    def fault(self) -> str:
        """Why alarms cannot be heard, or ""."""

    def play(self, priority: Priority) -> None:
        """Begin the burst of this priority; never raises."""

    def stop(self) -> None:
        """Fall silent at once; never raises."""


class AlarmSound:
    """Repeats the burst of the worst sounding alarm; a worse one interrupts, a lesser one waits."""

    def __init__(self, sounder: Sounder) -> None:
        self._sounder = sounder
        self._playing: Priority | None = None
        self._burst_over_s = 0.0
        self._again_s = 0.0
        self._hushed: tuple[Priority, float] | None = None

    def update(self, wanted: Priority | None, now_s: float) -> None:
        """Play what is due at ``now_s``; a burst under way ends by itself (clinical brief 1.5)."""
        if wanted is None:
            self._again_s = self._burst_over_s
        elif not self._is_hushed(wanted, now_s) and self._is_due(wanted, now_s):
            self._begin(wanted, now_s)

    def hush(self, now_s: float) -> None:
        """Cut the burst under way: somebody has acknowledged, the station will say so soon."""
        self._sounder.stop()
        if self._playing is not None:
            self._hushed = (self._playing, now_s + HUSH_S)
        self._playing = None
        self._again_s = self._burst_over_s = now_s

    def _is_hushed(self, wanted: Priority, now_s: float) -> bool:
        return self._hushed is not None and wanted <= self._hushed[0] and now_s < self._hushed[1]

    def _is_due(self, wanted: Priority, now_s: float) -> bool:
        if self._playing is None or wanted > self._playing:
            return True
        return now_s >= (self._again_s if wanted is self._playing else self._burst_over_s)

    def _begin(self, priority: Priority, now_s: float) -> None:
        if self._playing is not None:
            self._sounder.stop()
        recipe = RECIPES[priority]
        self._playing = priority
        self._burst_over_s = now_s + recipe.burst_s
        self._again_s = self._burst_over_s + recipe.pause_s
        self._sounder.play(priority)


class Loudspeaker:
    """Plays bursts on the computer's default output; follows it when it changes.

    ``folder`` takes the generated WAV files. Qt does not report that the last output of PulseAudio
    is gone (seen with 6.11.3), so a burst that never ends is a fault too. A volume set to zero
    outside this program cannot be seen from here.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._begun: tuple[Priority, float] | None = None
        self._fault_of_playing = ""
        self._effects: dict[Priority, QSoundEffect] = {}
        self._devices: QMediaDevices | None = None
        self._files: dict[Priority, Path] = {}
        self._fault = _guarded(lambda: self._prepare(folder))

    @property
    def fault(self) -> str:
        """Why alarms cannot be heard, or ""."""
        self._check_the_burst()
        return self._fault or self._fault_of_effects() or self._fault_of_playing

    def play(self, priority: Priority) -> None:
        """Begin the burst of this priority."""
        if priority in self._effects:
            self._begun = (priority, self._now())
            self._effects[priority].play()

    def stop(self) -> None:
        """Fall silent at once."""
        self._begun = None
        for effect in self._effects.values():
            effect.stop()

    def _prepare(self, folder: Path) -> str:
        for priority in Priority:
            name = f"alarm_{priority.word}.wav"
            self._files[priority] = _file_with(folder, name, wav_bytes(priority))
        devices: QMediaDevices = _multimedia().QMediaDevices()
        devices.audioOutputsChanged.connect(self._on_outputs_changed)
        self._devices = devices
        return self._load_effects()

    def _on_outputs_changed(self) -> None:
        self._fault = _guarded(self._load_effects)

    def _load_effects(self) -> str:
        multimedia = _multimedia()
        self.stop()
        self._effects.clear()
        outputs = multimedia.QMediaDevices.audioOutputs()
        if all(bytes(output.id()) in DUMMY_OUTPUTS for output in outputs):
            return "no audio output"
        for priority, file in self._files.items():
            effect: QSoundEffect = multimedia.QSoundEffect(
                multimedia.QMediaDevices.defaultAudioOutput()
            )
            effect.setSource(QUrl.fromLocalFile(str(file)))
            effect.setVolume(VOLUME)
            self._effects[priority] = effect
        return ""

    def _check_the_burst(self) -> None:
        """See whether the last burst came to its end: one that hangs was not heard."""
        if self._begun is None:
            return
        priority, begun_s = self._begun
        if self._now() - begun_s < RECIPES[priority].burst_s + BURST_IS_STUCK_AFTER_S:
            return
        is_stuck = priority in self._effects and self._effects[priority].isPlaying()
        self._begun = None
        self._fault_of_playing = "the alarm sound does not come out" if is_stuck else ""
        if is_stuck:
            self._on_outputs_changed()

    def _fault_of_effects(self) -> str:
        for effect in self._effects.values():
            if effect.status() == type(effect).Status.Error:
                return "the alarm sound cannot be played"
            if effect.volume() <= 0.0 or effect.isMuted():
                return "the volume of the alarm sound is zero"
        return ""


def _file_with(folder: Path, name: str, data: bytes) -> Path:
    """Return a file that holds these bytes; on a disk that takes none, one in a stand-in."""
    path = folder / name
    try:
        if not path.exists() or path.read_bytes() != data:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError:
        write_standin(folder, name, data)
        return make_standin(folder) / name
    return path


def _multimedia() -> Any:
    """Import QtMultimedia late: without libpulse that fails (architecture, fact 2)."""
    # Qt tries PipeWire first and complains on the terminal where there is none.
    QLoggingCategory.setFilterRules("qt.multimedia.symbolsresolver*=false")
    return importlib.import_module("PySide6.QtMultimedia")


def _guarded(prepare: Callable[[], str]) -> str:
    """Return the fault that ``prepare`` finds; what it throws is a fault too."""
    try:
        return prepare()
    except (ImportError, OSError, RuntimeError) as error:
        return f"the sound system cannot be used ({str(error) or type(error).__name__})"
