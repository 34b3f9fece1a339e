"""works, imports: orders read in from another register, and what is odd about the rows of a file, by count."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STANDS = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "order_origin",
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("report", sa.String(120), nullable=False),
        sa.Column("target_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("taken_in_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_order_origin_order_id_work_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_order_origin_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_origin")),
    )
    op.create_index(
        "uq_order_origin_number",
        "order_origin",
        ["organisation_id", "source", "number"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    op.add_column("data_import", sa.Column("tally", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("data_import", "tally")
    op.drop_table("order_origin")
