"""A real PulseAudio for tests, with two outputs that count as real and that nobody hears.

Knows its programs. Must not know ours.
"""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

STARTS_WITHIN_S = 20.0
HAS_SERVER = bool(shutil.which("pulseaudio") and shutil.which("pactl"))
NEEDS_SERVER = pytest.mark.skipif(not HAS_SERVER, reason="there is no PulseAudio here")


def environment(folder: Path) -> dict[str, str]:
    """Return what a program needs to find the server that lives in this folder, and no other."""
    names = ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH")
    others = {name: value for name, value in os.environ.items() if name != "PULSE_SERVER"}
    return others | dict.fromkeys(names, str(folder))


@contextlib.contextmanager
def sound_server(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run a server while this lasts; gives the environment in which it is found."""
    script = folder / "start.pa"
    script.write_text(
        "load-module module-null-sink sink_name=room_speaker\n"
        "load-module module-null-sink sink_name=headphones\n"
        "set-default-sink room_speaker\n"
        "load-module module-native-protocol-unix\n"
    )
    found = environment(folder)
    words = ["pulseaudio", "-n", "-F", str(script), "--exit-idle-time=-1", "--daemonize=no"]
    process = subprocess.Popen(
        words, env=found, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + STARTS_WITHIN_S
        while pactl(found, "get-default-sink").strip() != "room_speaker":
            assert time.monotonic() < end
            time.sleep(0.05)
        yield found
    finally:
        process.kill()
        process.wait(10)


def pactl(found: Mapping[str, str], *words: str) -> str:
    """Return what pactl says, "" when it fails."""
    done = subprocess.run(
        ["pactl", *words], env=dict(found), capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else ""
