"""applications: what was applied for stays so when a part is granted and the costs become a plan of it.

Of applications of which a part has been granted it is taken from the edition that was decided.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TABLE = "application_applied"
WRITTEN = ("utkast", "intern_granskning", "klar_for_namnd", "namndbeslutad", "aterkallad")
"""States in which an application is the applicant's own, and seeks what its costs are."""
MANY = 500

APPLICATION = sa.table(
    "application",
    sa.column("id", sa.BigInteger),
    sa.column("state", sa.String),
    sa.column("edition", sa.Integer),
    sa.column("sought", sa.BigInteger),
)
EVENT = sa.table("application_event", sa.column("application_id", sa.BigInteger), sa.column("kind", sa.String))
EDITION = sa.table(
    "application_edition",
    sa.column("application_id", sa.BigInteger),
    sa.column("number", sa.Integer),
    sa.column("content", sa.JSON),
)
COST = sa.table("application_cost", sa.column("application_id", sa.BigInteger), sa.column("amount", sa.BigInteger))
APPLIED = sa.table(
    TABLE, sa.column("application_id", sa.BigInteger), sa.column("year", sa.Integer), sa.column("amount", sa.BigInteger)
)


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        TABLE,
        sa.Column("application_id", key, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", key, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_applied_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "year", name=op.f("pk_application_applied")),
    )
    after = 0
    while after is not None:
        after = _fill(after)


def _fill(after: int) -> int | None:
    """Keep what some applications applied for; return the key of the last of them, nothing when there are no more."""
    there = sa.and_(EDITION.c.application_id == APPLICATION.c.id, EDITION.c.number == APPLICATION.c.edition)
    parted = sa.select(EVENT.c.application_id).where(EVENT.c.kind == "bevilja_delvis")
    rows = sa.select(APPLICATION.c.id, EDITION.c.content).join(EDITION, there)
    rows = rows.where(APPLICATION.c.id > after, APPLICATION.c.id.in_(parted), APPLICATION.c.state.not_in(WRITTEN))
    found = op.get_bind().execute(rows.order_by(APPLICATION.c.id).limit(MANY)).all()
    for row in found:
        years = {one["year"]: one["total"] for one in row.content["utgifter"]["rows"]["years"]}
        told = [{"application_id": row.id, "year": year, "amount": amount} for year, amount in years.items()]
        if told:
            op.get_bind().execute(sa.insert(APPLIED), told)
            known = sa.update(APPLICATION).where(APPLICATION.c.id == row.id)
            op.get_bind().execute(known.values(sought=sum(years.values())))
    return found[-1].id if found else None


def downgrade() -> None:
    """Let what those applications seek be the sum of their costs again, as it was."""
    total = sa.select(sa.func.coalesce(sa.func.sum(COST.c.amount), 0)).where(COST.c.application_id == APPLICATION.c.id)
    mine = APPLICATION.c.id.in_(sa.select(APPLIED.c.application_id))
    op.get_bind().execute(sa.update(APPLICATION).where(mine).values(sought=total.scalar_subquery()))
    op.drop_table(TABLE)
