"""Compares the accounts with the hashes that the audit log holds of them.

Knows the accounts' hashes in the log. Must not know passwords or names.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection

from monitor.errors import BugError
from monitor.storage import schema
from monitor.storage.account_actions import ADOPTED, CHANGES
from monitor.storage.chain_check import Break, Flaw
from monitor.storage.hashing import leaf_of
from monitor.storage.log_check import Log

SPEAK_OF_ACCOUNTS = CHANGES | {ADOPTED}


class _Logged(msgspec.Struct, frozen=True):
    """What an audit row says of an account; rows from before revision 0005 have no hash."""

    leaf: str = ""


def check_people(connection: Connection, log: Log) -> Iterator[Break]:
    """Return the first account that is not as the program left it. ``session_id`` stays empty."""
    broken = next(_broken(_there(connection), _said(log), log), None)
    if broken is not None:
        yield broken


def _said(log: Log) -> dict[Any, str]:
    """Return the last hash of each account that the log can be believed."""
    found: dict[Any, str] = {}
    for one in log.links[: log.sound_rows]:
        if one.values["action"] in SPEAK_OF_ACCOUNTS:
            logged = msgspec.json.decode(one.values["detail"], type=_Logged)
            if logged.leaf:
                found[one.values["subject"]] = logged.leaf
    return found


def _broken(there: dict[Any, str], said: dict[Any, str], log: Log) -> Iterator[Break]:
    for person, leaf in said.items():
        if person not in there:
            yield _break(person, Flaw.REMOVED, "the log says that it was added")
        elif there[person] != leaf and log.is_sound:
            yield _break(person, Flaw.CHANGED, "the account is not what the log has the hash of")
    for person in there:
        if person not in said and log.is_sound:
            yield _break(person, Flaw.INSERTED, "the log does not know of this account")


def _there(connection: Connection) -> dict[Any, str]:
    rows = connection.exec_driver_sql("SELECT * FROM person ORDER BY id").mappings()
    return {row["id"]: _leaf(dict(row)) for row in rows}


def _leaf(row: dict[str, Any]) -> str:
    """Return the hash of an account; empty when it holds what no account of ours can."""
    try:
        return leaf_of(schema.person, row).hex()
    except BugError:
        return ""


def _break(person: Any, flaw: Flaw, why: str) -> Break:
    return Break("person", "", str(person), flaw, why)
