"""reserve: programmes, frames by year that only the book changes, and the book itself."""

import sqlalchemy as sa
from alembic import op

from core.triggers import append_only, changeable, free, kept_by

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("series", sa.String(10), nullable=False),
        sa.Column("reserve_code", sa.String(20), nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("legal_basis", sa.String(500), nullable=False),
        sa.Column("access", sa.String(200), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("large", KEY, nullable=False),
        sa.Column("late_years", sa.Integer(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_programme_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
        sa.UniqueConstraint("series", name=op.f("uq_programme_series")),
        sa.UniqueConstraint("uid", name=op.f("uq_programme_uid")),
    )
    op.create_table(
        "booking",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("programme_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("matter", sa.Uuid(), nullable=True),
        sa.Column("matter_number", sa.String(40), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("decision", sa.String(300), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("corrects_id", KEY, nullable=True),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by_id", KEY, nullable=True),
        sa.Column("booked_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_booking_confirmed_by_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["booking.id"], name=op.f("fk_booking_corrects_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_booking_organisation_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_booking_programme_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_booking_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("number", name=op.f("uq_booking_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_booking_uid")),
    )
    op.create_index("ix_booking_corrects_id", "booking", ["corrects_id"])
    op.create_index("ix_booking_matter", "booking", ["matter", "id"])
    op.create_index("ix_booking_programme_id", "booking", ["programme_id", "id"])
    op.create_table(
        "deciding_body",
        sa.Column("programme_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("decides", sa.String(20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_deciding_body_organisation_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_deciding_body_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deciding_body")),
        sa.UniqueConstraint("uid", name=op.f("uq_deciding_body_uid")),
    )
    op.create_index("ix_deciding_body_programme_id", "deciding_body", ["programme_id", "decides"])
    op.create_table(
        "frame",
        sa.Column("programme_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("granted", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("granted >= 0 AND granted <= amount", name=op.f("ck_frame_within")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f("ck_frame_year")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_frame_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame")),
        sa.UniqueConstraint("programme_id", "year", name=op.f("uq_frame_programme_id_year")),
        sa.UniqueConstraint("uid", name=op.f("uq_frame_uid")),
    )
    op.create_table(
        "booking_line",
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("frame_id", KEY, nullable=False),
        sa.Column("account", sa.String(10), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_line_booking_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["frame.id"], name=op.f("fk_booking_line_frame_id")),
        sa.PrimaryKeyConstraint("booking_id", "frame_id", "account", name=op.f("pk_booking_line")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("frame_id", KEY, nullable=False),
        sa.Column("account", sa.String(10), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("matter", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_entry_amount")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_ledger_entry_booking_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["frame.id"], name=op.f("fk_ledger_entry_frame_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_ledger_entry_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index("ix_ledger_entry_booking_id", "ledger_entry", ["booking_id"])
    op.create_index("ix_ledger_entry_frame_id", "ledger_entry", ["frame_id", "account", "amount"])
    op.create_index("ix_ledger_entry_matter", "ledger_entry", ["matter", "account"])
    append_only("ledger_entry")
    kept_by("frame", of="ledger_entry", sums={"amount": "ram", "granted": "beviljat"})


def downgrade() -> None:
    free("frame", of="ledger_entry")
    changeable("ledger_entry")
    for name in (
        "ledger_entry",
        "booking_line",
        "frame",
        "deciding_body",
        "booking",
        "programme",
    ):
        op.drop_table(name)
