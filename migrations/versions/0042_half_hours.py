"""presence: the hours of patrols that are asked for, granted and of a year are kept in tenths, as those done are."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0039"
branch_labels = None
depends_on = None

REQUEST = "patrol_request"
DONE = "ck_patrol_request_done"


def upgrade() -> None:
    with op.batch_alter_table(REQUEST) as table:
        table.drop_constraint(op.f(DONE), type_="check")
    op.execute(sa.text("UPDATE patrol_request SET hours = hours * 10, granted = granted * 10"))
    op.execute(sa.text("UPDATE patrol_frame SET hours = hours * 10"))
    with op.batch_alter_table(REQUEST) as table:
        table.create_check_constraint(op.f(DONE), "done BETWEEN 0 AND granted")


def downgrade() -> None:
    """Half an hour becomes a whole one: what was done stays within what was granted, and that within the request."""
    with op.batch_alter_table(REQUEST) as table:
        table.drop_constraint(op.f(DONE), type_="check")
    op.execute(sa.text("UPDATE patrol_request SET hours = (hours + 9) / 10, granted = (granted + 9) / 10"))
    op.execute(sa.text("UPDATE patrol_frame SET hours = (hours + 9) / 10"))
    with op.batch_alter_table(REQUEST) as table:
        table.create_check_constraint(op.f(DONE), "done BETWEEN 0 AND 10 * granted")
