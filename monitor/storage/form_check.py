"""Compares the database's form with ours: triggers, tables, indexes and views.

Knows names and the triggers' statements. Must not know what the tables hold.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from monitor.storage import migrations, schema
from monitor.storage.chain_check import Break, Flaw

Part = tuple[str, str]
"""What it is, such as ``table``, and its name."""

TABLE, INDEX, TRIGGER = "table", "index", "trigger"
OF_MIGRATIONS: Part = (TABLE, "alembic_version")
OF_SQLITE = "sqlite_"
"""So SQLite names what it makes itself; it lets nobody else."""


def check_form(connection: Connection) -> Iterator[Break]:
    """Return what is missing, changed or unknown; of a newer version, its new tables are let be."""
    query = "SELECT type, name, sql FROM sqlite_master"
    there = {(row[0], row[1]): row[2] for row in connection.exec_driver_sql(query)}
    ours = _ours()
    for kind, name in sorted(ours - there.keys()):
        yield Break("sqlite_master", "", name, Flaw.REMOVED, f"the {_described(kind)} is missing")
    for name, sql in schema.TRIGGERS.items():
        if there.get((TRIGGER, name), sql) != sql:
            why = f"the {_described(TRIGGER)} is another one"
            yield Break("sqlite_master", "", name, Flaw.CHANGED, why)
    lets_be = (TABLE, INDEX) if _is_newer(connection) else ()
    for kind, name in sorted(there.keys() - ours):
        if kind not in lets_be and not _is_of_sqlite(kind, name):
            yield Break("sqlite_master", "", name, Flaw.INSERTED, f"no {kind} of Vigil's")


def _ours() -> set[Part]:
    tables = schema.metadata.tables.values()
    return {
        OF_MIGRATIONS,
        *((TRIGGER, name) for name in schema.TRIGGERS),
        *((TABLE, table.name) for table in tables),
        *((INDEX, str(index.name)) for table in tables for index in table.indexes),
    }


def _described(kind: str) -> str:
    return "trigger that refuses changes" if kind == TRIGGER else kind


def _is_of_sqlite(kind: str, name: str) -> bool:
    return kind in (TABLE, INDEX) and name.startswith(OF_SQLITE)


def _is_newer(connection: Connection) -> bool:
    revisions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()
    return not set(revisions) <= set(migrations.known_revisions())
