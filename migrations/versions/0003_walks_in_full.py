"""walks in full: how they are planned, who takes part, what is answered."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = {
    "walk": {
        "invitation": 4000, "steps": 500, "rest": 500, "language_support": 500, "police": 500, "risks": 2000,
        "weather": 200, "light": 20, "light_reason": 500, "reason": 1000,
    },
    "observation": {
        "time_of_day": 20, "weekday": 20, "season": 20, "asset_ref": 80, "proposed_measure": 1000, "answer": 2000,
    },
}  # fmt: skip
"""Texts that are empty in rows that there are already."""
POINTING = (
    ("walk", "leader_id", "person"),
    ("walk", "note_taker_id", "person"),
    ("walk", "photographer_id", "person"),
    ("walk", "follows_id", "walk"),
    ("observation", "proposed_id", "organisation"),
    ("observation", "kept_id", "observation"),
)
INDEXED = (("walk", "follows_id"), ("observation", "kept_id"))
OTHERS = {
    "walk": ("pre_meeting_at", "feedback_meeting_at", "lone_worker", "groups"),
    "observation": ("affected", "done_on"),
}


def upgrade() -> None:
    _columns()
    _parts_of_walks()
    _parts_of_observations()


def _columns() -> None:
    for table, lengths in TEXTS.items():
        for name, length in lengths.items():
            op.add_column(table, sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    for name in ("pre_meeting_at", "feedback_meeting_at"):
        op.add_column("walk", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("walk", sa.Column("lone_worker", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("walk", sa.Column("groups", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("observation", sa.Column("affected", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("observation", sa.Column("done_on", sa.Date(), nullable=True))
    for table, name, other in POINTING:
        points = sa.ForeignKey(f"{other}.id", name=op.f(f"fk_{table}_{name}"))
        op.add_column(table, sa.Column(name, KEY, points, nullable=True), inline_references=True)
    for table, name in INDEXED:
        op.create_index(f"ix_{table}_{name}", table, [name], unique=False)


def _key(name: str, other: str, table: str, *, null: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    points = sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}"))
    return sa.Column(name, KEY, nullable=null), points


def _parts_of_walks() -> None:
    op.create_table(
        "walk_partner",
        *_key("walk_id", "walk", "walk_partner"),
        *_key("organisation_id", "organisation", "walk_partner"),
        sa.PrimaryKeyConstraint("walk_id", "organisation_id", name=op.f("pk_walk_partner")),
    )
    op.create_index("ix_walk_partner_organisation_id", "walk_partner", ["organisation_id"], unique=False)
    op.create_geospatial_table(
        "walk_route",
        sa.Column("walk_id", KEY, autoincrement=False, nullable=False),
        sa.Column("line", Geometry("LINESTRING", srid=3006, spatial_index=False), nullable=False),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_walk_route_walk_id")),
        sa.PrimaryKeyConstraint("walk_id", name=op.f("pk_walk_route")),
    )
    op.create_geospatial_table(
        "walk_stop",
        sa.Column("id", KEY, nullable=False),
        *_key("walk_id", "walk", "walk_stop"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("point", Geometry("POINT", srid=3006, spatial_index=False), nullable=True),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_stop")),
        sa.UniqueConstraint("walk_id", "seq", name=op.f("uq_walk_stop_walk_id_seq")),
    )
    for table, column in (("walk_route", "line"), ("walk_stop", "point")):
        op.create_geospatial_index(
            f"idx_{table}_{column}", table, [column], unique=False, postgresql_using="gist", postgresql_ops={}
        )
    op.create_table(
        "participant_count",
        *_key("walk_id", "walk", "participant_count"),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("age", sa.String(length=10), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("walk_id", "category", "age", "gender", name=op.f("pk_participant_count")),
    )
    op.create_table(
        "protocol_adjustment",
        sa.Column("id", KEY, nullable=False),
        *_key("walk_id", "walk", "protocol_adjustment"),
        *_key("person_id", "person", "protocol_adjustment"),
        *_key("organisation_id", "organisation", "protocol_adjustment", null=True),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_adjustment")),
        sa.UniqueConstraint("walk_id", "person_id", name=op.f("uq_protocol_adjustment_walk_id_person_id")),
    )


def _parts_of_observations() -> None:
    op.create_table(
        "observation_event",
        sa.Column("id", KEY, nullable=False),
        *_key("observation_id", "observation", "observation_event"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        *_key("person_id", "person", "observation_event", null=True),
        *_key("organisation_id", "organisation", "observation_event", null=True),
        *_key("receiver_id", "organisation", "observation_event", null=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("called", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_event")),
    )
    op.create_index("ix_observation_event_observation_id", "observation_event", ["observation_id", "id"], unique=False)
    op.create_table(
        "observation_pair",
        *_key("first_id", "observation", "observation_pair"),
        *_key("second_id", "observation", "observation_pair"),
        *_key("person_id", "person", "observation_pair", null=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_observation_pair")),
    )


def downgrade() -> None:
    for table in ("observation_pair", "observation_event", "protocol_adjustment", "participant_count"):
        op.drop_table(table)
    for table, column in (("walk_stop", "point"), ("walk_route", "line")):
        op.drop_geospatial_index(f"idx_{table}_{column}", table_name=table, column_name=column)
        op.drop_geospatial_table(table)
    op.drop_table("walk_partner")
    for table, name in INDEXED:
        op.drop_index(f"ix_{table}_{name}", table_name=table)
    for table in ("observation", "walk"):
        gone = [name for where, name, _ in POINTING if where == table]
        gone += [*TEXTS[table], *OTHERS[table]]
        with op.batch_alter_table(table) as one:  # 0012 has made the keys of observations constraints of the table
            for name in gone:
                one.drop_column(name)
