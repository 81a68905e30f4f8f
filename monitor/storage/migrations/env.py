"""What Alembic runs for every command; the connection and its transaction come from outside.

Knows the models to compare with. Must not open anything.
"""

from alembic import context

from monitor.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
