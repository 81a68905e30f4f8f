"""The time zone of this computer, for labels of a record.

Knows the system's own answer. Must not know sessions.
"""

import time


def local_zone() -> tuple[str, int]:
    """Return the name of this computer's time zone and its offset from UTC in seconds."""
    local = time.localtime()
    return (local.tm_zone, local.tm_gmtoff)
