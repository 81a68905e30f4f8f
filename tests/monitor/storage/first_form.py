"""An unencrypted database as the first version of Vigil left it, and what it holds.

Frozen like revision 0001, whatever the tables look like today.
"""

from pathlib import Path
from typing import Any

from monitor.storage import migrations
from monitor.storage.connection import Access, Connect, unencrypted
from monitor.storage.database import Database

PATIENT = "Žofia Quijote-O'Hara 470211/4711"
NOTE = "allergic to Amoxicillin 💊"
ODD_VALUE = 73.0625
TABLES = ("session", "reading", "blood_pressure", "alarm_transition", "happening")

_SESSION = (
    "INSERT INTO session VALUES (?, 1, -0.0, 1795083360123457, 'Chair 1', ?, 'ge_s5', '/dev/ttyS0',"
    " 0, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{}')"
)
_READING = "INSERT INTO reading VALUES (?, ?, ?, 1795083361000000, 'ge_s5', 'spo2', ?, 'ok', 'ox')"
_PRESSURE = (
    "INSERT INTO blood_pressure VALUES (?, 2, 2.5, 1795083362500000, 'ge_s5', 184, 101.0, NULL,"
    " NULL, 9007199254740993, 0, 'ok')"
)
_HAPPENING = "INSERT INTO happening VALUES (?, 3, 3.0, 1795083363000000, 'note', ?)"


def make_first_form(path: Path, sessions: int = 3, readings: int = 40) -> None:
    """Write the file as a station that was stopped leaves it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Database(path, Access.WRITE, unencrypted()) as database, database.writing() as connection:
        migrations.upgrade(connection, "0001")
        run = connection.exec_driver_sql
        for session in (f"5e5510{n}" for n in range(sessions)):
            run(_SESSION, (session, PATIENT))
            rows = [
                (session, 10 + n, n / 7, None if n == 5 else ODD_VALUE) for n in range(readings)
            ]
            run(_READING, rows)
            run(_PRESSURE, (session,))
            run(_HAPPENING, (session, NOTE))


def content(path: Path, connect: Connect) -> dict[str, list[Any]]:
    """Return every row of every table, types and all."""
    connection = connect.open(path, Access.READ)
    try:
        return {
            table: [repr(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608 - the names are above
            for table in TABLES
        }
    finally:
        connection.close()
