"""works, walks: a penalty is for the time that its contract had an order from; a report is found by its number."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

WAS, BECOMES = ("order_id", "leg", "contract_id"), ("order_id", "leg", "contract_id", "begun_at")

PENALTY = sa.table("penalty", *(sa.column(name) for name in ("id", "order_id", "leg", "contract_id")))
EVENT = sa.table("penalty_event", sa.column("penalty_id"))


def upgrade() -> None:
    op.add_column("penalty", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE penalty SET begun_at = coalesce((SELECT work_order.starts_at FROM work_order"
        " WHERE work_order.id = penalty.order_id AND work_order.contract_id = penalty.contract_id), late_since)"
    )
    with op.batch_alter_table("penalty") as table:
        table.alter_column("begun_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.drop_constraint(_named(WAS), type_="unique")
        table.create_unique_constraint(_named(BECOMES), list(BECOMES))
    op.create_index("ix_observation_report_number", "observation_report", ["number"])


def _named(columns: tuple[str, ...]) -> str:
    return op.f(f"uq_penalty_{'_'.join(columns)}")


def downgrade() -> None:
    op.drop_index("ix_observation_report_number", table_name="observation_report")
    first, later = PENALTY.alias("first"), PENALTY.alias("later")
    same = (first.c[name] == later.c[name] for name in WAS)
    again = sa.select(later.c.id).where(*same, first.c.id < later.c.id)
    op.execute(EVENT.delete().where(EVENT.c.penalty_id.in_(again)))
    op.execute(PENALTY.delete().where(PENALTY.c.id.in_(again)))
    with op.batch_alter_table("penalty") as table:
        table.drop_constraint(_named(BECOMES), type_="unique")
        table.create_unique_constraint(_named(WAS), list(WAS))
        table.drop_column("begun_at")
