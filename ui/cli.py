"""The command line: words in, exit code out (0 done, 1 the answer is no, 2 a person can mend it).

Knows no command: each lives in ui/commands and is imported when it is called, so that headless
commands never load Qt. Their names and options: options.py.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from monitor.errors import OperatorError
from ui import voice
from ui.no_core import leave_no_core
from ui.options import parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    leave_no_core()
    voice.begin()
    options = parser().parse_args(arguments)
    module, function = options.run.split(":")
    try:
        _require_text(options)
        run = getattr(importlib.import_module(f"ui.commands.{module}"), function)
        answer = int(run(options))
        voice.finish()
    except OperatorError as fault:
        if isinstance(fault, voice.OutputLost):
            voice.give_up_output()
        voice.note(f"vigil: {fault}.")
        return 2
    except BrokenPipeError:
        voice.give_up_output()  # its reader, such as `head`, has gone: that is its right
        return 0
    except KeyboardInterrupt:
        return 130
    return answer


def _require_text(options: argparse.Namespace) -> None:
    """Raise OperatorError for a word that is no text; a path may be any bytes."""
    for name, word in vars(options).items():
        if name != "data" and isinstance(word, str) and not word.isascii():
            try:
                word.encode()
            except UnicodeEncodeError as cause:
                raise OperatorError(
                    f"The word {word!a} is no UTF-8 text", "type it anew"
                ) from cause


def data_folder(options: argparse.Namespace) -> Path:
    """Return the folder named by --data, VIGIL_DATA, or the platform's custom; make it."""
    path = data_path(options)
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as cause:
        raise OperatorError(
            f"The data folder {path} cannot be made ({cause.strerror})",
            "choose another with --data",
        ) from cause
    return path


def data_path(options: argparse.Namespace) -> Path:
    """Return the same folder, which need not be there."""
    named = getattr(options, "data", None) or os.environ.get("VIGIL_DATA")
    return Path(named) if named else Path(platformdirs.user_data_dir("Vigil", appauthor=False))


if __name__ == "__main__":
    sys.exit(main())
