"""administration."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EMPTY = (("diary_pattern", sa.String(60)), ("eservice_id", sa.String(60)), ("contacts", sa.String(2000)))


def upgrade() -> None:
    nothing = sa.text("X''" if op.get_bind().dialect.name == "sqlite" else "''")
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        for name, kind in EMPTY:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        table.add_column(sa.Column("content", sa.LargeBinary(32), nullable=False, server_default=nothing))
    with op.batch_alter_table("plugin") as table:
        table.add_column(sa.Column("traced_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "password_link",
        sa.Column("id", KEY, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_password_link_digest")),
    )
    op.create_index("ix_password_link_person_id", "password_link", ["person_id"])
    op.create_table(
        "plugin_setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_plugin_setting")),
    )
    op.create_table(
        "plugin_call",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hook", sa.String(length=60), nullable=False),
        sa.Column("kinds", sa.String(length=300), nullable=False),
        sa.Column("answered", sa.String(length=60), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_call")),
    )
    op.create_index("ix_plugin_call_name_id", "plugin_call", ["name", "id"])
    op.create_table(
        "job_run",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_job_run")),
    )
    op.create_table(
        "journal_check",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", KEY, nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("first", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_check")),
    )


def downgrade() -> None:
    op.drop_table("journal_check")
    op.drop_table("job_run")
    op.drop_index("ix_plugin_call_name_id", table_name="plugin_call")
    op.drop_table("plugin_call")
    op.drop_table("plugin_setting")
    op.drop_index("ix_password_link_person_id", table_name="password_link")
    op.drop_table("password_link")
    with op.batch_alter_table("plugin") as table:
        table.drop_column("traced_until")
    with op.batch_alter_table("organisation") as table:
        for name in ("content", *(name for name, _ in EMPTY), "version"):
            table.drop_column(name)
