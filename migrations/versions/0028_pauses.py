"""works: for what an order stands still is kept by its key; visits and deviations had columns that nothing filled."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PAUSES = {
    "vader": "Väder",
    "tilltrade": "Väntar på tillträde",
    "tillstand": "Väntar på tillstånd eller samordning",
    "bestallaren": "Väntar på beställaren",
}
"""What stood before the reason until now, by its key."""
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEVER_FILLED = (
    ("deviation", "order_id", "work_order"),
    ("control_visit", "order_id", "work_order"),
    ("control_visit", "place_id", "place"),
)
EVENTS = sa.table("order_event", sa.column("kind"), sa.column("pause"), sa.column("reason"))


def upgrade() -> None:
    op.add_column("order_event", sa.Column("pause", sa.String(20), nullable=False, server_default=""))
    why = EVENTS.c.reason
    for key, label in PAUSES.items():
        said = EVENTS.update().where(EVENTS.c.kind == "pausa", EVENTS.c.pause == "")
        op.get_bind().execute(said.where(why == label).values(pause=key, reason=""))
        rest = sa.func.substr(why, len(label) + 3)
        op.get_bind().execute(said.where(why.startswith(f"{label}. ")).values(pause=key, reason=rest))
    op.drop_index("ix_deviation_order_id", table_name="deviation")
    for name, column, _ in NEVER_FILLED:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_{column}"), type_="foreignkey")
            table.drop_column(column)


def downgrade() -> None:
    for name, column, other in NEVER_FILLED:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column(column, KEY, nullable=True))
            table.create_foreign_key(op.f(f"fk_{name}_{column}"), other, [column], ["id"])
    op.create_index("ix_deviation_order_id", "deviation", ["order_id"])
    why = EVENTS.c.reason
    for key, label in PAUSES.items():
        said = EVENTS.update().where(EVENTS.c.pause == key)
        op.get_bind().execute(said.where(why != "").values(reason=sa.func.substr(f"{label}. " + why, 1, 1000)))
        op.get_bind().execute(said.where(why == "").values(reason=label))
    op.drop_column("order_event", "pause")
