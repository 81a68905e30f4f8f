"""Somebody with the key of the database and another SQLite tool, who knows how Vigil works.

Knows tables and the hashing. Lifts the triggers, alters rows and puts the triggers back.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from monitor.storage import schema
from monitor.storage.hashing import GENESIS, follow, hashed_columns, leaf
from monitor.storage.summary import Summary
from tests.keys import raw

Found = dict[str, Any]
TIP = "session_tip"
OF_SESSIONS = [str(table.name) for table in (*schema.ROW_TABLES, schema.session_tip)]
KEYS = {"session": "id", "audit": "number", "signed_head": "number"}


@dataclass(frozen=True)
class Row:
    """One row of the database, as the attacker sees it."""

    table: str
    values: Found

    @property
    def seq(self) -> Any:
        return self.values["number" if self.table in ("audit", "signed_head") else "seq"]

    @property
    def link(self) -> Any:
        return self.values.get("link", 0)


class Attacker:
    """Alters one database file."""

    def __init__(self, connection: Any) -> None:
        self.run = connection.execute

    def rows(self, session_id: str) -> list[Row]:
        """Return a session's rows in the order of the chain, without the session's own."""
        found = [
            Row(str(table.name), values)
            for table in schema.ROW_TABLES
            for values in self._select(f"{table.name} WHERE session_id = '{session_id}'")
        ]
        return sorted(found, key=lambda row: row.link)

    def table(self, name: str) -> list[Row]:
        """Return all rows of a table in the order of their numbers."""
        return [Row(name, values) for values in self._select(f"{name} ORDER BY 1")]

    def session(self, session_id: str) -> Row:
        return Row("session", self._select(f"session WHERE id = '{session_id}'")[0])

    def put(self, row: Row, **values: Any) -> None:
        """Change columns of a row."""
        for name, value in values.items():
            where = self._where(row)
            self.all(f'UPDATE {{}} SET "{name}" = ? WHERE {where}', row.table, value)  # noqa: S608 - an attacker may

    def drop(self, row: Row) -> None:
        self.all(f"DELETE FROM {{}} WHERE {self._where(row)}", row.table)  # noqa: S608 - an attacker may

    def add(self, row: Row) -> None:
        names = ", ".join(f'"{name}"' for name in row.values)
        places = ", ".join("?" * len(row.values))
        statement = f"INSERT INTO {{}} ({names}) VALUES ({places})"  # noqa: S608 - an attacker may
        self.all(statement, row.table, *row.values.values())

    def all(self, statement: str, part: str, *values: Any) -> None:
        """Run a statement with a part that is named only here, most often a table."""
        self.run(statement.format(part), values)

    def move(self, session_id: str, to: str) -> None:
        """Give all rows of a session another session's id."""
        self.run("UPDATE session SET id = ? WHERE id = ?", (to, session_id))
        for table in OF_SESSIONS:
            self.all("UPDATE {} SET session_id = ? WHERE session_id = ?", table, to, session_id)

    def wipe(self, session_id: str) -> None:
        """Delete all rows of a session but its own."""
        for table in OF_SESSIONS:
            self.all("DELETE FROM {} WHERE session_id = ?", table, session_id)

    def close_ranks(self, session_id: str) -> None:
        """Number the links anew and let the record of the end agree."""
        rows = self.rows(session_id)
        for place, row in enumerate(rows, 1):
            if row.link != place:
                self.put(row, link=place)
        last = rows[-1].values["chain"] if rows else self.session(session_id).values["chain"]
        tip = "UPDATE session_tip SET links = ?, last_seq = ?, chain = ? WHERE session_id = ?"
        seq = max((row.seq for row in rows), default=1)
        self.run(tip, (len(rows), seq, last, session_id))
        self.sum_up(session_id)

    def sum_up(self, session_id: str) -> None:
        """Let what is said of the rows agree with them."""
        summary = Summary(last_t_s=self.session(session_id).values["t_s"])
        for row in self.rows(session_id):
            summary.take(row.table, row.values, row.link)
        for name, value in asdict(summary).items():
            self.all(f"UPDATE {{}} SET {name} = ? WHERE session_id = ?", TIP, value, session_id)  # noqa: S608 - an attacker may

    def recompute(self, session_id: str) -> None:
        """Make a session's chain agree with its rows as they are now."""
        opened = self.session(session_id)
        chain = follow(GENESIS, _leaf(opened))
        self.put(opened, chain=chain)
        for row in self.rows(session_id):
            chain = follow(chain, _leaf(row))
            self.put(row, chain=chain)
        self.close_ranks(session_id)

    def recompute_log(self) -> None:
        """Make the log's chain agree with its rows as they are now."""
        chain = GENESIS
        for row in self.table("audit"):
            chain = follow(chain, _leaf(row))
            self.put(row, chain=chain)

    def _where(self, row: Row) -> str:
        key = KEYS.get(row.table)
        if key:
            return f"{key} = '{row.values[key]}'"
        return f"session_id = '{row.values['session_id']}' AND seq = {row.values['seq']}"

    def _select(self, what: str) -> list[Found]:
        cursor = self.run(f"SELECT * FROM {what}")  # noqa: S608 - an attacker may
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _leaf(row: Row) -> bytes:
    table = schema.metadata.tables[row.table]
    return leaf(row.table, {name: row.values[name] for name in hashed_columns(table)})


@contextlib.contextmanager
def attack(path: Path) -> Iterator[Attacker]:
    """Open the file as another tool does; the triggers are out of the way for that time."""
    with contextlib.closing(raw(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.execute(query).fetchall()
        connection.execute("BEGIN IMMEDIATE")
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield Attacker(connection)
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")
