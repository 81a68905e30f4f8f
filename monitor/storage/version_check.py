"""Compares the versions of patients and courses with the hashes that the audit log holds of them.

Knows what the log says of versions. Must not know what they say.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Table

from monitor.errors import BugError
from monitor.storage import schema
from monitor.storage.chain_check import Break, Flaw
from monitor.storage.hashing import leaf_of
from monitor.storage.log_check import Log
from monitor.storage.versions import KEY_OF, TABLE_OF


class _Logged(msgspec.Struct, frozen=True):
    """What an audit row says of a version."""

    version: int
    leaf: str
    patient: str = ""


Key = tuple[Table, Any, Any]


def check_versions(connection: Connection, log: Log) -> Iterator[Break]:
    """Return the first version of each table that is not as it was written."""
    said = _said(log)
    for table in schema.VERSIONED:
        broken = next(_broken(connection, table, said, log), None)
        if broken is not None:
            yield broken


def _said(log: Log) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for one in log.links[: log.sound_rows]:
        table = TABLE_OF.get(one.values["action"])
        if table is not None:
            logged = msgspec.json.decode(one.values["detail"], type=_Logged)
            subject = one.values["subject"]
            if (logged.patient or subject) not in log.erased_patients:
                found[table, subject, logged.version] = logged.leaf
    return found


def _broken(
    connection: Connection, table: Table, said: dict[Key, str], log: Log
) -> Iterator[Break]:
    there = _leaves(connection, table)
    for key, leaf in said.items():
        if key[0] is not table:
            continue
        if key not in there:
            yield _break(key, Flaw.REMOVED, "the log says that it was written, and not erased")
        elif there[key] != leaf:
            yield _break(key, Flaw.CHANGED, "its content is not what the log has the hash of")
    for key in there:
        if key not in said and log.is_sound:
            yield _break(key, Flaw.INSERTED, "the log does not know of it")


def _leaves(connection: Connection, table: Table) -> dict[Key, str]:
    key = KEY_OF[table]
    rows = connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY 1, 2").mappings()  # noqa: S608 - a name of ours
    return {(table, row[key], row["version"]): _leaf(table, dict(row)) for row in rows}


def _leaf(table: Table, row: dict[str, Any]) -> str:
    """Return the hash of a version; empty when it holds what no version of ours can."""
    try:
        return leaf_of(table, row).hex()
    except BugError:
        return ""


def _break(key: Key, flaw: Flaw, why: str) -> Break:
    table, subject, version = key
    return Break(str(table.name), "", f"{subject} version {version}", flaw, why)
