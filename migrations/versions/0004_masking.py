"""masks of pictures, keepers of originals, hiding."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "ix_photo_review": ["review", "state", "id"],
    "ix_photo_stored_sha256": ["stored_sha256"],
    "ix_photo_large": ["large"],
    "ix_photo_small": ["small"],
    "ix_photo_small_webp": ["small_webp"],
}


def upgrade() -> None:
    op.add_column(
        "photo", sa.Column("review", sa.String(length=20), nullable=False, server_default=sa.text("'ej_granskad'"))
    )
    op.add_column("photo", sa.Column("review_version", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("photo", sa.Column("mask_id", KEY, nullable=True))
    op.add_column("photo", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("photo", sa.Column("hidden_by_id", KEY, nullable=True))
    op.add_column("photo", sa.Column("hidden_reason", sa.String(length=500), nullable=True))
    op.add_column("photo", sa.Column("small_webp", sa.String(length=64), nullable=True))
    for name, columns in INDEXES.items():
        op.create_index(name, "photo", columns, unique=False)
    op.create_table(
        "media_mask",
        sa.Column("photo_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("proposed_by_id", KEY, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_media_mask_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_mask")),
        sa.UniqueConstraint("uid", name=op.f("uq_media_mask_uid")),
    )
    op.create_index("ix_media_mask_photo_id", "media_mask", ["photo_id", "id"], unique=False)
    op.create_table(
        "media_keeper",
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("photo_id", KEY, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (role IS NULL)", name=op.f("ck_media_keeper_somebody")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_media_keeper_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_keeper")),
        sa.UniqueConstraint("uid", name=op.f("uq_media_keeper_uid")),
    )
    op.create_index("ix_media_keeper_person_id", "media_keeper", ["person_id"], unique=False)
    op.create_index("ix_media_keeper_role", "media_keeper", ["role"], unique=False)


def downgrade() -> None:
    op.drop_table("media_keeper")
    op.drop_table("media_mask")
    for name in INDEXES:
        op.drop_index(name, table_name="photo")
    for column in ("small_webp", "hidden_reason", "hidden_by_id", "hidden_at", "mask_id", "review_version", "review"):
        op.drop_column("photo", column)
