"""Gives the station its second voice: the sound files, a player of the system, and the siren.

Wires; decides nothing. Must not import Qt.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from monitor.news import Board
from monitor.players import player_here
from monitor.siren import Burst, Heard, Player, Siren
from ui.bursts import RECIPES, Tone, tone_of
from ui.sound_files import FOLDER, sound_files
from ui.voice import note

NO_PLAYER = (
    "vigil: no second voice: this computer has no program that plays a sound (paplay, pw-play or"
    " aplay). If the window hangs, no alarm is heard."
)


@contextlib.contextmanager
def second_voice(
    folder: Path, board: Board, find_player: Callable[[], Player | None] = player_here
) -> Iterator[Siren | None]:
    """Watch over what the desktops sound; None where nothing can play a sound, which is said."""
    player = find_player()
    files = _files(folder)
    if player is None or files is None:
        note(NO_PLAYER if player is None else "vigil: no second voice: no folder takes its sounds.")
        yield None
        return
    siren = Siren(
        lambda heard: _burst(files, heard),
        lambda: [published.snapshot for published in board.newest()],
        player,
    )
    with siren.watching():
        yield siren


def _files(folder: Path) -> dict[Tone, Path] | None:
    try:
        return sound_files(folder / FOLDER)
    except OSError:
        return None


def _burst(files: dict[Tone, Path], heard: Heard) -> Burst:
    tone = tone_of(heard.priority, is_escalated=heard.is_escalated)
    recipe = RECIPES[tone]
    return Burst(files[tone], recipe.burst_s, recipe.pause_s)
