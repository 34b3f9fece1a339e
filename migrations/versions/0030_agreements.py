"""agreements: collaborations, meetings and their decisions, commitments, agreements, local councils, checks."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "council",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("task", sa.String(2000), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("meeting_weeks", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("active_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_council_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council")),
        sa.UniqueConstraint("number", name=op.f("uq_council_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_council_uid")),
    )
    op.create_index("ix_council_organisation_id", "council", ["organisation_id", "id"])
    op.create_table(
        "party_check",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("checked_by_id", KEY, nullable=False),
        sa.Column("occasion", sa.String(20), nullable=False),
        sa.Column("function", sa.String(120), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["organisation.id"], name=op.f("fk_party_check_checked_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_party_check_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_check")),
        sa.UniqueConstraint("uid", name=op.f("uq_party_check_uid")),
    )
    op.create_index("ix_party_check_organisation_id", "party_check", ["organisation_id", "id"])
    op.create_table(
        "council_member",
        sa.Column("council_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("function", sa.String(120), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_why", sa.String(500), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_member_council_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_council_member_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_member")),
        sa.UniqueConstraint("council_id", "organisation_id", name=op.f("uq_council_member_council_id_organisation_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_council_member_uid")),
    )
    op.create_index("ix_council_member_organisation_id", "council_member", ["organisation_id", "council_id"])
    op.create_table(
        "council_plan",
        sa.Column("council_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(8000), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_plan_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_plan")),
        sa.UniqueConstraint("council_id", "year", name=op.f("uq_council_plan_council_id_year")),
        sa.UniqueConstraint("uid", name=op.f("uq_council_plan_uid")),
    )
    op.create_geospatial_table(
        "collaboration",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("vision", sa.String(2000), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, nullable=True),
        sa.Column("boundary", Geometry("MULTIPOLYGON", srid=3006, spatial_index=False), nullable=True),
        sa.Column("premises", sa.String(500), nullable=False),
        sa.Column("communication", sa.String(2000), nullable=False),
        sa.Column("meeting_weeks", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_collaboration_cycle_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_collaboration_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaboration")),
        sa.UniqueConstraint("number", name=op.f("uq_collaboration_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_collaboration_uid")),
    )
    op.create_geospatial_index("idx_collaboration_boundary", "collaboration", ["boundary"], postgresql_using="gist")
    op.create_index("ix_collaboration_organisation_id", "collaboration", ["organisation_id", "id"])
    op.create_table(
        "agreement",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("collaboration_id", KEY, nullable=True),
        sa.Column("cycle_id", KEY, nullable=True),
        sa.Column("previous_id", KEY, nullable=True),
        sa.Column("changed", sa.String(4000), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("applies_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(1000), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_agreement_dates")
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_agreement_collaboration_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_agreement_cycle_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_organisation_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["agreement.id"], name=op.f("fk_agreement_previous_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("number", "edition", name=op.f("uq_agreement_number_edition")),
        sa.UniqueConstraint("previous_id", name=op.f("uq_agreement_previous_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_agreement_uid")),
    )
    op.create_index("ix_agreement_collaboration_id", "agreement", ["collaboration_id"])
    op.create_index("ix_agreement_organisation_id", "agreement", ["organisation_id", "id"])
    op.create_index("ix_agreement_state", "agreement", ["state", "valid_to"])
    op.create_table(
        "collaboration_group",
        sa.Column("collaboration_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("task", sa.String(1000), nullable=False),
        sa.Column("convener", sa.String(120), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"], ["collaboration.id"], name=op.f("fk_collaboration_group_collaboration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaboration_group")),
        sa.UniqueConstraint("uid", name=op.f("uq_collaboration_group_uid")),
    )
    op.create_index("ix_collaboration_group_collaboration_id", "collaboration_group", ["collaboration_id"])
    op.create_table(
        "collaboration_party",
        sa.Column("collaboration_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("mandate", sa.String(120), nullable=False),
        sa.Column("substitute", sa.String(120), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("budget", KEY, nullable=True),
        sa.Column("fee_share", sa.Integer(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_why", sa.String(500), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"], ["collaboration.id"], name=op.f("fk_collaboration_party_collaboration_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_collaboration_party_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaboration_party")),
        sa.UniqueConstraint(
            "collaboration_id", "organisation_id", name=op.f("uq_collaboration_party_collaboration_id_organisation_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_collaboration_party_uid")),
    )
    op.create_index(
        "ix_collaboration_party_organisation_id", "collaboration_party", ["organisation_id", "collaboration_id"]
    )
    op.create_table(
        "collaboration_place",
        sa.Column("collaboration_id", KEY, nullable=False),
        sa.Column("place_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"], ["collaboration.id"], name=op.f("fk_collaboration_place_collaboration_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_collaboration_place_place_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "place_id", name=op.f("pk_collaboration_place")),
    )
    op.create_index("ix_collaboration_place_place_id", "collaboration_place", ["place_id"])
    op.create_table(
        "agreement_area",
        sa.Column("agreement_id", KEY, nullable=False),
        sa.Column("area_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_area_agreement_id")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_agreement_area_area_id")),
        sa.PrimaryKeyConstraint("agreement_id", "area_id", name=op.f("pk_agreement_area")),
    )
    op.create_table(
        "agreement_chapter",
        sa.Column("agreement_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(8000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_chapter_agreement_id")),
        sa.PrimaryKeyConstraint("agreement_id", "number", name=op.f("pk_agreement_chapter")),
    )
    op.create_table(
        "agreement_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("collaboration_id", KEY, nullable=True),
        sa.Column("agreement_id", KEY, nullable=True),
        sa.Column("council_id", KEY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("about_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["organisation.id"], name=op.f("fk_agreement_event_about_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_event_agreement_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"], ["collaboration.id"], name=op.f("fk_agreement_event_collaboration_id")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_agreement_event_council_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_event_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_event")),
    )
    op.create_index("ix_agreement_event_agreement_id", "agreement_event", ["agreement_id", "id"])
    op.create_index("ix_agreement_event_at", "agreement_event", ["at"])
    op.create_index("ix_agreement_event_collaboration_id", "agreement_event", ["collaboration_id", "id"])
    op.create_index("ix_agreement_event_council_id", "agreement_event", ["council_id", "id"])
    op.create_table(
        "agreement_goal",
        sa.Column("agreement_id", KEY, nullable=False),
        sa.Column("goal_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_goal_agreement_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_agreement_goal_goal_id")),
        sa.PrimaryKeyConstraint("agreement_id", "goal_id", name=op.f("pk_agreement_goal")),
    )
    op.create_index("ix_agreement_goal_goal_id", "agreement_goal", ["goal_id"])
    op.create_table(
        "agreement_party",
        sa.Column("agreement_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("mandate", sa.String(120), nullable=False),
        sa.Column("substitute", sa.String(120), nullable=False),
        sa.Column("resources", sa.String(1000), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_why", sa.String(500), nullable=False),
        sa.Column("answer", sa.String(4000), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.String(120), nullable=False),
        sa.Column("signed_how", sa.String(20), nullable=False),
        sa.Column("signed_reference", sa.String(200), nullable=False),
        sa.Column("signed_digest", sa.String(64), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_party_agreement_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_party_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_party")),
        sa.UniqueConstraint(
            "agreement_id", "organisation_id", name=op.f("uq_agreement_party_agreement_id_organisation_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_agreement_party_uid")),
    )
    op.create_index("ix_agreement_party_organisation_id", "agreement_party", ["organisation_id", "agreement_id"])
    op.create_table(
        "agreement_place",
        sa.Column("agreement_id", KEY, nullable=False),
        sa.Column("place_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_place_agreement_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_agreement_place_place_id")),
        sa.PrimaryKeyConstraint("agreement_id", "place_id", name=op.f("pk_agreement_place")),
    )
    op.create_index("ix_agreement_place_place_id", "agreement_place", ["place_id"])
    op.create_table(
        "agreement_priority",
        sa.Column("agreement_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_priority_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_priority")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_agreement_priority_agreement_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_agreement_priority_uid")),
    )
    op.create_table(
        "agreement_review",
        sa.Column("agreement_id", KEY, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(4000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_review_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_review")),
        sa.UniqueConstraint("uid", name=op.f("uq_agreement_review_uid")),
    )
    op.create_index("ix_agreement_review_agreement_id", "agreement_review", ["agreement_id", "id"])
    op.create_table(
        "commitment",
        sa.Column("collaboration_id", KEY, nullable=True),
        sa.Column("agreement_id", KEY, nullable=True),
        sa.Column("goal_id", KEY, nullable=True),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("location", sa.String(200), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("function", sa.String(120), nullable=False),
        sa.Column("indicator", sa.String(300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("rrule", sa.String(300), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("(collaboration_id IS NULL) <> (agreement_id IS NULL)", name=op.f("ck_commitment_whose")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_commitment_agreement_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"], ["collaboration.id"], name=op.f("fk_commitment_collaboration_id")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_commitment_goal_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_commitment_organisation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_commitment_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("uid", name=op.f("uq_commitment_uid")),
    )
    op.create_index("ix_commitment_agreement_id", "commitment", ["agreement_id"])
    op.create_index("ix_commitment_collaboration_id", "commitment", ["collaboration_id"])
    op.create_index("ix_commitment_next_on", "commitment", ["next_on"])
    op.create_index("ix_commitment_organisation_id", "commitment", ["organisation_id"])
    op.create_table(
        "group_member",
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("party_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["collaboration_group.id"], name=op.f("fk_group_member_group_id")),
        sa.ForeignKeyConstraint(["party_id"], ["collaboration_party.id"], name=op.f("fk_group_member_party_id")),
        sa.PrimaryKeyConstraint("group_id", "party_id", name=op.f("pk_group_member")),
    )
    op.create_table(
        "meeting",
        sa.Column("collaboration_id", KEY, nullable=True),
        sa.Column("council_id", KEY, nullable=True),
        sa.Column("group_id", KEY, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("location", sa.String(200), nullable=False),
        sa.Column("agenda", sa.String(4000), nullable=False),
        sa.Column("minutes", sa.String(8000), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("(collaboration_id IS NULL) <> (council_id IS NULL)", name=op.f("ck_meeting_whose")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_meeting_collaboration_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_meeting_council_id")),
        sa.ForeignKeyConstraint(["group_id"], ["collaboration_group.id"], name=op.f("fk_meeting_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    op.create_index("ix_meeting_collaboration_id", "meeting", ["collaboration_id", "held_at"])
    op.create_index("ix_meeting_council_id", "meeting", ["council_id", "held_at"])
    op.create_table(
        "commitment_time",
        sa.Column("commitment_id", KEY, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("told", sa.String(1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_time_commitment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_time")),
        sa.UniqueConstraint("commitment_id", "due_on", name=op.f("uq_commitment_time_commitment_id_due_on")),
        sa.UniqueConstraint("uid", name=op.f("uq_commitment_time_uid")),
    )
    op.create_table(
        "meeting_decision",
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("function", sa.String(120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("told", sa.String(1000), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_decision_meeting_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_meeting_decision_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_decision")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_meeting_decision_meeting_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_decision_uid")),
    )
    op.create_index("ix_meeting_decision_organisation_id", "meeting_decision", ["organisation_id", "state"])
    op.create_table(
        "meeting_presence",
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("function", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_presence_meeting_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_meeting_presence_organisation_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "organisation_id", name=op.f("pk_meeting_presence")),
    )
    op.create_table(
        "meeting_carried",
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("decision_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["meeting_decision.id"], name=op.f("fk_meeting_carried_decision_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_carried_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "decision_id", name=op.f("pk_meeting_carried")),
    )
    op.create_index("ix_meeting_carried_decision_id", "meeting_carried", ["decision_id"])


def downgrade() -> None:
    op.drop_index("ix_meeting_carried_decision_id", table_name="meeting_carried")
    op.drop_table("meeting_carried")
    op.drop_table("meeting_presence")
    op.drop_index("ix_meeting_decision_organisation_id", table_name="meeting_decision")
    op.drop_table("meeting_decision")
    op.drop_table("commitment_time")
    op.drop_index("ix_meeting_collaboration_id", table_name="meeting")
    op.drop_index("ix_meeting_council_id", table_name="meeting")
    op.drop_table("meeting")
    op.drop_table("group_member")
    op.drop_index("ix_commitment_agreement_id", table_name="commitment")
    op.drop_index("ix_commitment_collaboration_id", table_name="commitment")
    op.drop_index("ix_commitment_next_on", table_name="commitment")
    op.drop_index("ix_commitment_organisation_id", table_name="commitment")
    op.drop_table("commitment")
    op.drop_index("ix_agreement_review_agreement_id", table_name="agreement_review")
    op.drop_table("agreement_review")
    op.drop_table("agreement_priority")
    op.drop_index("ix_agreement_place_place_id", table_name="agreement_place")
    op.drop_table("agreement_place")
    op.drop_index("ix_agreement_party_organisation_id", table_name="agreement_party")
    op.drop_table("agreement_party")
    op.drop_index("ix_agreement_goal_goal_id", table_name="agreement_goal")
    op.drop_table("agreement_goal")
    op.drop_index("ix_agreement_event_agreement_id", table_name="agreement_event")
    op.drop_index("ix_agreement_event_at", table_name="agreement_event")
    op.drop_index("ix_agreement_event_collaboration_id", table_name="agreement_event")
    op.drop_index("ix_agreement_event_council_id", table_name="agreement_event")
    op.drop_table("agreement_event")
    op.drop_table("agreement_chapter")
    op.drop_table("agreement_area")
    op.drop_index("ix_collaboration_place_place_id", table_name="collaboration_place")
    op.drop_table("collaboration_place")
    op.drop_index("ix_collaboration_party_organisation_id", table_name="collaboration_party")
    op.drop_table("collaboration_party")
    op.drop_index("ix_collaboration_group_collaboration_id", table_name="collaboration_group")
    op.drop_table("collaboration_group")
    op.drop_index("ix_agreement_collaboration_id", table_name="agreement")
    op.drop_index("ix_agreement_organisation_id", table_name="agreement")
    op.drop_index("ix_agreement_state", table_name="agreement")
    op.drop_table("agreement")
    op.drop_geospatial_index("idx_collaboration_boundary", table_name="collaboration", column_name="boundary")
    op.drop_index("ix_collaboration_organisation_id", table_name="collaboration")
    op.drop_geospatial_table("collaboration")
    op.drop_table("council_plan")
    op.drop_index("ix_council_member_organisation_id", table_name="council_member")
    op.drop_table("council_member")
    op.drop_index("ix_party_check_organisation_id", table_name="party_check")
    op.drop_table("party_check")
    op.drop_index("ix_council_organisation_id", table_name="council")
    op.drop_table("council")
