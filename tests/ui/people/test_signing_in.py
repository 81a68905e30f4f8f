"""Signing in at the window, by keyboard only."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from monitor.accounts.people import Role
from monitor.channel_messages import EndInfusion, OpenSession, SessionUpdate, StartInfusion
from monitor.snapshot import Phase
from tests.ui.fixtures import snapshot, whole_chart
from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import ANNA, BOSS, WEBER, Records

Key = Qt.Key


def running(**changes: object) -> SessionUpdate:
    return SessionUpdate(snapshot(**changes), whole_chart())


def test_a_free_chair_asks_who_is_there_and_enter_signs_in(
    opened: Opened, records: Records
) -> None:
    desk = opened()
    assert desk.sees("Nobody signed in")
    desk.type("Anna", ANNA)
    assert desk.sees("Anna Weber (nurse)")
    assert desk.reception.panel is None
    assert desk.sees("Ctrl+P sets a PIN")
    assert records.log() == ["user.signed_in"]


def test_over_a_running_session_nothing_opens_by_itself(opened: Opened) -> None:
    desk = opened(running())
    assert desk.reception.panel is None
    assert desk.sees("Nobody signed in")


def test_commands_carry_the_name_of_who_is_signed_in(opened: Opened, records: Records) -> None:
    patient = records.register(WEBER)
    desk = opened()
    desk.sign_in()
    desk.press(Key.Key_N)
    desk.type("weber")
    desk.press(Key.Key_Return)
    desk.tell(running(phase=Phase.BASELINE, infusion_started_s=None))
    desk.press(Key.Key_I)
    desk.tell(running())
    desk.press(Key.Key_E)
    desk.press(Key.Key_Return)
    who = {"by": "Anna Weber (nurse)", "by_id": desk.reception.actor_for().user_id}
    assert desk.commands() == [
        OpenSession("Chair 1", WEBER.label, 2400.0, patient_id=patient.id, **who),
        StartInfusion("s1", **who),
        EndInfusion("s1", **who),
    ]


def test_f3_lets_somebody_else_sign_in_while_the_first_stays_until_then(
    opened: Opened, records: Records
) -> None:
    desk = opened()
    desk.type("boss", BOSS)
    desk.press(Key.Key_N)
    assert desk.sees("let one of them sign in (F3)")
    desk.press(Key.Key_F3)
    assert desk.sees("Boss Weber (administrator)")
    desk.type("Anna", ANNA)
    assert desk.sees("Anna Weber (nurse)")
    assert records.log() == ["user.signed_in", "user.signed_in", "user.signed_out"]


def test_without_a_sign_in_a_control_says_who_may_and_asks(opened: Opened) -> None:
    desk = opened(running())
    desk.press(Key.Key_E)
    assert desk.sees("Only a nurse or a physician may end an infusion")
    assert desk.reception.panel is not None
    assert desk.commands() == []


def test_an_administrator_opens_no_session_and_is_told_who_may(opened: Opened) -> None:
    desk = opened()
    desk.sign_in("boss", BOSS)
    desk.press(Key.Key_N)
    assert desk.sees("Only a nurse or a physician may open a session")
    assert not desk.window.patients.is_open
    assert desk.reception.panel is None


def test_a_wrong_password_counts_the_seconds_down_and_then_the_right_one_works(
    opened: Opened, records: Records
) -> None:
    desk = opened()
    desk.type("anna", "not my password")
    assert desk.sees("Name or password is wrong: try again in 1 s")
    desk.pass_time(1.0)
    desk.type("still not mine")
    assert desk.sees("try again in 2 s")
    desk.pass_time(0.9)
    assert desk.sees("try again in 2 s")
    desk.pass_time(0.3)
    assert desk.sees("try again in 1 s")
    desk.type(ANNA)
    assert desk.sees("Too soon after a wrong password: try again in 1 s")
    desk.pass_time(2.0)
    assert desk.sees("Too soon after a wrong password: try again")
    assert not desk.sees("again in")
    desk.type(ANNA)
    assert desk.sees("Anna Weber (nurse)")
    refused = ["user.sign_in_refused"] * 2
    assert records.log() == [*refused, "user.sign_in_delayed", "user.signed_in"]


def test_one_persons_wait_keeps_nobody_else_away(opened: Opened) -> None:
    desk = opened()
    desk.type("anna", "not my password")
    desk.press(Key.Key_Escape)
    desk.sign_in("boss", BOSS)
    assert desk.sees("Boss Weber (administrator)")


def test_what_was_typed_stands_in_no_line_and_no_log_afterwards(
    opened: Opened, records: Records
) -> None:
    desk = opened()
    desk.type("anna", "a secret typed wrongly")
    lines = desk.window.panel.findChildren(QLineEdit)
    assert "a secret typed wrongly" not in [line.text() for line in lines]
    assert all(line.echoMode() is QLineEdit.EchoMode.Password for line in lines[1:2])
    desk.press(Key.Key_Escape)
    assert [line.text() for line in lines] == ["", "", "", ""]
    desk.sign_in("a password typed for a name", "x")
    logged = records.everything_logged()
    assert "secret" not in logged
    assert "typed for a name" not in logged
    assert "Weber" not in logged


def test_a_password_that_somebody_else_chose_is_changed_at_once(
    opened: Opened, records: Records
) -> None:
    records.hire("cleo", "chosen by the boss", must_change=True)
    desk = opened()
    desk.type("cleo", "chosen by the boss")
    assert desk.sees("Choose your own password")
    assert not desk.sees("Cleo Weber (nurse)")
    desk.type("short", "short")
    assert desk.sees("at least 12")
    desk.type("cleo has her own password", "cleo has her old password")
    assert desk.sees("The two differ")
    desk.type("cleo has her own password", "cleo has her own password")
    assert desk.sees("Cleo Weber (nurse)")
    assert records.log()[-1] == "user.password_changed"


def test_who_does_not_choose_a_password_is_not_signed_in(opened: Opened, records: Records) -> None:
    records.hire("cleo", "chosen by the boss", must_change=True)
    desk = opened()
    desk.type("cleo", "chosen by the boss")
    desk.press(Key.Key_Escape)
    assert desk.sees("Nobody signed in")
    assert records.log() == ["user.signed_in", "user.signed_out"]


def test_a_folder_without_accounts_asks_for_the_administrator(
    opened: Opened, tmp_path: Path
) -> None:
    empty = Records(tmp_path / "new")
    desk = opened(records=empty)
    assert desk.sees("The first administrator")
    assert desk.sees("No administrator yet")
    desk.type("Dr Anna Weber", "boss", BOSS, BOSS)
    assert desk.sees("Dr Anna Weber (administrator)")
    assert empty.log() == ["user.added", "user.signed_in"]


def test_a_weak_first_password_adds_nobody(opened: Opened, tmp_path: Path) -> None:
    empty = Records(tmp_path / "new")
    desk = opened(records=empty)
    desk.type("Dr Anna Weber", "boss", "too short", "too short")
    assert desk.sees("at least 12")
    assert empty.log() == []


def test_an_empty_line_gets_the_cursor_and_nothing_is_tried(
    opened: Opened, records: Records
) -> None:
    desk = opened()
    desk.type("anna")
    assert isinstance(desk.focus, QLineEdit)
    assert desk.focus.echoMode() is QLineEdit.EchoMode.Password
    assert records.log() == []


def test_signing_out_leaves_nobody_and_the_session_goes_on(
    opened: Opened, records: Records
) -> None:
    desk = opened()
    desk.sign_in()
    desk.tell(running())
    desk.window.sign_out_asked.emit()
    desk.tell(running())
    assert desk.sees("Nobody signed in")
    assert desk.sees("138/84")
    assert records.log()[-1] == "user.signed_out"


def test_a_panel_that_nobody_uses_gives_the_chart_back(opened: Opened) -> None:
    desk = opened(running())
    desk.press(Key.Key_L, ctrl=True)
    desk.pass_time(119, running())
    assert desk.window.panel.isVisible()
    desk.pass_time(2, running())
    assert not desk.window.panel.isVisible()


@pytest.mark.parametrize("role", [Role.NURSE, Role.PHYSICIAN])
def test_names_that_look_like_markup_are_shown_as_they_are(
    opened: Opened, records: Records, role: Role
) -> None:
    records.hire("<b>x", "a long enough password", role)
    desk = opened()
    desk.type("<b>x", "a long enough password")
    assert desk.sees("<B>X Weber")


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_the_form_to_sign_in_does_not_hide_what_to_do_while_no_chair_is_set_up(
    opened: Opened, size: tuple[int, int]
) -> None:
    desk = opened(chairs=(), size=size)
    assert desk.reception.panel is not None
    QApplication.processEvents()
    hint = next(one for one in desk.window.findChildren(QLabel) if "settings.toml" in one.text())
    place = hint.rect().translated(hint.mapTo(desk.window, hint.rect().topLeft()))
    assert hint.isVisible()
    assert desk.window.rect().contains(place)
    assert not desk.window.panel.geometry().intersects(place)
