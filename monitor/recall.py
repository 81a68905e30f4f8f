"""How the kept rows of a session speak: to the alarm board, and of the moment it was interrupted.

A running session and one that comes back tell the board by the same lines. Must not know devices,
storage or threads.
"""

from collections.abc import Sequence
from datetime import datetime

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.picture import Picture, taken_s
from monitor.readings import Quality
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    SessionOpened,
    SessionRow,
    TransitionKept,
)
from monitor.snapshot import AlarmState, LinkState


def tell_board(board: AlarmBoard, picture: Picture, row: SessionRow) -> None:
    """Let the board know what is in a row; ``picture`` is that of the rows before it."""
    match row:
        case ReadingKept() if picture.uses(row):
            value = row.value if row.quality is Quality.OK else None
            board.value(row.vital, row.stamp.t_s, value)
        case PressureKept() if _is_of_this_patient(picture, row):
            board.pressure(taken_s(row), row.systolic, row.diastolic)
        case _:
            pass


def _is_of_this_patient(picture: Picture, row: PressureKept) -> bool:
    """Say whether a possible reading was surely taken in this session.

    One of unknown time counts only when another was known before it: then it was taken while the
    link was lost. The first one may belong to the patient before.
    """
    return row.quality is Quality.OK and not (row.is_stale and picture.pressure is None)


def restore_alarms(board: AlarmBoard, rows: Sequence[SessionRow]) -> None:
    """Put every alarm into the state of its last transition; the rows were told before."""
    standing: dict[tuple[str, Priority], TransitionKept] = {}
    for row in rows:
        if isinstance(row, TransitionKept):
            standing[row.rule, row.priority] = row
    for (rule, priority), kept in standing.items():
        if kept.new is not AlarmState.QUIET:
            since_s = kept.since_s or 0.0
            board.restore(rule, priority, kept.new, since_s, kept.until_s, kept.ended_s)


def time_away(
    opened: SessionOpened, rows: Sequence[SessionRow], utc: datetime
) -> tuple[float, float]:
    """Return the latest second on record, and how long ago that is at ``utc``.

    The last row knows how the wall clock was set, so it does not matter how often it was set
    before. Less than 0: it was set back meanwhile.
    """
    last = rows[-1].stamp if rows else opened.stamp
    latest_s = max((row.stamp.t_s for row in rows), default=last.t_s)
    return latest_s, last.t_s + (utc - last.utc).total_seconds() - latest_s


def last_sign_s(rows: Sequence[SessionRow]) -> float | None:
    """Return when a row last proves a valid frame of the device; None when none ever came."""
    return max((row.stamp.t_s for row in rows if _is_from_device(row)), default=None)


def _is_from_device(row: SessionRow) -> bool:
    match row:
        case ReadingKept() | PressureKept():
            return True
        case HappeningKept(kind="cuff" | "notice"):
            return True
        case HappeningKept(kind="link"):
            return bool(row.detail["state"] == LinkState.LIVE)
        case _:
            return False
