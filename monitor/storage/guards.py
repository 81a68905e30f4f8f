"""The triggers: what makes the database itself refuse what the program never does.

Knows tables by name and their keys. Must not know how they are filled; a change needs a migration.
"""

from collections.abc import Iterable

SESSION_ERASED = "session.erased"
"""The audit row's action without which the database lets nobody delete a session."""
PATIENT_ERASED = "patient.erased"
"""The same for a patient, with versions and courses."""
AFTER_SIGNATURE = ("amendment", "signature")
"""The only rows that a signed session still takes."""

Named = tuple[str, str]
"""A trigger's name and its statement."""


def kept(table: str, key: str = "", *, by: str = "erasure.session_id") -> list[Named]:
    """Refuse to change rows, and to delete them unless the column ``by`` says it was erased."""
    erasures, _, erased = by.partition(".")
    never = f"{table} rows are never"
    lifted = f"NOT EXISTS (SELECT 1 FROM {erasures} WHERE {erased} = OLD.{key})"  # noqa: S608 - names of ours
    return [
        _refusal(f"{table}_unchanged", "UPDATE", table, "", f"{never} changed"),
        _refusal(
            f"{table}_kept",
            "DELETE",
            table,
            lifted if key else "",
            f"{table} rows are never deleted",
        ),
    ]


def appended(table: str, number: str = "number", group: str = "") -> Named:
    """Refuse rows that are not numbered on from the last one, of the same ``group`` if any."""
    same = f" WHERE {group} = NEW.{group}" if group else ""
    last = f"SELECT coalesce(max({number}), 0) + 1 FROM {table}{same}"  # noqa: S608 - names of ours
    sentence = f"{table} rows are only added at the end"
    when = f"NEW.{number} IS NOT ({last})"
    return _refusal(f"{table}_appended", "INSERT", table, when, sentence)


def rising(table: str, version: str, group: str) -> Named:
    """Refuse a version that is not higher than those of the same ``group`` that are there."""
    there = f"{group} = NEW.{group} AND {version} >= NEW.{version}"
    when = f"EXISTS (SELECT 1 FROM {table} WHERE {there})"  # noqa: S608 - names of ours
    sentence = f"a {version} of an {table.replace('_', ' ')} is higher than those before it"
    return _refusal(f"{table}_rising", "INSERT", table, when, sentence)


def not_again(table: str, *, by: str = "erasure.session_id") -> Named:
    """Refuse what was erased."""
    erasures, _, erased = by.partition(".")
    when = f"EXISTS (SELECT 1 FROM {erasures} WHERE {erased} = NEW.id)"  # noqa: S608 - names of ours
    return _refusal(f"{table}_not_again", "INSERT", table, when, f"the {table} was erased")


def once(table: str, *keys: str) -> Named:
    """Refuse a second row of a key: INSERT OR REPLACE deletes the first without DELETE triggers.

    SQLite fires those only with ``PRAGMA recursive_triggers``, which every connection sets anew.
    """
    same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
    when = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of ours
    return _refusal(f"{table}_once", "INSERT", table, when, f"{table} rows are never replaced")


def tip_kept() -> Named:
    """Refuse to delete where a session's chain ends, unless the session was erased."""
    lifted = "NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id)"
    sentence = "session_tip rows are never deleted"
    return _refusal("session_tip_kept", "DELETE", "session_tip", lifted, sentence)


def accounts_kept() -> list[Named]:
    """Refuse what is never done to an account: delete or replace it, rename it, give it a role.

    What is left are the password, whether it must change, and closing; none opens again.
    """
    fixed = ("id", "sign_in_key", "sign_in_name", "name", "role", "added_utc_us")
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in fixed)
    there = "id = NEW.id OR sign_in_key = NEW.sign_in_key"
    return [
        _refusal("person_kept", "DELETE", "person", "", "accounts are never deleted"),
        _refusal(
            "person_unchanged",
            "UPDATE",
            "person",
            f"{changed} OR NEW.is_disabled < OLD.is_disabled",
            "of an account only the password changes, and whether it is closed",
        ),
        _refusal(
            "person_once",
            "INSERT",
            "person",
            f"EXISTS (SELECT 1 FROM person WHERE {there})",  # noqa: S608 - names of ours
            "accounts are never replaced",
        ),
    ]


def erasure_logged(table: str, key: str, action: str) -> Named:
    """Refuse a permission to delete that the audit log does not give."""
    when = (
        "NOT EXISTS (SELECT 1 FROM audit WHERE number = NEW.audit_number "  # noqa: S608 - words of ours
        f"AND action = '{action}' AND subject = NEW.{key})"
    )
    return _refusal(f"{table}_logged", "INSERT", table, when, "an erasure needs its audit row")


def closed_by_signature(tables: Iterable[str]) -> list[Named]:
    """Refuse rows of a signed session, and signatures of a session that has not ended."""
    is_signed = "EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id)"
    has_not_ended = (
        "NOT EXISTS (SELECT 1 FROM happening WHERE session_id = NEW.session_id "
        "AND kind = 'phase' AND json_extract(detail, '$.phase') = 'ended')"
    )
    return [
        *(
            _refusal(
                f"{table}_signed", "INSERT", table, is_signed, "the session is signed: amend it"
            )
            for table in tables
            if table not in AFTER_SIGNATURE
        ),
        _refusal(
            "signature_after_end",
            "INSERT",
            "signature",
            has_not_ended,
            "only a session that has ended is signed",
        ),
        _refusal(
            "session_signed",
            "INSERT",
            "session",
            "EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.id)",
            "the session is signed: amend it",
        ),
    ]


def _refusal(name: str, event: str, table: str, when: str, sentence: str) -> Named:
    condition = f" WHEN {when}" if when else ""
    return name, (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )
