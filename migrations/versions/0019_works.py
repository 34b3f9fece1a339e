"""works: contracts and their terms, orders, maintenance plans, and the control of what was done."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("contractor_id", KEY, nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("option_to", sa.Date(), nullable=True),
        sa.Column("controls_per_month", sa.Integer(), nullable=False),
        sa.Column("control_minutes", sa.Integer(), nullable=False),
        sa.Column("interest_months", sa.Integer(), nullable=False),
        sa.Column("penalty_cap_month", KEY, nullable=True),
        sa.Column("penalty_cap", KEY, nullable=True),
        sa.Column("warranty_months", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_contract_dates")),
        sa.ForeignKeyConstraint(["contractor_id"], ["organisation.id"], name=op.f("fk_contract_contractor_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_contract_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_contract_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_contract_uid")),
    )
    op.create_index("ix_contract_contractor_id", "contract", ["contractor_id"])
    op.create_index("ix_contract_organisation_id", "contract", ["organisation_id"])

    op.create_table(
        "interest",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("declared_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["declared_by_id"], ["person.id"], name=op.f("fk_interest_declared_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_interest_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("uid", name=op.f("uq_interest_uid")),
    )
    op.create_index("ix_interest_person_id", "interest", ["person_id", "organisation_id"])

    op.create_table(
        "penalty_rule",
        sa.Column("contract_id", KEY, nullable=False),
        sa.Column("leg", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("per", sa.String(length=20), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_penalty_rule_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_rule")),
        sa.UniqueConstraint("uid", name=op.f("uq_penalty_rule_uid")),
    )
    op.create_index("ix_penalty_rule_contract_id", "penalty_rule", ["contract_id"])

    op.create_table(
        "routing_rule",
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("place_role", sa.String(length=40), nullable=False),
        sa.Column("place_kind", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("contract_id", KEY, nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_routing_rule_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
        sa.UniqueConstraint("uid", name=op.f("uq_routing_rule_uid")),
    )
    op.create_index("ix_routing_rule_rank", "routing_rule", ["rank"])

    op.create_table(
        "sla_rule",
        sa.Column("contract_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("place_kind", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("respond", sa.Integer(), nullable=True),
        sa.Column("respond_clock", sa.String(length=20), nullable=False),
        sa.Column("make_safe", sa.Integer(), nullable=True),
        sa.Column("make_safe_clock", sa.String(length=20), nullable=False),
        sa.Column("fix", sa.Integer(), nullable=True),
        sa.Column("fix_clock", sa.String(length=20), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_sla_rule_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_rule")),
        sa.UniqueConstraint("uid", name=op.f("uq_sla_rule_uid")),
    )
    op.create_index("ix_sla_rule_contract_id", "sla_rule", ["contract_id", "priority"])

    op.create_table(
        "subcontractor",
        sa.Column("contract_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("approved_by_id", KEY, nullable=True),
        sa.Column("tax_checked_on", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_subcontractor_approved_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_subcontractor_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subcontractor")),
        sa.UniqueConstraint("uid", name=op.f("uq_subcontractor_uid")),
    )
    op.create_index("ix_subcontractor_contract_id", "subcontractor", ["contract_id"])

    op.create_table(
        "maintenance_plan",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=4000), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("contract_id", KEY, nullable=True),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("rrule", sa.String(length=300), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("season_from", sa.String(length=5), nullable=False),
        sa.Column("season_to", sa.String(length=5), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("reach_days", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_maintenance_plan_contract_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_maintenance_plan_organisation_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_maintenance_plan_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_maintenance_plan_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_maintenance_plan_uid")),
    )
    op.create_index("ix_maintenance_plan_contract_id", "maintenance_plan", ["contract_id"])
    op.create_index("ix_maintenance_plan_next_on", "maintenance_plan", ["next_on"])
    op.create_index("ix_maintenance_plan_organisation_id", "maintenance_plan", ["organisation_id", "id"])

    op.create_geospatial_table(
        "work_order",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=4000), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("point", Geometry("POINT", srid=3006, spatial_index=False), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("coordinator_id", KEY, nullable=True),
        sa.Column("executor_id", KEY, nullable=False),
        sa.Column("contract_id", KEY, nullable=True),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("plan_id", KEY, nullable=True),
        sa.Column("plan_on", sa.Date(), nullable=True),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ordered_by_id", KEY, nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", KEY, nullable=True),
        sa.Column("on_site", sa.Boolean(), nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("approved_by_id", KEY, nullable=True),
        sa.Column("rejected_at", MOMENT, nullable=True),
        sa.Column("reply", sa.String(length=2000), nullable=False),
        sa.Column("cost", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_work_order_approved_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_work_order_contract_id")),
        sa.ForeignKeyConstraint(["coordinator_id"], ["organisation.id"], name=op.f("fk_work_order_coordinator_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_work_order_done_by_id")),
        sa.ForeignKeyConstraint(["executor_id"], ["organisation.id"], name=op.f("fk_work_order_executor_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["person.id"], name=op.f("fk_work_order_ordered_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_work_order_organisation_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["work_order.id"], name=op.f("fk_work_order_parent_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_work_order_place_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["maintenance_plan.id"], name=op.f("fk_work_order_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("number", name=op.f("uq_work_order_number")),
        sa.UniqueConstraint("plan_id", "plan_on", name=op.f("uq_work_order_plan_id_plan_on")),
        sa.UniqueConstraint("uid", name=op.f("uq_work_order_uid")),
    )
    op.create_geospatial_index(
        "idx_work_order_point", "work_order", ["point"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_work_order_contract_id", "work_order", ["contract_id", "id"])
    op.create_index("ix_work_order_coordinator_id", "work_order", ["coordinator_id", "id"])
    op.create_index("ix_work_order_executor_id", "work_order", ["executor_id", "id"])
    op.create_index(
        "ix_work_order_open",
        "work_order",
        ["category", "id"],
        sqlite_where=sa.text("state NOT IN ('avslutad', 'aterkallad')"),
        postgresql_where=sa.text("state NOT IN ('avslutad', 'aterkallad')"),
    )
    op.create_index("ix_work_order_organisation_id", "work_order", ["organisation_id", "id"])
    op.create_index("ix_work_order_parent_id", "work_order", ["parent_id"])
    op.create_index("ix_work_order_place_id", "work_order", ["place_id"])

    op.create_table(
        "control_visit",
        sa.Column("contract_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=True),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_control_visit_contract_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_control_visit_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_control_visit_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_control_visit_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_visit")),
        sa.UniqueConstraint("uid", name=op.f("uq_control_visit_uid")),
    )
    op.create_index("ix_control_visit_contract_id", "control_visit", ["contract_id", "planned_on"])

    op.create_table(
        "deviation",
        sa.Column("contract_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=True),
        sa.Column("what", sa.String(length=2000), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("found_by_id", KEY, nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("closed_why", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_deviation_contract_id")),
        sa.ForeignKeyConstraint(["found_by_id"], ["person.id"], name=op.f("fk_deviation_found_by_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_deviation_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation")),
        sa.UniqueConstraint("uid", name=op.f("uq_deviation_uid")),
    )
    op.create_index("ix_deviation_contract_id", "deviation", ["contract_id", "id"])
    op.create_index("ix_deviation_order_id", "deviation", ["order_id"])

    op.create_table(
        "order_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("reply", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_order_event_order_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_order_event_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_order_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
    )
    op.create_index("ix_order_event_order_id", "order_event", ["order_id", "id"])

    op.create_table(
        "order_source",
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_order_source_order_id")),
        sa.PrimaryKeyConstraint("order_id", "subject_kind", "subject_uid", name=op.f("pk_order_source")),
    )
    op.create_index("ix_order_source_subject", "order_source", ["subject_kind", "subject_uid"])

    op.create_table(
        "warranty",
        sa.Column("contract_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=True),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_warranty_contract_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_warranty_order_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_warranty_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warranty")),
        sa.UniqueConstraint("order_id", name=op.f("uq_warranty_order_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_warranty_uid")),
    )
    op.create_index("ix_warranty_contract_id", "warranty", ["contract_id", "ends_on"])

    op.create_table(
        "penalty",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("contract_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=True),
        sa.Column("deviation_id", KEY, nullable=True),
        sa.Column("leg", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("late_since", MOMENT, nullable=False),
        sa.Column("late_until", MOMENT, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("possible", KEY, nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("confirmed_by_id", KEY, nullable=True),
        sa.Column("approved_by_id", KEY, nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("invoice", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_penalty_approved_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_penalty_confirmed_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_penalty_contract_id")),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name=op.f("fk_penalty_deviation_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_penalty_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty")),
        sa.UniqueConstraint("number", name=op.f("uq_penalty_number")),
        sa.UniqueConstraint("order_id", "leg", name=op.f("uq_penalty_order_id_leg")),
        sa.UniqueConstraint("uid", name=op.f("uq_penalty_uid")),
    )
    op.create_index("ix_penalty_contract_id", "penalty", ["contract_id", "month"])
    op.create_index("ix_penalty_state", "penalty", ["state", "id"])

    op.create_table(
        "penalty_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("penalty_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_penalty_event_organisation_id")
        ),
        sa.ForeignKeyConstraint(["penalty_id"], ["penalty.id"], name=op.f("fk_penalty_event_penalty_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_penalty_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_event")),
    )
    op.create_index("ix_penalty_event_penalty_id", "penalty_event", ["penalty_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_penalty_event_penalty_id", table_name="penalty_event")
    op.drop_table("penalty_event")
    op.drop_index("ix_penalty_state", table_name="penalty")
    op.drop_index("ix_penalty_contract_id", table_name="penalty")
    op.drop_table("penalty")
    op.drop_index("ix_warranty_contract_id", table_name="warranty")
    op.drop_table("warranty")
    op.drop_index("ix_order_source_subject", table_name="order_source")
    op.drop_table("order_source")
    op.drop_index("ix_order_event_order_id", table_name="order_event")
    op.drop_table("order_event")
    op.drop_index("ix_deviation_order_id", table_name="deviation")
    op.drop_index("ix_deviation_contract_id", table_name="deviation")
    op.drop_table("deviation")
    op.drop_index("ix_control_visit_contract_id", table_name="control_visit")
    op.drop_table("control_visit")
    op.drop_index("ix_work_order_place_id", table_name="work_order")
    op.drop_index("ix_work_order_parent_id", table_name="work_order")
    op.drop_index("ix_work_order_organisation_id", table_name="work_order")
    op.drop_index("ix_work_order_open", table_name="work_order")
    op.drop_index("ix_work_order_executor_id", table_name="work_order")
    op.drop_index("ix_work_order_coordinator_id", table_name="work_order")
    op.drop_index("ix_work_order_contract_id", table_name="work_order")
    op.drop_geospatial_index("idx_work_order_point", table_name="work_order", column_name="point")
    op.drop_geospatial_table("work_order")
    op.drop_index("ix_maintenance_plan_organisation_id", table_name="maintenance_plan")
    op.drop_index("ix_maintenance_plan_next_on", table_name="maintenance_plan")
    op.drop_index("ix_maintenance_plan_contract_id", table_name="maintenance_plan")
    op.drop_table("maintenance_plan")
    op.drop_index("ix_subcontractor_contract_id", table_name="subcontractor")
    op.drop_table("subcontractor")
    op.drop_index("ix_sla_rule_contract_id", table_name="sla_rule")
    op.drop_table("sla_rule")
    op.drop_index("ix_routing_rule_rank", table_name="routing_rule")
    op.drop_table("routing_rule")
    op.drop_index("ix_penalty_rule_contract_id", table_name="penalty_rule")
    op.drop_table("penalty_rule")
    op.drop_index("ix_interest_person_id", table_name="interest")
    op.drop_table("interest")
    op.drop_index("ix_contract_organisation_id", table_name="contract")
    op.drop_index("ix_contract_contractor_id", table_name="contract")
    op.drop_table("contract")
