"""walks: what a phone tells of an observation and its photos, how low the sun stood, and the way that was gone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = ("heading", "torch", "steps", "sun_elevation", "after_sunset_min")


def upgrade() -> None:
    op.add_column("observation", sa.Column("heading", sa.Float(53), nullable=True))
    op.add_column("observation", sa.Column("torch", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("observation", sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("observation", sa.Column("sun_elevation", sa.Float(53), nullable=True))
    op.add_column("observation", sa.Column("after_sunset_min", sa.Integer(), nullable=True))
    op.add_column("photo", sa.Column("pairs_with", sa.Uuid(), nullable=True))
    op.create_table(
        "walk_track",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("walk_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_walk_track_person_id_person")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_walk_track_walk_id_walk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_track")),
        sa.UniqueConstraint("uid", name=op.f("uq_walk_track_uid")),
    )
    op.create_index("ix_walk_track_walk_id", "walk_track", ["walk_id"])


def downgrade() -> None:
    op.drop_index("ix_walk_track_walk_id", table_name="walk_track")
    op.drop_table("walk_track")
    op.drop_column("photo", "pairs_with")
    for name in COLUMNS:
        op.drop_column("observation", name)
