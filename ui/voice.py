"""What the program says on a terminal: results on standard output, all else on standard error.

Knows the two streams. Must not know what is said.
"""

import contextlib
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import msgspec
from tqdm import tqdm


def tell(line: str) -> None:
    """Print one line of a result."""
    print(line)  # noqa: T201 - this is the program's voice


def tell_now(line: str) -> None:
    """Print one line that another program waits for."""
    print(line, flush=True)  # noqa: T201 - this is the program's voice


def tell_json(fact: Mapping[str, Any]) -> None:
    """Print one JSON object on a line of its own, so that a reader sees it at once."""
    tell_now(msgspec.json.encode(fact).decode())


def note(line: str) -> None:
    """Say something that is not the result; a log on a full disk stops no recording."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is the program's voice


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Print rows in columns as wide as they need."""
    lines = [head, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        tell(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def progress(total_s: float, what: str) -> "tqdm[NoReturn]":
    """Return a progress bar over seconds of session time, on standard error."""
    return tqdm(
        total=round(total_s),
        desc=what,
        unit="s",
        file=sys.stderr,
        bar_format="{desc} {percentage:3.0f}%|{bar}| [{elapsed}<{remaining}]",
    )
