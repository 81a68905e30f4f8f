"""People: accounts, and the failed attempts to sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.TEXT, nullable=False),
        sa.Column("sign_in_key", sa.TEXT, nullable=False),
        sa.Column("sign_in_name", sa.TEXT, nullable=False),
        sa.Column("name", sa.TEXT, nullable=False),
        sa.Column("role", sa.TEXT, nullable=False),
        sa.Column("password_hash", sa.TEXT, nullable=False),
        sa.Column("is_disabled", sa.INTEGER, nullable=False),
        sa.Column("must_change_password", sa.INTEGER, nullable=False),
        sa.Column("added_utc_us", sa.INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("sign_in_key", name="uq_person_sign_in_key"),
        sa.CheckConstraint(
            "role IN ('nurse', 'physician', 'administrator')", name=op.f("ck_person_role")
        ),
        sa.CheckConstraint("is_disabled IN (0, 1)", name=op.f("ck_person_is_disabled")),
        sa.CheckConstraint(
            "must_change_password IN (0, 1)", name=op.f("ck_person_must_change_password")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("who", sa.TEXT, nullable=False),
        sa.Column("failures", sa.INTEGER, nullable=False),
        sa.Column("last_utc_us", sa.INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_sign_in_attempt"),
        sa.CheckConstraint("failures > 0", name=op.f("ck_sign_in_attempt_failures")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("A database is never taken back to an older form")
