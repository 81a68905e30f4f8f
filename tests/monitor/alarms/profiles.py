"""Profiles for tests: of a few rules only, or with one field changed.

Knows profiles. Must not know the board.
"""

import copy
from dataclasses import replace
from typing import Any

from monitor.alarms.profile import Profile, profile_from
from monitor.errors import OperatorError


def only(profile: Profile, *rules: str) -> Profile:
    """Return the profile with these rules alone, so that no other one covers them."""
    return replace(profile, rules=tuple(rule for rule in profile.rules if rule.id in rules))


def with_field(whole: dict[str, Any], rule: str, field: str, value: Any) -> dict[str, Any]:
    """Return the raw form of a profile with another value of one field of one rule."""
    raw = copy.deepcopy(whole)
    table = next(each for each in raw["rule"] if each["id"] == rule)
    table[field] = value
    return raw


def refusal(raw: dict[str, Any]) -> str:
    """Return why the raw form of a profile is refused, "" when it is not."""
    try:
        profile_from(raw, "site.toml")
    except OperatorError as refused:
        return refused.what
    return ""
