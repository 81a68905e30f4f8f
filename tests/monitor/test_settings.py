"""The settings file: read once, refused whole, never written over when it cannot be read.

Knows settings.toml as bytes. Must not know who uses the settings.
"""

import contextlib
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.entries import USUAL, EntryLimits
from monitor.errors import OperatorError
from monitor.settings import (
    FILE_NAME,
    AlarmSettings,
    ChairSettings,
    EntrySettings,
    Settings,
    TimeSettings,
    open_data_folder,
    read_settings,
    write_settings,
)

CHAIR = ChairSettings("Chair 1", "ge_s5", "/dev/ttyUSB0")
GOOD = """
[[chair]]
name = "Chair 1"
driver = "ge_s5"
port = "/dev/ttyUSB0"
"""
SECOND = """
[[chair]]
name = "Chair 2"
driver = "ge_s5"
port = "/dev/ttyUSB1"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def test_without_a_file_it_is_a_new_installation(path: Path) -> None:
    assert read_settings(path) == Settings()
    assert not path.exists()


def test_an_empty_file_is_a_clinic_without_chairs(path: Path) -> None:
    path.write_bytes(b"")
    assert read_settings(path) == Settings()


def test_chairs_are_read_with_what_is_usual(path: Path) -> None:
    path.write_text(GOOD + SECOND + "simulated = true\ncuff_interval_s = 240\n", "utf-8")
    one, two = read_settings(path).chair
    assert one == CHAIR
    assert (two.name, two.simulated, two.cuff_interval_s) == ("Chair 2", True, 240)


def test_a_data_folder_knows_its_files_and_its_time(tmp_path: Path) -> None:
    folder = open_data_folder(tmp_path)
    assert (folder.database, folder.is_accelerated) == (tmp_path / "vigil.db", False)
    fast = Settings(time=TimeSettings(60, datetime(2026, 3, 2, tzinfo=UTC)))
    write_settings(tmp_path / FILE_NAME, fast)
    assert open_data_folder(tmp_path).is_accelerated


BAD: dict[str, bytes] = {
    "truncated": GOOD.encode()[:-12],
    "cut in a word": b"[[chair]\nname",
    "not UTF-8": b'[[chair]]\nname = "\xff\xfe"',
    "UTF-16": GOOD.encode("utf-16"),
    "zeros": b"\x00" * 512,
    "unknown field": (GOOD + "colour = 'red'").encode(),
    "unknown table": b"[chairs]\nname = 'Chair 1'",
    "missing field": b"[[chair]]\nname = 'Chair 1'",
    "wrong type": GOOD.replace('"Chair 1"', "1").encode(),
    "a table for a list": GOOD.replace("[[chair]]", "[chair]").encode(),
    "text for a number": (GOOD + "cuff_interval_s = 'often'").encode(),
    "truth for a number": (GOOD + "cuff_interval_s = true").encode(),
    "no interval": (GOOD + "cuff_interval_s = 0").encode(),
    "negative interval": (GOOD + "cuff_interval_s = -300").encode(),
    "interval that is no number": (GOOD + "cuff_interval_s = nan").encode(),
    "endless interval": (GOOD + "cuff_interval_s = inf").encode(),
    "time that stands": b"[time]\nspeed = 0\nanchor = 2026-03-02T00:00:00Z",
    "time without a zone": b"[time]\nspeed = 60\nanchor = 2026-03-02T00:00:00",
    "a number without end": b"throw_away = " + b"9" * 5000,
    "brackets without end": b"chair = " + b"[" * 5000,
    "a profile that is no name": b"[alarms]\nprofile = 7",
    "a profile without end": b'[alarms]\nprofile = "' + b"x" * 201 + b'"',
    "an alarm setting we do not know": b"[alarms]\nlimit = 7",
    "a ceiling above every dose": b"[entries]\nketamine_mg = 2001",
    "a ceiling below every dose": b"[entries]\nketamine_mg = 0.5",
    "a ceiling that is no number": b"[entries]\nother_mg = nan",
    "a ceiling without end": b"[entries]\nvolume_ml = inf",
    "a ceiling of nothing": b"[entries]\nvolume_ml = 0",
    "a ceiling we do not know": b"[entries]\nesketamine_mg = 100",
    "nobody weighs so little": b"[entries]\nleast_weight_kg = 0",
    "two chairs of one name": (GOOD + SECOND.replace("Chair 2", "Chair 1")).encode(),
    "two chairs on one port": (GOOD + SECOND.replace("USB1", "USB0")).encode(),
    "a chair without a name": GOOD.replace("Chair 1", "").encode(),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_used_is_named_and_left_as_it_is(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(OperatorError) as refused:
        open_data_folder(path.parent)
    assert str(path) in refused.value.what
    assert refused.value.what_to_do
    assert path.read_bytes() == data
    assert [child.name for child in path.parent.iterdir()] == [FILE_NAME]


def test_a_folder_in_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(OperatorError, match=FILE_NAME):
        read_settings(path)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_it_is_settings_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    with contextlib.suppress(OperatorError):
        read_settings(path)
    assert path.read_bytes() == data


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
chairs = st.builds(
    ChairSettings, texts, texts, texts, st.booleans(), st.floats(0.001, 86_400, allow_nan=False)
)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])
times = st.builds(
    TimeSettings,
    st.floats(0.001, 1e6),
    st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=zones),  # noqa: DTZ001 - hypothesis adds the zone
)


@given(
    st.builds(
        Settings,
        st.lists(chairs, max_size=4, unique_by=(lambda c: c.name, lambda c: c.port)).map(tuple),
        st.none() | times,
        st.booleans(),
    )
)
def test_what_is_written_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.toml"
    write_settings(path, settings)
    assert read_settings(path) == settings


@pytest.mark.parametrize(
    "name",
    [
        'Chair "1"',
        "a\\b",
        "C:\\ports\\new",
        "Stuhl 1 ä 椅子 🪑",
        "a\nb\tc\rd",
        "\x00\x1f\x7f\x85",
        "'''",
    ],
)
def test_any_name_survives(path: Path, name: str) -> None:
    settings = Settings((ChairSettings(name, "ge_s5", name),))
    write_settings(path, settings)
    assert read_settings(path) == settings


def test_settings_replace_those_before_and_leave_nothing_beside_them(path: Path) -> None:
    write_settings(path, Settings((CHAIR,)))
    write_settings(path, Settings(throw_away=True))
    assert read_settings(path) == Settings(throw_away=True)
    assert [child.name for child in path.parent.iterdir()] == [FILE_NAME]


def test_settings_that_cannot_be_written_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"):
        write_settings(tmp_path / "no such folder" / FILE_NAME, Settings())


def test_a_clinic_names_its_standard_alarm_profile(path: Path) -> None:
    path.write_text('[alarms]\nprofile = "Ward \\"7\\""\n')
    settings = read_settings(path)
    assert settings.alarms == AlarmSettings('Ward "7"')
    write_settings(path, settings)
    assert read_settings(path) == settings
    assert read_settings(path.with_name("none")).alarms.profile == ""


def test_the_ceilings_of_entries_are_the_usual_ones_until_a_clinic_says_otherwise(
    path: Path,
) -> None:
    assert read_settings(path).entries.limits == USUAL
    path.write_text("[entries]\nketamine_mg = 120\n")
    assert read_settings(path).entries.limits == replace(USUAL, ketamine_mg=120.0)
    settings = Settings(entries=EntrySettings(ketamine_mg=120.0, greatest_weight_kg=250.0))
    write_settings(path, settings)
    assert read_settings(path) == settings


@pytest.mark.parametrize("name", [field.name for field in fields(EntryLimits)])
def test_every_ceiling_can_be_set(path: Path, name: str) -> None:
    path.write_text(f"[entries]\n{name} = 100\n")
    assert getattr(read_settings(path).entries.limits, name) == 100.0
