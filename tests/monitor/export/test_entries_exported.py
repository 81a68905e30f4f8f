"""What people entered leaves the record with the readings, in both formats.

Knows the kinds of entries. Must not know how they come about.
"""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from monitor.export.csv_export import put_csv
from monitor.export.entry_kinds import ENTRY_KINDS
from monitor.export.json_export import read_json, write_json
from monitor.records import (
    AmendmentKept,
    DoseKept,
    Entry,
    EventKept,
    IdentificationKept,
    LimitChangeKept,
    Meaning,
    NoteKept,
    ScaleKept,
    SignatureKept,
    Stamp,
)
from monitor.storage.stored import StoredSession
from tests.monitor.export.conftest import OPENED

AT = Stamp("5e55101", 8, 700.0, OPENED + timedelta(seconds=700))
WHO = {"by": "Ada", "by_id": "a1"}
ENTRIES: dict[str, Entry] = {
    "identification": IdentificationKept(AT, "p1", "c1", "Jo", "said late", **WHO),
    "event": EventKept(AT, "nausea", "=very", 660.0, **WHO),
    "dose": DoseKept(AT, "ketamine", "iv", 35.0, "mg", 70.0, "L7", None, "", 610.0, **WHO),
    "scale": ScaleKept(AT, "MOAA/S", 5.0, {"item": 5.0}, 690.0, **WHO),
    "note": NoteKept(AT, "sleeps", **WHO),
    "limit_change": LimitChangeKept(AT, "HR-H1", "above_per_min", 120, 125, "athlete", **WHO),
    "amendment": AmendmentKept(AT, "note", 8, "text", "sleeps", "awake", "mistyped", **WHO),
    "signature": SignatureKept(AT, Meaning.REVIEW, "seen", 7, "ab12", **WHO),
}


@pytest.fixture
def told(stored: StoredSession) -> StoredSession:
    return replace(stored, rows=(*stored.rows, *ENTRIES.values()))


def test_every_kind_of_entry_has_a_name() -> None:
    assert set(ENTRY_KINDS.values()) == set(get_args(Entry))
    assert {name: type(entry) for name, entry in ENTRIES.items()} == ENTRY_KINDS


def test_the_csv_says_what_was_entered_by_whom_and_when_it_was_done(told: StoredSession) -> None:
    text = io.StringIO(newline="")
    put_csv(told, text)
    text.seek(0)
    lines = {line["kind"]: line for line in csv.DictReader(text) if line["kind"] in ENTRIES}
    assert set(lines) == set(ENTRIES)
    assert {line["by"] for line in lines.values()} == {"Ada"}
    assert lines["event"]["text"] == "'=very"
    dose = lines["dose"]
    assert (dose["infusion_s"], dose["session_s"]) == ("10", "700")
    assert dose["time_utc"] == "2026-11-19T09:26:10.000000Z"
    detail = json.loads(dose["detail"])
    assert (detail["drug"], detail["amount"], detail["unit"]) == ("ketamine", 35.0, "mg")
    assert json.loads(lines["signature"]["detail"])["meaning"] == "review"
    assert lines["note"]["infusion_s"] == "100"


def test_the_session_with_its_entries_can_be_rebuilt_from_the_json(
    told: StoredSession, tmp_path: Path
) -> None:
    write_json(told, tmp_path / "out.json")
    assert read_json(tmp_path / "out.json") == told
