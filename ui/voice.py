"""What the program says on a terminal: results on standard output, all else on standard error.

Knows the two streams. Must not know what is said.
"""

import contextlib
import io
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

import msgspec
from tqdm import tqdm

from monitor.errors import OperatorError


class OutputLost(OperatorError):  # noqa: N818 - a fact of the world, named as one
    """Standard output cannot be written, and it is not its reader that has gone."""


@contextlib.contextmanager
def _onto_the_output() -> Iterator[None]:
    """Say what is wrong with standard output; BrokenPipeError passes: its reader has gone."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as cause:
        raise OutputLost(
            f"standard output cannot be written ({cause.strerror})",
            "send it to a place that has room",
        ) from cause


def begin() -> None:
    """Let a terminal that lacks a letter of a name show its number, rather than end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def tell(line: str) -> None:
    """Print one line of a result. Raises OutputLost."""
    with _onto_the_output():
        print(line)  # noqa: T201 - this is the program's voice


def tell_now(line: str) -> None:
    """Print one line that another program waits for. Raises OutputLost."""
    with _onto_the_output():
        print(line, flush=True)  # noqa: T201 - this is the program's voice


def tell_bytes(data: bytes) -> None:
    """Put a whole file on standard output. Raises OutputLost."""
    if sys.stdout is None:  # closed by the program that started us
        raise OperatorError("standard output is closed", "send it to a file or a program")
    with _onto_the_output():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def finish() -> None:
    """Put out what was told and is still held back. Raises OutputLost."""
    with _onto_the_output():
        if sys.stdout is not None:  # closed by the program that started us
            sys.stdout.flush()


def give_up_output() -> None:
    """Send what is still held back nowhere, or the interpreter would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell_json(fact: Mapping[str, Any]) -> None:
    """Print one JSON object on a line of its own, so that a reader sees it at once."""
    tell_now(msgspec.json.encode(fact).decode())


def note(line: str) -> None:
    """Say something that is not the result; a log on a full disk stops no recording."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is the program's voice


def tell_apart(sentence: str) -> None:
    """Say a sentence of ours beside the result."""
    note(f"vigil: {sentence}.")


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
