"""Guards against INSERT OR REPLACE, which deletes a row without the triggers that refuse to.

Frozen, its own copy of the hashing included: what was released is changed by a later revision only.

Audit rows, signed heads, versions and courses are numbered on, so that none can be replaced. Where
a session's chain ends is not deleted any more, nor is an account, whose name and role stay.
The audit log gets a hash of each account that is there: what it is changed to later is found.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_TABLES = (
    "reading",
    "blood_pressure",
    "alarm_transition",
    "happening",
    "identification",
    "event",
    "dose",
    "scale",
    "note",
    "limit_change",
    "amendment",
    "signature",
)
KEYS = {
    "session": ("id",),
    "patient": ("id",),
    **dict.fromkeys(ROW_TABLES, ("session_id", "seq")),
    "erasure": ("session_id",),
    "patient_erasure": ("patient_id",),
}
FIXED = ("id", "sign_in_key", "sign_in_name", "name", "role", "added_utc_us")


GENESIS = bytes(32)
LAST = "SELECT number, chain FROM audit ORDER BY number DESC LIMIT 1"
ADD = "INSERT INTO audit VALUES (:number, :at_utc_us, :actor, :action, :subject, :detail, :chain)"


def upgrade() -> None:
    _adopt_people(op.get_bind())
    for statement in _triggers():
        op.execute(sa.text(statement))


def downgrade() -> None:
    raise NotImplementedError("A database is never taken back to an older form")


# ---- accounts that are there already


def _leaf(table: str, row: dict[str, Any]) -> bytes:
    kept = {name: row[name] for name in sorted(row) if row[name] is not None}
    return sha256(b"\x00" + msgspec.msgpack.encode((table, kept))).digest()


def _adopt_people(connection: sa.Connection) -> None:
    last = connection.execute(sa.text(LAST)).one_or_none()
    number, chain = (0, GENESIS) if last is None else (last[0], last[1])
    since = datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    people = connection.execute(sa.text("SELECT * FROM person ORDER BY added_utc_us, id"))
    for place, person in enumerate(people.mappings().all(), number + 1):
        row = {
            "number": place,
            "at_utc_us": since // timedelta(microseconds=1),
            "actor": "vigil",
            "action": "user.adopted",
            "subject": person["id"],
            "detail": msgspec.json.encode({"leaf": _leaf("person", dict(person)).hex()}).decode(),
        }
        chain = sha256(b"\x01" + chain + _leaf("audit", row)).digest()
        connection.execute(sa.text(ADD), row | {"chain": chain})


# ---- triggers


def _refusal(name: str, event: str, table: str, when: str, sentence: str) -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def _triggers() -> Iterator[str]:
    for table, keys in KEYS.items():
        same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of ours
        sentence = f"{table} rows are never replaced"
        yield _refusal(f"{table}_once", "INSERT", table, there, sentence)
    is_signed = "EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.id)"
    sentence = "the session is signed: amend it"
    yield _refusal("session_signed", "INSERT", "session", is_signed, sentence)
    lifted = "NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id)"
    sentence = "session_tip rows are never deleted"
    yield _refusal("session_tip_kept", "DELETE", "session_tip", lifted, sentence)
    yield from _account_triggers()


def _account_triggers() -> Iterator[str]:
    yield _refusal("person_kept", "DELETE", "person", "", "accounts are never deleted")
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FIXED)
    yield _refusal(
        "person_unchanged",
        "UPDATE",
        "person",
        f"{changed} OR NEW.is_disabled < OLD.is_disabled",
        "of an account only the password changes, and whether it is closed",
    )
    there = "id = NEW.id OR sign_in_key = NEW.sign_in_key"
    yield _refusal(
        "person_once",
        "INSERT",
        "person",
        f"EXISTS (SELECT 1 FROM person WHERE {there})",  # noqa: S608 - names of ours
        "accounts are never replaced",
    )
