"""presence: the hours of patrols are kept in tenths, as those done are; cooperation: what is written and not saved."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REQUEST = "patrol_request"
DONE = "ck_patrol_request_done"


def upgrade() -> None:
    with op.batch_alter_table(REQUEST) as table:
        table.drop_constraint(op.f(DONE), type_="check")
    op.execute(sa.text("UPDATE patrol_request SET hours = hours * 10, granted = granted * 10"))
    op.execute(sa.text("UPDATE patrol_frame SET hours = hours * 10"))
    with op.batch_alter_table(REQUEST) as table:
        table.create_check_constraint(op.f(DONE), "done BETWEEN 0 AND granted")
    for name in ("observation", "work_order"):  # as 0039 did with what else is on a place
        op.execute(
            sa.text(
                f"UPDATE {name} SET level = (SELECT place.level FROM place WHERE place.id = {name}.place_id)"  # noqa: S608
                f" WHERE EXISTS (SELECT 1 FROM place WHERE place.id = {name}.place_id AND place.level > {name}.level)"
            )
        )
    op.create_table(
        "section_draft",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("text", sa.String(8000), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["situation_report.id"], name=op.f("fk_section_draft_report_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_section_draft_person_id")),
        sa.PrimaryKeyConstraint("report_id", "key", "person_id", name=op.f("pk_section_draft")),
    )


def downgrade() -> None:
    """Half an hour becomes a whole one: what was done stays within what was granted, and that within the request."""
    op.drop_table("section_draft")
    with op.batch_alter_table(REQUEST) as table:
        table.drop_constraint(op.f(DONE), type_="check")
    op.execute(sa.text("UPDATE patrol_request SET hours = (hours + 9) / 10, granted = (granted + 9) / 10"))
    op.execute(sa.text("UPDATE patrol_frame SET hours = (hours + 9) / 10"))
    with op.batch_alter_table(REQUEST) as table:
        table.create_check_constraint(op.f(DONE), "done BETWEEN 0 AND 10 * granted")
