"""waiting for the owner of the property."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("klotter_incident", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("klotter_incident", sa.Column("waits_for", sa.String(length=500), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("klotter_incident") as table:
        table.drop_column("waits_for")
        table.drop_column("waits_since")
