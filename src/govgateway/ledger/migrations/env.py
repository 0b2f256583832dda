"""Runs migrations on the connection that govgateway.ledger.database hands over."""

from alembic import context

from govgateway.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
