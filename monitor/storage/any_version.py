"""Opens a database to look into it, also one that a newer version of Vigil has made.

Knows which tables and columns this version reads. Must not write, nor guess: what a newer version
changed in the evidence cannot be judged here.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy import Connection, Table

from monitor.errors import OperatorError
from monitor.storage import schema
from monitor.storage.connection import Access, encrypted
from monitor.storage.database import Database, NewerError, open_database
from monitor.storage.keys import DataKey

_EVIDENCE = (
    *schema.TABLES,
    schema.session_tip,
    schema.audit,
    schema.signed_head,
    schema.alarm_profile,
)


def open_to_look(
    path: Path, key: DataKey, say: Callable[[str], None], *, is_judged: bool = False
) -> Database:
    """Open a database for reading, whichever version made it, as long as it can be read.

    ``say`` hears a sentence when it is a newer one's. ``is_judged``: the evidence will be
    verified, so all of it must be known. Raises OperatorError as ``open_database``.
    """
    try:
        return open_database(path, key, read_only=True)
    except NewerError as newer:
        database = Database(path, Access.READ, encrypted(key))
        try:
            _require_readable(database, newer, is_judged=is_judged)
        except BaseException:
            database.close()
            raise
        say(f"{newer.what}; it is only read, and what that version added is not shown")
        return database


def _require_readable(database: Database, newer: NewerError, *, is_judged: bool) -> None:
    with database.reading() as connection:
        if not all(_columns(connection, table) >= _ours(table) for table in _all_tables()):
            raise newer
        if is_judged and not _is_known(connection):
            raise OperatorError(
                f"{newer.what}, and this one does not know how to verify it", "use that version"
            ) from newer


def _is_known(connection: Connection) -> bool:
    """Whether the evidence has the very form of this version."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    triggers = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
    return schema.TRIGGERS.items() <= triggers.items() and all(
        _columns(connection, table) == _ours(table) for table in _EVIDENCE
    )


def _all_tables() -> Iterable[Table]:
    return schema.metadata.tables.values()


def _ours(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _columns(connection: Connection, table: Table) -> set[str]:
    rows = connection.exec_driver_sql("SELECT name FROM pragma_table_info(?)", (table.name,))
    return {row[0] for row in rows}
