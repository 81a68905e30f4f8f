"""In a small window what to do stays readable; and nothing is offered that cannot be done."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from monitor.channel_messages import BackupState, SessionUpdate
from monitor.snapshot import Phase
from tests.ui.fixtures import CHAIR, snapshot, whole_chart
from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import ANNA, Desktop

Key = Qt.Key
LONG = SessionUpdate(
    snapshot(phase=Phase.INFUSION, patient="Annemarie von Hohenlohe-Schillingsfuerst"),
    whole_chart(),
)


def shown(desk: Desktop, words: str) -> QLabel:
    """Return the one label in sight whose shown text holds the words."""
    QApplication.processEvents()
    labels = [one for one in desk.window.findChildren(QLabel) if one.isVisible()]
    (found,) = [one for one in labels if words in one.text()]
    return found


def test_what_to_do_survives_in_the_top_bar(opened: Opened) -> None:
    desk = opened(LONG)
    desk.tell(LONG)
    label = shown(desk, "Ctrl+L")
    assert label.width() >= label.sizeHint().width()
    desk.sign_in()
    desk.press(Key.Key_L, ctrl=True)
    desk.tell(LONG)
    label = shown(desk, "Locked · Ctrl+L")
    assert label.width() >= label.sizeHint().width()


def test_why_there_is_no_backup_is_readable_over_a_session(opened: Opened) -> None:
    desk = opened(LONG)
    desk.alive = replace(desk.alive, backup=BackupState(None, "The folder cannot be written"))
    desk.tell(LONG)
    desk.tell(LONG)
    label = shown(desk, "NO BACKUP - The folder cannot be written")
    assert label.width() >= label.sizeHint().width()


@pytest.mark.parametrize("has_free_chair", [False, True])
def test_a_start_is_offered_only_while_a_chair_is_free(
    opened: Opened, has_free_chair: bool
) -> None:
    chairs = (CHAIR, replace(CHAIR, chair="Chair 2")) if has_free_chair else (CHAIR,)
    desk = opened(LONG, chairs=chairs)
    desk.press(Key.Key_L, ctrl=True)
    glass = [
        one
        for one in desk.window.panel.findChildren(type(desk.button("Cancel")))
        if one.accessibleName() == "Start now, identify later"
    ]
    assert [one.isVisible() for one in glass] == [has_free_chair]


def test_after_the_sign_in_it_says_what_to_press_again(opened: Opened) -> None:
    desk = opened(LONG)
    desk.press(Key.Key_E)
    desk.type("anna", ANNA)
    desk.tell(LONG)
    assert desk.sees("Now press E again")


def test_a_panel_that_was_closed_is_not_come_back_to(opened: Opened) -> None:
    desk = opened(LONG)
    desk.press(Key.Key_E)
    desk.press(Key.Key_Escape)
    desk.tell(LONG)
    desk.sign_in()
    desk.tell(LONG)
    assert not desk.sees("Now press")


@pytest.mark.parametrize(
    ("patient", "emergency", "words"),
    [
        ("Not identified", "e1", "answers for it, and says who the patient is"),
        ("Not identified", "", "THE PATIENT IS NOT IDENTIFIED"),
        ("Weber, Anna", "e1", "NOBODY ANSWERS"),
    ],
)
def test_the_strip_says_what_is_not_known_yet(
    opened: Opened, patient: str, emergency: str, words: str
) -> None:
    update = SessionUpdate(snapshot(patient=patient, emergency=emergency), whole_chart())
    assert opened(update).sees(words)
