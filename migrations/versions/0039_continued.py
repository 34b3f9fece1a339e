"""presence: a promise that is changed continues as another; what is on a place is as protected as the place is now."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ON_PLACE = ("activation", "patrol_request", "planning_project", "deadline")
PARTS = (
    ("activation_permit", "activation_id", "activation"),
    ("planning_goal", "project_id", "planning_project"),
    ("planning_consultation", "project_id", "planning_project"),
)


def upgrade() -> None:
    with op.batch_alter_table("presence_plan") as table:
        table.add_column(sa.Column("continues_id", KEY, nullable=True))
        table.create_foreign_key(op.f("fk_presence_plan_continues_id"), "presence_plan", ["continues_id"], ["id"])
        table.create_unique_constraint(op.f("uq_presence_plan_continues_id"), ["continues_id"])
    for name in ON_PLACE:
        _protect(name, "place_id", "place")
    for name, column, whole in PARTS:
        _protect(name, column, whole)


def _protect(name: str, column: str, whole: str) -> None:
    """Let no row be less protected than what it is on."""
    row = sa.table(name, sa.column("level"), sa.column(column))
    above = sa.table(whole, sa.column("id"), sa.column("level"))
    of_it = above.c.id == row.c[column]
    more = sa.exists().where(of_it, above.c.level > row.c.level)
    level = sa.select(above.c.level).where(of_it).scalar_subquery()
    op.execute(sa.update(row).where(more).values(level=level))


def downgrade() -> None:
    with op.batch_alter_table("presence_plan") as table:
        table.drop_constraint(op.f("uq_presence_plan_continues_id"), type_="unique")
        table.drop_constraint(op.f("fk_presence_plan_continues_id"), type_="foreignkey")
        table.drop_column("continues_id")
