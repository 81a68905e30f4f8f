"""What may be approved as an alarm profile, and what an approved one is.

Knows the text of a profile and the names that are taken. Must not know who may approve, or where
approved profiles are kept.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256

import msgspec

from monitor.alarms.own_rules import OWN_RULES
from monitor.alarms.profile import Profile, parse_profile, shipped_profiles
from monitor.errors import OperatorError
from monitor.texts import checked_line

LONGEST_NAME, LONGEST_REASON = 60, 300
"""Characters: a name stands on every screen and printout, a reason is a sentence or two."""
_LIKE_A_TITLE = re.compile(r"\bv\d+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Approved:
    """One version of a profile that somebody approved; ``text`` is the TOML, letter for letter."""

    number: int
    name: str
    version: int
    text: str
    approved_by: str
    by_id: str
    at: datetime
    reason: str

    @property
    def title(self) -> str:
        """Name and version as staff know it: "Ketamine IV v2"."""
        return f"{self.name} v{self.version}"


def proposed(text: str, source: str) -> Profile:
    """Read a profile that somebody wants to be in force. Raises OperatorError with its line."""
    profile = parse_profile(text, source)
    where = f"alarm profile {source}: name"
    if checked_line("profile's name", profile.name, LONGEST_NAME) != profile.name:
        raise OperatorError(f"{where}: it has blanks that nobody sees", "write it plainly")
    if _LIKE_A_TITLE.search(profile.name):
        raise OperatorError(
            f"{where}: '{profile.name}' ends like a version", "the version is a field of its own"
        )
    own = {rule.id for rule in OWN_RULES}
    for rule in profile.rules:
        if rule.id in own:
            raise OperatorError(
                f"alarm profile {source}: rule {rule.id}: it is the program's own and stays on",
                "choose another id",
            )
    return profile


def refuse_older(profile: Profile, latest: Mapping[str, int]) -> None:
    """Raise OperatorError unless a profile comes after the ``latest`` version of its name.

    A name that looks like one that is taken is refused too: two that read alike get mixed up.
    """
    versions = dict(latest)
    for name, version in _shipped():
        versions[name] = max(version, versions.get(name, 0))
    for name in versions:
        if name != profile.name and key_of(name) == key_of(profile.name):
            raise OperatorError(f"There is a profile '{name}' already", "write its name exactly so")
    last = versions.get(profile.name, 0)
    if profile.version <= last:
        raise OperatorError(
            f"There is {profile.name} v{last} already, and this is v{profile.version}",
            f"give it version = {last + 1}",
        )


@cache
def _shipped() -> tuple[tuple[str, int], ...]:
    """Names and versions; asked for while the database is locked, so read only once."""
    return tuple((profile.name, profile.version) for profile in shipped_profiles())


def key_of(name: str) -> str:
    """Return the form in which names of profiles are compared."""
    return " ".join(name.casefold().split())


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a profile's text in UTF-8, as any tool computes it of the file."""
    return sha256(text.encode()).hexdigest()


def meaning(profile: Profile) -> str:
    """Return the SHA-256 of all that a profile says, what it takes over from its base included."""
    return sha256(msgspec.json.encode(profile.raw, order="sorted")).hexdigest()


def by_name(profiles: Iterable[Profile]) -> dict[str, Profile]:
    """Return profiles by name; of a name that comes again, the later one."""
    return {profile.name: profile for profile in profiles}
