"""upkeep, people: steps of reminders, reminders, calendars to subscribe to; which letters people want."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNSENT, OPEN = sa.text("letter IS NULL"), sa.text("state = 'oppen'")
STEPS = ((-5, "ansvarig"), (-1, "ansvarig"), (1, "ansvarig"), (5, "samordnare"), (10, "chef"))
"""What an installation begins with; an administrator changes it."""


def upgrade() -> None:
    steps = op.create_table(
        "reminder_step",
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.String(20), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_step")),
        sa.UniqueConstraint("days", "receiver", name=op.f("uq_reminder_step_days_receiver")),
        sa.UniqueConstraint("uid", name=op.f("uq_reminder_step_uid")),
    )
    op.bulk_insert(steps, [{"days": days, "receiver": to, "uid": uuid4(), "version": 1} for days, to in STEPS])
    op.create_table(
        "reminder",
        sa.Column("id", KEY, nullable=False),
        sa.Column("deadline_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("receiver", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("letter", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_reminder_deadline_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_reminder_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "deadline_id", "organisation_id", "receiver", "kind", "days", "on_day",
            name=op.f("uq_reminder_once"),
        ),
    )  # fmt: skip
    op.create_index(
        "ix_reminder_unsent", "reminder", ["organisation_id", "id"], sqlite_where=UNSENT, postgresql_where=UNSENT
    )
    op.create_index(
        "ix_deadline_open_due_on", "deadline", ["due_on", "calendar"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "feed",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("grant_uid", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_feed_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_feed_uid")),
    )
    op.create_index("ix_feed_person_id", "feed", ["person_id"])
    op.create_table(
        "letter_choice",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("days", sa.String(10), nullable=False),
        sa.Column("urgent_only", sa.Boolean(), nullable=False),
        sa.Column("others", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_letter_choice")),
    )


def downgrade() -> None:
    op.drop_index("ix_deadline_open_due_on", table_name="deadline")
    for table in ("letter_choice", "feed", "reminder", "reminder_step"):
        op.drop_table(table)
