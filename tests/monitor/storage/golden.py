"""Databases as SQL text: what each released revision left behind, for upgrades to begin with.

Knows SQLite's own words only, so that no later change of the program can alter what is tested.
``tests/data/databases/<revision>.sql`` was written by ``dump`` with the program of that revision.
"""

import contextlib
from pathlib import Path
from typing import Any

from tests.keys import raw

FOLDER = Path(__file__).resolve().parents[2] / "data" / "databases"


def dump(path: Path) -> str:
    """Write a database of the tests' key as SQL: tables, rows, then indexes and triggers."""
    with contextlib.closing(raw(path)) as connection:
        run = connection.execute
        (application,) = run("PRAGMA application_id").fetchone()
        query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        made = run(query).fetchall()
        lines = [f"PRAGMA application_id = {application};"]
        tables = [name for kind, name, _ in made if kind == "table"]
        lines += [f"{sql};" for kind, _, sql in made if kind == "table"]
        for name in tables:
            lines += _rows(connection, name)
        lines += [f"{sql};" for kind, _, sql in made if kind != "table"]
    return "\n".join(lines) + "\n"


def load(revision: str, path: Path) -> None:
    """Make the database that the program of ``revision`` left behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sql = (FOLDER / f"{revision}.sql").read_bytes().decode("utf-8")
    with contextlib.closing(raw(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN;\n{sql}COMMIT;")


def content(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table by column name, each value with its type."""
    with contextlib.closing(raw(path)) as connection:
        return {
            name: [
                {column: (type(value).__name__, value) for column, value in row.items()}
                for row in _select(connection, name)
            ]
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            ).fetchall()
        }


def _select(connection: Any, table: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - names from the file
    names = [column[0] for column in cursor.description]
    rows = sorted(cursor.fetchall(), key=lambda row: row[:2])
    return [dict(zip(names, row, strict=True)) for row in rows]


def _rows(connection: Any, table: str) -> list[str]:
    names = [f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})")]
    values = " || ', ' || ".join(f"quote({name})" for name in names)
    found = connection.execute(f"SELECT {values} FROM {table} ORDER BY 1").fetchall()  # noqa: S608 - names from the file
    return [f"INSERT INTO {table} ({', '.join(names)}) VALUES ({row[0]});" for row in found]  # noqa: S608 - names from the file
