"""Compares what may be missing, because it was erased, with what the audit log says was erased.

Knows the two tables of erasures and the log. Must not trust them: only the log's sound part counts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from monitor.storage.chain_check import Break, Flaw
from monitor.storage.guards import SESSION_ERASED
from monitor.storage.log_check import Log


def check_erasures(connection: Connection, log: Log) -> Iterator[Break]:
    """Return every row that lets something be deleted of which the log says nothing, or is gone."""
    yield from _compared(connection, "erasure", "session_id", log.erased, log)
    yield from _compared(connection, "patient_erasure", "patient_id", log.erased_patients, log)


def is_erased_since(connection: Connection, session_id: Any, log: Log) -> bool:
    """Whether a session was erased after the log was read, and that was logged."""
    query = (
        "SELECT 1 FROM erasure JOIN audit ON number = audit_number "
        "WHERE session_id = ? AND subject = session_id AND action = ? AND number > ?"
    )
    found = connection.exec_driver_sql(query, (session_id, SESSION_ERASED, len(log.links)))
    return found.first() is not None


def _compared(
    connection: Connection, table: str, key: str, erased: Mapping[str, int], log: Log
) -> Iterator[Break]:
    query = f"SELECT {key}, audit_number FROM {table} ORDER BY 1"  # noqa: S608 - names of ours
    there: dict[Any, Any] = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
    for subject, number in there.items():
        if subject in erased and erased[subject] != number:
            why = f"it names audit row {number}, and row {erased[subject]} says that it was erased"
            yield Break(table, "", subject, Flaw.CHANGED, why)
        elif subject not in erased and _can_be_judged(number, log):
            why = f"audit row {number} does not say that it was erased"
            yield Break(table, "", subject, Flaw.INSERTED, why)
    for subject, number in erased.items():
        if subject not in there:
            yield Break(table, "", subject, Flaw.REMOVED, f"audit row {number} speaks of it")


def _can_be_judged(number: Any, log: Log) -> bool:
    """Whether the log would know: not behind its first broken row, which is named already."""
    return log.is_sound or (type(number) is int and number <= log.sound_rows)
