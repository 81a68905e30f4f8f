"""No core dumps: what a crash leaves on the disk would hold the key and the patients in plain.

Knows the operating system's limit on them. Must not know what is secret.

PR_SET_DUMPABLE stays as it is: without it /proc/PID/fd of a station would be closed to the desktop,
which looks there before it ends a station that hangs (only_writer.has_lock_open).
"""

import contextlib
import sys

NOT_EVEN_PIPED = 1
"""Bytes. Linux hands a core to a program (core_pattern "|...") under any limit, 0 too, but not
under this one (core(5), fs/coredump.c); into a file nothing goes that is below a page."""

if sys.platform == "win32":

    def leave_no_core() -> None:
        """Do nothing: Windows leaves no dump unless an administrator has set that up."""

else:
    import resource

    def leave_no_core() -> None:
        """Let no crash of this process, or of those it starts, leave its memory on the disk."""
        limit = NOT_EVEN_PIPED if sys.platform == "linux" else 0
        _, highest = resource.getrlimit(resource.RLIMIT_CORE)
        if highest != resource.RLIM_INFINITY:
            limit = min(limit, highest)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
