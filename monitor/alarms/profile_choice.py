"""Which alarm profiles a session may have: those that ship, those that were approved, the standard.

Knows profiles by name. Must not know where approved ones are kept, or sessions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alarms.approval import by_name, key_of
from monitor.alarms.profile import Profile, shipped_profiles


@dataclass(frozen=True, slots=True)
class Choice:
    """The clinic's ``standard``, the ``others`` that may be chosen, and what is wrong (``faults``).

    Of each name there is one version: the one in force. A fault has no full stop.
    """

    standard: Profile
    others: tuple[Profile, ...]
    faults: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Profile, ...]:
        """The standard, then the others."""
        return (self.standard, *self.others)

    def named(self, name: str) -> Profile | None:
        """Return the profile of this name, however its letters are written."""
        return next((one for one in self.all if key_of(one.name) == key_of(name)), None)


def choose(
    approved: Sequence[Profile] = (), wanted: str = "", faults: Sequence[str] = ()
) -> Choice:
    """Put together what may be chosen; an approved version goes before the shipped one.

    ``wanted`` names the standard, "" the shipped default. A name that nobody knows changes
    nothing, and is a fault.
    """
    shipped = shipped_profiles()
    found = by_name((*shipped, *approved))
    default = found[shipped[0].name]
    standard = next((one for one in found.values() if key_of(one.name) == key_of(wanted)), None)
    said = [*faults]
    if wanted and standard is None:
        said.append(
            f"settings.toml: there is no approved alarm profile '{wanted[:80]}'; "
            f"{default.title} stays in force"
        )
    first = standard or default
    others = tuple(one for one in found.values() if one.name != first.name)
    return Choice(first, others, tuple(said))
