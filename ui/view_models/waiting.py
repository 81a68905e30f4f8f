"""The one question after a long absence: which sessions wait, since when, and what may be answered.

Knows snapshots and words. Must not know Qt, nor what an answer does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from monitor.snapshot import SessionSnapshot, WaitingView
from ui.view_models.seen import local_text
from ui.view_models.words import clock_text

ANOTHER_DAY_S = 12 * 3600.0
HINT = (
    "Until you answer, new readings are shown and alarms work, but nothing is recorded for these "
    "patients: what comes is held, recorded with Resume and dropped with End."
)
UNRESUMED_HINT = (
    "Look after every patient and the bedside monitors. Vigil tries again every few seconds."
)
LOST_HINT = "Look after the patient; open the session again to record on."


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One session that waits. ``is_lost``: the station no longer knows it, nobody watches it."""

    session_id: str
    text: str
    can_resume: bool
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class WaitingPanel:
    """The question with its rows, the one that is marked, and what the answers are called."""

    title: str
    hint: str
    rows: tuple[WaitingRow, ...]
    marked: int
    resume_text: str
    can_resume: bool
    can_end: bool
    can_resume_all: bool
    can_end_all: bool

    @property
    def is_alarm(self) -> bool:
        """Whether a session is neither recorded nor watched."""
        return any(row.is_lost for row in self.rows)


def waiting_panel(
    waiting: Sequence[SessionSnapshot],
    lost: Sequence[SessionSnapshot],
    marked: int,
    zone: tzinfo | None = None,
    *,
    unresumed: str = "",
) -> WaitingPanel | None:
    """Return the question, None when there is nothing to ask.

    ``unresumed``: why the station cannot even say which sessions there are; this goes before all.
    """
    if unresumed:
        return _unresumed_panel(unresumed)
    rows = (*(_lost_row(one, zone) for one in lost), *_waiting_rows(waiting, zone))
    if not rows:
        return None
    at = min(marked, len(rows) - 1)
    row, questions = rows[at], [one for one in rows if not one.is_lost]
    return WaitingPanel(
        title=_title(len(questions), len(lost)),
        hint=LOST_HINT if row.is_lost else HINT,
        rows=rows,
        marked=at,
        resume_text="I have seen it" if row.is_lost else "Resume",
        can_resume=row.can_resume or row.is_lost,
        can_end=not row.is_lost,
        can_resume_all=sum(one.can_resume for one in questions) > 1,
        can_end_all=len(questions) > 1,
    )


def _unresumed_panel(reason: str) -> WaitingPanel:
    return WaitingPanel(
        title="Sessions from before are NOT WATCHED and NOT RECORDED: they cannot be read.",
        hint=UNRESUMED_HINT,
        rows=(WaitingRow("", reason, can_resume=False, is_lost=True),),
        marked=0,
        resume_text="I have seen it",
        can_resume=True,
        can_end=False,
        can_resume_all=False,
        can_end_all=False,
    )


def _waiting_rows(
    waiting: Sequence[SessionSnapshot], zone: tzinfo | None
) -> tuple[WaitingRow, ...]:
    return tuple(
        WaitingRow(one.session_id, _text(one, one.waiting, zone), not one.waiting.obstacle)
        for one in waiting
        if one.waiting is not None
    )


def _title(questions: int, lost: int) -> str:
    parts = []
    if lost:
        what = "A session is" if lost == 1 else f"{lost} sessions are"
        parts.append(f"{what} NOT WATCHED and NOT RECORDED any more.")
    if questions == 1:
        parts.append("1 session was interrupted. Does it go on with the same patient?")
    elif questions:
        parts.append(
            f"{questions} sessions were interrupted. Do they go on with the same patients?"
        )
    return " ".join(parts)


def _text(snapshot: SessionSnapshot, waiting: WaitingView, zone: tzinfo | None) -> str:
    parts = [snapshot.chair, snapshot.patient or "no name", snapshot.phase.value]
    parts.append(f"last record {_when(waiting, zone)}")
    if waiting.obstacle:
        return "  ·  ".join([*parts, waiting.obstacle])
    away = clock_text(waiting.away_s)
    if not waiting.is_away_known:
        away = "an unknown time, the clock was set"
    return "  ·  ".join([*parts, f"away for {away}"])


def _when(waiting: WaitingView, zone: tzinfo | None) -> str:
    is_today = waiting.is_away_known and waiting.away_s < ANOTHER_DAY_S
    return local_text(waiting.last_kept_utc, zone, "%H:%M" if is_today else "%d %b %Y %H:%M")


def _lost_row(snapshot: SessionSnapshot, zone: tzinfo | None) -> WaitingRow:
    last = local_text(snapshot.now_utc, zone, "%H:%M:%S")
    text = (
        f"{snapshot.chair}  ·  {snapshot.patient or 'no name'}  ·  {snapshot.phase.value}"
        f"  ·  the station no longer knows this session; last news {last}"
    )
    return WaitingRow(snapshot.session_id, text, can_resume=False, is_lost=True)
