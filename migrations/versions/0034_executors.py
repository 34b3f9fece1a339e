"""upkeep: who does the work finds what is open by an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'oppen'")
COLUMNS = ["executor_id", "urgency", "due_at", "id"]


def upgrade() -> None:
    op.create_index("ix_deadline_open_executor", "deadline", COLUMNS, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_deadline_open_executor", table_name="deadline")
