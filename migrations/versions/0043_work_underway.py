"""money: what is left of the work that is underway is read by an index, however much there is."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

NAME, LEFT = "ix_application_milestone_left", sa.text("done_on IS NULL")


def upgrade() -> None:
    columns = ["application_id", "due_on"]
    op.create_index(NAME, "application_milestone", columns, sqlite_where=LEFT, postgresql_where=LEFT)


def downgrade() -> None:
    op.drop_index(NAME, "application_milestone")
