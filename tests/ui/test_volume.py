"""What the computer does to the sound: read from real answers of pactl, and from a real server."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sound_server import NEEDS_SERVER, pactl, sound_server
from ui.volume import (
    LOST_AFTER_LOOKS,
    UNKNOWN,
    OutputState,
    VolumeWatch,
    from_osascript,
    from_pactl,
    look,
    run_tool,
)

# Answers of pactl 16.1 in the C locale.
VOLUME = (
    "Volume: front-left: {0} /  {1}% / -18.06 dB,   front-right: {2} /   {3}% / -inf dB\n"
    "        balance 0.00\n"
)


@pytest.mark.parametrize(
    ("mute", "volume", "muted", "percent", "fault"),
    [
        ("Mute: no\n", VOLUME.format(32768, 50, 32768, 50), False, 50, ""),
        ("Mute: yes\n", VOLUME.format(65536, 100, 65536, 100), True, 100, "muted"),
        ("Mute: no\n", VOLUME.format(0, 0, 0, 0), False, 0, "0 %"),
        ("Mute: no\n", VOLUME.format(0, 0, 65536, 100), False, 100, ""),
        ("Mute: no\n", VOLUME.format(6553, 10, 6553, 10), False, 10, ""),
        ("Mute: no\n", VOLUME.format(5898, 9, 5898, 9), False, 9, "9 %"),
        ("Mute: no\n", "Volume: mono: 13107 /  20% / -41.94 dB\n", False, 20, ""),
        ("", "", None, None, ""),
        ("Stumm: ja\n", "?\n", None, None, ""),
    ],
)
def test_the_answers_of_pactl_are_read(
    mute: str, volume: str, muted: bool | None, percent: int | None, fault: str
) -> None:
    state = from_pactl("alsa_output.analog-stereo\n", mute, volume)
    assert state == OutputState("alsa_output.analog-stereo", muted, percent)
    assert bool(state.fault) == bool(fault)
    assert fault in state.fault


@pytest.mark.parametrize("name", ["(null)", "auto_null"])
def test_no_output_is_a_fault(name: str) -> None:
    assert from_pactl(f"{name}\n", "", "").fault == "no audio output"


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        (
            "output volume:44, input volume:75, alert volume:100, output muted:false\n",
            OutputState("", is_muted=False, percent=44),
        ),
        (
            "output volume:0, input volume:75, alert volume:100, output muted:true\n",
            OutputState("", is_muted=True, percent=0),
        ),
        ("output volume:missing value, output muted:missing value\n", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_the_answer_of_macos_is_read(settings: str, state: OutputState) -> None:
    assert from_osascript(settings) == state


SPEAKER = {
    "pactl get-default-sink": "speaker\n",
    "pactl get-sink-mute speaker": "Mute: no\n",
    "pactl get-sink-volume speaker": VOLUME.format(32768, 50, 32768, 50),
    "osascript -e get volume settings": "output volume:44, output muted:false",
}


@pytest.mark.parametrize(
    ("platform", "state"),
    [
        ("linux", OutputState("speaker", is_muted=False, percent=50)),
        ("darwin", OutputState("", is_muted=False, percent=44)),
        ("win32", UNKNOWN),
    ],
)
def test_every_system_is_asked_in_its_own_way(platform: str, state: OutputState) -> None:
    assert look(lambda words: look_up(SPEAKER, words), platform) == state


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_without_the_tool_nothing_is_claimed(platform: str) -> None:
    state = look(lambda _words: "", platform)
    assert state == UNKNOWN
    assert state.fault == ""


def test_a_sound_system_that_answered_once_and_never_again_is_a_fault() -> None:
    answers = dict(SPEAKER)
    watch = VolumeWatch(lambda words: look_up(answers, words), "linux")
    watch.look()
    answers.clear()
    for _ in range(LOST_AFTER_LOOKS - 1):
        watch.look()
        assert watch.state.fault == ""
    watch.look()
    assert "does not answer" in watch.state.fault
    answers.update(SPEAKER)
    watch.look()
    assert watch.state.fault == ""


def look_up(answers: Mapping[str, str], words: tuple[str, ...]) -> str:
    return answers.get(" ".join(words), "")


def test_a_sound_system_that_never_answered_is_no_fault() -> None:
    watch = VolumeWatch(lambda _words: "", "linux")
    for _ in range(10 * LOST_AFTER_LOOKS):
        watch.look()
    assert watch.state.fault == ""


def test_a_thread_looks_while_it_is_asked_to() -> None:
    looked = threading.Event()

    def run(words: tuple[str, ...]) -> str:
        looked.set()
        return look_up(SPEAKER, words)

    with VolumeWatch(run, "linux").watching():
        assert looked.wait(30)
    assert not [one for one in threading.enumerate() if one.name == "volume"]


def test_a_tool_that_is_missing_fails_or_speaks_no_text_says_nothing(tmp_path: Path) -> None:
    assert run_tool((str(tmp_path / "gone"),)) == ""
    if os.name != "nt":
        assert run_tool(("false",)) == ""
        assert run_tool(("printf", r"Mute: \377")) == "Mute: \ufffd"


# ---- a real server


@NEEDS_SERVER
def test_a_real_server_that_is_muted_turned_down_or_without_outputs_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = VolumeWatch()

    def seen() -> OutputState:
        watch.look()
        return watch.state

    with sound_server(tmp_path) as found:
        monkeypatch.setattr(os, "environ", dict(found))
        assert seen() == OutputState("room_speaker", is_muted=False, percent=100)
        pactl(found, "set-sink-mute", "room_speaker", "1")
        assert "muted" in seen().fault
        pactl(found, "set-sink-mute", "room_speaker", "0")
        assert seen().fault == ""
        pactl(found, "set-sink-volume", "room_speaker", "0%")
        assert "0 %" in seen().fault
        pactl(found, "set-default-sink", "headphones")
        assert seen() == OutputState("headphones", is_muted=False, percent=100)
        pactl(found, "unload-module", "module-null-sink")
        assert seen().fault == "no audio output"
