"""followup: claims, outturn, money moved, reports and effects."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "carry_over",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("to_year", sa.Integer(), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("cause", sa.String(30), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("new_completion", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("opinion", sa.String(2000), nullable=False),
        sa.Column("opinion_by_id", KEY, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("body_id", KEY, nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("paragraph", sa.String(20), nullable=False),
        sa.Column("motive", sa.String(2000), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("confirmed_by_id", KEY, nullable=True),
        sa.Column("booking_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("amount > 0 AND from_year < to_year", name=op.f("ck_carry_over_amount")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_carry_over_application_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_carry_over_asked_by_id")),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("fk_carry_over_body_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_carry_over_booking_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_carry_over_confirmed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_carry_over_decided_by_id")),
        sa.ForeignKeyConstraint(["opinion_by_id"], ["person.id"], name=op.f("fk_carry_over_opinion_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carry_over")),
        sa.UniqueConstraint("number", name=op.f("uq_carry_over_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_carry_over_uid")),
    )
    op.create_index("ix_carry_over_application_id", "carry_over", ["application_id", "id"])
    op.create_index("ix_carry_over_state", "carry_over", ["state", "id"])
    op.create_table(
        "claim",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("invoice", sa.String(120), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("written_by_id", KEY, nullable=True),
        sa.Column("checked_by_id", KEY, nullable=True),
        sa.Column("paid_by_id", KEY, nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("amount > 0 AND amount <= 10000000000", name=op.f("ck_claim_amount")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_claim_application_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_claim_checked_by_id")),
        sa.ForeignKeyConstraint(["paid_by_id"], ["person.id"], name=op.f("fk_claim_paid_by_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_claim_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("number", name=op.f("uq_claim_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_claim_uid")),
    )
    op.create_index("ix_claim_application_id", "claim", ["application_id", "id"])
    op.create_index("ix_claim_state", "claim", ["state", "id"])
    op.create_table(
        "grant_report",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.String(4000), nullable=False),
        sa.Column("money", sa.String(4000), nullable=False),
        sa.Column("risks", sa.String(4000), nullable=False),
        sa.Column("goals", sa.String(4000), nullable=False),
        sa.Column("lessons", sa.String(4000), nullable=False),
        sa.Column("defects", sa.String(4000), nullable=False),
        sa.Column("handover", sa.String(4000), nullable=False),
        sa.Column("skipped_why", sa.String(1000), nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=True),
        sa.Column("handed_in_by_id", KEY, nullable=True),
        sa.Column("approved_by_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_grant_report_application_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_grant_report_approved_by_id")),
        sa.ForeignKeyConstraint(["handed_in_by_id"], ["person.id"], name=op.f("fk_grant_report_handed_in_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_report")),
        sa.UniqueConstraint(
            "application_id", "kind", "period", name=op.f("uq_grant_report_application_id_kind_period")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_grant_report_uid")),
    )
    op.create_index("ix_grant_report_due_on", "grant_report", ["state", "due_on"])
    op.create_table(
        "outturn_row",
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("voucher", sa.String(60), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_outturn_row_application_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_outturn_row_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outturn_row")),
        sa.UniqueConstraint("uid", name=op.f("uq_outturn_row_uid")),
    )
    op.create_index("ix_outturn_row_application_id", "outturn_row", ["application_id", "period"])
    op.create_index(
        "uq_outturn_row_voucher",
        "outturn_row",
        ["project_code", "period", "voucher"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
        sqlite_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "picture_pair",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("before_id", KEY, nullable=True),
        sa.Column("after_id", KEY, nullable=True),
        sa.Column("why_not", sa.String(1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["after_id"], ["photo.id"], name=op.f("fk_picture_pair_after_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_picture_pair_application_id")),
        sa.ForeignKeyConstraint(["before_id"], ["photo.id"], name=op.f("fk_picture_pair_before_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_pair")),
        sa.UniqueConstraint("uid", name=op.f("uq_picture_pair_uid")),
    )
    op.create_index("ix_picture_pair_application_id", "picture_pair", ["application_id", "id"])
    op.create_table(
        "effect",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("goal_id", KEY, nullable=False),
        sa.Column("phase", sa.String(10), nullable=False),
        sa.Column("compares", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("method", sa.String(500), nullable=False),
        sa.Column("season", sa.String(20), nullable=False),
        sa.Column("hour", sa.String(20), nullable=False),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("unclear", sa.String(1000), nullable=False),
        sa.Column("comment", sa.String(2000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name=op.f("ck_effect_interval")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_effect_application_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_effect_goal_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_effect_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect")),
        sa.UniqueConstraint(
            "application_id",
            "goal_id",
            "phase",
            "compares",
            name=op.f("uq_effect_application_id_goal_id_phase_compares"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_effect_uid")),
    )
    op.create_index("ix_effect_due_on", "effect", ["state", "due_on"])
    op.create_index("ix_effect_goal_id", "effect", ["goal_id"])
    op.create_table(
        "grant_report_edition",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_grant_report_edition_application_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_grant_report_edition_person_id")),
        sa.ForeignKeyConstraint(["report_id"], ["grant_report.id"], name=op.f("fk_grant_report_edition_report_id")),
        sa.PrimaryKeyConstraint("report_id", "number", name=op.f("pk_grant_report_edition")),
    )
    op.create_table(
        "reallocation",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("to_id", KEY, nullable=False),
        sa.Column("from_measure_id", KEY, nullable=True),
        sa.Column("to_measure_id", KEY, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("paragraph", sa.String(20), nullable=False),
        sa.Column("motive", sa.String(2000), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("booking_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_reallocation_amount")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_reallocation_application_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_reallocation_asked_by_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_reallocation_booking_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_reallocation_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["from_measure_id"], ["application_measure.id"], name=op.f("fk_reallocation_from_measure_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["application.id"], name=op.f("fk_reallocation_to_id")),
        sa.ForeignKeyConstraint(
            ["to_measure_id"], ["application_measure.id"], name=op.f("fk_reallocation_to_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reallocation")),
        sa.UniqueConstraint("number", name=op.f("uq_reallocation_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_reallocation_uid")),
    )
    op.create_index("ix_reallocation_application_id", "reallocation", ["application_id", "id"])
    op.create_index("ix_reallocation_to_id", "reallocation", ["to_id"])


def downgrade() -> None:
    for name in (
        "reallocation",
        "grant_report_edition",
        "effect",
        "picture_pair",
        "outturn_row",
        "grant_report",
        "claim",
        "carry_over",
    ):
        op.drop_table(name)
