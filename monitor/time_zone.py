"""The time zone of this computer, for labels of a record and clocks on a wall.

Knows the system's own answer. Must not know sessions.
"""

import time
from datetime import datetime, timedelta


def local_zone(utc: datetime) -> tuple[str, int]:
    """Return the name of this computer's time zone at ``utc`` and its offset in seconds."""
    local = time.localtime(utc.timestamp())
    return (local.tm_zone, local.tm_gmtoff)


def on_the_wall(utc: datetime) -> datetime:
    """Return what a clock in this room shows at ``utc``, without a zone."""
    _, offset_s = local_zone(utc)
    return (utc + timedelta(seconds=offset_s)).replace(tzinfo=None)
