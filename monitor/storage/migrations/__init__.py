"""The schema's history: Alembic revisions, run from package code without alembic.ini.

Knows how to bring a connection to the newest schema. Must not open files.
"""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "monitor.storage:migrations")
    return config


@cache
def known_revisions() -> tuple[str, ...]:
    """Return every revision this version of Vigil knows, the newest first."""
    script = ScriptDirectory.from_config(_config())
    return tuple(revision.revision for revision in script.walk_revisions())


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Migrate within the transaction that the connection is in: all of it happens, or nothing."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
