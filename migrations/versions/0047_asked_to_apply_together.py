"""applications: a board that is asked to apply together has joined when it has said so."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

PARTY = "application_party"


def upgrade() -> None:
    with op.batch_alter_table(PARTY) as table:
        table.alter_column("joined_on", existing_type=sa.Date(), nullable=True)


def downgrade() -> None:
    """Who has not answered is not with."""
    op.execute(sa.text("DELETE FROM application_party WHERE joined_on IS NULL"))
    with op.batch_alter_table(PARTY) as table:
        table.alter_column("joined_on", existing_type=sa.Date(), nullable=False)
