"""``vigil sessions`` and ``vigil export``.

Composes the stored history with the terminal and the exporters. Must not import Qt.
"""

import argparse
import hashlib
from datetime import UTC, datetime
from typing import Any

from monitor.errors import OperatorError
from monitor.export.csv_export import write_csv
from monitor.export.json_export import write_json
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.audit import Audit
from monitor.storage.database import Database, open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.stored import SessionSummary, StoredSession
from ui.cli import data_folder
from ui.keys import find_key
from ui.voice import note, table, tell_json

WRITERS = {"csv": write_csv, "json": write_json}
COMMAND_LINE = "command line"
"""The audit log's actor until commands ask who gives them."""


def sessions(options: argparse.Namespace) -> int:
    """List what is recorded, newest last."""
    folder = open_data_folder(data_folder(options))
    found = _summaries(folder, options)
    if options.json:
        for summary in found:
            tell_json(_fact(summary))
    elif found:
        table(
            ("session", "opened (UTC)", "chair", "minutes", "readings", "cuff", "state"),
            [_line(summary) for summary in found],
        )
    else:
        note(f"vigil: no session is recorded in {folder.path} yet.")
    return 0


def _summaries(folder: DataFolder, options: argparse.Namespace) -> tuple[SessionSummary, ...]:
    if not folder.database.exists():
        return ()
    with open_database(folder.database, find_key(folder, options), read_only=True) as database:
        return list_sessions(database)


def _fact(summary: SessionSummary) -> dict[str, Any]:
    return {
        "session": summary.session_id,
        "opened_utc": summary.opened_utc,
        "chair": summary.chair,
        "driver": summary.driver,
        "simulated": summary.is_simulated,
        "phase": summary.phase.value,
        "duration_s": summary.last_t_s,
        "readings": summary.readings,
        "blood_pressures": summary.pressures,
        "alarms": summary.alarms,
    }


def _line(summary: SessionSummary) -> tuple[str, ...]:
    return (
        summary.session_id[:8],
        f"{summary.opened_utc:%Y-%m-%d %H:%M}",
        summary.chair,
        f"{summary.last_t_s / 60:.1f}",
        str(summary.readings),
        str(summary.pressures),
        summary.phase.value + (" (simulated)" if summary.is_simulated else ""),
    )


def export(options: argparse.Namespace) -> int:
    """Write one session to a file that does not exist yet."""
    folder = open_data_folder(data_folder(options))
    if not folder.database.exists():
        raise OperatorError(
            f"No session is recorded in {folder.path}", "name the right folder with --data"
        )
    key = find_key(folder, options)
    with open_database(folder.database, key, read_only=True) as database:
        stored = load_session(database, options.session)
    WRITERS[options.to](stored, options.out)
    try:
        with open_database(folder.database, key) as database:
            _log_export(database, stored, options)
    except BaseException:
        options.out.unlink(missing_ok=True)  # nothing leaves the record without a trace
        raise
    note(f"vigil: wrote {options.out}")
    return 0


def _log_export(database: Database, stored: StoredSession, options: argparse.Namespace) -> None:
    with options.out.open("rb") as file:
        file_hash = hashlib.file_digest(file, "sha256").hexdigest()
    detail = {"to": options.to, "rows": len(stored.rows), "sha256": file_hash}
    Audit(database).append(
        COMMAND_LINE, "session.exported", stored.session_id, detail, datetime.now(UTC)
    )
