"""How a stored open session comes back: at once, or waiting for a person to say that it goes on.

Knows the rule and what a session needs for it. Must not know chairs, storage or screens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from monitor.alarms.own_rules import CHAIR_FAULT, WAITING_FAULT
from monitor.alarms.profile import Profile, profile_from
from monitor.away import time_away
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.held import Held
from monitor.recall import NOT_AS_WRITTEN, Past
from monitor.records import Record
from monitor.session import Session

ASKED_AFTER_S = 30.0
"""Whoever was away for less is still there (issue 3; clinical brief 1.6, "Power lost <= 30 s")."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A session that came back, with its new rows; those of one that waits are ``held``."""

    session: Session
    rows: Sequence[Record]
    held: Held | None = None


def come_back(
    past: Past,
    standard: Profile,
    now: Instant,
    boot: str,
    real_seconds: Callable[[float], float] = lambda seconds: seconds,
) -> Returned:
    """Bring a session back in the run ``boot`` of this computer.

    It waits when it was away for ``ASKED_AFTER_S`` real seconds, for an unknown time, or when
    something stands in its way. Without readable limits of its own the ``standard`` ones hold.
    """
    past, profile = _limits_of(past, standard)
    away = time_away(past.opened, past.rows, now, boot)
    session, rows = Session.resume(past, profile, now, away, boot)
    is_soon = away.is_sure and real_seconds(away.seconds) < ASKED_AFTER_S
    session.fault(CHAIR_FAULT, past.obstacle)
    if is_soon and not past.obstacle:
        session.fault(WAITING_FAULT, "")
        return Returned(session, rows)
    question = "" if past.obstacle else "say whether this session goes on"
    session.fault(WAITING_FAULT, question)
    held = Held(past, profile, away, away.now_s)
    held.take(rows)
    return Returned(session, (), held)


def go_on(session: Session, held: Held, by: str, now: Instant) -> Sequence[Record]:
    """The session goes on with the same patient: return all rows it gathered while it waited.

    Raises OperatorError when something stands in its way.
    """
    if held.past.obstacle:
        raise OperatorError(held.past.obstacle, "end the session as interrupted")
    session.fault(WAITING_FAULT, "")
    return (*held.rows, *session.confirm(by, held.not_held, now))


def end_interrupted(held: Held, by: str, now: Instant) -> tuple[Session, Sequence[Record]]:
    """The session was over when it was interrupted; what came while it waited is not kept."""
    not_kept = held.values + held.not_held
    return Session.interrupted(held.past, held.profile, now, held.away, by=by, not_kept=not_kept)


def _limits_of(past: Past, standard: Profile) -> tuple[Past, Profile]:
    try:
        return past, profile_from(past.opened.profile)
    except (OperatorError, *NOT_AS_WRITTEN):
        problem = "Its alarm limits cannot be read, so the standard limits hold"
        return replace(past, problems=(*past.problems, problem)), standard
