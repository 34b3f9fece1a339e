"""people: phones that are logged in for field work, and the codes with which they are."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("thumbprint", sa.String(43), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("app", sa.Integer(), nullable=True),
        *_identity("device"),
        sa.UniqueConstraint("digest", name=op.f("uq_device_digest")),
    )
    op.create_index("ix_device_person_id", "device", ["person_id"])
    op.create_table(
        "device_code",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("short_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key", sa.JSON(), nullable=True),
        sa.Column("thumbprint", sa.String(43), nullable=False),
        sa.Column("number", sa.String(4), nullable=False),
        *_identity("device_code"),
        sa.UniqueConstraint("digest", name=op.f("uq_device_code_digest")),
        sa.UniqueConstraint("short_digest", name=op.f("uq_device_code_short_digest")),
    )
    op.create_index("ix_device_code_person_id", "device_code", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_device_code_person_id", table_name="device_code")
    op.drop_table("device_code")
    op.drop_index("ix_device_person_id", table_name="device")
    op.drop_table("device")


def _identity(table: str) -> list[sa.schema.SchemaItem]:
    """Return what each of the two has: its keys, and whose it is."""
    return [
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{table}_uid")),
    ]
