"""The screen says in red that the newest backup is too old, and nothing while all is well."""

import pytest

from monitor.channel_messages import BackupState, StationAlive
from monitor.pipe import decode, encode
from ui.view_models.backup import backup_text

H = 3600.0


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (None, ""),
        (BackupState(0.0), ""),
        (BackupState(48 * H), ""),
        (BackupState(48 * H + 1), "BACKUP 2 days old"),
        (BackupState(95.9 * H), "BACKUP 3 days old"),
        (BackupState(None), "NO BACKUP"),
        (BackupState(None, "its folder is gone"), "NO BACKUP - its folder is gone"),
        (BackupState(1 * H, "the last one failed"), ""),
        (BackupState(80 * H, "no room"), "BACKUP 3 days old - no room"),
    ],
)
def test_the_age_is_said_from_48_hours_on(state: BackupState | None, text: str) -> None:
    assert backup_text(state) == text


def test_the_state_reaches_the_desktop_as_it_was_sent() -> None:
    for state in (None, BackupState(None), BackupState(3.5, "ü")):
        assert decode(encode(StationAlive(1, (), (), state))).backup == state
