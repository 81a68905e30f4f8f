"""What differs between two alarm profiles, in lines for a person who is to approve the newer one.

Knows profiles in their raw form, as they are written. Must not know which of them is better.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from monitor.alarms.profile import Profile

NOTHING = "nothing"


def differences(old: Profile, new: Profile) -> tuple[str, ...]:
    """Return a line for each field that is not the same: where, what it was, and what it becomes.

    The version is not a difference; the order of the rules is none either.
    """
    return (*_of_head(old.raw, new.raw), *_of_rules(_rules(old), _rules(new)))


def _of_head(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    fields = dict.fromkeys((*old, *new))
    for field in fields:
        if field not in ("version", "rule"):
            yield from _of_field("", field, old, new)


def _of_rules(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for rule_id in dict.fromkeys((*old, *new)):
        if rule_id not in new:
            yield f"{rule_id}: gone"
        elif rule_id not in old:
            yield f"{rule_id}: new, {_said(new[rule_id].get('when', new[rule_id].get('kind')))}"
        else:
            for field in dict.fromkeys((*old[rule_id], *new[rule_id])):
                yield from _of_field(f"{rule_id}, ", field, old[rule_id], new[rule_id])


def _of_field(
    where: str, field: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[str]:
    if old.get(field) != new.get(field):
        was, becomes = _said(old.get(field)), _said(new.get(field))
        yield f"{where}{field}: {was} -> {becomes}"


def _rules(profile: Profile) -> dict[str, Any]:
    return {rule["id"]: rule for rule in profile.raw["rule"]}


def _said(value: Any) -> str:
    """Write a value as one line of words."""
    if value is None:
        return NOTHING
    if isinstance(value, list):
        return " or ".join(map(_said, value))
    if isinstance(value, dict):
        return " ".join(f"{name} {_said(inner)}" for name, inner in value.items())
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
