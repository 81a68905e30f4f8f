"""Which run of this computer it is: monotonic times compare only within one.

Knows where Linux says so. Must not know sessions.
"""

from pathlib import Path

UNKNOWN_BOOT = "unknown"
"""A system that does not say: then only two clocks that agree prove that it is the same run."""
_LINUX = Path("/proc/sys/kernel/random/boot_id")


def this_boot(source: Path = _LINUX) -> str:
    """Return a name for the time since the computer was started, the same in every process."""
    try:
        return source.read_text(encoding="ascii").strip() or UNKNOWN_BOOT
    except (OSError, ValueError):
        return UNKNOWN_BOOT
