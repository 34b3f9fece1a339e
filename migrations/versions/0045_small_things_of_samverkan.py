"""agreements: as protected as their places, hours in tenths; ILS: a number is one goal's; an EST group may end."""

# ruff: noqa: S608 - the statements hold names of ours only

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

IN_TENTHS = ("cycle_party", "collaboration_party")
CITY = sa.text("organisation_id IS NULL")
THERE = "SELECT place_id, collaboration_id AS owner_id FROM collaboration_place"
AGREED = (
    "SELECT place_id, agreement_id AS owner_id FROM agreement_place UNION ALL SELECT there.place_id, agreement.id"
    " FROM agreement JOIN collaboration_place there ON there.collaboration_id = agreement.collaboration_id"
)
ABOUT = (
    ("collaboration", "collaboration", "uid"),
    ("agreement", "agreement", "uid"),
    ("agreement_party", "agreement", "agreement_id"),
    ("agreement_review", "agreement", "agreement_id"),
    ("meeting", "meeting", "uid"),
    ("meeting_decision", "meeting_decision", "uid"),
    ("commitment_time", "commitment", "commitment_id"),
)
"""What frister are about, the table with its level, and by what it belongs to that."""


def upgrade() -> None:
    for name in IN_TENTHS:
        op.execute(sa.text(f"UPDATE {name} SET hours = hours * 10"))
    op.create_index("uq_ils_goal_of_city", "ils_goal", ["year", "number"], unique=True, sqlite_where=CITY,
                    postgresql_where=CITY)  # fmt: skip
    op.add_column("weekly_group", sa.Column("ended_why", sa.String(1000), nullable=False, server_default=""))
    _protect_all()


def _protect_all() -> None:
    """Let what is agreed and promised be as protected as the places that it is about, as it is from now on."""
    _protect("collaboration", "id", f"SELECT owner_id, level FROM ({THERE}) o JOIN place ON place.id = o.place_id")
    _protect("agreement", "id", f"SELECT owner_id, level FROM ({AGREED}) o JOIN place ON place.id = o.place_id")
    _protect("meeting", "collaboration_id", "SELECT id AS owner_id, level FROM collaboration")
    _protect("meeting_decision", "meeting_id", "SELECT id AS owner_id, level FROM meeting")
    for column, whole in (("collaboration_id", "collaboration"), ("agreement_id", "agreement"), ("place_id", "place")):
        _protect("commitment", column, f"SELECT id AS owner_id, level FROM {whole}")
    for kind, whole, column in ABOUT:
        level = f"SELECT one.uid AS owner_id, whole.level FROM {kind} one JOIN {whole} whole"
        on = "whole.id = one.id" if column == "uid" else f"whole.id = one.{column}"
        _protect("deadline", "subject_uid", f"{level} ON {on}")


def _protect(name: str, column: str, owners: str) -> None:
    """Let no row be less protected than what it is in, which `owners` selects as owner_id and level."""
    more = f"FROM ({owners}) above WHERE above.owner_id = {name}.{column} AND above.level > {name}.level"
    op.execute(sa.text(f"UPDATE {name} SET level = (SELECT max(above.level) {more}) WHERE EXISTS (SELECT 1 {more})"))


def downgrade() -> None:
    """Half an hour becomes a whole one."""
    op.drop_column("weekly_group", "ended_why")
    op.drop_index("uq_ils_goal_of_city", "ils_goal")
    for name in IN_TENTHS:
        op.execute(sa.text(f"UPDATE {name} SET hours = (hours + 9) / 10"))
