"""Everything that is in the database comes out, letter for letter, and nothing half made stays."""

import csv
import errno
import hashlib
import io
import json
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from monitor.accounts.people import Actor, Role
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.export import everything
from monitor.export.cells import guarded
from monitor.export.everything import Order, write_everything
from monitor.patients import CourseDetails, Details
from monitor.storage.backup import Cancelled, Watch
from monitor.storage.courses import CourseRegister
from monitor.storage.database import Database, open_database
from monitor.storage.patients import PatientRegister
from monitor.storage.recorder import append
from monitor.storage.whole import whole_record
from tests.keys import KEY, raw
from tests.monitor.storage.conftest import OPENED, Maker

ADA = Actor("u-9", "Ada", Role.ADMINISTRATOR)
NOW = Instant(0.0, OPENED)
LONG = '日本語 "x", <b>;\n=\'a\r\n' * 250
NASTY = ("=cmd()", "'=1", "＝1", "@x", "-5", "\ttab", "'t Hooft", 'it\'s "so", <b>', "a\r\nb", LONG)
HASH = "$argon2id$secret"
_GUARD = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "vigil.db"
    with open_database(path, KEY) as database:
        fill(database)
    return path


def fill(database: Database) -> None:
    anna = Details("＝Weber", "'Anna' <i>ß", date(1970, 1, 2), "-4711", note="=a\nb")
    patient = PatientRegister(database).add(anna, ADA, NOW, OPENED.date())
    course = CourseDetails(patient.id, OPENED.date(), "Series")
    CourseRegister(database).add(course, ADA, NOW, OPENED.date())
    maker = Maker("5e55101")
    rows = [maker.opened("+Chair"), maker.reading(value=96.65), maker.reading(2.0, None)]
    rows += [maker.pressure(), maker.transition(), *maker.entries()]
    rows += [*(maker.note(text) for text in NASTY), maker.phase("ended", 60.0)]
    append(database, rows)
    opened = Maker("0dd")
    append(database, [replace(opened.opened(), patient=""), opened.reading()])
    with database.writing() as connection:
        values = ("p1", "ben", "Ben", "Ben", "nurse", HASH, 0, 1, 1_700_000_000_000_001)
        marks = ", ".join("?" * len(values))
        connection.exec_driver_sql(f"INSERT INTO person VALUES ({marks})", values)  # noqa: S608 - marks only


def export(path: Path, to: Path, form: str, watch: Watch | None = None) -> list[Any]:
    logged: list[Any] = []
    order = Order(form, "0.1.0", datetime(2026, 11, 22, tzinfo=UTC))
    with open_database(path, KEY, read_only=True) as database, whole_record(database) as record:
        write_everything(record, to, order, watch or Watch(), logged.append)
    return logged


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return every table by SQL of the test's own."""
    with closing(raw(path)) as connection:
        found = {}
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
        ).fetchall()
        for (name,) in names:
            cursor = connection.execute(f"SELECT * FROM {name}")  # noqa: S608 - names from the file
            columns = [column[0] for column in cursor.description]
            found[name] = [dict(zip(columns, row, strict=True)) for row in cursor]
    return found


def as_exported(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return what the document promises of a row, written down a second time."""
    out: dict[str, Any] = {}
    for column, value in row.items():
        if column == "password_hash":
            continue
        name, told = column, value
        if column.endswith("utc_us"):
            name = "recorded_utc" if column == "utc_us" else column[:-3]
            if value is not None:
                moment = datetime(1970, 1, 1) + timedelta(microseconds=value)  # noqa: DTZ001 - UTC by its Z
                told = moment.isoformat(timespec="microseconds") + "Z"
        elif isinstance(value, bytes):
            name, told = f"{column}_hex", value.hex()
        elif column.startswith(("is_", "must_")):
            told = bool(value)
        renamed = {"t_s": "session_s", "last_t_s": "last_session_s", "pulse": "pulse_per_min"}
        pressures = {name: f"{name}_mmHg" for name in ("systolic", "diastolic", "mean")}
        out[(renamed | pressures).get(name, name)] = told
    if table == "reading":
        out["unit"] = "/min"
    return out


def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, default=str))


def key_of(names: tuple[str, ...], row: dict[str, Any]) -> list[str]:
    return [str(row.get(name)) for name in names]


def from_csv(cell: str, told: Any) -> Any:
    """Read a cell as the document says, as the type of the value it is compared with."""
    if told is None:
        return None if cell == "" else cell
    if isinstance(told, bool):
        return {"true": True, "false": False}[cell]
    if isinstance(told, str):
        return cell[1:] if _GUARD.match(cell) else cell
    return type(told)(cell)


def test_every_row_of_every_table_is_in_the_json(path: Path, tmp_path: Path) -> None:
    export(path, tmp_path / "out", "json")
    for table, rows in rows_of(path).items():
        lines = (tmp_path / "out" / f"{table}.jsonl").read_text("utf-8").splitlines()
        told = [json.loads(line) for line in lines]
        assert ordered(told) == ordered([as_exported(table, row) for row in rows]), table


def test_every_row_of_every_table_is_in_the_csv(path: Path, tmp_path: Path) -> None:
    export(path, tmp_path / "out", "csv")
    tables = rows_of(path)
    assert {file.stem for file in (tmp_path / "out").glob("*.csv")} == set(tables)
    assert sum(map(bool, tables.values())) >= 17
    for table, rows in tables.items():
        expected = [as_exported(table, row) for row in rows]
        with (tmp_path / "out" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            told = list(csv.DictReader(file))
        assert len(told) == len(expected)
        keys = ("session_id", "seq", "number", "id", "patient_id", "version")
        key = partial(key_of, keys)
        for line, row in zip(sorted(told, key=key), sorted(expected, key=key), strict=True):
            assert {name: from_csv(cell, row[name]) for name, cell in line.items()} == row


def test_no_cell_is_run_by_a_spreadsheet(path: Path, tmp_path: Path) -> None:
    export(path, tmp_path / "out", "csv")
    cells = [
        cell
        for file in (tmp_path / "out").glob("*.csv")
        for line in csv.reader(io.StringIO(file.read_bytes().decode(), newline=""))
        for cell in line
    ]
    bad = [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝＋－＠")]
    assert [cell for cell in bad if not re.fullmatch(r"-\d+(\.\d+)?", cell)] == []


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1", "'=1"),
        ("'=1", "''=1"),
        ("'t Hooft", "'t Hooft"),
        ("＋1", "'＋1"),
        ("", ""),
        ("a=", "a="),
    ],
)
def test_the_guard_can_be_taken_away_again(text: str, cell: str) -> None:
    assert guarded(text) == cell


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_manifest_vouches_for_every_file_and_no_password_leaves(
    path: Path, tmp_path: Path, form: str
) -> None:
    out = tmp_path / "out"
    (logged,) = export(path, out, form)
    content = (out / "manifest.json").read_bytes()
    assert logged.sha256 == hashlib.sha256(content).hexdigest()
    manifest = json.loads(content)
    counts = {table: len(rows) for table, rows in rows_of(path).items()}
    files = manifest["files"]
    assert {f["table"]: f["rows"] for f in files.values() if "table" in f} == counts
    assert set(files) | {"manifest.json"} == {file.name for file in out.iterdir()}
    for name, facts in files.items():
        data = (out / name).read_bytes()
        assert (facts["bytes"], facts["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert HASH.encode() not in data
    assert manifest["schema_revision"] == "0006"
    assert manifest["audit_end"]["number"] == counts["audit"]


def test_the_chain_of_a_session_can_be_computed_from_the_json_alone(
    path: Path, tmp_path: Path
) -> None:
    export(path, tmp_path / "out", "json")
    links: dict[int, bytes] = {}
    for file in (tmp_path / "out").glob("*.jsonl"):
        for row in map(json.loads, file.read_text("utf-8").splitlines()):
            if row.get("session_id", row.get("id")) == "5e55101" and file.stem != "session_tip":
                links[row.get("link", 0)] = leaf(file.stem, row)
    chain = bytes(32)
    for place in range(len(links)):
        chain = hashlib.sha256(b"\x01" + chain + links[place]).digest()
    tips = (tmp_path / "out" / "session_tip.jsonl").read_text("utf-8").splitlines()
    (tip,) = [tip for tip in map(json.loads, tips) if tip["session_id"] == "5e55101"]
    assert (len(links) - 1, chain.hex()) == (tip["links"], tip["chain_hex"])


def leaf(table: str, row: dict[str, Any]) -> bytes:
    """Hash a row as resources/docs/schema.md says."""
    back = {"recorded_utc": "utc_us", "session_s": "t_s", "pulse_per_min": "pulse"}
    values: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or name in ("link", "chain_hex") or (table, name) == ("reading", "unit"):
            continue
        column = back.get(name, name.removesuffix("_mmHg"))
        if name.endswith("_utc"):
            column = column if column.endswith("_us") else f"{name}_us"
            since = datetime.fromisoformat(value) - datetime(1970, 1, 1, tzinfo=UTC)
            value = since // timedelta(microseconds=1)  # noqa: PLW2901 - the same value, as stored
        values[column] = int(value) if isinstance(value, bool) else value
    canonical = msgspec.msgpack.encode([table, dict(sorted(values.items()))])
    return hashlib.sha256(b"\x00" + canonical).digest()


# ---- what breaks off


def test_cancelling_leaves_nothing_and_logs_nothing(path: Path, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    told: list[int] = []
    watch = Watch(lambda *_: told.append(1), lambda: len(told) >= 3)
    with pytest.raises(Cancelled):
        export(path, tmp_path / "out", "csv", watch)
    assert told
    assert set(tmp_path.iterdir()) == before


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = set(tmp_path.iterdir())
    monkeypatch.setattr(everything.os, "fsync", full)
    with pytest.raises(OperatorError, match="not enough room"):
        export(path, tmp_path / "out", "json")
    assert set(tmp_path.iterdir()) == before


def test_the_last_room_on_the_disk_of_the_record_is_left_to_the_recorder(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everything, "LOW_BYTES", 1 << 62)
    with pytest.raises(OperatorError, match="not enough room"):
        export(path, tmp_path / "out", "json")
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_logged_does_not_leave(path: Path, tmp_path: Path) -> None:
    def refuse(_: Any) -> None:
        raise OperatorError("The disk is full", "make room")

    order = Order("csv", "0.1.0", OPENED)
    before = set(tmp_path.iterdir())
    with (
        open_database(path, KEY, read_only=True) as database,
        whole_record(database) as record,
        pytest.raises(OperatorError, match="disk is full"),
    ):
        write_everything(record, tmp_path / "out", order, Watch(), refuse)
    assert set(tmp_path.iterdir()) == before


def test_bytes_and_times_that_another_program_put_there_come_out_too(
    path: Path, tmp_path: Path
) -> None:
    with closing(raw(path)) as connection:
        run = connection.execute
        run("INSERT INTO sign_in_attempt VALUES (CAST(x'61e962' AS TEXT), 9e999, 'soon')")
    export(path, tmp_path / "out", "json")
    (row,) = (tmp_path / "out" / "sign_in_attempt.jsonl").read_text("utf-8").splitlines()
    assert json.loads(row) == {"last_utc": "soon", "who": "a\\xe9b", "failures": "inf"}
