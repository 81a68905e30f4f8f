"""What the accounts have to tell the audit log: one frozen value for each thing that happened.

Knows actors and kinds. Must not know where it is written; whoever gets one writes it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.accounts.people import Actor


class EventKind(StrEnum):
    """What happened; the value is the audit row's action."""

    SIGNED_IN = "user.signed_in"
    SIGN_IN_FAILED = "user.sign_in_refused"
    SIGN_IN_DELAYED = "user.sign_in_delayed"
    SIGNED_OUT = "user.signed_out"
    PASSWORD_CONFIRMED = "user.password_confirmed"  # noqa: S105 - a word for the log, no password
    LOCKED = "controls.locked"
    UNLOCKED = "controls.unlocked"
    UNLOCK_FAILED = "controls.unlock_refused"
    PIN_SET = "user.pin_set"
    BREAK_GLASS = "break_glass.started"
    BREAK_GLASS_IDENTIFIED = "break_glass.identified"
    PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 - a word for the log, no password
    PASSWORD_RESET = "user.password_reset"  # noqa: S105 - a word for the log, no password
    PERSON_ADDED = "user.added"
    PERSON_DISABLED = "user.disabled"
    PATIENT_SEARCHED = "patient.searched"
    SOUND_TESTED = "sound.tested"


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One thing for the audit log: what, by whom, when, and about which account or emergency.

    ``detail`` holds words of ours only. What was typed for a name that nobody has is never in
    it: people type passwords there.
    """

    kind: EventKind
    actor: Actor
    utc: datetime
    about: str = ""
    detail: dict[str, str] = field(default_factory=dict)
