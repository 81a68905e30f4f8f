"""Start now, identify later: one key, no questions, and it stays visible until somebody answers."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt

from monitor.channel_messages import (
    EndInfusion,
    Identify,
    OpenSession,
    SessionUpdate,
    StartInfusion,
)
from monitor.errors import OperatorError
from monitor.snapshot import Phase
from tests.ui.fixtures import snapshot, whole_chart
from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import ANNA, BOSS, Desktop, HeldErrands, Records
from ui.people.book import Book

Key = Qt.Key
GLASS = "break-glass, to be identified"


def started(**changes: object) -> SessionUpdate:
    changes = {"patient": "Not identified", "emergency": "e1"} | changes
    return SessionUpdate(snapshot(**changes), whole_chart())


def the_start(desk: Desktop) -> OpenSession:
    (sent,) = desk.commands()
    assert isinstance(sent, OpenSession)
    return sent


def test_one_key_at_a_free_chair_starts_a_session(opened: Opened, records: Records) -> None:
    desk = opened()
    desk.press(Key.Key_F2)  # the sign-in panel is open, its first line has the cursor
    sent = the_start(desk)
    assert (sent.chair, sent.by) == ("Chair 1", GLASS)
    assert len(sent.emergency) == 32
    assert desk.reception.panel is None
    assert records.log() == ["break_glass.started"]
    assert sent.emergency in records.everything_logged()


def test_the_button_does_the_same(opened: Opened) -> None:
    desk = opened()
    desk.tell()
    desk.button("Start now, identify later").click()
    assert the_start(desk).emergency


def test_it_works_when_the_accounts_cannot_be_reached(opened: Opened, records: Records) -> None:
    @contextlib.contextmanager
    def broken() -> Iterator[Book]:
        raise OperatorError("The disk has gone", "plug it in")
        yield

    desk = opened(open_book=broken)
    desk.press(Key.Key_L, ctrl=True)
    assert desk.sees("The disk has gone")
    desk.type("anna", ANNA)
    assert desk.sees("The disk has gone: plug it in")
    desk.press(Key.Key_F2)
    assert the_start(desk).by == GLASS
    assert desk.sees("cannot be logged now")


def test_it_works_while_the_database_hangs(opened: Opened) -> None:
    hanging = HeldErrands()
    desk = opened(errands=hanging.errands)
    desk.press(Key.Key_F2)
    assert the_start(desk).by == GLASS


def test_it_works_without_any_account(opened: Opened, tmp_path: Path) -> None:
    desk = opened(records=Records(tmp_path / "new"))
    desk.press(Key.Key_F2)
    assert the_start(desk).by == GLASS


def test_a_chair_with_a_session_says_where_to_go(opened: Opened) -> None:
    desk = opened(SessionUpdate(snapshot(), whole_chart()))
    desk.press(Key.Key_F2)
    assert desk.sees("Chair 1 is not free")
    assert desk.commands() == []


def test_its_own_controls_work_for_whoever_started_it(opened: Opened) -> None:
    desk = opened()
    desk.press(Key.Key_Escape)
    desk.tell(started(phase=Phase.BASELINE, infusion_started_s=None))
    desk.press(Key.Key_I)
    desk.tell(started())
    desk.press(Key.Key_E)
    desk.press(Key.Key_Return)
    who = {"by": GLASS, "by_id": started().snapshot.emergency}
    assert desk.commands() == [StartInfusion("s1", **who), EndInfusion("s1", **who)]


def test_the_banner_stays_until_a_nurse_answers(opened: Opened, records: Records) -> None:
    desk = opened(started())
    assert desk.sees("NOT IDENTIFIED")
    desk.press(Key.Key_I, ctrl=True)
    assert desk.sees("Only a nurse or a physician may identify a break-glass session")
    desk.type("anna", ANNA)
    desk.tell(started())
    assert desk.sees("NOT IDENTIFIED")
    desk.press(Key.Key_I, ctrl=True)
    assert desk.sees("Anna Weber (nurse): do you answer for this session at Chair 1")
    desk.press(Key.Key_Return)
    anna = desk.reception.actor_for()
    assert desk.commands() == [Identify("s1", "Anna Weber (nurse)", anna.user_id)]
    assert records.log()[-1] == "break_glass.identified"
    desk.tell(started(emergency="", patient="Demo patient"))
    assert not desk.sees("NOT IDENTIFIED")


def test_an_administrator_cannot_answer_for_it(opened: Opened) -> None:
    desk = opened(started())
    desk.sign_in("boss", BOSS)
    desk.press(Key.Key_I, ctrl=True)
    desk.press(Key.Key_Return)
    assert desk.commands() == []


def test_after_it_was_answered_for_its_controls_need_a_sign_in(opened: Opened) -> None:
    desk = opened(started(emergency=""))
    desk.press(Key.Key_E)
    desk.press(Key.Key_Return)
    assert desk.commands() == []


def test_it_is_no_way_around_the_lock_of_another_session(opened: Opened) -> None:
    desk = opened()
    desk.sign_in()
    desk.press(Key.Key_L, ctrl=True)
    desk.tell(SessionUpdate(snapshot(), whole_chart()))
    desk.press(Key.Key_F2)
    desk.press(Key.Key_E)
    desk.press(Key.Key_Return)
    assert desk.commands() == []
