"""handover: files that colleagues have carried from phones, and how many things came with each."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", KEY, nullable=False),
        sa.Column("carrier_id", KEY, nullable=True),
        sa.Column("sender_id", KEY, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("uid", name=op.f("uq_handover_uid")),
    )
    op.create_index("ix_handover_carrier_id", "handover", ["carrier_id", "id"])
    op.create_index("ix_handover_sender_id", "handover", ["sender_id", "id"])
    op.create_index("ix_device_thumbprint", "device", ["thumbprint"])


def downgrade() -> None:
    op.drop_index("ix_device_thumbprint", table_name="device")
    op.drop_table("handover")
