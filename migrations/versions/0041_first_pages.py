"""money: indexes by which the first pages of lists and the sums of a year are read, however much there is."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_booking_kind", "booking", ["programme_id", "kind"]),
    ("ix_booking_state", "booking", ["state", "id"]),
    ("ix_booking_line_frame_id", "booking_line", ["frame_id", "booking_id"]),
    ("ix_ledger_entry_organisation_id", "ledger_entry", ["frame_id", "organisation_id", "account", "amount"]),
    ("ix_application_in_round", "application", ["round_id", "organisation_id", "state", "sought"]),
    ("ix_meeting_of_body_held_on", "meeting_of_body", ["held_on", "id"]),
    ("ix_grant_report_state", "grant_report", ["state", "id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
