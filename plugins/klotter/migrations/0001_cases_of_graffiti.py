"""cases of graffiti."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "klotter_incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("observation_uid", sa.Uuid(), nullable=False),
        sa.Column("place_uid", sa.Uuid(), nullable=True),
        sa.Column("hateful", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_class", sa.String(length=40), nullable=True),
        sa.Column("surface", sa.String(length=40), nullable=True),
        sa.Column("police_report", sa.String(length=40), nullable=True),
        sa.Column("police_reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_reported_reason", sa.String(length=500), nullable=True),
        sa.Column("cleaned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_klotter_incident")),
        sa.UniqueConstraint("observation_uid", name=op.f("uq_klotter_incident_observation_uid")),
    )
    op.create_index(op.f("ix_klotter_incident_place_uid"), "klotter_incident", ["place_uid"], unique=False)


def downgrade() -> None:
    op.drop_table("klotter_incident")
