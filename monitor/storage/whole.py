"""The whole record, table by table, as it was at one moment: what leaves with an export of all.

Knows the tables and which columns never leave. Must not know any format. Rows come in batches, so
that ten thousand sessions need no more memory than one.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from monitor.storage import audit, schema
from monitor.storage.database import Database

ROWS_AT_ONCE = 2000
LEFT_OUT: Mapping[str, tuple[str, ...]] = {"person": ("password_hash",)}
"""Columns by table that never leave: nobody shall guess at passwords elsewhere."""

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """The database at one moment. ``log_end`` is the number and value (hex) of the last audit row.

    ``expected_rows`` is about how many rows there are, for a progress bar.
    """

    path: Path
    revision: str
    log_end: tuple[int, str]
    expected_rows: int
    tables: Mapping[str, tuple[str, ...]]
    _connection: Connection

    def rows(self, table: str) -> Iterator[Rows]:
        """Return a table's rows in batches, by primary key, columns as in ``tables``."""
        columns = ", ".join(f'"{name}"' for name in self.tables[table])
        key = ", ".join(f'"{column.name}"' for column in schema.metadata.tables[table].primary_key)
        query = f"SELECT {columns} FROM {table} ORDER BY {key}"  # noqa: S608 - names of ours
        yield from self._connection.exec_driver_sql(query).partitions(ROWS_AT_ONCE)


@contextmanager
def whole_record(database: Database) -> Iterator[WholeRecord]:
    """Give the whole record of one moment; a recorder may go on writing. Raises OperatorError.

    A text that another program left there and that is no UTF-8 comes with its bytes as ``\\xe9``.
    """
    with database.reading() as connection:
        raw: Any = connection.connection.driver_connection
        strict = raw.text_factory
        raw.text_factory = _any_text
        try:
            yield _whole(database.path, connection)
        finally:
            raw.text_factory = strict


def exported_columns(table: Table) -> tuple[str, ...]:
    """Return the names of a table's columns that leave, in their order."""
    kept_back = LEFT_OUT.get(table.name, ())
    return tuple(str(column.name) for column in table.columns if column.name not in kept_back)


def _whole(path: Path, connection: Connection) -> WholeRecord:
    run = connection.exec_driver_sql
    revision: str = run("SELECT version_num FROM alembic_version").scalar_one()
    end = audit.end(connection)
    # The chains are counted already: to count the rows of 10,000 sessions takes minutes.
    links = run("SELECT coalesce(sum(links), 0) FROM session_tip").scalar_one()
    tables = {str(table.name): exported_columns(table) for table in schema.metadata.sorted_tables}
    expected = int(links) + end.number
    log_end = (end.number, end.chain.hex())
    return WholeRecord(path, revision, log_end, expected, tables, connection)


def _any_text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
