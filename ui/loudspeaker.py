"""The loudspeaker through QtMultimedia: it plays tones on the default output and follows it.

Knows outputs and files; a fault is a sentence, never an exception. Decides nothing.
"""

import importlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLoggingCategory, QUrl

from ui.bursts import RECIPES, Tone
from ui.sound_files import sound_files

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

VOLUME = 1.0
DUMMY_OUTPUTS = (b"auto_null",)
"""What PulseAudio and PipeWire offer when there is no real output: it swallows every sound."""
BURST_IS_STUCK_AFTER_S = 4.0
"""Latency of a sound server allowed after the end of a burst; less than the shortest pause."""


class Loudspeaker:
    """Plays tones on the computer's default output; follows it when it changes.

    ``folder`` takes the generated WAV files. Qt does not report that the last output of PulseAudio
    is gone (seen with 6.11.3), so a burst that never ends is a fault too. A volume set to zero
    outside this program is seen by volume.py, not here.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._begun: tuple[Tone, float] | None = None
        self._fault_of_playing = ""
        self._effects: dict[Tone, QSoundEffect] = {}
        self._devices: QMediaDevices | None = None
        self._files: dict[Tone, Path] = {}
        self.output = ""
        self._fault = _guarded(lambda: self._prepare(folder))

    @property
    def fault(self) -> str:
        """Why alarms cannot be heard, or ""."""
        self._check_the_burst()
        return self._fault or self._fault_of_effects() or self._fault_of_playing

    def play(self, tone: Tone) -> None:
        """Begin this tone."""
        if tone in self._effects:
            self._begun = (tone, self._now())
            self._effects[tone].play()

    def stop(self) -> None:
        """Fall silent at once."""
        self._begun = None
        for effect in self._effects.values():
            effect.stop()

    def _prepare(self, folder: Path) -> str:
        self._files = sound_files(folder)
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
        self.output = ""
        outputs = multimedia.QMediaDevices.audioOutputs()
        if all(bytes(output.id()) in DUMMY_OUTPUTS for output in outputs):
            return "no audio output"
        output = multimedia.QMediaDevices.defaultAudioOutput()
        self.output = bytes(output.id()).decode(errors="replace")
        for tone, file in self._files.items():
            effect: QSoundEffect = multimedia.QSoundEffect(output)
            effect.setSource(QUrl.fromLocalFile(str(file)))
            effect.setVolume(VOLUME)
            self._effects[tone] = effect
        return ""

    def _check_the_burst(self) -> None:
        """See whether the last burst came to its end: one that hangs was not heard."""
        if self._begun is None:
            return
        tone, begun_s = self._begun
        if self._now() - begun_s < RECIPES[tone].burst_s + BURST_IS_STUCK_AFTER_S:
            return
        is_stuck = tone in self._effects and self._effects[tone].isPlaying()
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
