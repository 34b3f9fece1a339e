"""presence: what happens on places, who is there, patrols, counts, how it is experienced, planning projects."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "patrol_frame",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_patrol_frame_hours")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_patrol_frame")),
    )
    op.create_table(
        "activation",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("host_id", KEY, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("opens", sa.String(5), nullable=False),
        sa.Column("closes", sa.String(5), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("cost", KEY, nullable=True),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("copied_from_id", KEY, nullable=True),
        sa.Column("visitors", sa.Integer(), nullable=True),
        sa.Column("visitors_how", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("why", sa.String(1000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_activation_dates")),
        sa.CheckConstraint("visitors >= 0", name=op.f("ck_activation_visitors")),
        sa.ForeignKeyConstraint(["copied_from_id"], ["activation.id"], name=op.f("fk_activation_copied_from_id")),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name=op.f("fk_activation_host_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_activation_organisation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_activation_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation")),
        sa.UniqueConstraint("copied_from_id", name=op.f("uq_activation_copied_from_id")),
        sa.UniqueConstraint("number", name=op.f("uq_activation_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_activation_uid")),
    )
    op.create_index("ix_activation_host_id", "activation", ["host_id"])
    op.create_index("ix_activation_organisation_id", "activation", ["organisation_id"])
    op.create_index("ix_activation_place_id", "activation", ["place_id", "starts_on"])
    op.create_index("ix_activation_starts_on", "activation", ["starts_on", "id"])
    op.create_table(
        "experience_survey",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("phase", sa.String(10), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(500), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_experience_survey_dates")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_experience_survey_organisation_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_experience_survey_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_survey")),
        sa.UniqueConstraint("uid", name=op.f("uq_experience_survey_uid")),
    )
    op.create_index("ix_experience_survey_organisation_id", "experience_survey", ["organisation_id"])
    op.create_index("ix_experience_survey_place_id", "experience_survey", ["place_id", "last_on"])
    op.create_table(
        "flow_count",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("band", sa.String(10), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("adults_passing", sa.Integer(), nullable=False),
        sa.Column("children_passing", sa.Integer(), nullable=False),
        sa.Column("adults_staying", sa.Integer(), nullable=False),
        sa.Column("children_staying", sa.Integer(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("men", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint(
            "adults_passing >= 0 AND children_passing >= 0 AND adults_staying >= 0 AND children_staying >= 0",
            name=op.f("ck_flow_count_counts"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_flow_count_minutes")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_flow_count_organisation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_flow_count_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_count")),
        sa.UniqueConstraint("uid", name=op.f("uq_flow_count_uid")),
    )
    op.create_index("ix_flow_count_organisation_id", "flow_count", ["organisation_id"])
    op.create_index("ix_flow_count_place_id", "flow_count", ["place_id", "band", "day"])
    op.create_table(
        "patrol_request",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("area_id", KEY, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("begins", sa.String(5), nullable=False),
        sa.Column("ends", sa.String(5), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("tried", sa.String(2000), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("executor_id", KEY, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("(place_id IS NULL) <> (area_id IS NULL)", name=op.f("ck_patrol_request_where")),
        sa.CheckConstraint("done BETWEEN 0 AND 10 * granted", name=op.f("ck_patrol_request_done")),
        sa.CheckConstraint("granted BETWEEN 0 AND hours", name=op.f("ck_patrol_request_granted")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_patrol_request_dates")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_patrol_request_area_id")),
        sa.ForeignKeyConstraint(["executor_id"], ["organisation.id"], name=op.f("fk_patrol_request_executor_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_patrol_request_organisation_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_patrol_request_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_request")),
        sa.UniqueConstraint("number", name=op.f("uq_patrol_request_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_patrol_request_uid")),
    )
    op.create_index("ix_patrol_request_area_id", "patrol_request", ["area_id"])
    op.create_index("ix_patrol_request_executor_id", "patrol_request", ["executor_id"])
    op.create_index("ix_patrol_request_organisation_id", "patrol_request", ["organisation_id"])
    op.create_index("ix_patrol_request_place_id", "patrol_request", ["place_id"])
    op.create_index("ix_patrol_request_starts_on", "patrol_request", ["starts_on", "id"])
    op.create_table(
        "planning_project",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("reference", sa.String(60), nullable=False),
        sa.Column("description", sa.String(2000), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("why", sa.String(1000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_planning_project_organisation_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_planning_project_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_project")),
        sa.UniqueConstraint("number", name=op.f("uq_planning_project_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_planning_project_uid")),
    )
    op.create_index("ix_planning_project_organisation_id", "planning_project", ["organisation_id"])
    op.create_index("ix_planning_project_place_id", "planning_project", ["place_id"])
    op.create_table(
        "presence_plan",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("area_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("done_by_id", KEY, nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("begins", sa.String(5), nullable=False),
        sa.Column("ends", sa.String(5), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("ended_why", sa.String(1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("(place_id IS NULL) <> (area_id IS NULL)", name=op.f("ck_presence_plan_where")),
        sa.CheckConstraint("people > 0", name=op.f("ck_presence_plan_people")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_presence_plan_area_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["organisation.id"], name=op.f("fk_presence_plan_done_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_presence_plan_organisation_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_presence_plan_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_plan")),
        sa.UniqueConstraint("uid", name=op.f("uq_presence_plan_uid")),
    )
    op.create_index("ix_presence_plan_area_id", "presence_plan", ["area_id"])
    op.create_index("ix_presence_plan_done_by_id", "presence_plan", ["done_by_id"])
    op.create_index("ix_presence_plan_organisation_id", "presence_plan", ["organisation_id"])
    op.create_index("ix_presence_plan_place_id", "presence_plan", ["place_id"])
    op.create_table(
        "activation_permit",
        sa.Column("activation_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("why", sa.String(1000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activation_id"], ["activation.id"], name=op.f("fk_activation_permit_activation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation_permit")),
        sa.UniqueConstraint("uid", name=op.f("uq_activation_permit_uid")),
    )
    op.create_index("ix_activation_permit_activation_id", "activation_permit", ["activation_id"])
    op.create_table(
        "experience_answer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("survey_id", KEY, nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("n1", sa.Integer(), nullable=False),
        sa.Column("n2", sa.Integer(), nullable=False),
        sa.Column("n3", sa.Integer(), nullable=False),
        sa.Column("n4", sa.Integer(), nullable=False),
        sa.Column("n5", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "n1 >= 0 AND n2 >= 0 AND n3 >= 0 AND n4 >= 0 AND n5 >= 0", name=op.f("ck_experience_answer_counts")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["experience_survey.id"], name=op.f("fk_experience_answer_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_answer")),
        sa.UniqueConstraint("survey_id", "question", name=op.f("uq_experience_answer_survey_id_question")),
    )
    op.create_table(
        "patrol_outcome",
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("hours > 0", name=op.f("ck_patrol_outcome_hours")),
        sa.ForeignKeyConstraint(["request_id"], ["patrol_request.id"], name=op.f("fk_patrol_outcome_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_outcome")),
        sa.UniqueConstraint("uid", name=op.f("uq_patrol_outcome_uid")),
    )
    op.create_index("ix_patrol_outcome_request_id", "patrol_outcome", ["request_id", "day"])
    op.create_table(
        "planning_consultation",
        sa.Column("project_id", KEY, nullable=False),
        sa.Column("asked_id", KEY, nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("question", sa.String(2000), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(4000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_id"], ["organisation.id"], name=op.f("fk_planning_consultation_asked_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["planning_project.id"], name=op.f("fk_planning_consultation_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_consultation")),
        sa.UniqueConstraint("uid", name=op.f("uq_planning_consultation_uid")),
    )
    op.create_index("ix_planning_consultation_asked_id", "planning_consultation", ["asked_id", "project_id"])
    op.create_index("ix_planning_consultation_project_id", "planning_consultation", ["project_id"])
    op.create_table(
        "planning_goal",
        sa.Column("project_id", KEY, nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("responsible_id", KEY, nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("result_why", sa.String(2000), nullable=False),
        sa.Column("followed_on", sa.Date(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["planning_project.id"], name=op.f("fk_planning_goal_project_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["organisation.id"], name=op.f("fk_planning_goal_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_goal")),
        sa.UniqueConstraint("uid", name=op.f("uq_planning_goal_uid")),
    )
    op.create_index("ix_planning_goal_project_id", "planning_goal", ["project_id"])
    op.create_index("ix_planning_goal_responsible_id", "planning_goal", ["responsible_id", "project_id"])
    op.create_table(
        "presence_count",
        sa.Column("id", KEY, nullable=False),
        sa.Column("plan_id", KEY, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("hours >= 0 AND contacts >= 0", name=op.f("ck_presence_count_counts")),
        sa.ForeignKeyConstraint(["plan_id"], ["presence_plan.id"], name=op.f("fk_presence_count_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_count")),
        sa.UniqueConstraint("plan_id", "month", name=op.f("uq_presence_count_plan_id_month")),
    )


def downgrade() -> None:
    op.drop_table("presence_count")
    op.drop_index("ix_planning_goal_responsible_id", table_name="planning_goal")
    op.drop_index("ix_planning_goal_project_id", table_name="planning_goal")
    op.drop_table("planning_goal")
    op.drop_index("ix_planning_consultation_project_id", table_name="planning_consultation")
    op.drop_index("ix_planning_consultation_asked_id", table_name="planning_consultation")
    op.drop_table("planning_consultation")
    op.drop_index("ix_patrol_outcome_request_id", table_name="patrol_outcome")
    op.drop_table("patrol_outcome")
    op.drop_table("experience_answer")
    op.drop_index("ix_activation_permit_activation_id", table_name="activation_permit")
    op.drop_table("activation_permit")
    op.drop_index("ix_presence_plan_place_id", table_name="presence_plan")
    op.drop_index("ix_presence_plan_organisation_id", table_name="presence_plan")
    op.drop_index("ix_presence_plan_done_by_id", table_name="presence_plan")
    op.drop_index("ix_presence_plan_area_id", table_name="presence_plan")
    op.drop_table("presence_plan")
    op.drop_index("ix_planning_project_place_id", table_name="planning_project")
    op.drop_index("ix_planning_project_organisation_id", table_name="planning_project")
    op.drop_table("planning_project")
    op.drop_index("ix_patrol_request_starts_on", table_name="patrol_request")
    op.drop_index("ix_patrol_request_place_id", table_name="patrol_request")
    op.drop_index("ix_patrol_request_organisation_id", table_name="patrol_request")
    op.drop_index("ix_patrol_request_executor_id", table_name="patrol_request")
    op.drop_index("ix_patrol_request_area_id", table_name="patrol_request")
    op.drop_table("patrol_request")
    op.drop_index("ix_flow_count_place_id", table_name="flow_count")
    op.drop_index("ix_flow_count_organisation_id", table_name="flow_count")
    op.drop_table("flow_count")
    op.drop_index("ix_experience_survey_place_id", table_name="experience_survey")
    op.drop_index("ix_experience_survey_organisation_id", table_name="experience_survey")
    op.drop_table("experience_survey")
    op.drop_index("ix_activation_starts_on", table_name="activation")
    op.drop_index("ix_activation_place_id", table_name="activation")
    op.drop_index("ix_activation_organisation_id", table_name="activation")
    op.drop_index("ix_activation_host_id", table_name="activation")
    op.drop_table("activation")
    op.drop_table("patrol_frame")
