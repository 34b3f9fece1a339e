"""money: paragraphs without their sign, a round taken up again with its order frozen; who has applied before."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

KEPT = {
    "application": "decided_paragraph",
    "decision": "paragraph",
    "carry_over": "paragraph",
    "reallocation": "paragraph",
}
SIGN = re.compile(r"\A(?:§|paragraf\b|\s)+|[§\s]+\Z", re.IGNORECASE)


PARTY, BEFORE = "application_party", "joined_before"


def upgrade() -> None:
    op.add_column(PARTY, sa.Column(BEFORE, sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, column in KEPT.items():
        table = sa.table(name, sa.column("id"), sa.column(column))
        kept = table.c[column]
        rows = op.get_bind().execute(sa.select(table.c.id, kept).where(kept != "")).all()
        bare = [{"key": key, "bare": SIGN.sub("", written)} for key, written in rows if SIGN.search(written)]
        if bare:
            change = sa.update(table).where(table.c.id == sa.bindparam("key"))
            op.get_bind().execute(change.values({column: sa.bindparam("bare")}), bare)
    op.execute(sa.text("UPDATE round SET state = 'fryst' WHERE state = 'bereds' AND frozen_at IS NOT NULL"))


def downgrade() -> None:
    """Paragraphs and rounds are right before this too."""
    with op.batch_alter_table(PARTY) as table:
        table.drop_column(BEFORE)
