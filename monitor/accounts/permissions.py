"""Who may do what: one table, the only place where it is decided; and one for the command line.

Knows actions, roles and the commands' names. Must not know people, screens or whether the controls
are locked.
"""

from dataclasses import dataclass
from enum import StrEnum

from monitor.accounts.people import ACCOUNT_ROLES, Role
from monitor.errors import BugError, OperatorError


class Action(StrEnum):
    """Everything a person can do with Vigil that is not free of consequences."""

    BREAK_GLASS = "start without signing in"
    IDENTIFY = "identify a break-glass session"
    OPEN_SESSION = "open a session"
    RESUME_SESSION = "go on with an interrupted session"
    START_INFUSION = "start an infusion"
    END_INFUSION = "end an infusion"
    END_SESSION = "end a session"
    ACKNOWLEDGE = "acknowledge an alarm"
    PAUSE_AUDIO = "pause the alarm sound"
    AUDIO_OFF = "switch the alarm sound off"
    ALARM_OFF = "switch an alarm off"
    CHANGE_LIMITS = "change a patient's limits"
    EDIT_PROFILE = "edit an alarm profile"
    ENTER_EVENT = "enter an event"
    ENTER_DOSE = "enter a dose"
    ENTER_NOTE = "enter a note"
    AMEND = "amend a record"
    SIGN = "sign a record"
    VIEW_REVIEW = "look at past sessions"
    EXPORT = "export"
    VERIFY = "verify the record"
    BACK_UP = "back up"
    RESTORE = "restore a backup"
    DELETE_PATIENT = "delete a patient"
    MANAGE_USERS = "manage users"
    CHANGE_SETTINGS = "change settings"


@dataclass(frozen=True, slots=True)
class Permission:
    """One row: who may do it, why so, and whether the password is asked again for it."""

    action: Action
    granted: frozenset[Role]
    reason: str
    needs_password: bool = False


COLUMNS = (
    Role.NURSE,
    Role.PHYSICIAN,
    Role.ADMINISTRATOR,
    Role.BREAK_GLASS,
    Role.NOBODY,
    Role.SYSTEM,
)


def _row(action: Action, cells: str, reason: str, *, needs_password: bool = False) -> Permission:
    marks = cells.split()
    if len(marks) != len(COLUMNS) or set(marks) - {"yes", "-"}:
        raise BugError(f"The row '{action}' of the permissions is not well formed")
    granted = frozenset(role for role, mark in zip(COLUMNS, marks, strict=True) if mark == "yes")
    return Permission(action, granted, reason, needs_password)


A = Action
# fmt: off
TABLE = (
    #                       nurse physn admin glass nobdy system
    _row(A.BREAK_GLASS,     "yes  yes   yes   yes   yes   -",
         "an emergency does not wait for a password (HIPAA 164.312(a)(2)(ii)); it is logged"),
    _row(A.IDENTIFY,        "yes  yes   -     -     -     -",
         "those who treat know who was there and which patient it was"),
    _row(A.OPEN_SESSION,    "yes  yes   -     yes   -     -",
         "care is for nurses, physicians and emergencies; an administrator edits no record"),
    _row(A.RESUME_SESSION,  "yes  yes   yes   yes   yes   -",
         "a patient in the chair is watched again at once, as before the interruption"),
    _row(A.START_INFUSION,  "yes  yes   -     yes   -     -",
         "part of running a session"),
    _row(A.END_INFUSION,    "yes  yes   -     yes   -     -",
         "part of running a session"),
    _row(A.END_SESSION,     "yes  yes   -     yes   -     -",
         "ends monitoring, so it needs somebody who treats; an emergency session ends likewise"),
    _row(A.ACKNOWLEDGE,     "yes  yes   yes   yes   yes   -",
         "whoever is at the chair first answers the alarm; the program never answers its own"),
    _row(A.PAUSE_AUDIO,     "yes  yes   yes   yes   yes   -",
         "ends by itself after 120 s, and a new high alarm breaks through"),
    _row(A.AUDIO_OFF,       "-    yes   -     -     -     -",
         "has no end of its own: a supervisor decides (clinical.md section 4)"),
    _row(A.ALARM_OFF,       "-    yes   -     -     -     -",
         "has no end of its own: a supervisor decides (clinical.md section 4)"),
    _row(A.CHANGE_LIMITS,   "yes  yes   -     -     -     -",
         "a limit stands for hours, so it needs a name; alarms can be answered without one"),
    _row(A.EDIT_PROFILE,    "-    yes   yes   -     -     -",
         "concerns every patient: a physician, or an administrator on a physician's word"),
    _row(A.ENTER_EVENT,     "yes  yes   -     yes   -     -",
         "what happened is written down at once, also in an emergency"),
    _row(A.ENTER_DOSE,      "yes  yes   -     yes   -     -",
         "a dose that was given is written down at once, also in an emergency"),
    _row(A.ENTER_NOTE,      "yes  yes   -     yes   -     -",
         "what was seen is written down at once, also in an emergency"),
    _row(A.AMEND,           "yes  yes   -     -     -     -",
         "a correction is a new row with a reason, by somebody who treats", needs_password=True),
    _row(A.SIGN,            "-    yes   -     -     -     -",
         "the supervising physician answers for the record", needs_password=True),
    _row(A.VIEW_REVIEW,     "yes  yes   -     -     -     -",
         "past sessions are for those who treat the patient"),
    _row(A.EXPORT,          "-    yes   yes   -     -     -",
         "takes health data out: the physician a report, the administrator the clinic's data",
         needs_password=True),
    _row(A.VERIFY,          "yes  yes   yes   yes   yes   yes",
         "changes nothing and tells no patient's data; anybody may doubt the record"),
    _row(A.BACK_UP,         "yes  yes   yes   -     -     yes",
         "stays encrypted and hurts nothing; who sees that it is overdue may mend it"),
    _row(A.RESTORE,         "-    -     yes   -     -     -",
         "decides which record counts"),
    _row(A.DELETE_PATIENT,  "-    -     yes   -     -     -",
         "by the clinic's retention rule, not by those whose work it shows", needs_password=True),
    _row(A.MANAGE_USERS,    "-    -     yes   -     -     -",
         "who may decide over accounts decides over everything"),
    _row(A.CHANGE_SETTINGS, "-    -     yes   -     -     -",
         "a device at the wrong chair endangers every patient there"),
)
# fmt: on

_BY_ACTION = {permission.action: permission for permission in TABLE}
_GRANTED = frozenset((role, row.action) for row in TABLE for role in row.granted)


def may(role: str, action: str) -> bool:
    """Whether somebody in this role may do this; what the table does not know is a no."""
    return (role, action) in _GRANTED


def require(role: Role, action: Action) -> None:
    """Raise OperatorError, which says who may, unless somebody in this role may do this."""
    if not may(role, action):
        named = [each for each in ACCOUNT_ROLES if may(each, action)]
        raise OperatorError(
            f"Only {' or '.join(f'{_article(each)} {each}' for each in named)} may {action}",
            "let one of them sign in",
        )


def permission(action: Action) -> Permission:
    """Return the row of an action, with its reason."""
    return _BY_ACTION[action]


def _article(role: Role) -> str:
    return "an" if role is Role.ADMINISTRATOR else "a"


# ---- on the command line: whoever holds the key (decision record 0014)


class Proof(StrEnum):
    """What somebody must have to give a command, beside the rights of the computer's user."""

    NONE = "nothing"
    KEY = "a way into the data folder: keyring, passphrase or recovery key"
    BACKUP_KEY = "a way into the backup: its passphrase or recovery key"
    PASSWORD = "the data folder's key, and an account's password"  # noqa: S105 - no password


class Trace(StrEnum):
    """Whom the audit log names."""

    NONE = ""
    USER = "command line: <user of this computer>"
    ACCOUNT = "<id of the account>"
    PROGRAM = "vigil"


@dataclass(frozen=True, slots=True)
class CommandRule:
    """One command: what it asks for, what it logs as whom ("" for nothing), and why so."""

    command: str
    proof: Proof
    logged: str
    actor: Trace
    reason: str


P, T, R = Proof, Trace, CommandRule
COMMAND_LINE = (
    R("export", P.KEY, "session.exported", T.USER, "whoever has the key can read every row anyway"),
    R("export all", P.KEY, "record.exported", T.USER, "as one session; a clinic can always leave"),
    R("sessions", P.KEY, "record.viewed", T.USER, "as export"),
    R("retention", P.KEY, "record.viewed", T.USER, "as export; it lists names"),
    R("key passphrase", P.KEY, "key.changed", T.USER, "scripts do it without a terminal"),
    R("key recovery", P.KEY, "key.changed", T.USER, "who lost the paper has only the key"),
    R("key keyring", P.KEY, "key.changed", T.USER, "as key passphrase"),
    R("restore", P.BACKUP_KEY, "backup.restored", T.USER, "the accounts are in the backup itself"),
    R("backup", P.KEY, "backup.made", T.USER, "stays encrypted; by schedule the program made it"),
    R("backup --check", P.BACKUP_KEY, "", T.NONE, "tells counts only, and writes to no record"),
    R("record", P.KEY, "station.started", T.PROGRAM, "its session's rows name the user"),
    R("station", P.KEY, "station.started", T.PROGRAM, "checks every command it is sent by itself"),
    R("verify", P.KEY, "", T.NONE, "tells no patient's data, and changes nothing it judges"),
    R("users list", P.KEY, "", T.NONE, "names those who work here, no patients"),
    R("users add", P.PASSWORD, "user.added", T.ACCOUNT, "an administrator's; the first asks none"),
    R("users disable", P.PASSWORD, "user.disabled", T.ACCOUNT, "an administrator's"),
    R("users reset-password", P.PASSWORD, "user.password_reset", T.ACCOUNT, "an administrator's"),
    R("users password", P.PASSWORD, "user.password_changed", T.ACCOUNT, "one's own"),
    R("profiles", P.KEY, "", T.NONE, "tells limits and who approved them, no patients"),
    R("profiles check", P.KEY, "", T.NONE, "compares a file with them, and changes nothing"),
    R("profiles export", P.KEY, "", T.NONE, "as profiles; the file is in force nowhere"),
    R(
        "profiles approve",
        P.PASSWORD,
        "profile.approved",
        T.ACCOUNT,
        "a physician's or administrator's",
    ),
    R("erase", P.PASSWORD, "patient.erased", T.ACCOUNT, "an administrator's; it cannot be undone"),
    R("init", P.NONE, "", T.NONE, "makes a new folder; there is nothing to protect yet"),
    R("key public", P.NONE, "", T.NONE, "is for everybody"),
    R("demo", P.NONE, "", T.NONE, "has a folder of its own that is thrown away"),
    R("devices", P.NONE, "", T.NONE, "opens no record"),
    R("decode", P.NONE, "", T.NONE, "opens no record"),
    R("replay", P.NONE, "", T.NONE, "opens no record"),
    R("simulate", P.NONE, "", T.NONE, "opens no record"),
    R("bench", P.NONE, "", T.NONE, "opens no record"),
)
"""Every command. Those of a window ask accounts instead, by the table above.

An account's password would add nothing where the key is enough: with the key any SQLite tool reads
and writes what the command does, and leaves no trace. What an administrator can do about it is in
decision record 0014.
"""
