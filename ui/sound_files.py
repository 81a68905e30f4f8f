"""The alarm sounds as files, for the desktop's loudspeaker and for the station's second voice.

Knows where they lie and that a disk may take none. Must not know Qt, nor who plays them.
"""

import contextlib
import os
from pathlib import Path

from monitor.standin import make_standin, write_standin
from ui.bursts import Tone, wav_bytes

FOLDER = "sounds"
"""Within the data folder."""


def sound_files(folder: Path) -> dict[Tone, Path]:
    """Return a file of every tone, written unless it is there. Raises OSError when none can be."""
    return {tone: file_with(folder, f"{tone}.wav", wav_bytes(tone)) for tone in Tone}


def file_with(folder: Path, name: str, data: bytes) -> Path:
    """Return a file that holds these bytes; on a disk that takes none, one in a stand-in.

    Two processes may write it at once and a third may read it: it is always whole.
    """
    path = folder / name
    try:
        if not path.exists() or path.read_bytes() != data:
            folder.mkdir(parents=True, exist_ok=True)
            _replace(path, data)
    except OSError:
        write_standin(folder, name, data)
        return make_standin(folder) / name
    return path


def _replace(path: Path, data: bytes) -> None:
    half_done = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        half_done.write_bytes(data)
        half_done.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            half_done.unlink()
        raise
