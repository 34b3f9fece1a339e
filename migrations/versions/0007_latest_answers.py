"""speed: what an organisation has answered is read from its latest on."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_observation_organisation_id_id", "observation", ["organisation_id", "id"], unique=False)
    op.drop_index("ix_observation_organisation_id", table_name="observation")


def downgrade() -> None:
    op.create_index("ix_observation_organisation_id", "observation", ["organisation_id"], unique=False)
    op.drop_index("ix_observation_organisation_id_id", table_name="observation")
