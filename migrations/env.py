"""Alembic's way in, for core and every plugin: `core.upgrade` gives the connection and the options of the line."""

from alembic import context

connection, options = (context.config.attributes[name] for name in ("connection", "options"))
context.configure(connection=connection, **options)
with context.begin_transaction():
    context.run_migrations()
