"""sync: what phones have sent of records; observations without a walk."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "ix_change_record": ["record_kind", "record_uid"],
    "ix_change_waits_for": ["waits_for"],
    "ix_change_state": ["state", "id"],
    "ix_change_sender_id": ["sender_id"],
}


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_uid", sa.Uuid(), nullable=False),
        sa.Column("creates", sa.Boolean(), nullable=False),
        sa.Column("sender_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("after_uid", sa.Uuid(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("waits_for", sa.Uuid(), nullable=True),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.Column("open", sa.JSON(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=True),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("uid", name=op.f("uq_change_uid")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "change", columns, unique=False)

    with op.batch_alter_table("observation") as table:
        table.add_column(sa.Column("home_id", KEY, nullable=True))
        table.alter_column("walk_id", existing_type=KEY, nullable=True)
        table.create_foreign_key(op.f("fk_observation_home_id"), "organisation", ["home_id"], ["id"])
        table.create_index("ix_observation_home_id", ["home_id"])


def downgrade() -> None:
    with op.batch_alter_table("observation") as table:
        table.drop_index("ix_observation_home_id")
        table.drop_constraint(op.f("fk_observation_home_id"), type_="foreignkey")
        table.alter_column("walk_id", existing_type=KEY, nullable=False)
        table.drop_column("home_id")
    op.drop_table("change")
