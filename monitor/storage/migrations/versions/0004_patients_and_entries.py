"""Patients and courses, what people enter in a session, signatures, and lists without reading rows.

Frozen: what was released is changed by a later revision only, never here.

session_tip is built anew, because SQLite adds no column that may not be NULL to rows that exist;
what the rows of the sessions add up to is counted once. Recorded rows are not touched.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_entry_tables()
    _create_patient_tables()
    op.rename_table("session_tip", "old_session_tip")
    _create_session_tip()
    op.execute(sa.text(CARRY_TIPS))
    op.drop_table("old_session_tip")
    op.create_index("ix_session_tip_patient_id", "session_tip", ["patient_id"])
    op.create_index(
        "ix_session_list",
        "session",
        ["opened_utc_us", "id", "chair", "patient", "driver", "is_simulated"],
    )
    for statement in _triggers():
        op.execute(sa.text(statement))


def downgrade() -> None:
    raise NotImplementedError("A database is never taken back to an older form")


# ---- tables


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.TEXT, nullable=False)


def _real(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.REAL, nullable=False)


def _integer(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.INTEGER, nullable=False)


def _blob(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BLOB, nullable=False)


def _entry_table(name: str, *more: sa.Column[object] | sa.CheckConstraint) -> None:
    op.create_table(
        name,
        _text("session_id"),
        _integer("seq"),
        _real("t_s"),
        _integer("utc_us"),
        *more,
        _text("by"),
        _text("by_id"),
        _integer("link"),
        _blob("chain"),
        sa.PrimaryKeyConstraint("session_id", "seq", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=f"fk_{name}_session"),
        sa.CheckConstraint("seq > 0", name=op.f(f"ck_{name}_seq")),
        sa.CheckConstraint("link > 0", name=op.f(f"ck_{name}_link")),
        sqlite_with_rowid=False,
    )


def _create_entry_tables() -> None:
    _entry_table(
        "identification",
        _text("patient_id"),
        sa.Column("course_id", sa.TEXT),
        _text("patient"),
        _text("reason"),
    )
    _entry_table("event", _text("code"), _text("text"), _real("at_s"))
    _entry_table(
        "dose",
        _text("drug"),
        _text("route"),
        _real("amount"),
        _text("unit"),
        sa.Column("weight_kg", sa.REAL),
        _text("lot"),
        sa.Column("waste", sa.REAL),
        _text("witness"),
        _real("at_s"),
        sa.CheckConstraint("amount > 0", name=op.f("ck_dose_amount")),
    )
    _entry_table("scale", _text("name"), _real("total"), _text("detail"), _real("at_s"))
    _entry_table("note", _text("text"))
    _entry_table("limit_change", *map(_text, ("rule", "field", "old", "new", "reason")))
    _entry_table(
        "amendment",
        _text("target_table"),
        _integer("target_seq"),
        *map(_text, ("field", "old", "new", "reason")),
    )
    _entry_table(
        "signature",
        _text("meaning"),
        _text("comment"),
        _integer("covers_link"),
        _text("covers_chain"),
        sa.CheckConstraint(
            "meaning IN ('authorship', 'review', 'approval', 'responsibility')",
            name=op.f("ck_signature_meaning"),
        ),
    )


def _create_patient_tables() -> None:
    op.create_table(
        "patient",
        _text("id"),
        _integer("added_utc_us"),
        sa.PrimaryKeyConstraint("id", name="pk_patient"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "patient_version",
        _text("patient_id"),
        _integer("version"),
        _text("family_name"),
        _text("given_name"),
        sa.Column("date_of_birth", sa.TEXT),
        _text("clinic_number"),
        sa.Column("sex", sa.TEXT),
        *map(_text, ("note", "family_key", "given_key", "number_key")),
        *_authorship(),
        sa.PrimaryKeyConstraint("patient_id", "version", name="pk_patient_version"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_patient_version_patient"),
        sa.CheckConstraint(
            "sex IN ('female', 'male', 'other', 'unknown')", name=op.f("ck_patient_version_sex")
        ),
        sa.CheckConstraint(
            "family_name <> '' AND (date_of_birth IS NOT NULL OR clinic_number <> '')",
            name=op.f("ck_patient_version_two_identifiers"),
        ),
        sqlite_with_rowid=False,
    )
    for column in ("date_of_birth", "number_key"):
        op.create_index(f"ix_patient_version_{column}", "patient_version", [column])
    op.create_table(
        "course",
        _text("id"),
        _integer("version"),
        _text("patient_id"),
        _text("started"),
        _text("title"),
        sa.Column("planned_sessions", sa.INTEGER),
        *_authorship(),
        sa.PrimaryKeyConstraint("id", "version", name="pk_course"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_course_patient"),
        sa.CheckConstraint("planned_sessions > 0", name=op.f("ck_course_planned_sessions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_course_patient_id", "course", ["patient_id"])
    op.create_table(
        "patient_erasure",
        _text("patient_id"),
        _integer("audit_number"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_patient_erasure"),
        sa.ForeignKeyConstraint(
            ["audit_number"], ["audit.number"], name="fk_patient_erasure_audit"
        ),
        sqlite_with_rowid=False,
    )


def _authorship() -> tuple[sa.Column[object], ...]:
    return _integer("at_utc_us"), _text("by"), _text("by_id"), _blob("salt")


def _create_session_tip() -> None:
    op.create_table(
        "session_tip",
        _text("session_id"),
        _integer("links"),
        _integer("last_seq"),
        _integer("anchored"),
        _blob("chain"),
        _text("phase"),
        _real("last_t_s"),
        _integer("readings"),
        _integer("pressures"),
        _integer("alarms"),
        sa.Column("patient_id", sa.TEXT),
        sa.Column("course_id", sa.TEXT),
        sa.Column("patient", sa.TEXT),
        _integer("identified_seq"),
        _integer("signed_link"),
        sa.PrimaryKeyConstraint("session_id", name="pk_session_tip"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_session_tip_session"),
        sqlite_with_rowid=False,
    )


# ---- what the rows add up to

_PHASES = """
    SELECT session_id, t_s, link,
        CASE WHEN json_valid(detail) THEN json_extract(detail, '$.phase') END AS phase
    FROM happening WHERE session_id = tip.session_id AND kind = 'phase'
"""
_RANK = """CASE phase WHEN 'preparation' THEN 0 WHEN 'baseline' THEN 1 WHEN 'infusion' THEN 2
    WHEN 'recovery' THEN 3 WHEN 'ended' THEN 4 END"""
_LAST = "SELECT max(t_s) FROM {} WHERE session_id = tip.session_id"
CARRY_TIPS = f"""
INSERT INTO session_tip
SELECT tip.session_id, tip.links, tip.last_seq, tip.anchored, tip.chain,
    coalesce((SELECT phase FROM ({_PHASES}) WHERE {_RANK} IS NOT NULL
              ORDER BY {_RANK} DESC LIMIT 1), 'preparation'),
    coalesce((SELECT t_s FROM ({_PHASES}) WHERE phase = 'ended' ORDER BY link DESC LIMIT 1),
        max(session.t_s,
            coalesce(({_LAST.format("reading")}), session.t_s),
            coalesce(({_LAST.format("blood_pressure")}), session.t_s),
            coalesce(({_LAST.format("alarm_transition")}), session.t_s),
            coalesce(({_LAST.format("happening")}), session.t_s))),
    (SELECT count(*) FROM reading WHERE session_id = tip.session_id),
    (SELECT count(*) FROM blood_pressure WHERE session_id = tip.session_id AND NOT is_stale),
    (SELECT count(*) FROM alarm_transition
        WHERE session_id = tip.session_id AND new = 'sounding' AND old <> 'acknowledged'),
    NULL, NULL, NULL, 0, 0
FROM old_session_tip AS tip JOIN session ON session.id = tip.session_id
"""  # noqa: S608 - words of ours


# ---- triggers

ENTRY_TABLES = (
    "identification",
    "event",
    "dose",
    "scale",
    "note",
    "limit_change",
    "amendment",
    "signature",
)
CLOSED = ("reading", "blood_pressure", "alarm_transition", "happening", *ENTRY_TABLES[:-2])


def _refusal(name: str, event: str, table: str, when: str, sentence: str) -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def _kept(table: str, when: str) -> tuple[str, str]:
    never = f"{table} rows are never"
    return (
        _refusal(f"{table}_unchanged", "UPDATE", table, "", f"{never} changed"),
        _refusal(f"{table}_kept", "DELETE", table, when, f"{never} deleted"),
    )


def _unless_erased(erasures: str, erased: str, key: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {erasures} WHERE {erased} = OLD.{key})"  # noqa: S608 - names of ours


def _appended(table: str, group: str) -> str:
    last = f"SELECT coalesce(max(version), 0) + 1 FROM {table} WHERE {group} = NEW.{group}"  # noqa: S608 - names of ours
    sentence = f"{table} rows are only added at the end"
    return _refusal(f"{table}_appended", "INSERT", table, f"NEW.version IS NOT ({last})", sentence)


def _triggers() -> Iterator[str]:
    for table in ENTRY_TABLES:
        yield from _kept(table, _unless_erased("erasure", "session_id", "session_id"))
    is_signed = "EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id)"
    for table in CLOSED:
        sentence = "the session is signed: amend it"
        yield _refusal(f"{table}_signed", "INSERT", table, is_signed, sentence)
    yield _refusal(
        "signature_after_end",
        "INSERT",
        "signature",
        "NOT EXISTS (SELECT 1 FROM happening WHERE session_id = NEW.session_id "
        "AND kind = 'phase' AND json_extract(detail, '$.phase') = 'ended')",
        "only a session that has ended is signed",
    )
    for table, key in (("patient", "id"), ("patient_version", "patient_id")):
        yield from _kept(table, _unless_erased("patient_erasure", "patient_id", key))
    yield from _kept("course", _unless_erased("patient_erasure", "patient_id", "patient_id"))
    yield from _kept("patient_erasure", "")
    yield _appended("patient_version", "patient_id")
    yield _appended("course", "id")
    was_erased = "EXISTS (SELECT 1 FROM patient_erasure WHERE patient_id = NEW.id)"
    yield _refusal("patient_not_again", "INSERT", "patient", was_erased, "the patient was erased")
    yield _refusal(
        "patient_erasure_logged",
        "INSERT",
        "patient_erasure",
        "NOT EXISTS (SELECT 1 FROM audit WHERE number = NEW.audit_number "
        "AND action = 'patient.erased' AND subject = NEW.patient_id)",
        "an erasure needs its audit row",
    )
