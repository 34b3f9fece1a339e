"""walks: the order in which a walk comes to its places."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("walk_place") as table:
        table.add_column(sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("walk_place") as table:
        table.alter_column("seq", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("walk_place") as table:
        table.drop_column("seq")
