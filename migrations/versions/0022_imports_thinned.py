"""imports: the task that is at a file, and when it was thinned: then there is no file any more."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

IMPORTS = sa.table("data_import", sa.column("uid", sa.Uuid()), sa.column("sha256"), sa.column("task", sa.Uuid()))
TASKS = sa.table(
    "outbox", sa.column("id"), sa.column("uid", sa.Uuid()), sa.column("kind"), sa.column("payload", sa.JSON())
)
NO_FILE = "0" * 64


def upgrade() -> None:
    with op.batch_alter_table("data_import") as table:
        table.add_column(sa.Column("thinned_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("task", sa.Uuid(), nullable=True))
        table.alter_column("sha256", existing_type=sa.String(64), nullable=True)
    connection = op.get_bind()
    rows = sa.select(TASKS.c.uid, TASKS.c.payload).where(TASKS.c.kind == "import").order_by(TASKS.c.id)
    for task, payload in connection.execute(rows).all():  # the last one counts
        known = IMPORTS.update().where(IMPORTS.c.uid == UUID(payload["import"]))
        connection.execute(known.values(task=task))


def downgrade() -> None:
    connection = op.get_bind()
    connection.execute(IMPORTS.update().where(IMPORTS.c.sha256.is_(None)).values(sha256=NO_FILE))
    with op.batch_alter_table("data_import") as table:
        table.alter_column("sha256", existing_type=sa.String(64), nullable=False)
        table.drop_column("task")
        table.drop_column("thinned_at")
