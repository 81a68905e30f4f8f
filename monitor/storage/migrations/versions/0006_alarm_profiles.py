"""Alarm profiles: every version that somebody approved, and the guards that keep them."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarm_profile",
        sa.Column("number", sa.INTEGER, nullable=False, autoincrement=False),
        sa.Column("name", sa.TEXT, nullable=False),
        sa.Column("version", sa.INTEGER, nullable=False),
        sa.Column("text", sa.TEXT, nullable=False),
        sa.Column("approved_by", sa.TEXT, nullable=False),
        sa.Column("by_id", sa.TEXT, nullable=False),
        sa.Column("at_utc_us", sa.INTEGER, nullable=False),
        sa.Column("reason", sa.TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_alarm_profile"),
        sa.CheckConstraint("version > 0", name=op.f("ck_alarm_profile_version")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_alarm_profile_reason")),
        sqlite_with_rowid=False,
    )
    for statement in _triggers():
        op.execute(sa.text(statement))


def downgrade() -> None:
    raise NotImplementedError("A database is never taken back to an older form")


def _refusal(name: str, event: str, when: str, sentence: str) -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON alarm_profile{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def _triggers() -> Iterator[str]:
    never = "alarm_profile rows are never"
    yield _refusal("alarm_profile_unchanged", "UPDATE", "", f"{never} changed")
    yield _refusal("alarm_profile_kept", "DELETE", "", f"{never} deleted")
    last = "SELECT coalesce(max(number), 0) + 1 FROM alarm_profile"
    sentence = "alarm_profile rows are only added at the end"
    yield _refusal("alarm_profile_appended", "INSERT", f"NEW.number IS NOT ({last})", sentence)
    there = "EXISTS (SELECT 1 FROM alarm_profile WHERE name = NEW.name AND version >= NEW.version)"
    sentence = "a version of an alarm profile is higher than those before it"
    yield _refusal("alarm_profile_rising", "INSERT", there, sentence)
