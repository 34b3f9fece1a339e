"""desk: persons count their changes; an observation points at the asset that it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("person", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    points = sa.ForeignKey("asset.id", name=op.f("fk_observation_asset_id"))
    op.add_column("observation", sa.Column("asset_id", KEY, points, nullable=True), inline_references=True)
    op.create_index("ix_observation_asset_id", "observation", ["asset_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_observation_asset_id", table_name="observation")
    with op.batch_alter_table("observation") as table:  # 0012 has made the key a constraint of the table
        table.drop_column("asset_id")
    op.drop_column("person", "version")
