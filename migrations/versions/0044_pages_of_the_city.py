"""money: what the whole city's follow-up sums is read by indexes alone; running costs know their budget year."""

import sqlalchemy as sa
from alembic import op

from core.triggers import derived, own

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

RUNNING, COLUMN = "application_running", "falls_in"
FALLS = "ix_application_running_falls_in"
HAS_MONEY = "('beviljad', 'genomfors', 'pausad', 'fardig', 'slutredovisad', 'effekt_uppfoljd', 'avslutad')"
BY = {RUNNING: ("year",), "application": ("state", "finished_on"), "application_text": ("completes_on",)}
WIDENED = (
    ("ix_claim_state", "claim", ["state", "id"], ["application_id"]),
    ("ix_grant_report_state", "grant_report", ["state", "id"], ["application_id"]),
    ("ix_grant_report_due_on", "grant_report", ["state", "due_on"], ["application_id"]),
    ("ix_decision_meeting_id", "decision", ["meeting_id", "id"], ["state", "application_id"]),
    ("ix_effect_due_on", "effect", ["state", "due_on"], ["application_id"]),
    ("ix_application_measure_kind", "application_measure", ["kind", "application_id"], ["dropped_on"]),
)
SHOWN, PERIOD = "ix_effect_shown", "ix_grant_report_period"
BOOK = "ix_ledger_entry_frame_id"


def upgrade() -> None:
    for name, table, columns, more in WIDENED:
        op.drop_index(name, table)
        op.create_index(name, table, [*columns, *more])
    here = [sa.text(f"state = 'matt' AND {which} AND phase <> 'fore'") for which in ("compares = 0", "NOT compares")]
    columns = ["application_id", "verdict", "state", "compares", "phase"]
    op.create_index(SHOWN, "effect", columns, sqlite_where=here[0], postgresql_where=here[1])
    op.create_index(PERIOD, "grant_report", ["kind", "period", "due_on", "application_id"])
    op.drop_index(BOOK, "ledger_entry")
    op.create_index(BOOK, "ledger_entry", ["frame_id", "account", "matter", "amount"])
    op.add_column(RUNNING, sa.Column(COLUMN, sa.Integer(), nullable=True))
    op.execute(f"UPDATE {RUNNING} SET {COLUMN} = {_falls_in()}")  # noqa: S608 - names of our own
    known = sa.text(f"{COLUMN} IS NOT NULL")
    op.create_index(FALLS, RUNNING, [COLUMN, "payer_id", "amount"], sqlite_where=known, postgresql_where=known)
    derived(RUNNING, COLUMN, value=_falls_in(), parent="application", by=BY)


def downgrade() -> None:
    own(RUNNING, COLUMN, by=tuple(BY))
    op.drop_index(FALLS, RUNNING)
    op.drop_column(RUNNING, COLUMN)
    op.drop_index(BOOK, "ledger_entry")
    op.create_index(BOOK, "ledger_entry", ["frame_id", "account", "amount"])
    op.drop_index(PERIOD, "grant_report")
    op.drop_index(SHOWN, "effect")
    for name, table, columns, _ in reversed(WIDENED):
        op.drop_index(name, table)
        op.create_index(name, table, columns)


def _falls_in() -> str:
    """Return the budget year of a running cost as SQL: so many years after the work is finished, once it has money."""
    day = "coalesce(application.finished_on, application_text.completes_on)"
    sqlite = op.get_bind().dialect.name == "sqlite"
    year = f"CAST(strftime('%Y', {day}) AS INTEGER)" if sqlite else f"CAST(extract(year FROM {day}) AS INTEGER)"
    return (
        f"(SELECT {year} + {RUNNING}.year FROM application "  # noqa: S608 - names of our own
        "JOIN application_text ON application_text.application_id = application.id "
        f"WHERE application.id = {RUNNING}.application_id AND application.state IN {HAS_MONEY})"
    )
