"""The folder in which alarm profiles are edited: what lies there and is not what was approved.

Knows files and the profiles in force. Must not know who approves. Nothing here changes a limit.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from monitor.alarms.approval import proposed
from monitor.alarms.profile import SHIPPED, profile_text
from monitor.alarms.profile_choice import Choice
from monitor.errors import OperatorError
from resources import path_to

FOLDER = "profiles"
"""In the data folder."""
MOST_FILES = 50
"""So many are looked at; a clinic has a handful."""
_PREFIX = "alarm profile "


def folder_faults(data: Path, choice: Choice, approved: Collection[str]) -> tuple[str, ...]:
    """Return a sentence, without full stop, for each file that is broken or not approved.

    ``approved`` are all texts that were ever approved: an old one beside the new one is no fault.
    """
    try:
        files = sorted((data / FOLDER).glob("*.toml"))
    except OSError as error:
        return (f"The folder {FOLDER} cannot be read ({error.strerror})",)
    known = {*map(_as_compared, approved), *_shipped_texts()}
    return tuple(fault for file in files[:MOST_FILES] for fault in _faults_of(file, choice, known))


def _faults_of(file: Path, choice: Choice, known: Collection[str]) -> Iterator[str]:
    try:
        text = profile_text(file)
        if _as_compared(text) in known:
            return
        profile = proposed(text, file.name)
    except OperatorError as fault:
        yield f"{fault.what.removeprefix(_PREFIX)}; {_stays(choice, '')}"
        return
    yield f"{file.name}: {profile.title} is not approved; {_stays(choice, profile.name)}"


def _stays(choice: Choice, name: str) -> str:
    """Say what is in force meanwhile: of the same name, else the standard."""
    return f"{(choice.named(name) or choice.standard).title} stays in force"


def _as_compared(text: str) -> str:
    """Return a text with its line ends alike: an editor that changes them changes no limit."""
    return text.replace("\r\n", "\n").strip()


def _shipped_texts() -> Iterator[str]:
    for name in SHIPPED:
        yield _as_compared(path_to(f"defaults/{name}.toml").read_text(encoding="utf-8"))
