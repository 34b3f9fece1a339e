"""works, upkeep: penalty rules hold from a day to a day, for each contract of an order; who does it is reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("penalty_rule", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("penalty_rule", sa.Column("valid_to", sa.Date(), nullable=True))
    op.add_column("penalty_rule", sa.Column("ended_why", sa.String(1000), nullable=False, server_default=""))
    op.execute(
        "UPDATE penalty_rule SET valid_from ="
        " (SELECT contract.valid_from FROM contract WHERE contract.id = penalty_rule.contract_id)"
    )
    with op.batch_alter_table("penalty_rule") as table:
        table.alter_column("valid_from", existing_type=sa.Date(), nullable=False)
    sort = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    known = "CONSTRAINT fk_deadline_executor_id REFERENCES organisation (id)"
    op.execute(f"ALTER TABLE deadline ADD COLUMN executor_id {sort} {known}")  # SQLite adds no constraint afterwards
    op.execute(
        "UPDATE deadline SET executor_id = (SELECT work_order.executor_id FROM work_order"
        " WHERE work_order.uid = deadline.subject_uid AND work_order.executor_id <> work_order.organisation_id)"
        " WHERE subject_kind = 'order'"
    )
    _unique(was=("order_id", "leg"), becomes=("order_id", "leg", "contract_id"))


def _unique(*, was: tuple[str, ...], becomes: tuple[str, ...]) -> None:
    with op.batch_alter_table("penalty") as table:
        table.drop_constraint(op.f(f"uq_penalty_{'_'.join(was)}"), type_="unique")
        table.create_unique_constraint(op.f(f"uq_penalty_{'_'.join(becomes)}"), list(becomes))


def downgrade() -> None:
    op.execute(
        "DELETE FROM penalty_event WHERE penalty_id IN (SELECT later.id FROM penalty AS later JOIN penalty AS first"
        " ON first.order_id = later.order_id AND first.leg = later.leg AND first.id < later.id)"
    )
    op.execute(
        "DELETE FROM penalty WHERE id IN (SELECT later.id FROM penalty AS later JOIN penalty AS first"
        " ON first.order_id = later.order_id AND first.leg = later.leg AND first.id < later.id)"
    )
    _unique(was=("order_id", "leg", "contract_id"), becomes=("order_id", "leg"))
    with op.batch_alter_table("deadline") as table:
        table.drop_column("executor_id")
    for name in ("ended_why", "valid_to", "valid_from"):
        op.drop_column("penalty_rule", name)
