"""Versions of patients and courses: each one logged by its hash, so that a changed one is found.

Knows what all versions share. Must not know what they say.

The audit log holds no names: of each version it holds a hash, salted with a number that is kept
with the version and goes with it. So a changed version is found (version_check.py), and what an
erased one said cannot be guessed.
"""

import os
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table

from monitor.accounts.people import Actor
from monitor.errors import OperatorError
from monitor.storage import audit, schema
from monitor.storage.hashing import leaf_of
from monitor.storage.rows import Values

PATIENT_ADDED, PATIENT_CHANGED = "patient.added", "patient.changed"
COURSE_ADDED, COURSE_CHANGED = "course.added", "course.changed"
TABLE_OF = {
    PATIENT_ADDED: schema.patient_version,
    PATIENT_CHANGED: schema.patient_version,
    COURSE_ADDED: schema.course,
    COURSE_CHANGED: schema.course,
}
"""Which table the audit log speaks of."""
KEY_OF = {schema.patient_version: "patient_id", schema.course: "id"}


def authorship(by: Actor, at_us: int) -> Values:
    """Return the columns that say who wrote a version when, and its salt."""
    return {"at_utc_us": at_us, "by": by.by, "by_id": by.user_id, "salt": os.urandom(16)}


def write_version(
    connection: Connection,
    table: Table,
    row: Values,
    action: str,
    logged: Mapping[str, Any] | None = None,
) -> None:
    """Keep a version and log it, with ``logged`` in addition. Raises BugError."""
    connection.execute(table.insert().values(row))
    detail = {"version": row["version"], "leaf": leaf_of(table, row).hex(), **(logged or {})}
    subject = row[KEY_OF[table]]
    audit.add(connection, audit.Entry(row["at_utc_us"], row["by_id"], action, subject, detail))


def refuse_outdated(known: int, latest: int) -> None:
    """Raise OperatorError when somebody wrote a version after the one that is to be changed."""
    if known != latest:
        raise OperatorError("Somebody has changed this meanwhile", "look at it again first")
