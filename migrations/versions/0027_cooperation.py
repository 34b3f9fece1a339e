"""cooperation: cycles and their parties, pictures, problems, causes, goals, measures."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "method",
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("what", sa.String(1000), nullable=False),
        sa.Column("approach", sa.String(20), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method")),
        sa.UniqueConstraint("key", name=op.f("uq_method_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_method_uid")),
    )
    op.create_table(
        "cycle",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("area_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("previous_id", KEY, nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("follow_up", sa.String(8000), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("(place_id IS NULL) <> (area_id IS NULL)", name=op.f("ck_cycle_where")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_cycle_area_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_cycle_organisation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_cycle_place_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["cycle.id"], name=op.f("fk_cycle_previous_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("number", name=op.f("uq_cycle_number")),
        sa.UniqueConstraint("previous_id", name=op.f("uq_cycle_previous_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_cycle_uid")),
    )
    op.create_index("ix_cycle_area_id", "cycle", ["area_id"])
    op.create_index("ix_cycle_opens_at", "cycle", ["opens_at"])
    op.create_index("ix_cycle_organisation_id", "cycle", ["organisation_id", "id"])
    op.create_index("ix_cycle_place_id", "cycle", ["place_id"])
    op.create_table(
        "cycle_comment",
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_comment_cycle_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cycle_comment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cycle_comment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_comment")),
        sa.UniqueConstraint("uid", name=op.f("uq_cycle_comment_uid")),
    )
    op.create_index("ix_cycle_comment_cycle_id", "cycle_comment", ["cycle_id", "id"])
    op.create_table(
        "cycle_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("about_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["organisation.id"], name=op.f("fk_cycle_event_about_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_event_cycle_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_cycle_event_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cycle_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_event")),
    )
    op.create_index("ix_cycle_event_cycle_id", "cycle_event", ["cycle_id", "id"])
    op.create_table(
        "cycle_party",
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("mandate", sa.String(120), nullable=False),
        sa.Column("substitute", sa.String(120), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("budget", KEY, nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_why", sa.String(500), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_party_cycle_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_cycle_party_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_party")),
        sa.UniqueConstraint("cycle_id", "organisation_id", name=op.f("uq_cycle_party_cycle_id_organisation_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_cycle_party_uid")),
    )
    op.create_index("ix_cycle_party_organisation_id", "cycle_party", ["organisation_id", "cycle_id"])
    op.create_table(
        "problem",
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(300), nullable=False),
        sa.Column("place_text", sa.String(300), nullable=False),
        sa.Column("time_text", sa.String(300), nullable=False),
        sa.Column("how", sa.String(1000), nullable=False),
        sa.Column("whom", sa.String(300), nullable=False),
        sa.Column("consequence", sa.String(1000), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("motive", sa.String(1000), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("carried_from_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["carried_from_id"], ["problem.id"], name=op.f("fk_problem_carried_from_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_problem_cycle_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_problem_decided_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_problem_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_problem_cycle_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_problem_uid")),
    )
    op.create_table(
        "situation_report",
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=True),
        sa.Column("handed_in_by_id", KEY, nullable=True),
        sa.Column("waived_why", sa.String(500), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_situation_report_cycle_id")),
        sa.ForeignKeyConstraint(["handed_in_by_id"], ["person.id"], name=op.f("fk_situation_report_handed_in_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_situation_report_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation_report")),
        sa.UniqueConstraint(
            "cycle_id", "organisation_id", "kind", name=op.f("uq_situation_report_cycle_id_organisation_id_kind")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_situation_report_uid")),
    )
    op.create_index("ix_situation_report_organisation_id", "situation_report", ["organisation_id"])
    op.create_table(
        "cause",
        sa.Column("problem_id", KEY, nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("causal_level", sa.String(20), nullable=False),
        sa.Column("prediction", sa.String(1000), nullable=False),
        sa.Column("test", sa.String(1000), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by_id", KEY, nullable=True),
        sa.Column("settled_for_id", KEY, nullable=True),
        sa.Column("settled_why", sa.String(1000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_cause_organisation_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["cause.id"], name=op.f("fk_cause_parent_id")),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name=op.f("fk_cause_problem_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_cause_settled_by_id")),
        sa.ForeignKeyConstraint(["settled_for_id"], ["organisation.id"], name=op.f("fk_cause_settled_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause")),
        sa.UniqueConstraint("problem_id", "number", name=op.f("uq_cause_problem_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_cause_uid")),
    )
    op.create_index("ix_cause_parent_id", "cause", ["parent_id"])
    op.create_table(
        "goal",
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("problem_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("indicator", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("baseline_source", sa.String(300), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("realistic", sa.String(1000), nullable=False),
        sa.Column("horizon", sa.String(10), nullable=False),
        sa.Column("focus_area", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("result_value", sa.Double(), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("result_why", sa.String(2000), nullable=False),
        sa.Column("carried_from_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["carried_from_id"], ["goal.id"], name=op.f("fk_goal_carried_from_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_goal_cycle_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_goal_owner_id")),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name=op.f("fk_goal_problem_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_goal_cycle_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_goal_uid")),
    )
    op.create_index("ix_goal_problem_id", "goal", ["problem_id"])
    op.create_table(
        "priority_score",
        sa.Column("problem_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("frequency", sa.Integer(), nullable=False),
        sa.Column("trend", sa.Integer(), nullable=False),
        sa.Column("harm", sa.Integer(), nullable=False),
        sa.Column("influence", sa.Integer(), nullable=False),
        sa.Column("resources", sa.Integer(), nullable=False),
        sa.Column("signal", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("motive", sa.String(1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_priority_score_organisation_id")
        ),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name=op.f("fk_priority_score_problem_id")),
        sa.PrimaryKeyConstraint("problem_id", "organisation_id", name=op.f("pk_priority_score")),
    )
    op.create_table(
        "problem_evidence",
        sa.Column("problem_id", KEY, nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name=op.f("fk_problem_evidence_problem_id")),
        sa.PrimaryKeyConstraint("problem_id", "subject_kind", "subject_uid", name=op.f("pk_problem_evidence")),
    )
    op.create_index("ix_problem_evidence_subject", "problem_evidence", ["subject_kind", "subject_uid"])
    op.create_geospatial_table(
        "report_drawing",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=3006, spatial_index=False), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["situation_report.id"], name=op.f("fk_report_drawing_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_drawing")),
        sa.UniqueConstraint("uid", name=op.f("uq_report_drawing_uid")),
    )
    op.create_geospatial_index("idx_report_drawing_geom", "report_drawing", ["geom"], postgresql_using="gist")
    op.create_index("ix_report_drawing_report_id", "report_drawing", ["report_id", "id"])
    op.create_table(
        "report_evidence",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("compared_value", sa.Double(), nullable=True),
        sa.Column("compared_with", sa.String(200), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["situation_report.id"], name=op.f("fk_report_evidence_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_evidence")),
        sa.UniqueConstraint("uid", name=op.f("uq_report_evidence_uid")),
    )
    op.create_index("ix_report_evidence_report_id", "report_evidence", ["report_id", "id"])
    op.create_table(
        "report_section",
        sa.Column("report_id", KEY, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("text", sa.String(8000), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["situation_report.id"], name=op.f("fk_report_section_report_id")),
        sa.PrimaryKeyConstraint("report_id", "key", name=op.f("pk_report_section")),
    )
    op.create_table(
        "cause_evidence",
        sa.Column("cause_id", KEY, nullable=False),
        sa.Column("stance", sa.String(10), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_uid", sa.Uuid(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.id"], name=op.f("fk_cause_evidence_cause_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cause_evidence_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause_evidence")),
        sa.UniqueConstraint("uid", name=op.f("uq_cause_evidence_uid")),
    )
    op.create_index("ix_cause_evidence_cause_id", "cause_evidence", ["cause_id", "id"])
    op.create_table(
        "goal_acceptance",
        sa.Column("goal_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("goal_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_acceptance_goal_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_goal_acceptance_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_goal_acceptance_person_id")),
        sa.PrimaryKeyConstraint("goal_id", "organisation_id", name=op.f("pk_goal_acceptance")),
    )
    op.create_table(
        "measure",
        sa.Column("cycle_id", KEY, nullable=False),
        sa.Column("cause_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("approach", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("horizon", sa.String(10), nullable=False),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("budget", KEY, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("method_id", KEY, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("result_why", sa.String(2000), nullable=False),
        sa.Column("carried_from_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_measure_dates")
        ),
        sa.ForeignKeyConstraint(["carried_from_id"], ["measure.id"], name=op.f("fk_measure_carried_from_id")),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.id"], name=op.f("fk_measure_cause_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_measure_cycle_id")),
        sa.ForeignKeyConstraint(["method_id"], ["method.id"], name=op.f("fk_measure_method_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_measure_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_measure_cycle_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_measure_uid")),
    )
    op.create_index("ix_measure_cause_id", "measure", ["cause_id"])
    op.create_index("ix_measure_owner_id", "measure", ["owner_id"])
    op.create_table(
        "measure_goal",
        sa.Column("measure_id", KEY, nullable=False),
        sa.Column("goal_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_measure_goal_goal_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_goal_measure_id")),
        sa.PrimaryKeyConstraint("measure_id", "goal_id", name=op.f("pk_measure_goal")),
    )
    op.create_index("ix_measure_goal_goal_id", "measure_goal", ["goal_id"])


def downgrade() -> None:
    op.drop_index("ix_measure_goal_goal_id", table_name="measure_goal")
    op.drop_table("measure_goal")
    op.drop_index("ix_measure_owner_id", table_name="measure")
    op.drop_index("ix_measure_cause_id", table_name="measure")
    op.drop_table("measure")
    op.drop_table("goal_acceptance")
    op.drop_index("ix_cause_evidence_cause_id", table_name="cause_evidence")
    op.drop_table("cause_evidence")
    op.drop_table("report_section")
    op.drop_index("ix_report_evidence_report_id", table_name="report_evidence")
    op.drop_table("report_evidence")
    op.drop_index("ix_report_drawing_report_id", table_name="report_drawing")
    op.drop_geospatial_index("idx_report_drawing_geom", table_name="report_drawing", column_name="geom")
    op.drop_geospatial_table("report_drawing")
    op.drop_index("ix_problem_evidence_subject", table_name="problem_evidence")
    op.drop_table("problem_evidence")
    op.drop_table("priority_score")
    op.drop_index("ix_goal_problem_id", table_name="goal")
    op.drop_table("goal")
    op.drop_index("ix_cause_parent_id", table_name="cause")
    op.drop_table("cause")
    op.drop_index("ix_situation_report_organisation_id", table_name="situation_report")
    op.drop_table("situation_report")
    op.drop_table("problem")
    op.drop_index("ix_cycle_party_organisation_id", table_name="cycle_party")
    op.drop_table("cycle_party")
    op.drop_index("ix_cycle_event_cycle_id", table_name="cycle_event")
    op.drop_table("cycle_event")
    op.drop_index("ix_cycle_comment_cycle_id", table_name="cycle_comment")
    op.drop_table("cycle_comment")
    op.drop_index("ix_cycle_place_id", table_name="cycle")
    op.drop_index("ix_cycle_organisation_id", table_name="cycle")
    op.drop_index("ix_cycle_opens_at", table_name="cycle")
    op.drop_index("ix_cycle_area_id", table_name="cycle")
    op.drop_table("cycle")
    op.drop_table("method")
