"""The first form: sessions, readings, blood pressures, alarm transitions and happenings.

Frozen: what was released is changed by a later revision only, never here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPLICATION_ID = 0x5649474C


def upgrade() -> None:
    op.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    op.create_table(
        "session",
        sa.Column("id", sa.TEXT, nullable=False),
        sa.Column("seq", sa.INTEGER, nullable=False),
        sa.Column("t_s", sa.REAL, nullable=False),
        sa.Column("opened_utc_us", sa.INTEGER, nullable=False),
        sa.Column("chair", sa.TEXT, nullable=False),
        sa.Column("patient", sa.TEXT, nullable=False),
        sa.Column("driver", sa.TEXT, nullable=False),
        sa.Column("port", sa.TEXT, nullable=False),
        sa.Column("is_simulated", sa.INTEGER, nullable=False),
        sa.Column("planned_infusion_s", sa.REAL, nullable=False),
        sa.Column("cuff_interval_s", sa.REAL, nullable=False),
        sa.Column("time_zone", sa.TEXT, nullable=False),
        sa.Column("utc_offset_s", sa.INTEGER, nullable=False),
        sa.Column("app_version", sa.TEXT, nullable=False),
        sa.Column("profile", sa.TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.CheckConstraint("is_simulated IN (0, 1)", name=op.f("ck_session_is_simulated")),
        sqlite_with_rowid=False,
    )
    _row_table(
        "reading",
        sa.Column("device", sa.TEXT, nullable=False),
        sa.Column("vital", sa.TEXT, nullable=False),
        sa.Column("value", sa.REAL),
        sa.Column("quality", sa.TEXT, nullable=False),
        sa.Column("source", sa.TEXT, nullable=False),
    )
    _row_table(
        "blood_pressure",
        sa.Column("device", sa.TEXT, nullable=False),
        sa.Column("systolic", sa.REAL, nullable=False),
        sa.Column("diastolic", sa.REAL, nullable=False),
        sa.Column("mean", sa.REAL),
        sa.Column("pulse", sa.REAL),
        sa.Column("taken_utc_us", sa.INTEGER),
        sa.Column("is_stale", sa.INTEGER, nullable=False),
        sa.Column("quality", sa.TEXT, nullable=False),
        sa.CheckConstraint("is_stale IN (0, 1)", name=op.f("ck_blood_pressure_is_stale")),
    )
    _row_table(
        "alarm_transition",
        sa.Column("rule", sa.TEXT, nullable=False),
        sa.Column("priority", sa.TEXT, nullable=False),
        sa.Column("old", sa.TEXT, nullable=False),
        sa.Column("new", sa.TEXT, nullable=False),
        sa.Column("value", sa.TEXT, nullable=False),
        sa.Column("limit", sa.TEXT, nullable=False),
        sa.Column("text", sa.TEXT, nullable=False),
        sa.Column("by", sa.TEXT, nullable=False),
        sa.Column("since_s", sa.REAL),
        sa.Column("until_s", sa.REAL),
        sa.Column("ended_s", sa.REAL),
        sa.CheckConstraint(
            "priority IN ('low', 'medium', 'high')", name=op.f("ck_alarm_transition_priority")
        ),
    )
    _row_table(
        "happening",
        sa.Column("kind", sa.TEXT, nullable=False),
        sa.Column("detail", sa.TEXT, nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("A database is never taken back to an older form")


def _row_table(name: str, *more: sa.Column[object] | sa.CheckConstraint) -> None:
    op.create_table(
        name,
        sa.Column("session_id", sa.TEXT, nullable=False),
        sa.Column("seq", sa.INTEGER, nullable=False),
        sa.Column("t_s", sa.REAL, nullable=False),
        sa.Column("utc_us", sa.INTEGER, nullable=False),
        *more,
        sa.PrimaryKeyConstraint("session_id", "seq", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=f"fk_{name}_session"),
        sa.CheckConstraint("seq > 0", name=op.f(f"ck_{name}_seq")),
        sqlite_with_rowid=False,
    )
