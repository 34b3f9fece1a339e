"""A part is granted: what was applied for stays so everywhere, and the new plan is told as the plan."""

import pytest
from sqlalchemy import select, update

from core import db, upgrade
from core.applications.documents import whole
from core.applications.models import Application, ApplicationMeasure
from core.applications.services import amounts, answering, applications, costs, deciding, editions
from tests.applications.deciding import PROPOSED, SOUGHT

ALL = sum(SOUGHT.values())


@pytest.fixture
def planned(database, decided, actors):
    """A part of what Farsta applied for is granted, its costs are written anew, and the plan is accepted."""
    writer = actors("sdn_handlaggare", "sdn-farsta")
    with database.transaction():
        editions.freeze(decided.applicant, decided.row(), "skicka_in")
        decided.granted()
        for line in costs.rows_of(decided.row(), "rad"):
            facts = {"year": line.year, "kind": line.kind, "what": "", "capital": True, "amount": PROPOSED[line.year]}
            costs.change_row(writer, "rad", line.uid, version=line.version, **facts)
        db.session().execute(update(ApplicationMeasure).values(amount=sum(PROPOSED.values())))
    with database.transaction():
        answering.accept(decided.applicant, decided.application)
    return decided


def test_what_was_applied_for_is_told_on_pages_lists_and_papers_and_the_plan_as_the_plan(
    client, database, planned, actors
):
    client.login(planned.applicant)
    assert "Sökt 6 050 000 kr" in client.get(f"/ansokningar/{planned.application}").text.replace("\u00a0", " ")
    client.login(actors("ks_las", "ks"))
    assert "6 050 000" in client.get("/uppfoljning").text.replace("\u00a0", " ")
    with database.transaction():
        row = planned.row()
        assert row.sought == ALL
        assert amounts.sought_by_year([row.id])[row.id] == SOUGHT
        assert amounts.amounts_of([row.id]).sought[row.id] == SOUGHT
        assert answering.planned(row) == PROPOSED
        told = whole.whole(planned.applicant, planned.application).context
        assert (told["sought"], told["applied"], told["planned"]) == (ALL, SOUGHT, sum(PROPOSED.values()))
        assert told["by_year"] == PROPOSED
        assert editions.content_of(row)["utgifter"]["fields"]["sought"] == ALL


def test_what_is_corrected_and_sent_back_applies_for_what_is_written_anew(database, planned):
    with database.transaction():
        row = planned.row()
        decision = answering.decision_in_force(row)
        deciding.ask_to_correct(planned.secretary, decision.uid, reason="Fel belopp")
        deciding.correct(planned.second, decision.uid)
        assert row.sought == ALL
        back = {"outcome": "aterremiss", "amounts": {}, "returns_to": "utkast", "conditions": ""}
        planned.granted(**back)
        applications.move_application(planned.secretary, planned.application, "skriv_om", reason="Skriv om")
    with database.transaction():
        row = planned.row()
        assert row.sought == sum(PROPOSED.values())
        assert amounts.sought_by_year([row.id])[row.id] == PROPOSED


@pytest.mark.long
def test_what_was_overwritten_before_is_taken_from_the_edition_that_was_decided(database, planned):
    upgrade.downgrade(database, "core", "0050")
    with database.transaction():
        assert db.session().scalar(select(Application.sought)) == sum(PROPOSED.values())
    upgrade.upgrade(database)
    assert upgrade.check(database) == []
    with database.transaction():
        row = planned.row()
        assert row.sought == ALL
        assert amounts.sought_by_year([row.id])[row.id] == SOUGHT
