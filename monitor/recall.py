"""How a session that comes back is played from its stored rows, and its alarms put back.

Knows rows, ledger and board. Must not know devices, storage or threads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.away import Away
from monitor.errors import BugError, OperatorError
from monitor.ledger import Ledger
from monitor.records import (
    HappeningKept,
    IdentificationKept,
    PressureKept,
    ReadingKept,
    SessionOpened,
    SessionRow,
    TransitionKept,
)
from monitor.snapshot import AlarmState, LinkState

NOT_AS_WRITTEN = (ArithmeticError, AttributeError, BugError, LookupError, TypeError, ValueError)
"""What it raises to read a row that somebody or something has changed since."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is on record of a session that comes back.

    ``last_seq`` is the highest number of its rows, readable or not, ``unread`` how many are not.
    ``problems`` are sentences for a person. ``obstacle`` says why it cannot go on, "" when it can.
    """

    opened: SessionOpened
    rows: Sequence[SessionRow]
    last_seq: int = 0
    unread: int = 0
    problems: tuple[str, ...] = ()
    obstacle: str = ""


def patient_of(opened: SessionOpened, rows: Sequence[SessionRow]) -> str:
    """Return the patient's name as it was last said."""
    named = [row.patient for row in rows if isinstance(row, IdentificationKept)]
    return named[-1] if named else opened.patient


def recall(past: Past, ledger: Ledger, board: AlarmBoard, away: Away) -> tuple[str, ...]:
    """Play the stored rows again; return what is wrong with them.

    One that does not say what a row of its kind says is left out, and its number is not given
    again. When it is not sure how long the session was away, no value counts as known any more,
    and an acknowledged alarm sounds: louder, not quieter.
    """
    ledger.count_from(past.last_seq)
    unread = past.unread
    for row in past.rows:
        try:
            ledger.recall(row)
        except (OperatorError, *NOT_AS_WRITTEN):
            unread += 1
    if not away.is_sure:
        for vital in ledger.picture.numerics:
            board.value(vital, away.now_s, None)
    unread += restore_alarms(board, past.rows, keeps_acknowledged=away.is_sure)
    rows = "1 stored row" if unread == 1 else f"{unread} stored rows"
    return past.problems + ((f"{rows} cannot be read",) if unread else ())


def restore_alarms(
    board: AlarmBoard, rows: Sequence[SessionRow], *, keeps_acknowledged: bool = True
) -> int:
    """Put every alarm into the state of its last transition; return how many could not be.

    The rows were told before.
    """
    standing: dict[tuple[str, Priority], TransitionKept] = {}
    for row in rows:
        if isinstance(row, TransitionKept):
            standing[row.rule, row.priority] = row
    return sum(not _restored(board, kept, keeps_acknowledged) for kept in standing.values())


def _restored(board: AlarmBoard, kept: TransitionKept, keeps_acknowledged: bool) -> bool:
    """Restore one alarm; False when its rule is not in force any more."""
    state = kept.new
    if state is AlarmState.ACKNOWLEDGED and not keeps_acknowledged:
        state = AlarmState.SOUNDING
    if state is AlarmState.QUIET:
        return True
    try:
        board.restore(
            kept.rule, kept.priority, state, kept.since_s or 0.0, kept.until_s, kept.ended_s
        )
    except BugError:
        return False
    return True


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
