"""Finds the first link of a hash chain that is not as it was written, and what was done to it.

Knows links as values; pure. Must not know the database, nor what vouches for a chain's end.

What can be told from a chain alone: a changed, removed, inserted or moved row. Not a removed end,
and not a chain that somebody computed anew: those take an anchor (verify.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from monitor.storage.hashing import GENESIS, follow, leaf

MOST_CANDIDATES = 100
"""So many broken rows are tried for having changed places with the first one."""


class Flaw(StrEnum):
    """What was done to a row."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Break:
    """The first broken row of a chain. ``table`` is empty when a removed row's is not known.

    ``seq`` is the row's number in its session or, without a session, in its table.
    """

    table: str
    session_id: str
    seq: Any
    flaw: Flaw
    why: str


@dataclass(frozen=True, slots=True)
class Link:
    """One row as it was found. ``values`` are its hashed columns in the order of their names.

    ``place`` and ``chain`` are what the row itself says; ``key`` names the column of its number.
    """

    table: str
    key: str
    place: Any
    chain: Any
    values: Mapping[str, Any]

    @property
    def seq(self) -> Any:
        """The row's number."""
        return self.values[self.key]

    def leaf(self) -> bytes:
        """Return the row's hash; empty when it holds what no row of ours can."""
        try:
            return leaf(self.table, self.values)
        except (TypeError, ValueError, OverflowError):
            return b""

    def follows(self, previous: bytes) -> bool:
        """Say whether the row, as it is, was written after the one with this chain value."""
        return bool(follow(previous, self.leaf()) == self.chain)


def in_places(links: Sequence[Link]) -> list[Link]:
    """Return links in the order of the places they claim; those that claim none come first."""
    return sorted(links, key=lambda one: one.place if type(one.place) is int else -1)


def intact_links(links: Sequence[Link], first: int) -> int:
    """Return how many links are as they were written, from the first one on.

    ``links`` in the order of their places; ``first`` is the place of the chain's first link.
    """
    previous = GENESIS
    for count, one in enumerate(links):
        if one.place != first + count or not one.follows(previous):
            return count
        previous = one.chain
    return len(links)


def diagnose(links: Sequence[Link], at: int, first: int, session_id: str = "") -> Break:
    """Say what was done to the links, of which the one at index ``at`` is the first broken one."""
    one, place = links[at], first + at
    if type(one.place) is int and one.place > place:
        moved = next((other for other in links[at:] if other.follows(_before(links, at))), None)
        if moved is None:
            return _removed(links, at, one.place - place, session_id)
        why = f"its place in the chain was {place}"
        return Break(moved.table, session_id, moved.seq, Flaw.REORDERED, why)
    flaw, why = _done_to(links, at, is_extra=one.place != place)
    return Break(one.table, session_id, one.seq, flaw, why)


def _before(links: Sequence[Link], at: int) -> bytes:
    return bytes(links[at - 1].chain) if at else GENESIS


def _done_to(links: Sequence[Link], at: int, *, is_extra: bool) -> tuple[Flaw, str]:
    """Say what was done to the link at index ``at``; ``is_extra`` if its place is taken."""
    one = links[at]
    if type(one.place) is not int or type(one.chain) is not bytes:
        return Flaw.CHANGED, "what it says of its place in the chain is nonsense"
    if _has_home(one, links):
        return Flaw.REORDERED, "it was written after another row than it follows now"
    if is_extra or _goes_on_without(links, at):
        return Flaw.INSERTED, "the rows around it were written without it"
    partner = _partner(links, at)
    if partner is not None:
        return Flaw.REORDERED, f"it changed places with row {partner.seq}"
    return Flaw.CHANGED, "its content is not what its chain value was made of"


def _removed(links: Sequence[Link], at: int, count: int, session_id: str) -> Break:
    """Describe a hole in front of the link at index ``at``."""
    if at == 0:
        table, seq = ("session", None) if session_id else (links[at].table, 1)
        return Break(table, session_id, seq, Flaw.REMOVED, "the first row of the chain is missing")
    before, after = links[at - 1], links[at]
    table = before.table if not session_id else ""
    numbers = f"after row {before.seq} and before row {after.seq}"
    why = (
        f"{count} of the rows {numbers} are missing" if count > 1 else f"a row {numbers} is missing"
    )
    return Break(table, session_id, before.seq + 1, Flaw.REMOVED, why)


def _has_home(one: Link, links: Sequence[Link]) -> bool:
    """Say whether the row, as it is, was written after any other row that is there."""
    own = one.leaf()
    befores = (other.chain for other in links if type(other.chain) is bytes)
    return any(follow(before, own) == one.chain for before in befores)


def _goes_on_without(links: Sequence[Link], at: int) -> bool:
    """Say whether the chain is sound when the link at index ``at`` is left out."""
    rest, previous = links[at + 1 : at + 3], _before(links, at)
    for one in rest:
        if not one.follows(previous):
            return False
        previous = one.chain
    return bool(rest)


def _partner(links: Sequence[Link], at: int) -> Link | None:
    """Return the row with which the one at index ``at`` exchanged something, if any did."""
    one = links[at]
    for other in _broken(links, at):
        for parts in _PARTS:
            if _exchanged(one, other, parts).follows(_before(links, at)):
                return other
    return None


def _broken(links: Sequence[Link], at: int) -> Iterator[Link]:
    """Yield later links that do not follow on the one before; not all of a chain gone to ruin."""
    found = 0
    for before, one in zip(links[at:], links[at + 1 :], strict=False):
        if type(before.chain) is not bytes or not one.follows(before.chain):
            found += 1
            yield one
        if found == MOST_CANDIDATES:
            return


_PARTS = tuple(parts for n in (1, 2) for parts in combinations(("content", "seq", "chain"), n))


def _exchanged(one: Link, other: Link, parts: tuple[str, ...]) -> Link:
    """Return the row with some of the other's parts in place of its own."""
    content = other if "content" in parts else one
    seq = other.seq if "seq" in parts else one.seq
    chain = other.chain if "chain" in parts else one.chain
    values = {name: seq if name == one.key else value for name, value in content.values.items()}
    return Link(content.table, one.key, one.place, chain, values)
