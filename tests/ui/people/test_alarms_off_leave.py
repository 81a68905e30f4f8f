"""Who may switch an alarm off is asked when the key is pressed, not after a row was chosen.

Knows the window and the register of people. Must not know which alarms there are.
"""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from monitor.accounts.people import Role
from monitor.snapshot import AlarmOffView
from tests.ui.fixtures import NOW_S
from tests.ui.people.desktop import Desktop, Records
from tests.ui.room import running

pytestmark = pytest.mark.usefixtures("themed")

Opened = Callable[..., Desktop]
LONG = "a long enough password"
OFF = AlarmOffView("BP-R2", "Systolic at or above 1.3 * baseline", NOW_S - 60, "Dr B", "known")


def after_ctrl_d(opened: Opened, records: Records, role: Role, **changes: object) -> Desktop:
    records.hire("kim", LONG, role)
    desk = opened()
    desk.type("kim", LONG)
    desk.pass_time(0.1, running(**changes))
    desk.press(Qt.Key.Key_D, ctrl=True)
    desk.pass_time(0.1, running(**changes))
    return desk


def test_a_nurse_is_refused_at_once(opened: Opened, records: Records) -> None:
    desk = after_ctrl_d(opened, records, Role.NURSE)
    assert not desk.window.alarms.is_open
    assert "physician" in desk.desk._bridge.notice


def test_a_physician_gets_the_list(opened: Opened, records: Records) -> None:
    assert after_ctrl_d(opened, records, Role.PHYSICIAN).window.alarms.is_open


def test_a_nurse_may_always_switch_on_again(opened: Opened, records: Records) -> None:
    desk = after_ctrl_d(opened, records, Role.NURSE, alarms_off=(OFF,))
    assert desk.window.alarms.is_open
