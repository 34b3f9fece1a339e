"""applications: rounds, applications with their parts, assessments, decisions."""

import sqlalchemy as sa
from alembic import op

from core.triggers import append_only, changeable

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "criterion",
        sa.Column("key", sa.String(30), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("gate", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_criterion_key_valid_from")),
        sa.UniqueConstraint("uid", name=op.f("uq_criterion_uid")),
    )
    op.create_table(
        "round",
        sa.Column("programme_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("meets_on", sa.Date(), nullable=True),
        sa.Column("instructions", sa.String(8000), nullable=False),
        sa.Column("max_amount", KEY, nullable=True),
        sa.Column("board_ceiling", KEY, nullable=True),
        sa.Column("conditional", sa.Boolean(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.Column("frozen_at", MOMENT, nullable=True),
        sa.Column("frozen_by_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_round_dates")),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["person.id"], name=op.f("fk_round_frozen_by_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_round_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("programme_id", "year", "number", name=op.f("uq_round_programme_id_year_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_round_uid")),
    )
    op.create_index("ix_round_closes_at", "round", ["closes_at"])
    op.create_table(
        "meeting_of_body",
        sa.Column("programme_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("diary", sa.String(60), nullable=False),
        sa.Column("adjusted_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_meeting_of_body_organisation_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_meeting_of_body_programme_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_meeting_of_body_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_of_body")),
        sa.UniqueConstraint(
            "programme_id",
            "organisation_id",
            "held_on",
            name=op.f("uq_meeting_of_body_programme_id_organisation_id_held_on"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_of_body_uid")),
    )
    op.create_index("ix_meeting_of_body_round_id", "meeting_of_body", ["round_id"])
    op.create_table(
        "round_ceiling",
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_round_ceiling_organisation_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_ceiling_round_id")),
        sa.PrimaryKeyConstraint("round_id", "organisation_id", name=op.f("pk_round_ceiling")),
    )
    op.create_table(
        "application",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("programme_id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("cycle_id", KEY, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("sought", KEY, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("diary_own", sa.String(60), nullable=False),
        sa.Column("diary_city", sa.String(60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_paragraph", sa.String(20), nullable=False),
        sa.Column("decided_at_once", sa.Boolean(), nullable=False),
        sa.Column("conditional", sa.Boolean(), nullable=False),
        sa.Column("begun_by_id", KEY, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("submitted_by_id", KEY, nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("budget_reference", sa.String(60), nullable=False),
        sa.Column("project_code", sa.String(40), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["begun_by_id"], ["person.id"], name=op.f("fk_application_begun_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_application_cycle_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_application_organisation_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_application_programme_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_application_round_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["person.id"], name=op.f("fk_application_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
        sa.UniqueConstraint(
            "round_id", "organisation_id", "rank", name=op.f("uq_application_round_id_organisation_id_rank")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_application_uid")),
    )
    op.create_index("ix_application_cycle_id", "application", ["cycle_id"])
    op.create_index("ix_application_organisation_id", "application", ["organisation_id", "id"])
    op.create_index("ix_application_round_id", "application", ["round_id", "state", "id"])
    op.create_index("ix_application_state", "application", ["state", "id"])
    op.create_table(
        "application_ask",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("asked_for", sa.String(20), nullable=False),
        sa.Column("control_id", KEY, nullable=True),
        sa.Column("question", sa.String(2000), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("stance", sa.String(20), nullable=False),
        sa.Column("answer", sa.String(4000), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("considered", sa.String(2000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_application_ask_answered_by_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_application_ask_application_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_application_ask_asked_by_id")),
        sa.ForeignKeyConstraint(["control_id"], ["place_control.id"], name=op.f("fk_application_ask_control_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_ask_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_ask")),
        sa.UniqueConstraint(
            "application_id",
            "organisation_id",
            "asked_for",
            name=op.f("uq_application_ask_application_id_organisation_id_asked_for"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_application_ask_uid")),
    )
    op.create_index("ix_application_ask_application_id", "application_ask", ["application_id", "id"])
    op.create_index("ix_application_ask_organisation_id", "application_ask", ["organisation_id", "state"])
    op.create_table(
        "application_attachment",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("photo_id", KEY, nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("size", KEY, nullable=True),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by_id", KEY, nullable=True),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_application_attachment_added_by_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_attachment_application_id")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_application_attachment_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_attachment")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_attachment_uid")),
    )
    op.create_index("ix_application_attachment_application_id", "application_attachment", ["application_id", "id"])
    op.create_index("ix_application_attachment_sha256", "application_attachment", ["sha256"])
    op.create_table(
        "application_comment",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_comment_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_comment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_comment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_comment")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_comment_uid")),
    )
    op.create_index("ix_application_comment_application_id", "application_comment", ["application_id", "id"])
    op.create_table(
        "application_component",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("years BETWEEN 1 AND 100", name=op.f("ck_application_component_years")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_component_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_component")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_component_uid")),
    )
    op.create_index("ix_application_component_application_id", "application_component", ["application_id", "id"])
    op.create_table(
        "application_cost",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("capital", sa.Boolean(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0 AND amount <= 10000000000", name=op.f("ck_application_cost_amount")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_cost_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_cost")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_cost_uid")),
    )
    op.create_index("ix_application_cost_application_id", "application_cost", ["application_id", "year"])
    op.create_table(
        "application_edition",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_edition_application_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_edition_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_edition")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_application_edition_application_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_edition_uid")),
    )
    op.create_table(
        "application_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_event_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_event_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_event")),
    )
    op.create_index("ix_application_event_application_id", "application_event", ["application_id", "id"])
    op.create_table(
        "application_draft",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("written", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_draft_application_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_draft_person_id")),
        sa.PrimaryKeyConstraint("application_id", "part", "person_id", name=op.f("pk_application_draft")),
    )
    op.create_table(
        "application_evidence",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("says", sa.String(2000), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("period", sa.String(60), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("compared", sa.Double(), nullable=True),
        sa.Column("compared_with", sa.String(200), nullable=False),
        sa.Column("observation_id", KEY, nullable=True),
        sa.Column("figure_id", KEY, nullable=True),
        sa.Column("picture_evidence", sa.Uuid(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_evidence_application_id")
        ),
        sa.ForeignKeyConstraint(["figure_id"], ["figure.id"], name=op.f("fk_application_evidence_figure_id")),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_application_evidence_observation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_evidence")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_evidence_uid")),
    )
    op.create_index("ix_application_evidence_application_id", "application_evidence", ["application_id", "id"])
    op.create_index("ix_application_evidence_observation_id", "application_evidence", ["observation_id"])
    op.create_table(
        "application_funding",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_funding_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_funding")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_funding_uid")),
    )
    op.create_index("ix_application_funding_application_id", "application_funding", ["application_id", "id"])
    op.create_table(
        "application_milestone",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_application_milestone_weight")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_milestone_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_milestone")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_milestone_uid")),
    )
    op.create_index("ix_application_milestone_application_id", "application_milestone", ["application_id", "due_on"])
    op.create_table(
        "application_part",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", KEY, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("changed_by_id", KEY, nullable=True),
        sa.Column("wanted", sa.String(2000), nullable=False),
        sa.Column("wanted_edition", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_part_application_id")
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_application_part_changed_by_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_application_part_done_by_id")),
        sa.PrimaryKeyConstraint("application_id", "part", name=op.f("pk_application_part")),
    )
    op.create_table(
        "application_party",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_party_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_party_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_party")),
        sa.UniqueConstraint(
            "application_id", "organisation_id", name=op.f("uq_application_party_application_id_organisation_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_application_party_uid")),
    )
    op.create_index("ix_application_party_organisation_id", "application_party", ["organisation_id", "application_id"])
    op.create_table(
        "application_permit",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("stands", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_permit_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "kind", name=op.f("pk_application_permit")),
    )
    op.create_table(
        "application_perspective",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("perspective", sa.String(20), nullable=False),
        sa.Column("impact", sa.String(2000), nullable=False),
        sa.Column("considered", sa.String(2000), nullable=False),
        sa.Column("heard", sa.String(1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_perspective_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "perspective", name=op.f("pk_application_perspective")),
    )
    op.create_table(
        "application_place",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("place_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_place_application_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_application_place_place_id")),
        sa.PrimaryKeyConstraint("application_id", "place_id", name=op.f("pk_application_place")),
    )
    op.create_index("ix_application_place_place_id", "application_place", ["place_id", "application_id"])
    op.create_table(
        "application_running",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("payer_id", KEY, nullable=True),
        sa.Column("why", sa.String(1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("year BETWEEN 1 AND 5", name=op.f("ck_application_running_year")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_running_application_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["organisation.id"], name=op.f("fk_application_running_payer_id")),
        sa.PrimaryKeyConstraint("application_id", "year", name=op.f("pk_application_running")),
    )
    op.create_table(
        "application_text",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("access_note", sa.String(2000), nullable=False),
        sa.Column("problem", sa.String(8000), nullable=False),
        sa.Column("cause_note", sa.String(4000), nullable=False),
        sa.Column("alternatives", sa.String(4000), nullable=False),
        sa.Column("displacement", sa.String(4000), nullable=False),
        sa.Column("expected", sa.String(4000), nullable=False),
        sa.Column("focus_area", sa.String(40), nullable=False),
        sa.Column("children_heard", sa.String(10), nullable=False),
        sa.Column("children_note", sa.String(2000), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("completes_on", sa.Date(), nullable=True),
        sa.Column("consultation_note", sa.String(4000), nullable=False),
        sa.Column("control_note", sa.String(4000), nullable=False),
        sa.Column("cost_note", sa.String(4000), nullable=False),
        sa.Column("running_note", sa.String(2000), nullable=False),
        sa.Column("upkeep_note", sa.String(4000), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_text_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application_text")),
    )
    op.create_table(
        "assessment",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("handed_in_at", MOMENT, nullable=True),
        sa.Column("recommendation", sa.String(30), nullable=False),
        sa.Column("summary", sa.String(4000), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_assessment_application_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_assessment_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("application_id", "person_id", name=op.f("uq_assessment_application_id_person_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_assessment_uid")),
    )
    op.create_index("ix_assessment_person_id", "assessment", ["person_id", "state"])
    op.create_table(
        "decision",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("paragraph", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("motive", sa.String(30), nullable=False),
        sa.Column("motive_text", sa.String(4000), nullable=False),
        sa.Column("conditions", sa.String(4000), nullable=False),
        sa.Column("reservation", sa.String(4000), nullable=False),
        sa.Column("departs", sa.String(2000), nullable=False),
        sa.Column("returns_to", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", KEY, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", KEY, nullable=True),
        sa.Column("plan_by", sa.Date(), nullable=True),
        sa.Column("wrong_because", sa.String(2000), nullable=False),
        sa.Column("wrong_at", MOMENT, nullable=True),
        sa.Column("wrong_by_id", KEY, nullable=True),
        sa.Column("booking_id", KEY, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_decision_application_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_decision_booking_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_decision_confirmed_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting_of_body.id"], name=op.f("fk_decision_meeting_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_decision_recorded_by_id")),
        sa.ForeignKeyConstraint(["wrong_by_id"], ["person.id"], name=op.f("fk_decision_wrong_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("uid", name=op.f("uq_decision_uid")),
    )
    op.create_index("ix_decision_application_id", "decision", ["application_id", "id"])
    op.create_index("ix_decision_meeting_id", "decision", ["meeting_id", "id"])
    op.create_index(
        "uq_decision_in_force",
        "decision",
        ["application_id", "meeting_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('rattad', 'aterkallad')"),
        sqlite_where=sa.text("state NOT IN ('rattad', 'aterkallad')"),
    )
    op.create_table(
        "partiality",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("declared_by_id", KEY, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_why", sa.String(1000), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(application_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_partiality_about")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_partiality_application_id")),
        sa.ForeignKeyConstraint(["declared_by_id"], ["person.id"], name=op.f("fk_partiality_declared_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_partiality_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_partiality_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partiality")),
        sa.UniqueConstraint("uid", name=op.f("uq_partiality_uid")),
    )
    op.create_index("ix_partiality_person_id", "partiality", ["person_id"])
    op.create_table(
        "proposed_amount",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_proposed_amount_application_id")),
        sa.PrimaryKeyConstraint("application_id", "year", name=op.f("pk_proposed_amount")),
    )
    op.create_table(
        "ranked_application",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("round_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("moved_by_id", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_ranked_application_application_id")
        ),
        sa.ForeignKeyConstraint(["moved_by_id"], ["person.id"], name=op.f("fk_ranked_application_moved_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ranked_application_round_id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_ranked_application")),
    )
    op.create_index("ix_ranked_application_round_id", "ranked_application", ["round_id", "position"])
    op.create_table(
        "spread_note",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("criterion", sa.String(30), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_spread_note_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_spread_note_person_id")),
        sa.PrimaryKeyConstraint("application_id", "criterion", name=op.f("pk_spread_note")),
    )
    op.create_table(
        "allocation",
        sa.Column("decision_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", KEY, nullable=False),
        sa.Column("reserve_code", sa.String(20), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_amount")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_allocation_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "year", name=op.f("pk_allocation")),
    )
    op.create_table(
        "application_goal",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("goal_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_goal_application_id")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_application_goal_goal_id")),
        sa.PrimaryKeyConstraint("application_id", "goal_id", name=op.f("pk_application_goal")),
    )
    op.create_index("ix_application_goal_goal_id", "application_goal", ["goal_id"])
    op.create_table(
        "assessment_score",
        sa.Column("assessment_id", KEY, nullable=False),
        sa.Column("criterion", sa.String(30), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(2000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 3", name=op.f("ck_assessment_score_points")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_score_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", "criterion", name=op.f("pk_assessment_score")),
    )
    op.create_table(
        "application_measure",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("cause_id", KEY, nullable=True),
        sa.Column("measure_id", KEY, nullable=True),
        sa.Column("amount", KEY, nullable=True),
        sa.Column("built", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.String(2000), nullable=False),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("done BETWEEN 0 AND 100", name=op.f("ck_application_measure_done")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_measure_application_id")
        ),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.id"], name=op.f("fk_application_measure_cause_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_application_measure_measure_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_application_measure_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_measure")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_application_measure_application_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_measure_uid")),
    )
    op.create_index("ix_application_measure_cause_id", "application_measure", ["cause_id"])
    op.create_index("ix_application_measure_kind", "application_measure", ["kind", "application_id"])
    op.create_index("ix_application_measure_measure_id", "application_measure", ["measure_id"])
    op.create_table(
        "maintenance_promise",
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("measure_id", KEY, nullable=False),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("standard", sa.String(500), nullable=False),
        sa.Column("first_after", sa.Integer(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("cost", KEY, nullable=True),
        sa.Column("payer_id", KEY, nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("declined", sa.String(1000), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_by_id", KEY, nullable=True),
        sa.Column("live_since", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_maintenance_promise_cost")),
        sa.CheckConstraint(
            "first_after BETWEEN 0 AND 120 AND every BETWEEN 1 AND 120", name=op.f("ck_maintenance_promise_months")
        ),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_maintenance_promise_accepted_by_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_maintenance_promise_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["application_measure.id"], name=op.f("fk_maintenance_promise_measure_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_maintenance_promise_owner_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["organisation.id"], name=op.f("fk_maintenance_promise_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_promise")),
        sa.UniqueConstraint("measure_id", name=op.f("uq_maintenance_promise_measure_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_maintenance_promise_uid")),
    )
    op.create_index("ix_maintenance_promise_application_id", "maintenance_promise", ["application_id", "id"])
    op.create_index("ix_maintenance_promise_owner_id", "maintenance_promise", ["owner_id"])
    append_only("application_edition")


def downgrade() -> None:
    changeable("application_edition")
    for name in (
        "maintenance_promise",
        "application_measure",
        "assessment_score",
        "application_goal",
        "allocation",
        "spread_note",
        "ranked_application",
        "proposed_amount",
        "partiality",
        "decision",
        "assessment",
        "application_text",
        "application_running",
        "application_place",
        "application_perspective",
        "application_permit",
        "application_party",
        "application_part",
        "application_milestone",
        "application_funding",
        "application_evidence",
        "application_draft",
        "application_event",
        "application_edition",
        "application_cost",
        "application_component",
        "application_comment",
        "application_attachment",
        "application_ask",
        "application",
        "round_ceiling",
        "meeting_of_body",
        "round",
        "criterion",
    ):
        op.drop_table(name)
