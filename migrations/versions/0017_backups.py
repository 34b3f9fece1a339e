"""backup: which backups were made, and whether this installation is a restored copy."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "backup",
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("file", sa.String(255), nullable=False),
        sa.Column("bytes", KEY, nullable=False),
        sa.Column("rows", KEY, nullable=False),
        sa.Column("files", KEY, nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
        sa.UniqueConstraint("uid", name=op.f("uq_backup_uid")),
    )
    op.create_table(
        "restoration",
        sa.Column("id", KEY, nullable=False),
        sa.Column("backup", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("restored_at", MOMENT, nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
    )


def downgrade() -> None:
    op.drop_table("restoration")
    op.drop_table("backup")
