"""imports: why one was undone; documents: the roles with which a table was asked for; outbox: what a task waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COPY = "Det här är en återläst kopia: inget skickas förrän den är frisläppt."


def upgrade() -> None:
    op.add_column("data_import", sa.Column("reason", sa.String(500), nullable=False, server_default=""))
    op.add_column("document", sa.Column("roles", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("outbox", sa.Column("waits_for", sa.String(20), nullable=False, server_default=""))
    tasks = sa.table("outbox", sa.column("state"), sa.column("error"), sa.column("waits_for"))
    held = tasks.update().where(tasks.c.state == "waiting", tasks.c.error == COPY)
    op.get_bind().execute(held.values(waits_for="release"))


def downgrade() -> None:
    for table, column in (("outbox", "waits_for"), ("document", "roles"), ("data_import", "reason")):
        op.drop_column(table, column)
