"""A clinic with its people, and a desktop that is closed after each test."""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from monitor.accounts.people import Role
from tests.ui.people.desktop import ANNA, BOSS, Desktop, Records
from ui.theme import apply, load_theme

Opened = Callable[..., Desktop]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with a nurse and an administrator, made once: migrating takes longest."""
    clinic = Records(tmp_path_factory.mktemp("template"))
    clinic.hire("anna", ANNA)
    clinic.hire("boss", BOSS, Role.ADMINISTRATOR)
    return clinic.path


@pytest.fixture
def records(tmp_path: Path, template: Path) -> Records:
    """Return the records of a clinic with a nurse and an administrator."""
    shutil.copy(template, tmp_path / template.name)
    return Records(tmp_path)


@pytest.fixture
def opened(qapp: QApplication, records: Records) -> Iterator[Opened]:
    """Return a function that opens a desktop."""
    apply(load_theme(), qapp)
    desktops: list[Desktop] = []

    def open_it(*updates: object, **choices: object) -> Desktop:
        choices.setdefault("records", records)
        desktops.append(Desktop(choices.pop("records"), *updates, **choices))  # type: ignore[arg-type]  # passed on
        return desktops[-1]

    yield open_it
    for desktop in desktops:
        desktop.close()
    desktops.clear()
    gc.collect()
    qapp.processEvents()
