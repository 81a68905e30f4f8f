"""Tell which drivers are offered, and that a bad plug-in stops nothing."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from devices.registry import BUILT_IN, PLUG_IN_GROUP, all_drivers, find_driver
from monitor.errors import OperatorError

PLUG_IN = """
from devices.drivers.ge_s5 import INFO as GE_S5
from dataclasses import replace
INFO = replace(GE_S5, key="clinic_own", title="A driver of the clinic")
AGAIN = GE_S5
NUMBER = 7
"""


@pytest.fixture
def _plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real installed package, as far as Python can tell."""
    (tmp_path / "vigil_test_plug_in.py").write_text(PLUG_IN)
    facts = tmp_path / "clinic_driver-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: clinic-driver\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(
        f"[{PLUG_IN_GROUP}]\n"
        "absent = vigil_test_no_such_module:INFO\n"
        "again = vigil_test_plug_in:AGAIN\n"
        "good = vigil_test_plug_in:INFO\n"
        "number = vigil_test_plug_in:NUMBER\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_ge_driver_is_built_in() -> None:
    assert find_driver("ge_s5") is BUILT_IN[0]


def test_built_in_keys_are_unique() -> None:
    assert len({info.key for info in BUILT_IN}) == len(BUILT_IN)


def test_an_unknown_driver_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OperatorError, match=r"no driver called 'toaster'.*ge_s5"):
        find_driver("toaster")


@pytest.mark.usefixtures("_plug_in")
def test_a_plug_in_is_found_through_its_entry_point() -> None:
    assert find_driver("clinic_own").title == "A driver of the clinic"


@pytest.mark.usefixtures("_plug_in")
def test_bad_plug_ins_are_listed_with_their_reason_and_stop_nothing() -> None:
    report = all_drivers()
    assert [info.key for info in report.drivers] == ["ge_s5", "clinic_own"]
    problems = sorted(report.problems)
    assert len(problems) == 3
    assert "absent (clinic-driver) does not load: ModuleNotFoundError" in problems[0]
    assert "again (clinic-driver) is refused: there is a driver ge_s5 already" in problems[1]
    assert (
        "number (clinic-driver) is refused: vigil_test_plug_in:NUMBER is no DriverInfo"
        in (problems[2])
    )


def test_a_plug_in_without_a_package_is_still_named() -> None:
    lone = EntryPoint("lone", "no_such_module_at_all", PLUG_IN_GROUP)
    assert "lone (unknown package)" in all_drivers([lone]).problems[0]
