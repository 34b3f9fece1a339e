"""The pages of the second half of an application: who is asked, money, upkeep, attachments, editions, own order."""

import io
import re
from uuid import UUID, uuid4

import pytest

from core import clock
from core.applications.services import applications, asking, costs, editions, promising
from core.people.services import organisation
from tests.applications.draft_scene import begin, draft, measure, scene
from tests.applications.test_attaching import PAPER, photo_at
from tests.walks.conftest import queries

pytestmark = pytest.mark.other_database_long

__all__ = ["draft", "queries", "scene"]
PAGES = ("samrad", "radighet", "utgifter", "drift", "skotsel", "bilagor")


@pytest.fixture
def here(draft, client):
    client.login(draft.writer)
    return f"/ansokningar/{draft.uid}"


def test_a_suggestion_is_asked_by_one_press_and_answered_by_who_is_asked(draft, here, client, actors, database):
    asked = actors("tk_belysning", "trafik")
    page = client.get(f"{here}/samrad").text
    assert "Fråga Trafiknämnden" in page
    assert "Trafiknämnden äger belysningen." in page
    uid = re.search(r'name="organisation" value="([0-9a-f-]+)"', page)[1]
    sent = client.submit(f"{here}/samrad/fraga", {"uid": str(uuid4()), "organisation": uid}, page=f"{here}/samrad")
    assert sent.status_code == 303
    client.login(asked)
    page = client.get("/ansokningar/fragor").text
    link = re.search(r"/ansokningar/fragor/[0-9a-f-]+", page)[0]
    page = client.get(link).text
    assert "Fjorton lyktor längs gångvägen" in page
    assert "Farsta torg" in page
    assert client.get(here).status_code in (403, 404)
    assert client.submit(f"{link}/svara", {"answer": "Nej."}, page=link).status_code == 422
    said = {"stance": "avstyrker", "answer": "Stolparna får inte plats."}
    assert client.submit(f"{link}/svara", said, page=link).status_code == 303
    assert "Avstyrker" in client.get("/ansokningar/fragor?visa=besvarade").text
    client.login(draft.writer)
    waits = client.get("/att-gora").text
    assert "Skriv hur svaret beaktades" in waits
    assert "TI-2" in waits, "which application it is about"
    assert client.submit(f"{link}/beakta", {"considered": "Vi flyttar dem."}, page=link).status_code == 303
    assert "Vi flyttar dem." in client.get(f"{here}/samrad").text


def test_leave_that_came_by_mail_is_written_in(draft, here, client, database, scene):
    with database.transaction():
        row = asking.ask(
            draft.writer, draft.uid, uid=uuid4(), asked_for="medgivande", organisation=organisation("trafik").uid
        )
    link = f"/ansokningar/fragor/{row.uid}"
    assert "Väntar på svar" in client.get(f"{here}/radighet").text
    said = {"stance": "tillstyrker", "answer": "Ja.", "answered_on": clock.today().isoformat(), "source": "E-post"}
    assert client.submit(f"{link}/skriv-in", said, page=link).status_code == 303
    assert "Har medgett" in client.get(f"{here}/radighet").text


AMOUNTS = ["-1", "0", "1,5", "1e9", "10000000001", "99999999999999999999", "tusen", "1 650 0000"]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_an_amount_that_cannot_be_is_refused_at_its_field(draft, here, client, database, amount):
    known = {"uid": str(uuid4()), "year": "2027", "kind": "entreprenad", "amount": amount}
    refused = client.submit(f"{here}/utgifter/rad", known, page=f"{here}/utgifter")
    assert refused.status_code == 422
    assert 'id="rad-amount-error"' in refused.text
    with database.transaction():
        assert draft.row.sought == 0


def test_costs_are_added_changed_and_removed_and_the_page_reckons(draft, here, client, database):
    page = f"{here}/utgifter"
    for year, amount in ((2027, "3 800 000 kr"), (2028, "2\u00a0250\u00a0000")):
        known = {"uid": str(uuid4()), "year": str(year), "kind": "entreprenad", "amount": amount, "capital": "ja"}
        assert client.submit(f"{page}/rad", known, page=page).status_code == 303
    known = {"uid": str(uuid4()), "name": "Lyktor", "amount": "1 000 000", "years": "10"}
    assert client.submit(f"{page}/komponent", known, page=page).status_code == 303
    known = {"uid": str(uuid4()), "source": "Boverket", "amount": "200 000"}
    assert client.submit(f"{page}/finansiering", known, page=page).status_code == 303
    drawn = client.get(page).text
    for text in ("6\u00a0050\u00a0000", "111\u00a0875", "950\u00a0000", "Boverket", "1,25 procent"):
        assert text in drawn
    with database.transaction():
        line = costs.rows_of(draft.row, "rad")[0]
    link = f"/ansokningar/kostnader/{line.uid}"
    changed = {"year": "2027", "kind": "entreprenad", "amount": "1", "capital": "ja"}
    assert client.submit(link, changed).status_code == 303
    assert client.submit(f"{link}/ta-bort", page=link).status_code == 303
    with database.transaction():
        assert draft.row.sought == 2_250_000


def test_running_costs_are_written_for_each_year_and_the_rest_may_wait(draft, here, client, database):
    page = f"{here}/drift"
    with database.transaction():
        trafik = str(organisation("trafik").uid)
    nothing = {"ar1.amount": "0", "running_note": "Enligt avtal."}
    refused = client.submit(page, nothing)
    assert refused.status_code == 422
    assert "Skriv varför det inte kostar något." in refused.text
    told = {"ar1.amount": "40 000", "ar1.payer": trafik, "ar2.amount": "0", "ar2.why": "Garantitid."}
    assert client.submit(page, told).status_code == 303
    drawn = client.get(page).text
    assert "40\u00a0000" in drawn
    assert "Garantitid." in drawn
    with database.transaction():
        assert costs.lacks_of_running(costs.running_of(draft.row)) == [3, 4, 5]


def test_a_promise_is_written_from_what_is_proposed_asked_for_and_given(draft, here, client, database, actors):
    owner = actors("tk_belysning", "trafik")
    page = f"{here}/skotsel"
    drawn = client.get(page).text
    assert "Trasig lampa lagas" in drawn
    with database.transaction():
        trafik = str(organisation("trafik").uid)
    known = {"owner": trafik, "payer": trafik, "standard": "Tänd", "first_after": "1", "every": "12", "cost": "9000"}
    known["version"] = "0"
    assert client.submit(f"/ansokningar/skotsel/{draft.light}", known, page=page).status_code == 303
    with database.transaction():
        row = promising.built_things(draft.row)[0].promise
    ask = {"version": str(row.version)}
    assert "Be Trafiknämnden lova det" in client.get(page).text
    assert client.submit(f"/ansokningar/loften/{row.uid}/be-om", ask, page=page).status_code == 303
    client.login(owner)
    waits = client.get("/att-gora").text
    assert "Svara om skötsellöfte" in waits
    assert "TI-2" in waits, "which application it is about"
    assert "Fjorton lyktor" in client.get("/ansokningar/fragor").text
    link = f"/ansokningar/loften/{row.uid}"
    assert client.submit(f"{link}/avsta", {"why": ""}, page=link).status_code == 422
    assert client.submit(f"{link}/lova", page=link).status_code == 303
    client.login(draft.writer)
    assert "Lovat" in client.get(page).text


def test_a_pdf_is_taken_in_and_handed_out_to_be_saved_only(draft, here, client, actors):
    page = f"{here}/bilagor"
    known = {"uid": str(uuid4()), "kind": "kalkyl", "title": "Kalkyl lyktor"}
    refused = client.submit(f"{page}/fil", known | {"file": (io.BytesIO(b"GIF89a"), "kalkyl.pdf")}, page=page)
    assert refused.status_code == 422
    assert "Filen är inte en PDF" in refused.text
    assert client.submit(f"{page}/fil", known | {"file": (io.BytesIO(PAPER), "k.pdf")}, page=page).status_code == 303
    drawn = client.get(page).text
    link = re.search(r"/ansokningar/bilagor/[0-9a-f-]+", drawn)[0]
    fetched = client.get(link, buffered=True)
    assert fetched.data == PAPER
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    client.login(actors("sdn_handlaggare", "sdn-jarva"))
    assert client.get(link).status_code == 404
    client.login(draft.writer)
    assert client.submit(f"{link}/ta-bort", page=page).status_code == 303
    assert "Kalkyl lyktor" not in client.get(page).text


def test_a_reviewed_photo_is_chosen_on_the_page(draft, here, client, database, scene):
    page = f"{here}/bilagor"
    with database.transaction():
        photo = photo_at(scene)
    assert str(photo) in client.get(page).text
    known = {"uid": str(uuid4()), "photo": str(photo), "title": "Mörk gång vid kiosken"}
    assert client.submit(f"{page}/foto", known | {"title": ""}, page=page).status_code == 422
    assert client.submit(f"{page}/foto", known, page=page).status_code == 303
    assert 'alt="Mörk gång vid kiosken"' in client.get(page).text


def test_the_pages_ask_as_much_of_the_database_however_much_there_is(draft, here, client, database, queries):
    def asked():
        told = {}
        for part in PAGES:
            with queries() as statements:
                client.get(f"{here}/{part}", buffered=True)
            told[part] = len(statements)
        return told

    def add(numbers):
        for number in numbers:
            measure(draft.row, number, "belysning_ny", f"Lykta {number}")
            line = {"kind": "inkop", "what": "", "amount": number, "capital": True}
            costs.add_row(draft.writer, draft.uid, "rad", uid=uuid4(), year=2027, **line)
            costs.add_row(draft.writer, draft.uid, "komponent", uid=uuid4(), name="Lykta", amount=number, years=9)

    with database.transaction():
        add((3,))
    before = asked()
    with database.transaction():
        add(range(4, 9))
    assert {part: n - before[part] for part, n in asked().items() if n > before[part]} == {}


def test_boards_comments_and_order_have_their_pages(draft, here, client, database, actors):
    page = f"{here}/tillsammans"
    assert client.submit(page, {"organisation": "idrott"}).status_code == 303
    said = {"uid": str(uuid4()), "part": "utgifter", "text": "Är det nog?", "audience": "alla"}
    assert client.submit(f"{here}/kommentarer", said, page=page).status_code == 303
    assert "Är det nog?" in client.get(f"{here}/utgifter").text
    assert "Är det nog?" in client.get(page).text
    with database.transaction():
        found = applications.read_application(draft.writer, draft.uid)
        second = begin(draft.writer, found.programme, found.round, "Andra ansökan")
    order = f"/ansokningar/egen-ordning?omgang={draft.round}"
    assert client.submit(f"/ansokningar/{second.uid}/upp", page=order).status_code == 303
    drawn = client.get(order).text
    assert drawn.index("Andra ansökan") < drawn.index("Farsta torg: ljus")
    client.login(actors("fack_handlaggare", "idrott"))
    assert "Är det nog?" in client.get(page).text
    leave = re.search(r"/ansokningar/medsokande/[0-9a-f-]+/", client.get(page).text)[0] + "lamna"
    assert client.submit(leave.replace("lamna", "svara"), {"joins": "ja"}, page=page).status_code == 303
    gone = client.submit(leave, {"reason": "Vi hinner inte."}, page=page)
    assert (gone.status_code, gone.headers["Location"]) == (303, "/ansokningar")


def test_editions_are_listed_read_and_compared(draft, here, client, database):
    assert "Ingen utgåva finns än." in client.get(f"{here}/utgavor").text
    assert client.get(f"{here}/jamfor").status_code == 200
    line = {"kind": "entreprenad", "what": "Lyktor", "capital": True}
    with database.transaction():
        row = costs.add_row(draft.writer, draft.uid, "rad", uid=uuid4(), year=2027, amount=900_000, **line)
        editions.freeze(draft.writer, draft.row, "registrera_namndbeslut")
        costs.change_row(draft.writer, "rad", row.uid, version=None, amount=800_000)
        editions.freeze(draft.writer, draft.row, "skicka_in")
    assert "900\u00a0000" in client.get(f"{here}/utgavor/1").text
    drawn = client.get(f"{here}/jamfor?fran=1&till=2").text
    assert "<del>900" in drawn
    assert "<ins>800" in drawn
    assert "Inget skiljer dem åt." in client.get(f"{here}/jamfor?fran=2&till=0").text
    assert client.get(f"{here}/jamfor?fran=1&till=9").status_code == 404
    assert client.get(f"{here}/utgavor/3").status_code == 404


def test_asks_and_editions_in_the_api(draft, client, database, actors):
    asked = actors("tk_belysning", "trafik")
    with database.transaction():
        row = asking.ask(
            draft.writer, draft.uid, uid=uuid4(), asked_for="samrad", organisation=organisation("trafik").uid
        )
        editions.freeze(draft.writer, draft.row, "skicka_in")
    theirs, ours = actors.token(asked), actors.token(draft.writer)
    [found] = client.get("/api/v1/application-asks", headers=theirs).json["items"]
    assert UUID(found["uid"]) == row.uid
    link = f"/api/v1/application-asks/{row.uid}"
    read = client.get(link, headers=theirs)
    assert read.json["places"] == ["Farsta torg"]
    said = {"stance": "tillstyrker", "answer": "Bra."}
    assert client.post(f"{link}/answer", json=said, headers=theirs).status_code == 428
    held = theirs | {"If-Match": read.headers["ETag"]}
    assert client.post(f"{link}/answer", json=said | {"stance": "kanske"}, headers=held).status_code == 422
    assert client.post(f"{link}/answer", json=said, headers=held).json["state"] == "besvarad"
    assert client.post(f"{link}/answer", json=said, headers=held).status_code in (409, 412)
    line = f"/api/v1/applications/{draft.uid}/editions"
    assert [one["number"] for one in client.get(line, headers=ours).json["items"]] == [1]
    assert client.get(f"{line}/1", headers=ours).json["content"]["schema"] == 1
    assert client.get(f"{line}/1", headers=theirs).status_code in (403, 404)
