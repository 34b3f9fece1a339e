"""duties: who coordinates, the municipality's lägesbild and plan, and ILS."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "coordination_function",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("mandate", sa.String(1000), nullable=False),
        sa.Column("mailbox", sa.String(200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_coordination_function_dates")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_coordination_function_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordination_function")),
        sa.UniqueConstraint("uid", name=op.f("uq_coordination_function_uid")),
    )
    op.create_table(
        "coordinator",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("mandate", sa.String(1000), nullable=False),
        sa.Column("mailbox", sa.String(200), nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_coordinator_dates")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_coordinator_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinator")),
        sa.UniqueConstraint("uid", name=op.f("uq_coordinator_uid")),
    )
    op.create_index("ix_coordinator_organisation_id", "coordinator", ["organisation_id", "valid_from"])
    op.create_table(
        "city_report",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(120), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("warned", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_city_report_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_report")),
        sa.UniqueConstraint("number", name=op.f("uq_city_report_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_city_report_uid")),
    )
    op.create_index("ix_city_report_state", "city_report", ["state", "id"])
    op.create_table(
        "city_section",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("text", sa.String(20000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["city_report.id"], name=op.f("fk_city_section_report_id")),
        sa.PrimaryKeyConstraint("report_id", "key", name=op.f("pk_city_section")),
    )
    op.create_table(
        "city_source",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("period", sa.String(60), nullable=False),
        sa.Column("lacks", sa.String(500), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["city_report.id"], name=op.f("fk_city_source_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_source")),
        sa.UniqueConstraint("uid", name=op.f("uq_city_source_uid")),
    )
    op.create_index("ix_city_source_report_id", "city_source", ["report_id", "id"])
    op.create_table(
        "city_table",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["city_report.id"], name=op.f("fk_city_table_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_table")),
        sa.UniqueConstraint("uid", name=op.f("uq_city_table_uid")),
    )
    op.create_index("ix_city_table_report_id", "city_table", ["report_id", "id"])
    op.create_table(
        "action_plan",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(120), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("followed_on", sa.Date(), nullable=True),
        sa.Column("follow_up", sa.String(8000), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_action_plan_organisation_id")),
        sa.ForeignKeyConstraint(["report_id"], ["city_report.id"], name=op.f("fk_action_plan_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_action_plan_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_action_plan_uid")),
    )
    op.create_index("ix_action_plan_state", "action_plan", ["state", "id"])
    op.create_table(
        "plan_measure",
        sa.Column("plan_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("function", sa.String(120), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("measure_id", KEY, nullable=True),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("result_why", sa.String(2000), nullable=False),
        sa.Column("followed_on", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_plan_measure_measure_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_plan_measure_organisation_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["action_plan.id"], name=op.f("fk_plan_measure_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_measure")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_measure_plan_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_measure_uid")),
    )
    op.create_index("ix_plan_measure_organisation_id", "plan_measure", ["organisation_id"])
    op.create_table(
        "ils_goal",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("level_of_goal", sa.String(10), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("(level_of_goal = 'namnd') = (organisation_id IS NOT NULL)", name=op.f("ck_ils_goal_whose")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_ils_goal_organisation_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["ils_goal.id"], name=op.f("fk_ils_goal_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ils_goal")),
        sa.UniqueConstraint("uid", name=op.f("uq_ils_goal_uid")),
        sa.UniqueConstraint("year", "number", "organisation_id", name=op.f("uq_ils_goal_year_number_organisation_id")),
    )
    op.create_index("ix_ils_goal_organisation_id", "ils_goal", ["organisation_id", "year"])
    op.create_table(
        "ils_indicator",
        sa.Column("ils_goal_id", KEY, nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("target", sa.Double(), nullable=False),
        sa.Column("direction", sa.String(10), nullable=False),
        sa.Column("goal_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_ils_indicator_goal_id")),
        sa.ForeignKeyConstraint(["ils_goal_id"], ["ils_goal.id"], name=op.f("fk_ils_indicator_ils_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ils_indicator")),
        sa.UniqueConstraint("uid", name=op.f("uq_ils_indicator_uid")),
    )
    op.create_index("ix_ils_indicator_ils_goal_id", "ils_indicator", ["ils_goal_id"])
    op.create_table(
        "ils_activity",
        sa.Column("ils_goal_id", KEY, nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("measure_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["ils_goal_id"], ["ils_goal.id"], name=op.f("fk_ils_activity_ils_goal_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_ils_activity_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ils_activity")),
        sa.UniqueConstraint("uid", name=op.f("uq_ils_activity_uid")),
    )
    op.create_index("ix_ils_activity_ils_goal_id", "ils_activity", ["ils_goal_id"])
    op.create_table(
        "ils_report",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(5), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_ils_report_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ils_report")),
        sa.UniqueConstraint(
            "organisation_id", "year", "period", name=op.f("uq_ils_report_organisation_id_year_period")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_ils_report_uid")),
    )
    op.create_table(
        "ils_verdict",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("ils_goal_id", KEY, nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ils_goal_id"], ["ils_goal.id"], name=op.f("fk_ils_verdict_ils_goal_id")),
        sa.ForeignKeyConstraint(["report_id"], ["ils_report.id"], name=op.f("fk_ils_verdict_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ils_verdict")),
        sa.UniqueConstraint("report_id", "ils_goal_id", name=op.f("uq_ils_verdict_report_id_ils_goal_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_ils_verdict_uid")),
    )
    op.create_table(
        "ils_line",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("indicator_id", KEY, nullable=True),
        sa.Column("activity_id", KEY, nullable=True),
        sa.Column("outcome", sa.Double(), nullable=True),
        sa.Column("forecast", sa.Double(), nullable=True),
        sa.Column("comment", sa.String(1000), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("deviation", sa.String(1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(indicator_id IS NULL) <> (activity_id IS NULL)", name=op.f("ck_ils_line_of")),
        sa.ForeignKeyConstraint(["activity_id"], ["ils_activity.id"], name=op.f("fk_ils_line_activity_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["ils_indicator.id"], name=op.f("fk_ils_line_indicator_id")),
        sa.ForeignKeyConstraint(["report_id"], ["ils_report.id"], name=op.f("fk_ils_line_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ils_line")),
        sa.UniqueConstraint("report_id", "activity_id", name=op.f("uq_ils_line_report_id_activity_id")),
        sa.UniqueConstraint("report_id", "indicator_id", name=op.f("uq_ils_line_report_id_indicator_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_ils_line_uid")),
    )


def downgrade() -> None:
    for name in (
        "ils_line",
        "ils_verdict",
        "ils_report",
        "ils_activity",
        "ils_indicator",
        "ils_goal",
        "plan_measure",
        "action_plan",
        "city_table",
        "city_source",
        "city_section",
        "city_report",
        "coordinator",
        "coordination_function",
    ):
        op.drop_table(name)
