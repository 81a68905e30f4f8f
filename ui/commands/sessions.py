"""``vigil sessions`` and ``vigil export``.

Composes the stored history with the terminal and the exporters. Must not import Qt.
"""

import argparse
import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from monitor.errors import OperatorError
from monitor.export.csv_export import put_csv, write_csv
from monitor.export.json_export import put_json, write_json
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.alarm_rows import every_quality
from monitor.storage.any_version import open_to_look
from monitor.storage.audit import Audit
from monitor.storage.database import Database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.keys import DataKey
from monitor.storage.signed import open_signed
from monitor.storage.stored import SessionSummary, StoredSession
from ui.cli import data_folder
from ui.command_line import log_view, who
from ui.commands.export_all import ALL, export_all
from ui.commands.session_alarms import tell_alarms
from ui.keys import find_key
from ui.voice import note, table, tell_apart, tell_bytes, tell_json

WRITE = {"csv": write_csv, "json": write_json}
PUT = {"csv": put_csv, "json": put_json}
COLUMN = 24
"""Letters of a name in the list."""
T = TypeVar("T")
Log = Callable[[str], None]
"""Takes the SHA-256 of what leaves the record."""


def sessions(options: argparse.Namespace) -> int:
    """List what is recorded, newest last; with ``--alarms`` the figures of its alarms."""
    folder = open_data_folder(data_folder(options))
    if options.alarms:
        figures = _looked_at(folder, options, every_quality)
        tell_alarms(figures, as_json=options.json)
        is_empty = not figures
    else:
        summaries = _looked_at(folder, options, list_sessions)
        _tell_list(summaries, as_json=options.json)
        is_empty = not summaries
    if is_empty and not options.json:
        note(f"vigil: no session is recorded in {folder.path} yet.")
    return 0


def _tell_list(found: tuple[SessionSummary, ...], *, as_json: bool) -> None:
    if as_json:
        for summary in found:
            tell_json(_fact(summary))
    elif found:
        table(
            ("session", "opened (UTC)", "chair", "patient", "minutes", "readings", "cuff", "state"),
            [_line(summary) for summary in found],
        )


def _looked_at(
    folder: DataFolder, options: argparse.Namespace, read: Callable[[Database], tuple[T, ...]]
) -> tuple[T, ...]:
    """Read one thing a session, and log that the list was looked at."""
    if not folder.database.exists():
        return ()
    key = find_key(folder, options)
    with open_to_look(folder.database, key, tell_apart) as database:
        found = read(database)
    log_view(folder, key, {"sessions": len(found)})
    return found


def _fact(summary: SessionSummary) -> dict[str, Any]:
    return {
        "session": summary.session_id,
        "opened_utc": summary.opened_utc,
        "chair": summary.chair,
        "patient": summary.patient,
        "patient_id": summary.patient_id,
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
        on_one_line(summary.chair),
        on_one_line(summary.patient),
        f"{summary.last_t_s / 60:.1f}",
        str(summary.readings),
        str(summary.pressures),
        summary.phase.value + (" (simulated)" if summary.is_simulated else ""),
    )


def on_one_line(text: str) -> str:
    """Return what a terminal may be sent: cut to a column, and nothing that would command it."""
    shown = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return shown if len(shown) <= COLUMN else f"{shown[: COLUMN - 1]}…"


def export(options: argparse.Namespace) -> int:
    """Write one session to a file that does not exist yet, or to standard output for "-"."""
    if options.session == ALL:
        return export_all(options)
    folder = open_data_folder(data_folder(options))
    if not folder.database.exists():
        raise OperatorError(
            f"No session is recorded in {folder.path}", "name the right folder with --data"
        )
    key = find_key(folder, options)
    with open_to_look(folder.database, key, tell_apart) as database:
        stored = load_session(database, options.session)
    log = partial(_log_export, folder, key, stored, options.to)
    if str(options.out) == "-":
        _to_standard_output(stored, options.to, log)
    else:
        _to_file(stored, options.to, options.out, log)
    return 0


def _to_file(stored: StoredSession, form: str, path: Path, log: Log) -> None:
    WRITE[form](stored, path)
    try:
        with path.open("rb") as file:
            log(hashlib.file_digest(file, "sha256").hexdigest())
    except BaseException:
        path.unlink(missing_ok=True)  # nothing leaves the record without a trace
        raise
    note(f"vigil: wrote {path}")


def _to_standard_output(stored: StoredSession, form: str, log: Log) -> None:
    """Log first: what was put into a pipe cannot be taken back."""
    text = io.StringIO(newline="")
    PUT[form](stored, text)
    content = text.getvalue().encode()
    log(hashlib.sha256(content).hexdigest())
    tell_bytes(content)


def _log_export(
    folder: DataFolder, key: DataKey, stored: StoredSession, form: str, file_hash: str
) -> None:
    detail = {"to": form, "rows": len(stored.rows), "sha256": file_hash}
    with open_signed(folder.database, key) as database:
        Audit(database).append(
            who(), "session.exported", stored.session_id, detail, datetime.now(UTC)
        )
