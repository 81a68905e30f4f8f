"""Who may do what, written down a second time and compared cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts.people import NOBODY, Role
from monitor.accounts.permissions import COLUMNS, TABLE, Action, may, permission, require
from monitor.errors import OperatorError

EXPECTED = """
                        nurse physician administrator break-glass nobody system
BREAK_GLASS             y     y         y             y           y      n
IDENTIFY                y     y         n             n           n      n
OPEN_SESSION            y     y         n             y           n      n
RESUME_SESSION          y     y         y             y           y      n
START_INFUSION          y     y         n             y           n      n
END_INFUSION            y     y         n             y           n      n
END_SESSION             y     y         n             y           n      n
ACKNOWLEDGE             y     y         y             y           y      n
PAUSE_AUDIO             y     y         y             y           y      n
AUDIO_OFF               n     y         n             n           n      n
ALARM_OFF               n     y         n             n           n      n
CHANGE_LIMITS           y     y         n             n           n      n
EDIT_PROFILE            n     y         y             n           n      n
ENTER_EVENT             y     y         n             y           n      n
ENTER_DOSE              y     y         n             y           n      n
ENTER_NOTE              y     y         n             y           n      n
AMEND                   y     y         n             n           n      n
SIGN                    n     y         n             n           n      n
VIEW_REVIEW             y     y         n             n           n      n
EXPORT                  n     y         y             n           n      n
VERIFY                  y     y         y             y           y      y
BACK_UP                 y     y         y             n           n      y
RESTORE                 n     n         y             n           n      n
DELETE_PATIENT          n     n         y             n           n      n
MANAGE_USERS            n     n         y             n           n      n
CHANGE_SETTINGS         n     n         y             n           n      n
"""
HEAD, *ROWS = [line.split() for line in EXPECTED.strip().splitlines()]
CELLS = [
    (Role(role), Action[action], cell == "y")
    for action, *cells in ROWS
    for role, cell in zip(HEAD, cells, strict=True)
]


@pytest.mark.parametrize(("role", "action", "expected"), CELLS)
def test_the_table_says(role: Role, action: Action, expected: bool) -> None:
    assert may(role, action) is expected


def test_the_table_has_every_action_once_and_every_role() -> None:
    assert sorted(row.action for row in TABLE) == sorted(Action)
    assert sorted(COLUMNS) == sorted(Role)
    assert len(CELLS) == len(Action) * len(Role)


def test_every_row_says_why() -> None:
    assert [row.action for row in TABLE if len(row.reason) < 10] == []


@given(st.text(), st.sampled_from([*Action, "", "anything"]))
def test_an_unknown_role_may_do_nothing(role: str, action: str) -> None:
    assert may(role, action) is False or role in set(Role)


@given(st.sampled_from(list(Role)), st.text())
def test_an_unknown_action_is_allowed_to_nobody(role: str, action: str) -> None:
    assert may(role, action) is False or action in set(Action)


def test_anybody_at_the_screen_may_answer_an_alarm_and_start_an_emergency() -> None:
    for action in (Action.ACKNOWLEDGE, Action.BREAK_GLASS):
        assert may(NOBODY.role, action)
        assert all(may(role, action) for role in Role if role is not Role.SYSTEM)


def test_nobody_without_a_name_changes_what_alarms_or_what_is_recorded() -> None:
    lasting = {Action.AUDIO_OFF, Action.ALARM_OFF, Action.CHANGE_LIMITS, Action.EDIT_PROFILE,
               Action.AMEND, Action.SIGN, Action.DELETE_PATIENT, Action.RESTORE}  # fmt: skip
    nameless = (Role.NOBODY, Role.BREAK_GLASS, Role.SYSTEM)
    assert not any(may(role, action) for role in nameless for action in lasting)


def test_signing_amending_and_exporting_ask_for_the_password_again() -> None:
    for action in (Action.SIGN, Action.AMEND, Action.EXPORT):
        assert permission(action).needs_password


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(OperatorError, match="Only a physician or an administrator may export"):
        require(Role.NURSE, Action.EXPORT)
    require(Role.PHYSICIAN, Action.EXPORT)
