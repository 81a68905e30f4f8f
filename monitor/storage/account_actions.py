"""The audit log's actions that speak of an account as it is from then on.

Knows words only. Must not know who writes or compares them.
"""

from monitor.accounts.events import EventKind

ADOPTED = "user.adopted"
"""Which account there was before the log held hashes of them (revision 0005)."""
REHASHED = "user.password_rehashed"
"""The same password, kept with the parameters of today."""
CHANGES = frozenset(
    {
        REHASHED,
        EventKind.PERSON_ADDED.value,
        EventKind.PERSON_DISABLED.value,
        EventKind.PASSWORD_CHANGED.value,
        EventKind.PASSWORD_RESET.value,
    }
)
