"""The loudspeaker: outputs come and go, and a fault is a sentence."""

import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor import standin
from monitor.standin import remove_standin
from ui import loudspeaker
from ui.bursts import Tone
from ui.loudspeaker import Loudspeaker


def test_a_sound_system_that_cannot_be_imported_is_a_sentence_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    speaker = Loudspeaker(tmp_path / "sounds")
    assert "cannot be used" in speaker.fault
    speaker.play(Tone.HIGH)
    speaker.stop()


class FakeSignal:
    def __init__(self) -> None:
        self.slots: list[Callable[[], None]] = []

    def connect(self, slot: Callable[[], None]) -> None:
        self.slots.append(slot)


class FakeMultimedia:
    """Stands for QtMultimedia: outputs that come and go, and a server that may hang."""

    def __init__(self) -> None:
        self.outputs = [b"speaker"]
        self.hangs = False
        self.changed = FakeSignal()
        self.plays = 0

    def QSoundEffect(self, _output: str) -> "FakeEffect":  # noqa: N802 - Qt's name
        return FakeEffect(self)


class FakeEffect:
    class Status(Enum):
        READY = 1
        Error = 2

    def __init__(self, multimedia: FakeMultimedia) -> None:
        self._multimedia = multimedia

    def play(self) -> None:
        self._multimedia.plays += 1

    def isPlaying(self) -> bool:  # noqa: N802 - Qt's name
        return self._multimedia.hangs

    def status(self) -> Status:
        return self.Status.READY

    def volume(self) -> float:
        return 1.0

    def isMuted(self) -> bool:  # noqa: N802 - Qt's name
        return False

    def stop(self) -> None: ...

    def setSource(self, _url: object) -> None: ...  # noqa: N802 - Qt's name

    def setVolume(self, _volume: float) -> None: ...  # noqa: N802 - Qt's name


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeMultimedia:
    multimedia = FakeMultimedia()

    class Devices:
        audioOutputsChanged = multimedia.changed  # noqa: N815 - Qt's name

        @staticmethod
        def audioOutputs() -> list[SimpleNamespace]:  # noqa: N802 - Qt's name
            return [SimpleNamespace(id=lambda name=name: name) for name in multimedia.outputs]

        @staticmethod
        def defaultAudioOutput() -> SimpleNamespace:  # noqa: N802 - Qt's name
            return SimpleNamespace(id=lambda: multimedia.outputs[0])

    module = SimpleNamespace(QMediaDevices=Devices, QSoundEffect=multimedia.QSoundEffect)
    monkeypatch.setattr(loudspeaker, "_multimedia", lambda: module)
    return multimedia


def test_an_output_that_is_pulled_out_and_put_back_is_noticed(
    fake: FakeMultimedia, tmp_path: Path
) -> None:
    speaker = Loudspeaker(tmp_path)
    assert speaker.fault == ""
    assert speaker.output == "speaker"
    fake.outputs = []
    fake.changed.slots[0]()
    assert speaker.fault == "no audio output"
    speaker.play(Tone.HIGH)
    assert fake.plays == 0
    assert speaker.output == ""
    fake.outputs = [b"headphones"]
    fake.changed.slots[0]()
    assert speaker.fault == ""
    assert speaker.output == "headphones"


def test_an_output_that_swallows_every_sound_is_none(fake: FakeMultimedia, tmp_path: Path) -> None:
    fake.outputs = [b"auto_null"]
    assert Loudspeaker(tmp_path).fault == "no audio output"


def test_a_burst_that_never_ends_was_not_heard(fake: FakeMultimedia, tmp_path: Path) -> None:
    now = [0.0]
    speaker = Loudspeaker(tmp_path, lambda: now[0])
    fake.hangs = True
    speaker.play(Tone.HIGH)
    now[0] = 7.0
    assert speaker.fault == ""
    now[0] = 7.5
    assert speaker.fault == "the alarm sound does not come out"
    fake.hangs = False
    speaker.play(Tone.HIGH)
    now[0] = 16.0
    assert speaker.fault == ""


def test_on_a_disk_that_takes_no_file_alarms_are_heard_all_the_same(
    fake: FakeMultimedia, tmp_path: Path
) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    speaker = Loudspeaker(taken)
    assert speaker.fault == ""
    speaker.play(Tone.HIGH)
    assert fake.plays == 1
    for tone in Tone:
        remove_standin(taken, f"{tone}.wav")


def test_files_that_are_there_already_need_not_be_written(
    fake: FakeMultimedia, tmp_path: Path
) -> None:
    Loudspeaker(tmp_path)
    written = (tmp_path / "alarm_high.wav").stat().st_mtime_ns
    assert Loudspeaker(tmp_path).fault == ""
    assert (tmp_path / "alarm_high.wav").stat().st_mtime_ns == written


def test_where_no_folder_takes_a_file_it_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    monkeypatch.setattr(standin, "standins", lambda _folder: ())
    assert "cannot be used" in Loudspeaker(taken).fault
