"""A session is started for a registered patient, by keyboard; a break-glass one is identified."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QPushButton

from monitor.channel_messages import Identify, OpenSession, SessionUpdate
from monitor.entry_messages import IdentifyPatient
from monitor.patients import Details
from tests.ui.fixtures import CHAIR, alarm, snapshot, whole_chart
from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import ANNA, BOSS, WEBER, Desktop, HeldErrands, Records
from ui.live.starting import AFTERWARDS, FORM_LASTS_S
from ui.patients.panel import PatientPanel

Key = Qt.Key
MARKUP = '<b>Bold</b><img src="x"> & "Co"'


def glass(**changes: object) -> SessionUpdate:
    changes = {"patient": "Not identified", "emergency": "e1"} | changes
    return SessionUpdate(snapshot(**changes), whole_chart())


def signed_in(opened: Opened, *updates: object, **choices: object) -> Desktop:
    desk = opened(*updates, **choices)
    desk.sign_in()
    desk.tell(*updates)
    return desk


def keys(desk: Desktop, text: str, *updates: object) -> None:
    QTest.keyClicks(desk.focus, text)
    desk.tell(*updates)


def panel(desk: Desktop) -> PatientPanel:
    return desk.window.patients


def who(desk: Desktop) -> dict[str, str]:
    actor = desk.reception.actor_for()
    return {"by": actor.by, "by_id": actor.user_id}


def test_a_returning_patient_is_six_keys(opened: Opened, records: Records) -> None:
    patient = records.register(WEBER)
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    keys(desk, "web")
    desk.press(Key.Key_Return)
    assert desk.sees("born 1980-03-31 · no. 4711")
    assert desk.commands() == []
    desk.press(Key.Key_Return)
    sent = OpenSession("Chair 1", WEBER.label, 2400.0, patient_id=patient.id, **who(desk))
    assert desk.commands() == [sent]
    assert not panel(desk).is_open


def test_up_and_down_choose_and_the_minutes_are_typed_over(
    opened: Opened, records: Records
) -> None:
    records.register(WEBER)
    second = records.register(Details("Weber", "Berta", clinic_number="9"))
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    keys(desk, "weber")
    desk.press(Key.Key_Down)
    desk.press(Key.Key_Return)
    keys(desk, "55")
    desk.press(Key.Key_Return)
    (sent,) = desk.commands()
    assert isinstance(sent, OpenSession)
    assert (sent.patient_id, sent.planned_infusion_s) == (second.id, 3300.0)


def test_a_new_patient_is_typed_and_started_without_a_mouse(opened: Opened) -> None:
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    keys(desk, "Zwicky")
    desk.press(Key.Key_F4)
    for text in ("Zwicky", "Eva", "1.2.1990"):
        keys(desk, text)
        desk.press(Key.Key_Tab)
    desk.press(Key.Key_Return)
    desk.tell()
    assert desk.sees("born 1990-02-01")
    desk.press(Key.Key_Return)
    (sent,) = desk.commands()
    assert isinstance(sent, OpenSession)
    assert sent.patient == "Zwicky, Eva · born 1990-02-01"


def test_a_fault_stands_at_its_line_and_the_cursor_goes_there(opened: Opened) -> None:
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    desk.press(Key.Key_F4)
    keys(desk, "x" * 10_000)
    desk.press(Key.Key_Tab)
    desk.press(Key.Key_Tab)
    keys(desk, "31.2.1980")
    desk.press(Key.Key_Return)
    assert desk.sees("The family name has 10,000 characters")
    assert desk.sees("There is no day 31.2.1980")
    line = desk.focus
    assert isinstance(line, QLineEdit)
    assert line.accessibleName() == "Family name"
    assert len(line.text()) == 10_000
    assert "10,000" in line.accessibleDescription()


def test_no_markup_is_rendered_and_no_name_widens_the_form(
    opened: Opened, records: Records
) -> None:
    records.register(Details(MARKUP, "y" * 200, clinic_number="9"))
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    keys(desk, "bold")
    (rows,) = panel(desk).findChildren(QListWidget)
    assert rows.item(0).text().startswith(MARKUP)
    desk.press(Key.Key_Return)
    labels = [one for one in panel(desk).findChildren(QLabel) if one.isVisible()]
    assert any(one.text().startswith(MARKUP) for one in labels)
    assert {one.textFormat() for one in labels} == {Qt.TextFormat.PlainText}
    assert desk.window.width() == 1280


def test_f4_chooses_other_alarm_limits_and_the_next_session_begins_with_the_standard(
    opened: Opened, records: Records
) -> None:
    """Limits copied from the last patient are hazard H12."""
    records.register(WEBER)
    desk = signed_in(opened)
    desk.alive = replace(desk.alive, profiles=("Ketamine IV v2", "Elderly v1"))
    desk.tell(desk.alive)
    desk.press(Key.Key_N)
    keys(desk, "web")
    desk.press(Key.Key_Return)
    assert desk.sees("Alarm limits: Ketamine IV v2")
    keys(desk, "55")
    desk.press(Key.Key_F4)
    assert desk.sees("Alarm limits: Elderly v1")
    desk.press(Key.Key_Escape)
    desk.press(Key.Key_Return)
    assert desk.sees("Alarm limits: Ketamine IV v2")
    for _ in range(3):
        desk.press(Key.Key_F4)
    keys(desk, "55")
    desk.press(Key.Key_Return)
    (sent,) = desk.commands()
    assert isinstance(sent, OpenSession)
    assert (sent.profile, sent.planned_infusion_s) == ("Elderly v1", 3300.0)


def test_a_click_chooses_too(opened: Opened, records: Records) -> None:
    records.register(WEBER)
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    keys(desk, "web")
    (rows,) = panel(desk).findChildren(QListWidget)
    at = rows.visualItemRect(rows.item(0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    desk.tell()
    assert desk.sees("Is this the patient at Chair 1?")


def test_enter_on_a_button_does_what_the_button_says(opened: Opened, records: Records) -> None:
    records.register(WEBER)
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    keys(desk, "web")
    desk.button("Cancel").setFocus()
    desk.press(Key.Key_Return)
    assert not panel(desk).is_open


# ---- in a hurry, and with a bad disk


def test_f2_starts_at_once_with_the_form_open_and_the_disk_hanging(opened: Opened) -> None:
    desk = signed_in(opened, patient_errands=HeldErrands().errands)
    desk.press(Key.Key_N)
    keys(desk, "web")
    assert desk.sees("Looking")
    desk.press(Key.Key_F2)
    (sent,) = desk.commands()
    assert isinstance(sent, OpenSession)
    assert (sent.patient, bool(sent.emergency), sent.patient_id) == ("Not identified", True, "")
    assert not panel(desk).is_open


def test_a_start_that_does_not_go_out_leaves_the_form(opened: Opened, records: Records) -> None:
    records.register(WEBER)
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    keys(desk, "web")
    desk.press(Key.Key_Return)
    desk.station.channel.close()
    desk.press(Key.Key_Return)
    assert panel(desk).is_open


# ---- whose form it is


def test_the_form_goes_with_its_chair(opened: Opened, records: Records) -> None:
    records.register(WEBER)
    desk = signed_in(opened, chairs=(CHAIR, replace(CHAIR, chair="Chair 2")))
    desk.press(Key.Key_N)
    keys(desk, "web")
    desk.press(Key.Key_2, ctrl=True)
    assert not panel(desk).is_open
    desk.press(Key.Key_1, ctrl=True)
    desk.press(Key.Key_N)
    assert desk.focus.text() == ""  # type: ignore[attr-defined]  # a QLineEdit, see focus
    desk.tell(SessionUpdate(snapshot(), whole_chart()))  # somebody else has started one here
    desk.tell()
    assert not panel(desk).is_open
    assert records.log().count("patient.searched") == 1


def test_while_locked_no_name_is_seen_and_another_person_finds_no_open_form(
    opened: Opened, records: Records
) -> None:
    records.register(WEBER)
    records.hire("ben", "ben has a long password")
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    keys(desk, "web")
    desk.press(Key.Key_L, ctrl=True)
    assert not panel(desk).is_open
    desk.press(Key.Key_F3)
    desk.type("ben", "ben has a long password")
    desk.tell()
    assert not panel(desk).is_open
    assert desk.commands() == []


def test_an_administrator_looks_for_nobody(opened: Opened) -> None:
    desk = opened()
    desk.sign_in("boss", BOSS)
    desk.press(Key.Key_N)
    assert not panel(desk).is_open


# ---- identified later


def test_who_answers_and_who_the_patient_is_are_said_one_after_the_other(
    opened: Opened, records: Records
) -> None:
    patient = records.register(WEBER)
    desk = signed_in(opened, glass())
    desk.press(Key.Key_I, ctrl=True)
    desk.press(Key.Key_Return)
    answered = glass(emergency="")
    desk.tell(answered)
    assert desk.sees("THE PATIENT IS NOT IDENTIFIED")
    keys(desk, "4711", answered)
    desk.press(Key.Key_Return)
    desk.tell(answered)
    desk.press(Key.Key_Return)
    assert desk.commands() == [
        Identify("s1", **who(desk)),
        IdentifyPatient("s1", patient.id, WEBER.label, "", AFTERWARDS, **who(desk)),
    ]
    desk.tell(glass(emergency="", patient=WEBER.label))
    assert not desk.sees("IDENTIFIED")


def test_the_patient_can_be_named_alone_and_the_answer_given_alone(
    opened: Opened, records: Records
) -> None:
    records.register(WEBER)
    desk = signed_in(opened, glass())
    desk.press(Key.Key_I, ctrl=True)
    desk.press(Key.Key_Escape)  # does not answer for it
    desk.tell(glass())
    keys(desk, "4711", glass())
    desk.press(Key.Key_Return)
    desk.tell(glass())
    desk.press(Key.Key_Return)
    assert [type(sent) for sent in desk.commands()] == [IdentifyPatient]
    named = glass(patient=WEBER.label)
    desk.tell(named)
    assert desk.sees("NOBODY ANSWERS")
    desk.press(Key.Key_I, ctrl=True)
    desk.press(Key.Key_Return)
    desk.tell(named)
    assert [type(sent) for sent in desk.commands()] == [Identify]
    assert not panel(desk).is_open


def test_later_is_one_key_and_the_strip_stays(opened: Opened) -> None:
    answered = glass(emergency="")
    desk = signed_in(opened, answered)
    desk.press(Key.Key_I, ctrl=True)
    desk.tell(answered)
    assert panel(desk).has_focus
    desk.press(Key.Key_Escape)
    desk.tell(answered)
    assert not panel(desk).is_open
    assert desk.sees("THE PATIENT IS NOT IDENTIFIED")


def test_a_named_session_that_somebody_answers_for_is_not_asked_about(opened: Opened) -> None:
    desk = signed_in(opened, SessionUpdate(snapshot(), whole_chart()))
    desk.press(Key.Key_I, ctrl=True)
    assert not panel(desk).is_open
    assert not desk.window.question.is_asking


def test_that_it_is_not_identified_is_seen_also_where_names_are_hidden(opened: Opened) -> None:
    desk = opened(glass(), hides_names=True)
    desk.tell(glass())
    assert desk.sees("NOT IDENTIFIED")


@pytest.mark.parametrize("size", [(1100, 700), (1440, 900)])
def test_over_a_session_it_covers_neither_alarm_nor_numbers(
    opened: Opened, records: Records, size: tuple[int, int]
) -> None:
    records.register(WEBER)
    update = glass(emergency="", alarms=(alarm(),))
    desk = signed_in(opened, update, size=size)
    desk.press(Key.Key_I, ctrl=True)
    desk.tell(update)
    keys(desk, "web", update)
    chart = desk.window.session.chart
    inside = chart.rect().translated(chart.mapTo(desk.window, QPoint(0, 0)))
    assert panel(desk).isVisible()
    assert panel(desk).y() >= inside.top()
    assert panel(desk).geometry().right() <= inside.right()
    desk.button("Acknowledge").click()
    assert desk.commands()


def test_over_a_session_a_forgotten_form_goes(opened: Opened) -> None:
    update = glass(emergency="")
    desk = signed_in(opened, update)
    desk.press(Key.Key_I, ctrl=True)
    desk.pass_time(FORM_LASTS_S - 1, update)
    assert panel(desk).is_open
    desk.pass_time(1.5, update)
    assert not panel(desk).is_open


def test_unlocking_brings_the_form_back_as_it_was(opened: Opened, records: Records) -> None:
    records.register(WEBER)
    desk = signed_in(opened)
    desk.press(Key.Key_N)
    desk.press(Key.Key_F4)
    keys(desk, "Half a na")
    desk.press(Key.Key_L, ctrl=True)
    desk.press(Key.Key_L, ctrl=True)
    desk.type(ANNA)
    desk.tell()
    keys(desk, "me")
    line = desk.focus
    assert isinstance(line, QLineEdit)
    assert line.text() == "Half a name"


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_a_long_name_does_not_push_the_date_of_birth_off_the_screen(
    opened: Opened, size: tuple[int, int]
) -> None:
    label = replace(WEBER, family_name="von Hohenlohe-Schillingsfürst" * 3).label
    desk = opened(SessionUpdate(snapshot(patient=label), whole_chart()), size=size)
    shown = [one.text() for one in desk.window.findChildren(QLabel) if one.isVisible()]
    assert any(text.startswith("born 1980-03-31") for text in shown)
    assert desk.window.session.chart.isVisible()
    assert desk.window.width() == size[0]


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_no_button_of_the_form_cuts_its_words(
    opened: Opened, records: Records, size: tuple[int, int]
) -> None:
    records.register(WEBER)
    desk = signed_in(opened, size=size)
    desk.alive = replace(desk.alive, profiles=("Ketamine IV v2", "Elderly v1"))
    desk.tell(desk.alive)
    desk.press(Key.Key_N)
    assert_uncut(desk, 2)
    keys(desk, "web")
    assert_uncut(desk, 3)
    desk.press(Key.Key_Return)
    assert desk.sees("Is this the patient at Chair 1?")
    assert_uncut(desk, 3)
    desk.press(Key.Key_Escape)
    assert_uncut(desk, 3)
    desk.press(Key.Key_F4)
    assert_uncut(desk, 2)
    for text in ("Weber", "Anna", "31.3.1980"):
        keys(desk, text)
        desk.press(Key.Key_Tab)
    desk.press(Key.Key_Return)
    desk.tell()
    assert desk.sees("Is it one of these?")
    assert_uncut(desk, 3)


def assert_uncut(desk: Desktop, count: int) -> None:
    QApplication.processEvents()
    buttons = [one for one in panel(desk).findChildren(QPushButton) if one.isVisible()]
    assert len(buttons) == count
    for number, one in enumerate(buttons):
        assert one.width() >= one.sizeHint().width(), one.text()
        assert one.height() >= one.sizeHint().height(), one.text()
        assert panel(desk).rect().contains(one.geometry()), one.text()
        assert not any(one.geometry().intersects(b.geometry()) for b in buttons[number + 1 :])
