"""Checks what is said of a session's sound rows: their sum beside the chain's end, and signatures.

Knows links as values; pure. Must not know the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from monitor.storage.chain_check import Break, Flaw, Link
from monitor.storage.summary import Summary


def check_sum(links: Sequence[Link], said: Mapping[str, Any], session_id: str) -> Break | None:
    """Compare what session_tip says of the rows with what they add up to.

    ``links`` are the session's own row and then all others, in their places and sound.
    """
    try:
        found = sum_of(links)
    except (ValueError, KeyError, TypeError, AttributeError):
        found = None
    if found is not None and asdict(found) == dict(said):
        return None
    why = "what it says of the session is not what the rows add up to"
    return Break("session_tip", session_id, None, Flaw.CHANGED, why)


def check_signatures(
    links: Sequence[Link], chains: Sequence[bytes], session_id: str
) -> Break | None:
    """Find a signature that was not given for the rows before it.

    ``chains`` are the values of all links by place; ``links`` may leave readings out.
    """
    for one in links:
        if one.table == "signature" and not _is_of(chains, one):
            why = "it was not given for the rows before it"
            return Break(one.table, session_id, one.seq, Flaw.CHANGED, why)
    return None


def sum_of(links: Sequence[Link]) -> Summary:
    """Return what a session's own row, the first, and the others add up to."""
    summary = Summary(last_t_s=links[0].values["t_s"])
    for one in links[1:]:
        summary.take(one.table, dict(one.values), one.place)
    return summary


def _is_of(chains: Sequence[bytes], signature: Link) -> bool:
    covered = signature.values["covers_link"]
    if type(covered) is not int or covered != signature.place - 1:
        return False
    return bool(chains[covered].hex() == signature.values["covers_chain"])
