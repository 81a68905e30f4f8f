"""A file that an export makes: never over another one, and never left half written.

Knows files only. Must not know what is in them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from monitor.errors import OperatorError


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """Give a new UTF-8 text file; it is removed again when writing it fails.

    Raises OperatorError when something is there already or it cannot be written.
    """
    try:
        file = path.open("x", encoding="utf-8", newline="")
    except FileExistsError as cause:
        raise OperatorError(
            f"{path} exists already", "name another file; it was left as it is"
        ) from cause
    except OSError as cause:
        raise _unwritable(path, cause) from cause
    try:
        with file:
            yield file
    except OSError as cause:
        path.unlink(missing_ok=True)
        raise _unwritable(path, cause) from cause
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _unwritable(path: Path, cause: OSError) -> OperatorError:
    return OperatorError(
        f"{path} cannot be written ({cause.strerror})", "name a place where you may write"
    )
