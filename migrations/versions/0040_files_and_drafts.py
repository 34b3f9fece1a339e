"""Files to the finance system, with the entries and claims that each of them took; drafts of decisions."""

import sqlalchemy as sa
from alembic import op

from core.triggers import append_only, changeable

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "finance_file",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("granted", KEY, nullable=False),
        sa.Column("paid", KEY, nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_finance_file_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finance_file")),
        sa.UniqueConstraint("number", name=op.f("uq_finance_file_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_finance_file_uid")),
    )
    op.create_table(
        "finance_line",
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("entry_id", KEY, nullable=True),
        sa.Column("claim_id", KEY, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.CheckConstraint("(entry_id IS NULL) <> (claim_id IS NULL)", name=op.f("ck_finance_line_about")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_finance_line_amount")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_finance_line_claim_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_finance_line_entry_id")),
        sa.ForeignKeyConstraint(["file_id"], ["finance_file.id"], name=op.f("fk_finance_line_file_id")),
        sa.PrimaryKeyConstraint("file_id", "place", name=op.f("pk_finance_line")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_finance_line_entry_id")),
    )
    op.create_index("ix_finance_line_claim_id", "finance_line", ["claim_id", "year"])
    for table in ("finance_file", "finance_line"):
        append_only(table)
    op.create_table(
        "decision_draft",
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("written", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_decision_draft_application_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting_of_body.id"], name=op.f("fk_decision_draft_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decision_draft_person_id")),
        sa.PrimaryKeyConstraint("meeting_id", "application_id", "person_id", name=op.f("pk_decision_draft")),
    )


def downgrade() -> None:
    op.drop_table("decision_draft")
    for table in ("finance_line", "finance_file"):
        changeable(table)
        op.drop_table(table)
