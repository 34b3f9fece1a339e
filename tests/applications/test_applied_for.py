"""A part is granted: what was applied for stays so everywhere, and the new plan is told as the plan."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core import db, flow, upgrade
from core.applications.documents import whole
from core.applications.models import Application, ApplicationMeasure, Component, RunningCost
from core.applications.services import amounts, answering, applications, costs, deciding, editions, parts
from core.people.services import organisation
from tests.applications.deciding import PROPOSED, SOUGHT, add_measure
from tests.applications.test_answering import costs as written
from tests.applications.test_deciding import said

ALL = sum(SOUGHT.values())
LAMPS = ApplicationMeasure.text == "14 lyktor"


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
    upgrade.downgrade(database, "core", "0051")
    with database.transaction():
        assert db.session().scalar(select(Application.sought)) == sum(PROPOSED.values())
    upgrade.upgrade(database)
    assert upgrade.check(database) == []
    with database.transaction():
        row = planned.row()
        assert row.sought == ALL
        assert amounts.sought_by_year([row.id])[row.id] == SOUGHT


def test_what_is_struck_is_not_written_off_run_or_looked_after_in_the_plan_that_is_accepted(
    database, decided, actors, client
):
    writer = actors("sdn_handlaggare", "sdn-farsta")
    with database.transaction():
        row = decided.row()
        gym = add_measure(row, "Utegym", number=2, amount=2_050_000)
        db.session().add(RunningCost(application_id=row.id, year=1, amount=95_000, payer_id=row.organisation_id))
        db.session().add(Component(uid=uuid4(), application_id=row.id, name="Allt", amount=ALL, years=20))
        decided.granted(left_out=[gym.uid])
        written(row, PROPOSED)
        db.session().execute(update(ApplicationMeasure).where(LAMPS).values(amount=4_000_000))
    with pytest.raises(flow.Refused) as refused, database.transaction():
        answering.accept(decided.applicant, decided.application, dropped=[gym.uid])
    client.login(decided.applicant)
    page = client.get(f"/ansokningar/{decided.application}/beslut").text
    assert ("Planen går ihop" in page, "Delarna som skrivs av är" in page) == (False, True), (
        "told before it is accepted"
    )
    with pytest.raises(flow.Refused) as none_left, database.transaction():
        both = [one.uid for one in answering.kept_measures(decided.row())]
        answering.accept(decided.applicant, decided.application, dropped=both)
    assert "4\u00a0000\u00a0000 kr av det beviljade hör inte till någon åtgärd" in str(none_left.value)
    assert [text.replace("\u00a0", " ") for text in said(refused)] == [
        "Delarna som skrivs av är 6 050 000 kr, och utgifterna som skrivs av är 4 000 000 kr. Ändra delarna.",
        "”Utegym” utgår, men driftkostnaden är den som ni sökte med. Ändra delen Drift, eller spara den som den är.",
    ]
    with database.transaction():
        db.session().execute(update(Component).values(amount=4_000_000))
        ar1 = {"amount": 59_000, "payer": organisation("sdn-farsta").uid, "why": ""}
        parts.write_part(writer, decided.application, "drift", ar1=ar1)
        answering.accept(decided.applicant, decided.application, dropped=[gym.uid])
    with database.transaction():
        kept = editions.content_of(decided.row())["skotsel"]["rows"]["promises"]
        assert "Utegym" not in [one["measure"] for one in kept]
        assert kept
