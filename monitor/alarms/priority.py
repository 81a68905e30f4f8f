"""Alarm priorities of IEC 60601-1-8.

Knows their order only.
"""

from enum import IntEnum


class Priority(IntEnum):
    """How urgent an alarm is; a larger number is more urgent."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The name in records and exports."""
        return self.name.lower()
