"""upkeep: pauses, moves and reports of frister, days of an organisation's own, half days."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'oppen'")
STANDS = sa.text("removed_at IS NULL")
INDEXES = (
    ("ix_deadline_open_due", "due_at", OPEN),
    ("ix_deadline_open_badly_late", "badly_late_at", OPEN),
    ("ix_deadline_paused_since", "paused_since", sa.text("paused_since IS NOT NULL")),
    ("ix_deadline_reported_at", "reported_at", sa.text("reported_at IS NOT NULL")),
)
THREE_TIMES = {
    "postgresql": "due_at + 2 * (due_at - starts_at)",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 3 * julianday(due_at) - 2 * julianday(starts_at)) || '000'",
}


def upgrade() -> None:
    op.add_column("workday", sa.Column("closes", sa.Time(), nullable=True))
    for name in ("due_was", "due_became"):
        op.add_column("deadline_change", sa.Column(name, MOMENT, nullable=True))
    for name in ("paused_since", "reported_at", "badly_late_at"):
        op.add_column("deadline", sa.Column(name, MOMENT, nullable=True))
    op.execute(f"UPDATE deadline SET badly_late_at = {THREE_TIMES[op.get_bind().dialect.name]}")  # noqa: S608 - ours
    with op.batch_alter_table("deadline") as table:
        table.alter_column("badly_late_at", existing_type=MOMENT, nullable=False)
    for name, column, where in INDEXES:
        op.create_index(name, "deadline", [column], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "deadline_pause",
        sa.Column("id", KEY, nullable=False),
        sa.Column("deadline_id", KEY, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_pause_deadline_id_deadline")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_deadline_pause_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_pause")),
    )
    op.create_index("ix_deadline_pause_deadline_id", "deadline_pause", ["deadline_id"])
    op.create_table(
        "calendar_day",
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_calendar_day_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_day_uid")),
    )
    op.create_index(
        "uq_calendar_day_stands",
        "calendar_day",
        ["organisation_id", "day"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    op.drop_table("calendar_day")
    op.drop_table("deadline_pause")
    for name, _, _ in INDEXES:
        op.drop_index(name, table_name="deadline")
    with op.batch_alter_table("deadline") as table:
        for name in ("badly_late_at", "reported_at", "paused_since"):
            table.drop_column(name)
    for name in ("due_became", "due_was"):
        op.drop_column("deadline_change", name)
    op.drop_column("workday", "closes")
