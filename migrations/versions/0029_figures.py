"""figures: indicators, deliveries and figures per area; what a stadsdel or a basområde is a part of."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
HOLDS = sa.text("undone_at IS NULL")
PARTS = ("in_district", "in_stadsdel")


def upgrade() -> None:
    for name in PARTS:
        op.add_column("area", sa.Column(name, sa.String(80), nullable=False, server_default=""))
    op.create_table(
        "indicator",
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("what", sa.String(2000), nullable=False),
        sa.Column("direction", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("every", sa.String(20), nullable=False),
        sa.Column("suppression", sa.String(20), nullable=False),
        sa.Column("adds", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("key", name=op.f("uq_indicator_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_indicator_uid")),
    )
    op.create_table(
        "figure_delivery",
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_figure_delivery_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_delivery")),
        sa.UniqueConstraint("uid", name=op.f("uq_figure_delivery_uid")),
    )
    op.create_table(
        "figure",
        sa.Column("indicator_id", KEY, nullable=False),
        sa.Column("delivery_id", KEY, nullable=False),
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.String(200), nullable=False),
        sa.Column("area_kind", sa.String(40), nullable=False),
        sa.Column("area_code", sa.String(80), nullable=False),
        sa.Column("area_name", sa.String(120), nullable=False),
        sa.Column("part", sa.String(80), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("note", sa.String(80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_why", sa.String(500), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'varde') = (value IS NOT NULL)", name=op.f("ck_figure_value")),
        sa.ForeignKeyConstraint(["delivery_id"], ["figure_delivery.id"], name=op.f("fk_figure_delivery_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_figure_indicator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint("uid", name=op.f("uq_figure_uid")),
    )
    holds = {"unique": True, "sqlite_where": HOLDS, "postgresql_where": HOLDS}
    about = ["indicator_id", "area_kind", "area_code", "part", "first_on", "last_on"]
    op.create_index("uq_figure_holds", "figure", about, **holds)
    op.create_index("ix_figure_newest", "figure", ["indicator_id", "area_kind", "last_on"])
    op.create_index("ix_figure_area", "figure", ["area_kind", "area_code"])
    op.create_index("ix_figure_record", "figure", ["record"])
    op.create_index("ix_figure_row_key", "figure", ["row_key"])
    op.create_index("ix_figure_delivery_id", "figure", ["delivery_id"])


def downgrade() -> None:
    op.drop_table("figure")
    op.drop_table("figure_delivery")
    op.drop_table("indicator")
    for name in PARTS:
        op.drop_column("area", name)
