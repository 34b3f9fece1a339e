"""works, upkeep: routing rules and reply templates that end, penalties for deviations, reminders about a thing."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNSENT, ABOUT = sa.text("letter IS NULL"), sa.text("subject_uid IS NOT NULL")


def upgrade() -> None:
    op.add_column("routing_rule", sa.Column("ended_why", sa.String(1000), nullable=False, server_default=""))
    op.create_table(
        "reply_template",
        sa.Column("move", sa.String(30), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
        sa.UniqueConstraint("uid", name=op.f("uq_reply_template_uid")),
    )
    op.create_index("ix_reply_template_move", "reply_template", ["move"])
    op.create_index("ix_penalty_deviation_id", "penalty", ["deviation_id"], unique=True)
    op.drop_index("ix_reminder_unsent", table_name="reminder")
    with op.batch_alter_table("reminder") as table:
        table.alter_column("deadline_id", existing_type=KEY, nullable=True)
        table.add_column(sa.Column("subject_kind", sa.String(40), nullable=True))
        table.add_column(sa.Column("subject_uid", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("level", sa.Integer(), nullable=False, server_default="1"))
    _index_unsent()
    about = ["subject_uid", "organisation_id", "on_day"]
    op.create_index("ix_reminder_about", "reminder", about, unique=True, sqlite_where=ABOUT, postgresql_where=ABOUT)


def _index_unsent() -> None:
    columns = ["organisation_id", "id"]
    op.create_index("ix_reminder_unsent", "reminder", columns, sqlite_where=UNSENT, postgresql_where=UNSENT)


def downgrade() -> None:
    op.drop_index("ix_reminder_about", table_name="reminder")
    op.drop_index("ix_reminder_unsent", table_name="reminder")
    op.execute("DELETE FROM reminder WHERE deadline_id IS NULL")
    with op.batch_alter_table("reminder") as table:
        for name in ("level", "subject_uid", "subject_kind"):
            table.drop_column(name)
        table.alter_column("deadline_id", existing_type=KEY, nullable=False)
    _index_unsent()
    op.drop_index("ix_penalty_deviation_id", table_name="penalty")
    op.drop_index("ix_reply_template_move", table_name="reply_template")
    op.drop_table("reply_template")
    op.drop_column("routing_rule", "ended_why")
