"""One sound at a time: the worst wins, a worse one interrupts, and a fault is a sentence."""

import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor import standin
from monitor.alarms.priority import Priority
from monitor.standin import remove_standin
from tests.ui.fixtures import FakeSounder
from ui import sound
from ui.sound import AlarmSound, Loudspeaker

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def played(
    wanted: list[tuple[float, Priority | None]], until_s: float
) -> list[tuple[float, Priority]]:
    """Return when what was played, when the wanted priority changes at the given times."""
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    heard: list[tuple[float, Priority]] = []
    for tenth in range(round(until_s * 10)):
        now = tenth / 10
        current = [priority for at, priority in wanted if at <= now][-1]
        alarms.update(current, now)
        heard += [(now, priority) for priority in sounder.played[len(heard) :]]
    return heard


@pytest.mark.parametrize(("priority", "period"), [(HIGH, 8.3), (MEDIUM, 16.0), (LOW, 30.6)])
def test_a_burst_repeats_after_its_pause(priority: Priority, period: float) -> None:
    times = [at for at, _ in played([(0, priority)], 40)]
    assert times[1] - times[0] == pytest.approx(period, abs=0.11)


def test_a_worse_alarm_interrupts_at_once() -> None:
    assert played([(0, MEDIUM), (0.5, HIGH)], 2) == [(0, MEDIUM), (0.5, HIGH)]


def test_a_lesser_alarm_waits_for_the_end_of_the_burst() -> None:
    assert played([(0, HIGH), (1, LOW)], 5) == [(0, HIGH), (3.3, LOW)]


def test_silence_when_nothing_sounds() -> None:
    assert played([(0, None)], 5) == []


def test_a_new_alarm_after_quiet_is_heard_at_once_and_not_after_the_pause() -> None:
    assert played([(0, HIGH), (4, None), (4.5, HIGH)], 6) == [(0, HIGH), (4.5, HIGH)]


def test_acknowledging_cuts_the_burst_and_it_comes_back_when_nobody_heard_the_acknowledgement() -> (
    None
):
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    alarms.update(HIGH, 0.0)
    alarms.hush(0.5)
    assert sounder.stops == 1
    alarms.update(HIGH, 1.0)
    assert sounder.played == [HIGH]
    alarms.update(HIGH, 1.6)
    assert sounder.played == [HIGH, HIGH]


def test_a_worse_alarm_breaks_through_an_acknowledgement() -> None:
    sounder = FakeSounder()
    alarms = AlarmSound(sounder)
    alarms.update(MEDIUM, 0.0)
    alarms.hush(0.1)
    alarms.update(HIGH, 0.2)
    assert sounder.played == [MEDIUM, HIGH]


def test_a_sound_system_that_cannot_be_imported_is_a_sentence_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    speaker = Loudspeaker(tmp_path / "sounds")
    assert "cannot be used" in speaker.fault
    speaker.play(HIGH)
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
        def defaultAudioOutput() -> str:  # noqa: N802 - Qt's name
            return "speaker"

    module = SimpleNamespace(QMediaDevices=Devices, QSoundEffect=multimedia.QSoundEffect)
    monkeypatch.setattr(sound, "_multimedia", lambda: module)
    return multimedia


def test_an_output_that_is_pulled_out_and_put_back_is_noticed(
    fake: FakeMultimedia, tmp_path: Path
) -> None:
    speaker = Loudspeaker(tmp_path)
    assert speaker.fault == ""
    fake.outputs = []
    fake.changed.slots[0]()
    assert speaker.fault == "no audio output"
    speaker.play(HIGH)
    assert fake.plays == 0
    fake.outputs = [b"headphones"]
    fake.changed.slots[0]()
    assert speaker.fault == ""


def test_an_output_that_swallows_every_sound_is_none(fake: FakeMultimedia, tmp_path: Path) -> None:
    fake.outputs = [b"auto_null"]
    assert Loudspeaker(tmp_path).fault == "no audio output"


def test_a_burst_that_never_ends_was_not_heard(fake: FakeMultimedia, tmp_path: Path) -> None:
    now = [0.0]
    speaker = Loudspeaker(tmp_path, lambda: now[0])
    fake.hangs = True
    speaker.play(HIGH)
    now[0] = 7.0
    assert speaker.fault == ""
    now[0] = 7.5
    assert speaker.fault == "the alarm sound does not come out"
    fake.hangs = False
    speaker.play(HIGH)
    now[0] = 16.0
    assert speaker.fault == ""


def test_on_a_disk_that_takes_no_file_alarms_are_heard_all_the_same(
    fake: FakeMultimedia, tmp_path: Path
) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    speaker = Loudspeaker(taken)
    assert speaker.fault == ""
    speaker.play(HIGH)
    assert fake.plays == 1
    for priority in Priority:
        remove_standin(taken, f"alarm_{priority.word}.wav")


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
