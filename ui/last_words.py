"""Why a station ended: its exit code and what it wrote last, as a sentence for the screen.

Knows the station's log. Must not know how a station is started.
"""

import shutil
from pathlib import Path

from monitor.errors import OperatorError

LONGEST_SENTENCE = 300
TAIL_BYTES = 4000
MENDABLE = 2
"""Exit code of what a person can mend (contracts.md): its last line is a sentence for people."""
FULL_BELOW_BYTES = 64 * 1024
VOICE = "vigil: "


def why_it_ended(code: int, log: Path, began_at: int) -> OperatorError | None:
    """Return why a station with this exit code ended, None when it did so on purpose.

    ``began_at``: where in the log its own words begin, in bytes.
    """
    if code == 0:
        return None
    said = _last_sentence(log, began_at) if code == MENDABLE else ""
    if said:
        return OperatorError("The station ends as soon as it starts", said)
    if _is_full(log.parent):
        return OperatorError(
            "The station ends again and again", "the disk is full, make room on it"
        )
    how = f"exit code {code}" if code > 0 else f"signal {-code}"
    return OperatorError(f"The station ended ({how})", f"its last words are in {log}")


def _last_sentence(log: Path, began_at: int) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(began_at, log.stat().st_size - TAIL_BYTES))
            lines = file.read(TAIL_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    said = [line.removeprefix(VOICE) for line in lines if line.startswith(VOICE)]
    return said[-1].rstrip(".")[:LONGEST_SENTENCE] if said else ""


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < FULL_BELOW_BYTES
    except OSError:
        return False
