"""applications: a part of what was sought is granted, and the decision says which measures it is not for."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

DECISION = "decision"


def upgrade() -> None:
    with op.batch_alter_table(DECISION) as table:
        table.add_column(sa.Column("left_out", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table(DECISION) as table:
        table.drop_column("left_out")
