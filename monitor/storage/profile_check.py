"""Compares the approved alarm profiles with the hashes that the audit log holds of them.

Knows what the log says of each row. Must not know what a profile means.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection

from monitor.storage.chain_check import Break, Flaw
from monitor.storage.log_check import Log
from monitor.storage.profile_schema import APPROVED
from monitor.storage.profiles import Logged, row_leaf


def check_profiles(connection: Connection, log: Log) -> Iterator[Break]:
    """Return the first profile that is not as it was approved. ``session_id`` stays empty."""
    broken = next(_broken(_there(connection), _said(log), log), None)
    if broken is not None:
        yield broken


def _said(log: Log) -> dict[str, Logged]:
    """Return what the log says of each row, as far as the log can be believed."""
    return {
        one.values["subject"]: msgspec.json.decode(one.values["detail"], type=Logged)
        for one in log.links[: log.sound_rows]
        if one.values["action"] == APPROVED
    }


def _broken(there: dict[str, Any], said: dict[str, Logged], log: Log) -> Iterator[Break]:
    for number, logged in said.items():
        title = logged.title
        if number not in there:
            yield _break(number, Flaw.REMOVED, f"the log says that {title} was approved")
        elif row_leaf(there[number]) != logged.leaf:
            yield _break(number, Flaw.CHANGED, f"it is not {title} as it was approved")
    for number in there:
        if number not in said and log.is_sound:
            yield _break(number, Flaw.INSERTED, "the log says of nobody who approved it")


def _there(connection: Connection) -> dict[str, Any]:
    rows = connection.exec_driver_sql("SELECT * FROM alarm_profile ORDER BY number").mappings()
    return {str(row["number"]): dict(row) for row in rows}


def _break(number: str, flaw: Flaw, why: str) -> Break:
    return Break("alarm_profile", "", number, flaw, why)
