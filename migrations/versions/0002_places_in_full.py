"""places in full."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _identity() -> list[sa.Column]:
    return [sa.Column("id", KEY, nullable=False), sa.Column("uid", sa.Uuid(), nullable=False)]


def _keys(table: str, **pointing: str) -> list[sa.Constraint]:
    """Return the primary key, the unique uid and the foreign keys of a new table, by our names."""
    found: list[sa.Constraint] = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in pointing.items()
    ]
    found.append(sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
    return [*found, sa.UniqueConstraint("uid", name=op.f(f"uq_{table}_uid"))]


def _point_at(table: str, column: str, other: str) -> None:
    """Add a column with a foreign key in one statement: SQLite cannot add the constraint afterwards."""
    sort = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {sort} CONSTRAINT fk_{table}_{column} REFERENCES {other} (id)")


def upgrade() -> None:
    _point_at("area", "successor_id", "area")
    _point_at("place", "merged_into_id", "place")
    op.add_column("place", sa.Column("photo_policy", sa.String(30), server_default="fri", nullable=False))
    op.add_column("place", sa.Column("oncall", sa.String(40), server_default="", nullable=False))
    op.add_column("place", sa.Column("state", sa.String(20), server_default="oppen", nullable=False))
    op.create_index("ix_place_merged_into_id", "place", ["merged_into_id"], unique=False)
    op.add_column("place_control", sa.Column("ended_why", sa.String(1000), server_default="", nullable=False))
    op.create_table(
        "place_label",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=1000), nullable=False),
        *_identity(),
        *_keys("place_label", place_id="place"),
    )
    op.create_index("ix_place_label_place_id", "place_label", ["place_id"], unique=False)
    op.create_index("ix_place_label_kind", "place_label", ["kind", "place_id"], unique=False)
    op.create_geospatial_table(
        "place_entry",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("point", Geometry("POINT", srid=3006, spatial_index=False), nullable=False),
        *_identity(),
        *_keys("place_entry", place_id="place"),
    )
    op.create_geospatial_index(
        "idx_place_entry_point", "place_entry", ["point"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_place_entry_place_id", "place_entry", ["place_id"], unique=False)
    op.create_table(
        "place_change",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("into_id", KEY, nullable=True),
        *_identity(),
        *_keys("place_change", place_id="place", into_id="place"),
    )
    op.create_index("ix_place_change_place_id", "place_change", ["place_id", "at"], unique=False)
    op.create_table(
        "responsibility_rule",
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("control_role", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("fallback_id", KEY, nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        *_identity(),
        *_keys("responsibility_rule", organisation_id="organisation", fallback_id="organisation"),
        sa.UniqueConstraint(
            "kind", "control_role", "priority", name=op.f("uq_responsibility_rule_kind_control_role_priority")
        ),
    )
    op.create_geospatial_table(
        "asset",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("point", Geometry("POINT", srid=3006, spatial_index=False), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        *_identity(),
        *_keys("asset", organisation_id="organisation"),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_asset_kind_number")),
    )
    op.create_geospatial_index(
        "idx_asset_point", "asset", ["point"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_asset_number", "asset", ["number"], unique=False)


def downgrade() -> None:
    op.drop_geospatial_index("idx_asset_point", table_name="asset", column_name="point")
    op.drop_geospatial_table("asset")
    op.drop_table("responsibility_rule")
    op.drop_table("place_change")
    op.drop_geospatial_index("idx_place_entry_point", table_name="place_entry", column_name="point")
    op.drop_geospatial_table("place_entry")
    op.drop_table("place_label")
    op.drop_column("place_control", "ended_why")
    op.drop_index("ix_place_merged_into_id", table_name="place")
    for column in ("state", "oncall", "photo_policy", "merged_into_id"):
        op.drop_column("place", column)
    op.drop_column("area", "successor_id")
