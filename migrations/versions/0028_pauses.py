"""works: for what an order stands still is kept by its key."""

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
EVENTS = sa.table("order_event", sa.column("kind"), sa.column("pause"), sa.column("reason"))


def upgrade() -> None:
    op.add_column("order_event", sa.Column("pause", sa.String(20), nullable=False, server_default=""))
    why = EVENTS.c.reason
    for key, label in PAUSES.items():
        said = EVENTS.update().where(EVENTS.c.kind == "pausa", EVENTS.c.pause == "")
        op.get_bind().execute(said.where(why == label).values(pause=key, reason=""))
        rest = sa.func.substr(why, len(label) + 3)
        op.get_bind().execute(said.where(why.startswith(f"{label}. ")).values(pause=key, reason=rest))


def downgrade() -> None:
    why = EVENTS.c.reason
    for key, label in PAUSES.items():
        said = EVENTS.update().where(EVENTS.c.pause == key)
        op.get_bind().execute(said.where(why != "").values(reason=sa.func.substr(f"{label}. " + why, 1, 1000)))
        op.get_bind().execute(said.where(why == "").values(reason=label))
    op.drop_column("order_event", "pause")
