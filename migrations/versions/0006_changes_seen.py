"""changes seen: what has been done since somebody was here is found by when it was done."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_journal_line_at"), "journal_line", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_journal_line_at"), table_name="journal_line")
