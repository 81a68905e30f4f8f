"""A real monitor's bytes, through a pty, into ``vigil record``, equal what is decoded from them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.records import PressureKept, ReadingKept
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.stored import StoredSession
from tests.keys import KEY, set_up

SPEED = "60"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")


def vigil(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "ui.cli", *map(str, words)]


def decoded(file: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        vigil("decode", "ge_s5", file, "--json"), capture_output=True, check=True, timeout=60
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def played_and_recorded(file: Path, data: Path, minutes: str) -> StoredSession:
    words = vigil("simulate", "ge_s5", "--pty", "--replay", file, "--speed", SPEED)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as player:
        assert player.stdout is not None
        port = player.stdout.readline().strip()
        options = ("--driver", "ge_s5", "--port", port, "--minutes", minutes, "--speed", SPEED)
        opening = ("--data", data, "--passphrase-file", set_up(data))
        subprocess.run(vigil("record", *options, *opening), check=True, timeout=100)
    with open_database(data / "vigil.db", KEY, read_only=True) as database:
        (summary,) = list_sessions(database)
        return load_session(database, summary.session_id)


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("ge_s5_bx50_raw", "3"),
        ("ge_s5_bx50_db00_head", "8"),  # 434 records, one a second
        ("ge_s5_bx50_db01_truncated_slice", "3"),
    ],
)
def test_the_database_holds_what_the_decoder_says(
    name: str, minutes: str, shared: Path, tmp_path: Path
) -> None:
    file = shared / "data/captures" / f"{name}.raw"
    events = decoded(file)
    stored = played_and_recorded(file, tmp_path, minutes)
    kept = [
        (row.vital, row.value, row.quality, row.source)
        for row in stored.rows
        if isinstance(row, ReadingKept)
    ]
    assert kept == [
        (event["vital"], event["value"], event["quality"], event["source"])
        for event in events
        if event["kind"] == "reading"
    ]
    pressures = [
        (row.systolic, row.diastolic, row.mean, row.is_stale)
        for row in stored.rows
        if isinstance(row, PressureKept)
    ]
    assert pressures == [
        (event["systolic"], event["diastolic"], event["mean"], event.get("stale", False))
        for event in events
        if event["kind"] == "blood_pressure"
    ]
