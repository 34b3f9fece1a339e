"""money: how many applications have money and a forecast is counted from the index that their sums are read by."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_ledger_entry_organisation_id", "ledger_entry"
BEFORE = ["frame_id", "organisation_id", "account", "amount"]
AFTER = ["frame_id", "organisation_id", "account", "matter", "amount"]


def upgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, AFTER)


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, BEFORE)
