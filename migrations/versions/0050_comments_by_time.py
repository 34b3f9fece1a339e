"""applications: what was said of late is found by when it was said."""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

INDEX, COMMENT = "ix_application_comment_at", "application_comment"


def upgrade() -> None:
    op.create_index(INDEX, COMMENT, ["at"])


def downgrade() -> None:
    op.drop_index(INDEX, COMMENT)
