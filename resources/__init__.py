"""Files the program ships beside its code: theme, fonts, sounds, default settings, documents.

Knows only where they are. Must not import any other room.
"""

from pathlib import Path


def path_to(name: str) -> Path:
    """Return the path of a shipped file such as ``"theme/dark.toml"``.

    Raises FileNotFoundError when it is not part of this installation.
    """
    path = Path(__file__).parent / name
    if not path.exists():
        raise FileNotFoundError(path)
    return path
