"""The pages of works, without script: each side sees and does its own."""

import re
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import update

from core.people.services import organisation
from core.places.models import Area
from core.works import services
from tests.media.samples import encoded
from tests.media.samples import scene as picture
from tests.works.conftest import CONTRACTOR, order_row

pytestmark = pytest.mark.other_database_long


def shot(width=40):
    return BytesIO(encoded("image/jpeg", picture(width, 30)))


def test_the_contractor_acknowledges_shows_and_the_orderer_judges(database, sides, ordered, client):
    made = ordered()
    here = f"/arbeten/{made}"
    client.login(sides.doer)
    assert "Laga lyktan" in client.get("/arbeten").text
    assert "Kvittera att ni har tagit emot arbetsordern." in client.get(here).text
    assert client.submit(f"{here}/steg/kvittera", page=here).status_code == 303
    refused = client.submit(f"{here}/steg/fardiganmal", {"reason": "Klart."}, page=here)
    assert refused.status_code == 409
    assert 'href="#fardiganmal-photo">' in refused.text
    assert "Lägg till ett nytt foto, taget efter arbetet." in refused.text
    sent = {"reason": "Bytt lampa.", "cost": "1 200", "photo": (shot(), "foto.jpg")}
    assert client.submit(f"{here}/steg/fardiganmal", sent, page=here).status_code == 303
    assert "Godkänn" not in client.get(here).text, "who did it does not judge it"

    client.login(sides.orderer)
    page = client.get(here).text
    assert "Titta på det som är gjort och bedöm det." in page
    assert "Arbetet är utfört och kontrollerat.</textarea>" in page, "the city's words are there to be changed"
    assert "Skriv varför." in client.submit(f"{here}/steg/underkann", {"reply": ""}, page=here).text
    assert (
        client.submit(f"{here}/steg/godkann", {"reason": "Lyser.", "reply": "Nu lyser den."}, page=here).status_code
        == 303
    )
    row = order_row(database, made)
    assert (row.state, row.reply, row.cost) == ("godkand", "Nu lyser den.", 1200)
    assert "Färdiganmäld: Bytt lampa." in client.get(here).text


def test_a_photo_of_a_refused_step_is_not_kept(database, sides, ordered, client):
    """Nothing is half saved: the version was another one."""
    made = ordered()
    here = f"/arbeten/{made}"
    client.login(sides.doer)
    client.submit(f"{here}/steg/kvittera", page=here)
    drawn = client.get(here).text
    with database.transaction():
        services.reprioritise(sides.orderer, made, priority="p1", reason="Mörkt.")
    token = drawn.partition('name="csrf_token" value="')[2].partition('"')[0]
    old = {"csrf_token": token, "version": "3", "reason": "Klart.", "photo": (shot(), "foto.jpg")}
    assert client.post(f"{here}/steg/fardiganmal", data=old).status_code == 409
    with database.transaction(write=False):
        assert services.proofs_of(services.read_order(sides.doer, made)) == []


def place_on(client, page):
    """The place that a form is drawn with, one of those that can be chosen there: as it is written, and its number."""
    drawn = client.get(page).text
    [said] = re.findall(r'name="where"[^>]*value="([^"]+)"', drawn)
    assert f'<option value="{said}">' in drawn
    return said, said.partition(" ")[0]


def test_work_is_ordered_directly_divided_and_made_more_urgent(database, scene, sides, client):
    client.login(sides.orderer)
    asked = {"uid": str(uuid4()), "title": "Laga bänken", "description": "", "priority": "p3", "due_on": ""}
    asked |= {"contract": str(sides.contract), "organisation": ""}
    said, number = place_on(client, f"/arbeten/ny?plats={scene.place}")
    asked["where"] = number
    wrong = client.submit("/arbeten/ny", asked | {"where": "Ingenstans"})
    assert (wrong.status_code, "Ingen plats som du får se heter" in wrong.text) == (422, True)
    assert "Skriv ett svar." in client.submit("/arbeten/ny", asked | {"title": ""}).text
    answer = client.submit("/arbeten/ny", asked)
    assert answer.status_code == 303
    here = answer.headers["Location"].partition("?")[0]
    assert said.removeprefix(f"{number} ") in client.get(here).text
    assert client.submit("/arbeten/ny", asked).headers["Location"] == answer.headers["Location"], (
        "sent twice, made once"
    )
    part = {"uid": str(uuid4()), "title": "Måla den", "description": "", "contract": "", "priority": "p4"}
    assert client.submit(f"{here}/delar", part, page=here).status_code == 303
    urgent = {"priority": "p1", "reason": "Någon kan skära sig."}
    assert client.submit(f"{here}/prioritet", urgent, page=here).status_code == 303
    page = client.get(here).text
    for words in ("Måla den", "Från P3 till P1. Någon kan skära sig.", "P1 Akut", "Delad: AO-00002 Måla den"):
        assert words in page
    assert client.submit(f"{here}/paminn", page=here).status_code == 303
    assert "Ni har redan påmint i dag." in client.submit(f"{here}/paminn", page=here).text
    assert "Laga bänken" in client.get(f"/platser/{scene.place}").text


def test_a_contract_is_laid_up_and_its_terms_are_its_own(database, sides, client):
    client.login(sides.orderer)
    with database.transaction(write=False):
        contractor = str(organisation(CONTRACTOR).uid)
    known = {
        "uid": str(uuid4()), "title": "Renhållning", "contractor": contractor, "organisation": "trafik",
        "form": "ramavtal", "roles": "renhallning", "valid_from": "2026-01-01", "valid_to": "2025-01-01",
        "option_to": "", "controls_per_month": "4", "control_minutes": "600", "interest_months": "24",
        "penalty_cap_month": "50 000", "penalty_cap": "", "warranty_months": "0", "note": "",
    }  # fmt: skip
    assert "Sista dagen kan inte ligga före den första." in client.submit("/avtal/nytt", known).text
    answer = client.submit("/avtal/nytt", known | {"valid_to": "2099-12-31"})
    assert answer.status_code == 303, answer.text
    here = answer.headers["Location"]
    vite = {"leg": "fix", "priority": "", "per": "dygn", "amount": "5 000", "source": "AFD.51"}
    assert client.submit(f"{here}/viten", vite, page=here).status_code == 303
    rule = client.get(here).text.partition("/avtal/viten/")[2].partition("/")[0]
    assert client.submit(f"/avtal/viten/{rule}/avsluta", {"reason": "Fel belopp."}, page=here).status_code == 303
    assert client.submit(f"{here}/viten", vite | {"valid_from": ""}, page=here).status_code == 303
    under = {"name": "Lampor AB", "number": "556000-0000", "approved_on": "2026-02-01", "tax_checked_on": ""}
    assert client.submit(f"{here}/underentreprenorer", under, page=here).status_code == 303
    tid = {"priority": "p2", "fix": "2", "fix_clock": "working_days", "source": "AFD.42", "reason": "Nytt avtal."}
    assert "Skriv minst en tid." in client.submit(f"{here}/tidskrav", tid | {"fix": ""}, page=here).text
    assert client.submit(f"{here}/tidskrav", tid, page=here).status_code == 303
    page = client.get(here).text
    for words in ("Lampor AB", "2 arbetsdagar", "AFD.42, version 1", "per påbörjat dygn", "50\u00a0000"):
        assert words in page
    changed = {name: value for name, value in known.items() if name not in ("uid", "organisation")}
    changed |= {"valid_to": "2099-12-31", "title": "Renhållning norr"}
    assert client.submit(f"{here}/andra", changed).status_code == 303
    assert "Renhållning norr" in client.get("/avtal").text


def test_where_a_contract_holds_is_picked_by_name(database, sides, client):
    """Folded by kind; one that has ended stays until it is taken away, and what is no area is refused."""
    client.login(sides.orderer)
    here, farsta = f"/avtal/{sides.contract}", "stadsdelsnamndsomrade:farsta"
    form = client.get(f"{here}/andra").text
    assert "<summary>Stadsdelsnämndsområde</summary>" in form
    assert re.search(rf'value="{farsta}">\s*<label[^>]*>Farsta stadsdelsnämnd<', form)
    with database.transaction(write=False):
        contractor = str(organisation(CONTRACTOR).uid)
    known = {"title": "Drift", "contractor": contractor, "form": "drift", "areas": farsta}
    known |= {"valid_from": "2026-01-01", "valid_to": "2030-12-31", "interest_months": "24", "warranty_months": "1"}
    known |= {"controls_per_month": "0", "control_minutes": "0"}
    assert client.submit(f"{here}/andra", known).status_code == 303
    page = client.get(here).text
    assert ("Stadsdelsnämndsområde: Farsta stadsdelsnämnd" in page, ">1 månad<" in page) == (True, True)
    assert f'value="{farsta}" checked' in client.get(f"{here}/andra").text
    with database.transaction() as session:
        session.execute(update(Area).where(Area.code == "farsta").values(valid_to=date(2026, 1, 1)))
    assert "Stadsdelsnämndsområde: Farsta stadsdelsnämnd" in client.get(here).text
    assert f'value="{farsta}" checked' in client.get(f"{here}/andra").text
    assert client.submit(f"{here}/andra", known).status_code == 303, "it was there before"
    wrong = client.submit(f"{here}/andra", known | {"areas": "stadsdel:atlantis"})
    assert (wrong.status_code, "Området stadsdel:atlantis finns inte." in wrong.text) == (422, True)


def test_the_city_changes_its_tidskrav_and_what_is_ordered_keeps_its_own(database, sides, ordered, client):
    before = order_row(database, ordered(priority="p3"))
    client.login(sides.orderer)
    tid = {"priority": "p3", "fix": "10", "fix_clock": "calendar_days", "source": "Beslut", "reason": "Kortare."}
    assert client.submit("/tidskrav", tid).status_code == 303
    page = client.get("/tidskrav").text
    assert "10 dagar" in page
    assert "Beslut, version 2" in page
    for words in ("15 minuter", "2 timmar", "1 arbetsdag<", "5 arbetsdagar"):
        assert words in page
    one = tid | {"respond": "1", "respond_clock": "clock_hours", "fix": "1"}
    assert client.submit("/tidskrav", one | {"priority": "p4"}).status_code == 303
    page = client.get("/tidskrav").text
    assert (">1 timme<" in page, ">1 dag<" in page) == (True, True)
    assert before.terms["legs"]["fix"] == {"n": 30, "clock": "calendar_days"}
    assert order_row(database, ordered(priority="p3")).terms["legs"]["fix"] == {"n": 10, "clock": "calendar_days"}


def test_work_is_ordered_from_what_was_seen_and_the_reporter_sees_it(database, scene, sides, routed, client):
    """The page proposes what the city's rules say; what lies beside is offered to be joined."""
    what, beside = routed(description="Öppen lucka på stolpen."), routed(spot=(505, 503))
    client.login(sides.orderer)
    here = f"/iakttagelser/{what}/bestall"
    assert f'href="{here}"' in client.get(f"/iakttagelser/{what}").text
    page = client.get(here).text
    assert '<option value="p0" selected>' in page, "an open hatch is danger, whatever the walker thought"
    known = {
        "uid": str(uuid4()),
        "join": "",
        "title": "",
        "description": "",
        "priority": "p1",
        "due_on": "",
        "reply": "",
    }
    wrong = client.submit(here, known | {"contract": "nagot"})
    assert (wrong.status_code, "Välj ett alternativ i listan." in wrong.text) == (422, True)
    answer = client.submit(here, known | {"contract": str(sides.contract)})
    assert answer.status_code == 303
    assert "Öppen lucka på stolpen." in client.get(answer.headers["Location"]).text
    offered = client.get(f"/iakttagelser/{beside}/bestall").text
    assert "Det finns redan en öppen arbetsorder om samma sorts sak intill." in offered
    assert "AO-00001 Belysning" in offered

    client.login(scene.leader)
    page = client.get(f"/iakttagelser/{what}").text
    for words in ("AO-00001", "Tilldelad", "Vi har beställt arbetet.", "Åtgärdas"):
        assert words in page
    assert "Beställ arbete" not in page, "who answers orders it"


def test_what_an_order_costs_the_database_does_not_grow(database, sides, ordered, client, queries):
    def asked(address):
        with queries() as found:
            assert client.get(address).status_code == 200
        return len(found)

    ordered()
    client.login(sides.orderer)
    first = asked("/arbeten")
    for _ in range(4):
        ordered()
    assert asked("/arbeten") == first


def test_the_room_that_a_page_is_in_is_marked_also_where_its_address_begins_otherwise(client, sides):
    client.login(sides.orderer)
    marked = re.compile(r'aria-current="page"[^>]*>\s*(\w+)')
    for page, room in (("/skotselplaner", "Arbeten"), ("/avtal", "Arbeten"), ("/skotsel/kalender", "Skötsel")):
        assert marked.findall(client.get(page).text)[:1] == [room], page
