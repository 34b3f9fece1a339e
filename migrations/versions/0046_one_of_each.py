"""money: a project code is one application's, a called off meeting leaves its day; no rådighet stands on a question."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CODE, NAMED = "uq_application_project_code", sa.text("project_code <> ''")
DAY, STANDS = "uq_meeting_of_body_day", sa.text("state <> 'installt'")
OF_DAY = ["programme_id", "organisation_id", "held_on"]
EVERY_DAY = "uq_meeting_of_body_programme_id_organisation_id_held_on"
CONTROL = "fk_application_ask_control_id"
SAME_DAY = """
    SELECT other.id FROM meeting_of_body other, meeting_of_body own
    WHERE own.id = {meeting} AND other.programme_id = own.programme_id
    AND other.organisation_id = own.organisation_id AND other.held_on = own.held_on
    ORDER BY other.state = 'installt', other.id DESC LIMIT 1
"""


def upgrade() -> None:
    op.execute(  # the newest had it in the finance system's rows
        sa.text(
            "UPDATE application SET project_code = '' WHERE project_code <> '' AND EXISTS (SELECT 1 FROM application"
            " newer WHERE newer.project_code = application.project_code AND newer.id > application.id)"
        )
    )
    op.create_index(CODE, "application", ["project_code"], unique=True, sqlite_where=NAMED, postgresql_where=NAMED)
    with op.batch_alter_table("meeting_of_body") as table:
        table.drop_constraint(op.f(EVERY_DAY), type_="unique")
    op.create_index(DAY, "meeting_of_body", OF_DAY, unique=True, sqlite_where=STANDS, postgresql_where=STANDS)
    with op.batch_alter_table("application_ask") as table:
        table.drop_constraint(op.f(CONTROL), type_="foreignkey")
        table.drop_column("control_id")


def downgrade() -> None:
    """Of the meetings of a day one stays: the one that was not called off, with what was taken back at the others."""
    with op.batch_alter_table("application_ask") as table:
        table.add_column(sa.Column("control_id", KEY, nullable=True))
        table.create_foreign_key(op.f(CONTROL), "place_control", ["control_id"], ["id"])
    stays = SAME_DAY.format(meeting="decision.meeting_id")
    op.execute(sa.text(f"UPDATE decision SET meeting_id = ({stays})"))  # noqa: S608 - names of our own
    for table_name, meeting in (("decision_draft", "meeting_id"), ("meeting_of_body", "id")):
        column = f"{table_name}.{meeting}"
        stays = SAME_DAY.format(meeting=column)
        op.execute(sa.text(f"DELETE FROM {table_name} WHERE {column} <> ({stays})"))  # noqa: S608 - names of our own
    op.drop_index(DAY, "meeting_of_body")
    with op.batch_alter_table("meeting_of_body") as table:
        table.create_unique_constraint(op.f(EVERY_DAY), OF_DAY)
    op.drop_index(CODE, "application")
