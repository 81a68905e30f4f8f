"""The tables of people: accounts, and the failed attempts to sign in.

Knows columns and constraints. Must not know how they are filled; a change here needs a migration.

Accounts are never deleted, because old rows name them. Attempts outlive the program, so that
starting it again does not make guessing faster.
"""

from sqlalchemy import INTEGER, TEXT, CheckConstraint, Column, MetaData, Table, UniqueConstraint


def person_table(metadata: MetaData) -> Table:
    """Add the table of accounts to ``metadata``.

    ``sign_in_key`` is the sign-in name as it is compared; ``password_hash`` carries its own
    parameters; ``*_utc_us`` as in schema.py.
    """
    return Table(
        "person",
        metadata,
        Column("id", TEXT, primary_key=True),
        Column("sign_in_key", TEXT, nullable=False),
        Column("sign_in_name", TEXT, nullable=False),
        Column("name", TEXT, nullable=False),
        Column("role", TEXT, nullable=False),
        Column("password_hash", TEXT, nullable=False),
        Column("is_disabled", INTEGER, nullable=False),
        Column("must_change_password", INTEGER, nullable=False),
        Column("added_utc_us", INTEGER, nullable=False),
        UniqueConstraint("sign_in_key", name="uq_person_sign_in_key"),
        CheckConstraint("role IN ('nurse', 'physician', 'administrator')", name="role"),
        CheckConstraint("is_disabled IN (0, 1)", name="is_disabled"),
        CheckConstraint("must_change_password IN (0, 1)", name="must_change_password"),
        sqlite_with_rowid=False,
    )


def attempt_table(metadata: MetaData) -> Table:
    """Add the table of failed attempts to ``metadata``.

    ``who`` is an account's id, or one of 256 places that all unknown names share: what was
    typed for a name is not kept, as people type passwords there.
    """
    return Table(
        "sign_in_attempt",
        metadata,
        Column("who", TEXT, primary_key=True),
        Column("failures", INTEGER, nullable=False),
        Column("last_utc_us", INTEGER, nullable=False),
        CheckConstraint("failures > 0", name="failures"),
        sqlite_with_rowid=False,
    )
