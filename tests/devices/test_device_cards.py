"""House rules over every driver folder: the device card, and a simulator of its own mind.

Knows folders and headings. Must not know a protocol.
"""

import ast
import re
from pathlib import Path

import pytest

from devices.registry import BUILT_IN

DRIVERS = Path(__file__).resolve().parents[2] / "devices" / "drivers"
FOLDERS = sorted(path.parent for path in DRIVERS.glob("*/__init__.py"))
HEADINGS = [
    "Source of the protocol",
    "Line settings",
    "Cable",
    "Menu path",
    "Verified on",
    "Known limits",
    "Checklist",
]

every_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def section(card: str, heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", card, re.M | re.S)
    assert found, f"the card has no section {heading!r}"
    return found[1].strip()


def card_of(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def test_every_folder_is_a_driver_and_every_driver_has_a_folder() -> None:
    modules = {Path(info.create.__module__.replace(".", "/")).parent.name for info in BUILT_IN}
    assert modules == {folder.name for folder in FOLDERS}


@every_folder
@pytest.mark.parametrize("heading", HEADINGS)
def test_the_card_has_every_section_filled(folder: Path, heading: str) -> None:
    assert section(card_of(folder), heading)


@every_folder
def test_each_checklist_item_is_done_or_exempt_with_a_reason(folder: Path) -> None:
    rows = section(card_of(folder), "Checklist").splitlines()[2:]
    assert rows
    for row in rows:
        assert re.fullmatch(r"\| .+ \| (done|exempt: .{5,}) \|", row), row


@every_folder
def test_the_card_names_the_line_settings_of_the_driver(folder: Path) -> None:
    text = section(card_of(folder), "Line settings")
    for info in BUILT_IN:
        if info.create.__module__.startswith(f"devices.drivers.{folder.name}."):
            assert all(str(line.baud) in text for line in info.line_settings)


def imports_of(source: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


@every_folder
def test_the_simulator_shares_nothing_with_the_driver(folder: Path) -> None:
    own = f"devices.drivers.{folder.name}."
    for source in folder.glob("simulat*.py"):
        for module in imports_of(source):
            assert module != "devices.framing"
            assert not module.startswith("devices.framing.")
            assert module != own.rstrip(".")
            assert not module.startswith(own) or module[len(own) :].startswith("simulat"), module
