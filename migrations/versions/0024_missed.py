"""upkeep: what was late when it was moved stays late."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MISSED = sa.text("missed_on IS NOT NULL")
CHANGE = sa.table(
    "deadline_change",
    sa.column("deadline_id", sa.BigInteger()),
    sa.column("at", MOMENT),
    sa.column("kind", sa.String()),
    sa.column("due_was", MOMENT),
)
DEADLINE = sa.table(
    "deadline", sa.column("id", sa.BigInteger()), sa.column("missed_at", MOMENT), sa.column("missed_on", sa.Date())
)


def upgrade() -> None:
    op.add_column("deadline", sa.Column("missed_at", MOMENT, nullable=True))
    op.add_column("deadline", sa.Column("missed_on", sa.Date(), nullable=True))
    op.create_index("ix_deadline_missed_on", "deadline", ["missed_on"], sqlite_where=MISSED, postgresql_where=MISSED)
    first = sa.select(CHANGE.c.deadline_id, sa.func.min(CHANGE.c.due_was)).group_by(CHANGE.c.deadline_id)
    late = first.where(CHANGE.c.kind == "flytta", CHANGE.c.due_was <= CHANGE.c.at)
    for key, was in op.get_bind().execute(late).all():
        moment = was if was.tzinfo else was.replace(tzinfo=UTC)
        day = (moment - timedelta(microseconds=1)).astimezone(ZoneInfo("Europe/Stockholm")).date()
        op.execute(sa.update(DEADLINE).where(DEADLINE.c.id == key).values(missed_at=was, missed_on=day))


def downgrade() -> None:
    op.drop_index("ix_deadline_missed_on", table_name="deadline")
    with op.batch_alter_table("deadline") as table:
        table.drop_column("missed_on")
        table.drop_column("missed_at")
