"""Who gives commands on the command line: the user of this computer, as the audit log names them.

What that user may do, and why no account is asked: monitor/accounts/permissions.py.
"""

import getpass
import os
from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.errors import OperatorError
from monitor.settings import DataFolder
from monitor.storage.audit import Audit
from monitor.storage.keys import DataKey
from monitor.storage.signed import open_signed
from ui.voice import note

UNKNOWN = "unknown"
VIEWED = "record.viewed"


def who() -> str:
    """Return the log's actor: "command line: alice". It looks like no account and no program.

    The name is the system's own, not that of an environment variable, which anybody can set.
    """
    return f"command line: {_user()}"


def log_view(folder: DataFolder, key: DataKey, counts: Mapping[str, int]) -> None:
    """Log that a list was looked at; where that cannot be written, looking is still allowed."""
    try:
        with open_signed(folder.database, key) as database:
            Audit(database).append(who(), VIEWED, "", counts, datetime.now(UTC))
    except OperatorError as fault:
        note(f"vigil: that the list was looked at could not be logged ({fault.what}).")


def _user() -> str:
    try:
        if hasattr(os, "getuid"):
            import pwd  # noqa: PLC0415 - there is none on Windows

            return pwd.getpwuid(os.getuid()).pw_name
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return UNKNOWN
