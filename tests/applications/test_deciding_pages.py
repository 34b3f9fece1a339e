"""The pages of meetings and decisions, as the secretary, the second person and the applicant use them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock, db
from core.applications.models import BodyMeeting, GrantDecision, Promise
from core.applications.services import partiality
from core.people.services import organisation
from tests.applications.deciding import add_application, add_measure, freeze
from tests.applications.test_deciding import left, round_of

beneath_is_tried = pytest.mark.other_database_long
"""The services of a page are tried on both databases in every run; those of a whole meeting are tried here."""

PARTLY = {"outcome": "delvis_beviljad", "paragraph": "14", "motive_text": "Utegymmet väntar."}
PARTLY |= {"kr_2027": "2 800 000", "kr_2028": "1 200 000"}


def spaced(answer):
    return re.sub(r"\u00a0|&nbsp;", " ", answer.text)


def hidden(answer, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', answer.text)


def decide_page(decided):
    return f"/sammantraden/{decided.meeting}/beslut/{decided.application}"


def record(client, decided, **fields):
    page = decide_page(decided)
    uid = hidden(client.get(page), "uid")[0]
    return client.submit(page, {"uid": uid} | PARTLY | fields)


def only(model):
    return db.session().scalars(select(model)).one()


@beneath_is_tried
def test_from_the_proposal_to_a_decision_that_holds(client, database, decided):
    client.login(decided.secretary)
    assert "6 050 000" in spaced(client.get(f"/sammantraden/{decided.meeting}"))
    asked = client.get(decide_page(decided))
    assert "10 650 000" in spaced(asked)
    assert 'name="kr_2027" value="2 800 000"' in spaced(asked)
    assert record(client, decided).status_code == 303
    with database.transaction():
        row = only(GrantDecision)
        assert (row.state, row.recorded_by_id) == ("registrerad", decided.secretary.id)
    assert client.get(decide_page(decided)).headers["Location"].endswith(f"/beslut/{row.uid}")
    assert f"/beslut/{row.uid}/steg/bekrafta" not in client.get(f"/beslut/{row.uid}").text
    client.login(decided.second)
    assert "Bekräfta beslutet: Stieg Trenters torg" in client.get("/att-gora").text
    assert client.submit(f"/beslut/{row.uid}/steg/bekrafta", page=f"/beslut/{row.uid}").status_code == 303
    with database.transaction():
        assert left() == {2027: 10_650_000, 2028: 3_500_000}
    client.login(decided.applicant)
    told = client.get(f"/ansokningar/{decided.application}/beslut")
    assert "Nej, 1 000 000 kr skiljer" in spaced(told)
    refused = client.submit(f"/ansokningar/{decided.application}/beslut/acceptera", page=told.request.path)
    assert "Vilka milstolpar" not in refused.text, "it has none, and the first page did not ask"
    assert refused.status_code == 409
    assert "Utgifterna för 2027 är 3 800 000 kr. Beviljat är 2 800 000 kr." in spaced(refused)
    declined = f"/ansokningar/{decided.application}/beslut/avsta"
    assert client.submit(declined, {"reason": "Vi hinner inte"}, page=told.request.path).status_code == 303
    with database.transaction():
        assert left() == {2027: 13_450_000, 2028: 4_700_000}


@beneath_is_tried
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(client, decided):
    client.login(decided.secretary)
    for wrong, told in (
        ({"motive_text": ""}, "Skriv motiveringen."),
        ({"outcome": "avslag"}, "Ett avslag är alltid motiverat."),
        ({"outcome": "avslag", "motive": "ram_slut", "kr_2027": "0"}, "f-kr_2028-error"),
        ({"outcome": "bordlagd"}, "Ta bort beloppen. Bara det som beviljas har belopp."),
        ({"kr_2027": "9 999 999"}, "En del är mer än noll och mindre än det sökta."),
        ({"kr_2027": "1e9"}, "Skriv beloppet i hela kronor"),
        ({"kr_2027": "99999999999999999999"}, "Skriv högst 10"),
        ({"outcome": "avslag", "motive": "ram_slut", "motive_text": "Nej.", "kr_2027": "100"}, "Ta bort beloppen."),
        ({"kr_2027": "-5"}, "f-kr_2027-error"),
        ({"outcome": "beviljad!"}, "f-outcome-error"),
    ):
        answer = record(client, decided, conditions="Samråd.", **wrong)
        assert (answer.status_code, told in answer.text, "Samråd." in answer.text) == (422, True, True), wrong


@beneath_is_tried
def test_a_hole_is_filled_in_where_it_is_found(client, database, decided):
    with database.transaction():
        gym = add_measure(decided.row(), "Utegym", number=2, owner_id=None, standard="", cost=None)
        owner = str(organisation("sdn-farsta").uid)
    client.login(decided.secretary)
    refused = record(client, decided)
    assert refused.status_code == 409
    assert f'href="#lofte-{gym.uid}"' in refused.text
    filled = {
        "owner": owner,
        "standard": "Skador lagas",
        "first_after": "1",
        "every": "3",
        "cost": "27 000",
        "version": "1",
    }
    at = f"/sammantraden/{decided.meeting}/lofte/{gym.uid}"
    wrong = client.submit(at, filled | {"cost": "mycket"}, page=decide_page(decided))
    assert (wrong.status_code, "Skriv beloppet i hela kronor" in wrong.text) == (422, True)
    assert client.submit(at, filled, page=decide_page(decided)).status_code == 303
    assert record(client, decided).status_code == 303
    with database.transaction():
        assert {one.cost for one in db.session().scalars(select(Promise))} == {27_000, 38_000}


def test_a_whole_meeting_is_recorded_and_confirmed_in_two_presses(client, database, decided):
    """E10: as the frozen order proposes; what has a hole stays and is told; who confirms is another."""
    with database.transaction():
        round_ = round_of(decided)
        below = add_application(round_, title="Gångtunnlar", sought={2027: 900_000}, proposed={})
        hole = add_application(round_, title="Utegymmet", sought={2027: 100_000}, proposed={2027: 100_000})
        add_measure(hole, "Utegym", number=2, cost=None)
        order = [
            (decided.application, {2027: 2_800_000, 2028: 1_200_000}),
            (hole.uid, {2027: 100_000}),
            (below.uid, {}),
        ]
        freeze(round_, order)
    client.login(decided.secretary)
    page = f"/sammantraden/{decided.meeting}"
    chosen = [str(decided.application), str(hole.uid), str(below.uid)]
    looked = client.submit(f"{page}/flera", {"vald": chosen, "knapp": "visa"}, page=page)
    assert looked.status_code == 303, "what one may go back to has an address of its own"
    for button in ("visa", "skriv_in"):
        many = client.submit(f"{page}/flera", {"vald": [chosen[0]] * 301, "knapp": button}, page=page)
        assert (many.status_code, "Du har valt 301. Välj högst 300 åt gången." in many.text) == (422, True)
    seen = client.get(looked.location)
    assert "2 av 3 kan skrivas in" in seen.text
    assert "driftkostnad" in seen.text
    with database.transaction():
        assert db.session().scalars(select(GrantDecision)).all() == [], "only looked at"
    said = {"vald": hidden(seen, "vald"), "paragraph": "14", "each": "ja", "knapp": "skriv_in"}
    lacks = client.submit(f"{page}/flera", said, page=page)
    assert (lacks.status_code, "f-partial_text-error" in lacks.text) == (422, True)
    said["partial_text"] = "Utegymmet väntar."
    wrong = client.submit(f"{page}/flera", said, page=page)
    assert (wrong.status_code, "Ett avslag är alltid motiverat." in wrong.text) == (422, True)
    said |= {"motive": "lagre_prioritet", "motive_text": "Andra gick före."}
    assert client.submit(f"{page}/flera", said, page=page).status_code == 303
    with database.transaction():
        rows = db.session().scalars(select(GrantDecision).order_by(GrantDecision.id)).all()
        assert [(row.outcome, row.paragraph) for row in rows] == [("delvis_beviljad", "14"), ("avslag", "15")]
    client.login(decided.second)
    ticked = re.findall(r'name="vald" value="([^"]+)"', client.get(page).text)
    sure = client.get(client.submit(f"{page}/bekrafta", {"vald": ticked, "knapp": "visa"}, page=page).location)
    assert "10 650 000" in spaced(sure)
    assert client.submit(f"{page}/bekrafta", {"vald": ticked, "knapp": "bekrafta"}, page=page).status_code == 303
    with database.transaction():
        assert {row.state for row in db.session().scalars(select(GrantDecision))} == {"bekraftad"}
        assert left()[2027] == 10_650_000


def test_who_may_not_confirm_what_is_chosen_is_told_why(client, database, decided, actors):
    """Who has recorded it, who stands aside (and is offered no tick), who comes back when it is confirmed."""
    third = actors("slk_handlaggare", "slk")
    with database.transaction():
        row = decided.record()
        partiality.declare(third, uid=uuid4(), application=decided.application, reason="Bor där.")
    page = f"/sammantraden/{decided.meeting}"
    chosen = {"vald": f"{row.uid}.{row.version}"}

    def told(actor):
        client.login(actor)
        return client.get(f"{page}/bekrafta", query_string=chosen).text

    assert "Du har skrivit in det. Någon annan bekräftar." in told(decided.secretary)
    assert "Du har anmält jäv i ansökan." in told(third)
    assert f'value="{row.uid}' not in client.get(page).text
    assert client.submit(f"{page}/bekrafta", chosen | {"knapp": "bekrafta"}, page=page).status_code == 409
    client.login(decided.second)
    assert f'value="{row.uid}' in client.get(page).text
    assert client.submit(f"{page}/bekrafta", chosen | {"knapp": "bekrafta"}, page=page).status_code == 303
    assert "Bekräfta beslutet" in told(decided.second), "who presses back"
    assert "Ett av besluten har ändrats" in told(decided.secretary)


@beneath_is_tried
def test_a_meeting_is_laid_up_for_a_round_and_its_minutes_confirmed(client, database, decided):
    client.login(decided.secretary)
    page = "/sammantraden/nytt"
    day = (clock.today() - timedelta(days=1)).isoformat()
    said = {"uid": hidden(client.get(page), "uid")[0], "of_round": str(decided.round), "diary": "KS 2027/14"}
    wrong = client.submit(page, said | {"held_on": "2017-01-01"})
    assert (wrong.status_code, "Ingen har rätt att besluta" in wrong.text) == (422, True)
    wrong = client.submit(page, said | {"held_on": "2024-01-01"})
    assert (wrong.status_code, "f-held_on-error" in wrong.text) == (422, True)
    assert "Omgångens sista dag är" in wrong.text
    made = client.submit(page, said | {"held_on": day})
    assert made.status_code == 303
    at = made.headers["Location"]
    for key, fields in (("hall", {}), ("justera", {"adjusted_on": clock.today().isoformat()})):
        assert client.submit(f"{at}/steg/{key}", fields, page=at).status_code == 303
    assert "KS 2027/14" in client.get("/sammantraden").text
    with database.transaction():
        states = dict.fromkeys(row.state for row in db.session().scalars(select(BodyMeeting)))
        assert list(states) == ["hallet", "justerat"]


@beneath_is_tried
def test_a_wrong_decision_takes_two_to_correct(client, database, decided):
    with database.transaction():
        row = decided.granted()
    at = f"/beslut/{row.uid}"
    client.login(decided.secretary)
    assert client.submit(f"{at}/steg/begar_rattelse", {"reason": "Fel belopp"}, page=at).status_code == 303
    assert f"{at}/steg/ratta" not in client.get(at).text
    client.login(decided.second)
    assert "Fel belopp" in client.get(at).text
    assert client.submit(f"{at}/steg/ratta", page=at).status_code == 303
    with database.transaction():
        assert left() == {2027: 13_450_000, 2028: 4_700_000}


@beneath_is_tried
def test_an_applicant_reads_a_decision_when_it_holds_and_no_names(client, database, decided):
    with database.transaction():
        row = decided.record()
    client.login(decided.applicant)
    assert client.get(f"/beslut/{row.uid}").status_code == 404
    assert "Inget är beslutat än" in client.get(f"/ansokningar/{decided.application}/beslut").text
    client.login(decided.second)
    client.submit(f"/beslut/{row.uid}/steg/bekrafta", page=f"/beslut/{row.uid}")
    client.login(decided.applicant)
    told = client.get(f"/beslut/{row.uid}").text
    assert ("Samråd med räddningstjänsten." in told, decided.secretary.name in told) == (True, False)


@beneath_is_tried
def test_a_list_of_a_meeting_costs_the_same_however_long_it_is(client, database, decided, queries):
    client.login(decided.second)
    page = f"/sammantraden/{decided.meeting}"
    client.get(page)
    with queries() as few:
        client.get(page)
    with database.transaction():
        for number in range(12):
            add_application(round_of(decided), title=f"Åtgärd {number}")
    with queries() as many:
        assert "Åtgärd 11" in client.get(page).text
    assert len(many) == len(few)
