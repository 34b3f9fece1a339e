"""The pages of a grant: what is asked about its money there, and who answers."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from core import clock, db
from core.applications.models import ApplicationMeasure, Milestone
from core.followup.services import carrying_out, claims, pairs
from core.followup.services.money import of_year
from tests.followup.conftest import YEAR

pytestmark = pytest.mark.other_database_long


def test_a_claim_goes_from_the_grants_page_to_paid(client, database, granted):
    with database.transaction():
        application = granted.application(2_000_000)
    client.login(granted.writer)
    page = f"/ansokningar/{application.uid}/genomforande"
    sent = {"uid": str(uuid4()), "year": str(YEAR), "amount": "450 000", "what": "14 lyktor", "invoice": "F 7"}
    assert client.submit(f"{page}/rekvisition", sent, page=page).status_code == 303
    assert "450\u00a0000" in client.get(page).text
    with database.transaction():
        [claim] = claims.claims_of(granted.writer, application)
    address = f"/rekvisitioner/{claim.uid}"
    assert client.submit(f"{address}/steg/skicka", page=address).status_code == 303
    client.login(granted.money.other)
    assert claim.number in client.get("/skotsel").text or claim.number in client.get("/att-gora").text
    assert client.submit(f"{address}/steg/granska", page=address).status_code == 303
    client.login(granted.money.economist)
    assert f"Markera {claim.number} som betald" in client.get("/att-gora").text
    assert client.submit(f"{address}/steg/betala", page=address).status_code == 303
    assert "Betald" in client.get(address).text


def test_what_cannot_be_is_told_where_it_was_written_and_nothing_is_lost(client, database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
    client.login(granted.writer)
    page = f"/ansokningar/{application.uid}/genomforande"
    sent = {
        "uid": str(uuid4()),
        "from_year": str(YEAR),
        "to_year": str(YEAR),
        "amount": "300 000",
        "cause": "tillstand",
    }
    sent |= {"reason": "Marklovet dröjer till hösten.", "new_completion": "2028-06-01"}
    told = client.submit(f"{page}/ombudgetering", sent, page=page)
    assert told.status_code == 422
    assert "Välj ett år efter" in told.text
    assert "Marklovet dröjer till hösten." in told.text
    told = client.submit(f"{page}/ombudgetering", sent | {"to_year": "2028", "amount": "1 000 001"}, page=page)
    assert told.status_code == 409
    assert "Högst 1\u00a0000\u00a0000\u00a0kr" in told.text
    assert "Marklovet dröjer till hösten." in told.text


def test_a_carry_over_is_decided_on_its_page_by_two(client, database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
    client.login(granted.writer)
    page = f"/ansokningar/{application.uid}/genomforande"
    sent = {"uid": str(uuid4()), "from_year": str(YEAR), "to_year": "2028", "amount": "300 000", "cause": "tillstand"}
    sent |= {"reason": "Marklovet dröjer till hösten.", "new_completion": "2028-06-01"}
    assert client.submit(f"{page}/ombudgetering", sent, page=page).status_code == 303
    address = f"/ombudgetering/{sent['uid']}"
    client.login(granted.money.economist)
    assert client.submit(f"{address}/yttrande", {"opinion": "Tillstyrks."}, page=address).status_code == 303
    decided = {"granted": "ja", "decided_on": clock.today().isoformat(), "paragraph": "§ 4"}
    assert client.submit(f"{address}/beslut", decided, page=address).status_code == 303
    assert "Någon annan än du bekräftar beslutet." in client.get(address).text
    client.login(granted.committee)
    assert "Bekräfta bifall" in client.get(address).text
    assert client.submit(f"{address}/bekrafta", page=address).status_code == 303
    with database.transaction():
        assert of_year(application, YEAR + 1).granted == 300_000
    assert "Inget följer med av sig självt" in client.get("/uppfoljning/ombudgetering").text


def test_another_board_does_not_find_it(client, database, granted, actors):
    with database.transaction():
        application = granted.application(1_000_000)
    client.login(actors("sdn_handlaggare", "sdn-bromma"))
    assert client.get(f"/ansokningar/{application.uid}/genomforande").status_code == 404


def test_the_work_is_begun_with_its_reference_and_told_by_weight(client, database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        application.state = "beviljad"
        for title, weight, day in (("Schakt", 25, date(2026, 3, 1)), ("Lyktor", 75, date(2099, 3, 1))):
            db.session().add(Milestone(application_id=application.id, title=title, weight=weight, due_on=day))
    client.login(granted.writer)
    page = f"/ansokningar/{application.uid}/genomforande"
    refused = client.submit(f"{page}/steg/starta", page=page)
    assert refused.status_code == 409
    assert "referensen till budgetjusteringen" in refused.text
    named = {"budget_reference": "KSU § 7", "project_code": "P55"}
    assert client.submit(f"{page}/projekt", named, page=page).status_code == 303
    assert client.submit(f"{page}/steg/starta", page=page).status_code == 303
    shown = client.get(page).text
    assert "0 procent är klart. 25 procent skulle ha varit klart i dag." in shown
    assert "En milstolpe är försenad." in shown
    with database.transaction():
        first = carrying_out.milestones_of(application)[0]
    step = f"/ansokningar/{application.uid}/milstolpar/{first.uid}"
    begun = (clock.today() - timedelta(days=400)).isoformat()
    told = client.submit(step, {"done_on": "2019-12-01", "version": "1"}, page=page)
    assert told.status_code == 422
    assert f"Ansökan påbörjades {begun}. Skriv den dagen eller en senare." in told.text
    done = {"done_on": "2026-04-01", "version": "1"}
    finished = client.submit(step, done, page=page)
    assert finished.status_code == 303
    shown = client.get(page).text
    assert "25 procent är klart." in shown
    assert "Nästa milstolpe: Lyktor, senast 2099-03-01." in shown


def test_work_that_was_broken_off_still_hands_its_money_back_on_its_page(client, database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        application.state = "avbruten"
    client.login(granted.writer)
    page = f"/ansokningar/{application.uid}/genomforande"
    shown = client.get(page).text
    assert "Lämna tillbaka pengar som blir över" in shown
    assert "Skriv en rekvisition" not in shown
    sent = {"uid": str(uuid4()), "year": str(YEAR), "amount": "1 000 000", "reason": "Arbetet avbröts."}
    assert client.submit(f"{page}/aterlamning", sent, page=page).status_code == 303
    with database.transaction():
        assert of_year(application, YEAR).granted == 0


def test_what_is_not_done_is_not_called_finished_without_a_reason_nor_on_a_day_that_cannot_be(
    client, database, granted
):
    with database.transaction():
        application = granted.application(1_000_000)
        known = {"application_id": application.id, "due_on": date(2026, 3, 1)}
        db.session().add(Milestone(title="Schakt", weight=100, done_on=date(2026, 3, 1), **known))
        db.session().add(Milestone(title="Lyktor", weight=0, **known))
        pairs.pair(granted.writer, application.uid, uid=uuid4(), title="Torget", why_not="Mörkt och regn.")
    client.login(granted.writer)
    page = f"/ansokningar/{application.uid}/genomforande"
    told = client.submit(f"{page}/steg/fardigstall", {"finished_on": "2019-01-01"}, page=page)
    assert told.status_code == 422
    assert "Ansökan påbörjades" in told.text
    assert "Milstolpar som inte är klara: 1. Skriv in det som är gjort" in told.text, "whatever it weighs"
    said = {"finished_on": clock.today().isoformat(), "reason": "Lyktorna sätts upp av en annan nämnd."}
    assert client.submit(f"{page}/steg/fardigstall", said, page=page).status_code == 303
    assert said["reason"] in client.get(f"/ansokningar/{application.uid}").text


def test_work_without_milestones_is_told_what_to_do_next_by_its_measures(client, database, granted):
    """Not that all its milestones are done, the day that it begins."""
    with database.transaction():
        uid = granted.application(1_000_000).uid
    client.login(granted.writer)
    page, inspect = f"/ansokningar/{uid}/genomforande", "Skriv in slutbesiktningen, och markera som färdig."
    assert inspect not in client.get(page).text
    with database.transaction():
        key = carrying_out.read_granted(granted.writer, uid).id
        lamps = ApplicationMeasure(application_id=key, number=1, kind="belysning_ny", text="14 lyktor", done=40)
        db.session().add(lamps)
    assert "En åtgärd är inte helt gjord." in client.get(page).text
    with database.transaction():
        db.session().get_one(ApplicationMeasure, lamps.id).done = 100
    assert inspect in client.get(page).text
