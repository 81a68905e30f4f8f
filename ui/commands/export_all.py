"""``vigil export all``: the whole record as plain files, for another program or another clinic.

Composes the export of everything with the terminal and the audit log. Must not import Qt.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from monitor.engine import APP_VERSION
from monitor.errors import OperatorError
from monitor.export.everything import Export, Order, require_new, write_everything
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.audit import Audit
from monitor.storage.backup import Cancelled
from monitor.storage.database import open_database
from monitor.storage.keys import DataKey
from monitor.storage.signed import open_signed
from monitor.storage.whole import whole_record
from ui.cli import data_folder
from ui.command_line import who
from ui.keys import find_key
from ui.unfinished_exports import one_export
from ui.voice import note
from ui.watched import watched

ALL = "all"
"""In the place of a session: their ids are of hexadecimal digits, so none begins like this."""
EXPORTED = "record.exported"
FORMS = ("csv", "json")
CANCELLED = 130
PLAIN = "its files are not encrypted: keep them where only you can read them"


def export_all(options: argparse.Namespace) -> int:
    """Write everything into a folder that does not exist yet."""
    folder = open_data_folder(data_folder(options))
    to: Path = options.out
    _check(folder, to, options.to)
    key = find_key(folder, options)
    order = Order(options.to, APP_VERSION, datetime.now(UTC))
    try:
        done = _written(folder, key, to, order)
    except Cancelled as cancelled:
        note(f"vigil: {cancelled}.")
        return CANCELLED
    note(f"vigil: wrote {to}: {done.rows:,} rows in {done.tables} tables; {PLAIN}.")
    return 0


def _written(folder: DataFolder, key: DataKey, to: Path, order: Order) -> Export:
    def log(export: Export) -> None:
        detail = {
            "to": order.form,
            "rows": export.rows,
            "tables": export.tables,
            "sha256": export.sha256,
        }
        with open_signed(folder.database, key) as database:
            Audit(database).append(who(), EXPORTED, "", detail, datetime.now(UTC))

    with (
        open_database(folder.database, key, read_only=True) as database,
        one_export(folder.path) as begun,
        watched() as watch,
        whole_record(database) as record,
    ):
        return write_everything(record, to, order, watch, log, begun=begun)


def _check(folder: DataFolder, to: Path, form: str) -> None:
    if form not in FORMS:
        raise OperatorError(f"Everything cannot be exported as {form}", "use csv or json")
    if str(to) == "-":
        raise OperatorError("Everything is many files", "name a new folder for them")
    if not folder.database.exists():
        raise OperatorError(
            f"No session is recorded in {folder.path}", "name the right folder with --data"
        )
    if to.resolve().is_relative_to(folder.path.resolve()):
        raise OperatorError(
            "The data folder holds nothing unencrypted", "name a folder outside of it"
        )
    require_new(to)
