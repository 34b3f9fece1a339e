"""cooperation: the library of methods, consultation, perspectives, lifts to the central level, weekly reports."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "method_fit",
        sa.Column("method_id", KEY, nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("causal_level", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["method_id"], ["method.id"], name=op.f("fk_method_fit_method_id")),
        sa.PrimaryKeyConstraint("method_id", "side", "causal_level", name=op.f("pk_method_fit")),
    )
    op.create_table(
        "weekly_group",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("area_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_weekly_group_area_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_weekly_group_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_group")),
        sa.UniqueConstraint("area_id", name=op.f("uq_weekly_group_area_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_weekly_group_uid")),
    )
    op.create_index("ix_weekly_group_organisation_id", "weekly_group", ["organisation_id"])
    op.create_table(
        "weekly_action",
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("iso_year", sa.Integer(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(1000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["weekly_group.id"], name=op.f("fk_weekly_action_group_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_weekly_action_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_action")),
        sa.UniqueConstraint("uid", name=op.f("uq_weekly_action_uid")),
    )
    op.create_index("ix_weekly_action_group_id", "weekly_action", ["group_id", "iso_year", "iso_week"])
    op.create_index("ix_weekly_action_organisation_id", "weekly_action", ["organisation_id", "state"])
    op.create_table(
        "weekly_member",
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("function", sa.String(120), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["weekly_group.id"], name=op.f("fk_weekly_member_group_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_weekly_member_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_member")),
        sa.UniqueConstraint("group_id", "organisation_id", name=op.f("uq_weekly_member_group_id_organisation_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_weekly_member_uid")),
    )
    op.create_index("ix_weekly_member_organisation_id", "weekly_member", ["organisation_id", "group_id"])
    op.create_table(
        "weekly_report",
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("iso_year", sa.Integer(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(120), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("iso_week BETWEEN 1 AND 53", name=op.f("ck_weekly_report_week")),
        sa.ForeignKeyConstraint(["group_id"], ["weekly_group.id"], name=op.f("fk_weekly_report_group_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_weekly_report_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_report")),
        sa.UniqueConstraint(
            "group_id",
            "organisation_id",
            "iso_year",
            "iso_week",
            name=op.f("uq_weekly_report_group_id_organisation_id_iso_year_iso_week"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_weekly_report_uid")),
    )
    op.create_index("ix_weekly_report_organisation_id", "weekly_report", ["organisation_id", "state"])
    op.create_table(
        "weekly_review",
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("iso_year", sa.Integer(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("picture", sa.String(4000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["weekly_group.id"], name=op.f("fk_weekly_review_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_review")),
        sa.UniqueConstraint(
            "group_id", "iso_year", "iso_week", name=op.f("uq_weekly_review_group_id_iso_year_iso_week")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_weekly_review_uid")),
    )
    op.create_table(
        "weekly_item",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("trend", sa.String(10), nullable=False),
        sa.Column("certainty", sa.String(10), nullable=False),
        sa.Column("day_part", sa.String(10), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("severity BETWEEN 0 AND 3", name=op.f("ck_weekly_item_severity")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_weekly_item_place_id")),
        sa.ForeignKeyConstraint(["report_id"], ["weekly_report.id"], name=op.f("fk_weekly_item_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_item")),
        sa.UniqueConstraint("uid", name=op.f("uq_weekly_item_uid")),
    )
    op.create_index("ix_weekly_item_place_id", "weekly_item", ["place_id"])
    op.create_index("ix_weekly_item_report_id", "weekly_item", ["report_id", "id"])
    op.create_table(
        "consultation",
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("measure_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("asker_id", KEY, nullable=False),
        sa.Column("function", sa.String(120), nullable=False),
        sa.Column("question", sa.String(2000), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("stance", sa.String(20), nullable=False),
        sa.Column("answer", sa.String(4000), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("considered", sa.String(2000), nullable=False),
        sa.Column("considered_at", MOMENT, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["organisation.id"], name=op.f("fk_consultation_asker_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_consultation_cycle_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_consultation_measure_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_consultation_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("uid", name=op.f("uq_consultation_uid")),
    )
    op.create_index("ix_consultation_cycle_id", "consultation", ["cycle_id"])
    op.create_index("ix_consultation_measure_id", "consultation", ["measure_id"])
    op.create_index("ix_consultation_organisation_id", "consultation", ["organisation_id", "state"])
    op.create_table(
        "lift",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=True),
        sa.Column("goal_id", KEY, nullable=True),
        sa.Column("measure_id", KEY, nullable=True),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("what", sa.String(4000), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("tried", sa.String(4000), nullable=False),
        sa.Column("asked", sa.String(2000), nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=False),
        sa.Column("lifted_by_id", KEY, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("answer", sa.String(4000), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_lift_cycle_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_lift_goal_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["person.id"], name=op.f("fk_lift_lifted_by_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_lift_measure_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_lift_organisation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_lift_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lift")),
        sa.UniqueConstraint("number", name=op.f("uq_lift_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_lift_uid")),
    )
    op.create_index("ix_lift_cycle_id", "lift", ["cycle_id"])
    op.create_index("ix_lift_organisation_id", "lift", ["organisation_id", "id"])
    op.create_index("ix_lift_place_id", "lift", ["place_id"])
    op.create_index("ix_lift_state", "lift", ["state", "id"])
    op.create_table(
        "measure_perspective",
        sa.Column("measure_id", KEY, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("heard", sa.String(500), nullable=False),
        sa.Column("how", sa.String(500), nullable=False),
        sa.Column("considered", sa.String(2000), nullable=False),
        sa.Column("why_not", sa.String(1000), nullable=False),
        sa.Column("outcome", sa.String(2000), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_perspective_measure_id")),
        sa.PrimaryKeyConstraint("measure_id", "key", name=op.f("pk_measure_perspective")),
    )
    op.create_table(
        "lift_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("lift_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("move", sa.String(40), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("text", sa.String(4000), nullable=False),
        sa.ForeignKeyConstraint(["lift_id"], ["lift.id"], name=op.f("fk_lift_event_lift_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_lift_event_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lift_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lift_event")),
    )
    op.create_index("ix_lift_event_lift_id", "lift_event", ["lift_id", "id"])
    op.add_column("goal", sa.Column("priority_area", sa.String(40), nullable=False, server_default=""))
    op.add_column("measure", sa.Column("focus_area", sa.String(40), nullable=False, server_default=""))
    op.add_column("measure", sa.Column("priority_area", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("measure", "priority_area")
    op.drop_column("measure", "focus_area")
    op.drop_column("goal", "priority_area")
    op.drop_index("ix_lift_event_lift_id", table_name="lift_event")
    op.drop_table("lift_event")
    op.drop_table("measure_perspective")
    op.drop_index("ix_lift_state", table_name="lift")
    op.drop_index("ix_lift_place_id", table_name="lift")
    op.drop_index("ix_lift_organisation_id", table_name="lift")
    op.drop_index("ix_lift_cycle_id", table_name="lift")
    op.drop_table("lift")
    op.drop_index("ix_consultation_organisation_id", table_name="consultation")
    op.drop_index("ix_consultation_measure_id", table_name="consultation")
    op.drop_index("ix_consultation_cycle_id", table_name="consultation")
    op.drop_table("consultation")
    op.drop_index("ix_weekly_item_report_id", table_name="weekly_item")
    op.drop_index("ix_weekly_item_place_id", table_name="weekly_item")
    op.drop_table("weekly_item")
    op.drop_table("weekly_review")
    op.drop_index("ix_weekly_report_organisation_id", table_name="weekly_report")
    op.drop_table("weekly_report")
    op.drop_index("ix_weekly_member_organisation_id", table_name="weekly_member")
    op.drop_table("weekly_member")
    op.drop_index("ix_weekly_action_organisation_id", table_name="weekly_action")
    op.drop_index("ix_weekly_action_group_id", table_name="weekly_action")
    op.drop_table("weekly_action")
    op.drop_index("ix_weekly_group_organisation_id", table_name="weekly_group")
    op.drop_table("weekly_group")
    op.drop_table("method_fit")
