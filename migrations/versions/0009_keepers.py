"""media: who ended somebody's access to originals, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("media_keeper") as table:
        table.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("ended_by_id", KEY, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("media_keeper") as table:
        table.drop_column("ended_by_id")
        table.drop_column("ended_at")
