"""Two change the same thing on pages: nothing is overwritten unless somebody chose it (design.md 4.9)."""

import re
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.upkeep.models import Deadline
from plugins.klotter.models import Incident
from tests.contract.city import OURS
from tests.contract.requests import REQUESTS


@pytest.fixture
def two(start, city):
    """Two officers of the stadsdel, each with a browser."""
    house = start()
    return [house.client(house.actors("sdn_handlaggare", OURS)) for _ in "ab"]


def form_on(page):
    """What the form in the middle of a page would send: hidden values, texts, chosen options."""
    form = next(part for part in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="version"' in part)
    sent = {name: unescape(value) for name, value in re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', form)}
    for select_, body in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        sent[select_] = chosen[1] if chosen else ""
    return sent


def incident(city):
    with city.database.transaction(write=False) as session:
        return session.scalars(select(Incident).where(Incident.observation_uid == city.ours.graffiti)).one()


class TestTheCaseOfGraffiti:
    """A form with fields: both versions, and a choice."""

    def test_what_a_colleague_saved_is_not_overwritten_by_pressing_again(self, two, city):
        address = f"/klotter/{city.ours.graffiti}"
        hers, his = (form_on(client.get(address).text) for client in two)
        assert two[0].post(address, data=hers | {"surface": "glas", "police_report": "5000-K1-27"}).status_code == 303
        for _ in range(3):  # the same form, pressed again and again
            answer = two[1].post(address, data=his | {"surface": "tegel"})
            assert answer.status_code == 409
            assert incident(city).surface == "glas"
            assert incident(city).police_report == "5000-K1-27"

    def test_both_versions_are_shown_and_the_chosen_one_is_saved(self, two, city):
        address = f"/klotter/{city.ours.graffiti}?till=/platser"
        hers, his = (form_on(client.get(address).text) for client in two)
        two[0].post(address, data=hers | {"surface": "glas"})
        page = two[1].post(address, data=his | {"surface": "tegel", "police_report": "5000-K2-27"}).text
        for shown in ("Två har ändrat samtidigt", "Sparat nu", "Glas", "Din version", "Tegel", "5000-K2-27"):
            assert shown in page
        assert "Vad föreställer det?</h2>" not in page, "nobody has changed that"
        assert re.search(r'href="([^"]+)"[^>]*><span>Kasta mina ändringar', page)[1] == address
        chosen = form_on(page)
        assert (chosen["surface"], chosen["version"]) == ("tegel", "2")
        assert two[1].post(address, data=chosen).status_code == 303
        assert (incident(city).surface, incident(city).police_report) == ("tegel", "5000-K2-27")

    def test_a_choice_that_comes_too_late_is_asked_again(self, two, city):
        address = f"/klotter/{city.ours.graffiti}"
        hers, his = (form_on(client.get(address).text) for client in two)
        two[0].post(address, data=hers | {"surface": "glas"})
        chosen = form_on(two[1].post(address, data=his | {"surface": "tegel"}).text)
        two[0].post(address, data=hers | {"version": "2", "surface": "granit"})
        assert two[1].post(address, data=chosen).status_code == 409
        assert incident(city).surface == "granit"

    def test_a_form_refused_for_something_else_keeps_the_version_it_was_written_from(self, two, city):
        """Otherwise mending the field would be a second press that overwrites."""
        address = f"/klotter/{city.ours.graffiti}"
        hers, his = (form_on(client.get(address).text) for client in two)
        two[0].post(address, data=hers | {"surface": "glas"})
        refused = two[1].post(address, data=his | {"surface": "tegel", "police_report": "x" * 41})
        assert refused.status_code == 422
        mended = form_on(refused.text) | {"police_report": ""}
        assert two[1].post(address, data=mended).status_code == 409
        assert incident(city).surface == "glas"

    def test_two_who_wrote_the_same_have_nothing_to_choose(self, two, city):
        address = f"/klotter/{city.ours.graffiti}"
        hers, his = (form_on(client.get(address).text) for client in two)
        two[0].post(address, data=hers | {"surface": "glas"})
        answer = two[1].post(address, data=his | {"surface": "glas"})
        assert answer.status_code == 409
        assert "Ni har skrivit samma sak" in answer.text
        assert "Spara mitt val" not in answer.text


def test_closing_a_frist_that_a_colleague_has_changed_is_not_done_by_pressing_again(two, city):
    """A move has no fields to choose between: the state has changed meanwhile, and what was written is not lost."""
    page = f"/skotsel/frister/{city.ours.deadline}"
    his = form_on(two[1].get(page).text)
    with city.database.transaction() as session:
        session.scalars(select(Deadline).where(Deadline.uid == city.ours.deadline)).one().function = "renhallning-2"
    for _ in range(2):
        answer = two[1].post(f"{page}/klarmarkera", data=his | {"reason": "Tvättat på tisdagen."})
        assert answer.status_code == 409
        assert "Någon annan hann ändra medan du skrev." in answer.text
        assert "Tvättat på tisdagen." in answer.text
        assert f'href="{page}"' in answer.text
        assert 'name="version"' not in answer.text, "no form that goes on with the version that stands now"
    with city.database.transaction(write=False) as session:
        assert session.scalars(select(Deadline.state).where(Deadline.uid == city.ours.deadline)).one() == "oppen"


UNSEEN = {
    "/vandringar/<uuid:uid>/steg/<key>": {"reason": ""},
    "/iakttagelser/<uuid:uid>/steg/<key>": {"okant_falt": "x"},
    "/iakttagelser/<uuid:uid>/foto": {},
    "/skotsel/frister/<uuid:uid>/<any(klarmarkera, oppna_igen):key>": {"reason": ""},
    "/klotter/<uuid:uid>": {"police_report": "x" * 99},
    "/vandringar/<uuid:uid>/skriv-in": {"okant_falt": "x"},
}
FORMS = {request.rule: request for request in REQUESTS if request.is_page and request.method == "POST"}


@pytest.mark.one_database
@pytest.mark.parametrize("rule", UNSEEN)
@pytest.mark.parametrize("whose", ["nobody's", "theirs"])
def test_a_form_that_is_refused_for_what_one_may_not_see_is_missing(two, city, rule, whose):
    """To draw it again the row is read, and then it turns out that it may not be seen: no fault of ours."""
    request = FORMS[rule]
    uid = uuid4() if whose == "nobody's" else getattr(city.theirs, request.thing)
    body = {"csrf_token": form_on(two[0].get(f"/klotter/{city.ours.graffiti}").text)["csrf_token"]}
    for more in (UNSEEN[rule], {"okant_falt": "x"}):
        answer = two[0].post(request.address(uid), data=body | more)
        assert answer.status_code == 404
        assert "Sidan finns inte" in answer.text


@pytest.mark.one_database
def test_a_drawing_that_breaks_is_a_fault_with_a_number(two, city, monkeypatch):
    from plugins.klotter import views

    token = form_on(two[0].get(f"/klotter/{city.ours.graffiti}").text)["csrf_token"]
    monkeypatch.setattr(views, "_page", lambda *_: 1 / 0)
    answer = two[0].post(f"/klotter/{city.ours.graffiti}", data={"csrf_token": token, "police_report": "x" * 99})
    assert answer.status_code == 500
    assert "Felet har nummer" in answer.text
