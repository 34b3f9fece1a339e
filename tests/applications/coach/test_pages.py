"""The coach and the steps as pages and in the API."""

import re

import pytest
from sqlalchemy import select

from core import db
from core.applications.models import ApplicationPart, RunningCost
from core.applications.services import applications
from core.applications.views import coach as coach_views
from core.cooperation.models import Cause
from tests.applications.coach.conftest import add_round, application_of, begin, place_called
from tests.applications.coach.test_flow import decided, move, reviewed, submitted
from tests.applications.coach.test_neighbours import granted

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def page_of(client, whole):
    """Read a page of the application as somebody."""

    def read(who, path=""):
        client.login(getattr(whole, who))
        return client.get(f"/ansokningar/{whole.uid}{path}")

    return read


def _lack(whole):
    db.session().scalars(select(Cause)).one().state = "hypotes"
    db.session().delete(db.session().scalars(select(RunningCost).where(RunningCost.year == 5)).one())


def test_the_coach_tells_what_is_missing_with_why_and_a_link_to_the_field(database, whole, page_of):
    with database.transaction():
        _lack(whole)
    told = page_of("writer", "/coach")
    assert told.status_code == 200
    assert "Det här saknas (3)" in told.text
    assert f'href="/ansokningar/{whole.uid}/orsaker#del-cycle"' in told.text
    assert "Avslag gäller oftast svag analys." in told.text
    assert re.search(r"Coachen: 7\d procent klar", told.text)
    assert re.search(r"\d+ av \d+ krav\. Strecket är 70 procent", told.text)


def test_a_part_in_which_nothing_is_asked_says_so_and_counts_no_noughts(page_of):
    told = page_of("writer", "/bilagor").text
    assert "Inget krävs i den här delen nu." in told
    assert "0 av 0" not in told


def test_it_tells_what_was_tried_beside(database, whole, page_of, actors):
    other = actors("sdn_handlaggare", "sdn-skarpnack")
    with database.transaction():
        granted(other, place_called("Farsta torg"))
    told = page_of("writer", "/coach").text
    assert "Inom 200 meter" in told
    assert "Strandpromenaden 2026" in told
    assert "1\xa0650\xa0000\xa0kr" in told.replace("&nbsp;", "\xa0")


def test_it_is_cut_to_a_part_and_counts_what_is_left_in_each(app, database, whole):
    with app.test_request_context(), database.transaction():
        import flask

        flask.g.actor = whole.writer
        _lack(whole)
        db.session().flush()
        found = applications.read_application(whole.writer, whole.uid)
        told, part = coach_views.for_page(found)["coach"], coach_views.for_page(found, "drift")["coach"]
        assert told.left == {"orsaker": 1, "atgarder": 1, "drift": 1}
        assert [one["id"] for one in part.missing] == ["drift.drift"]
        assert (part.met, part.applicable) == (0, 1)
        found.state = "under_bedomning"
        assert coach_views.for_page(found) == {"coach": None}


def test_another_board_does_not_find_it(client, whole, actors):
    client.login(actors("sdn_handlaggare", "sdn-skarpnack"))
    for path in ("/coach", "/steg/begar_granskning", "/omgang"):
        assert client.get(f"/ansokningar/{whole.uid}{path}").status_code == 404


def test_a_step_that_is_no_step_here_is_not_found(page_of):
    assert page_of("writer", "/steg/bevilja").status_code == 404
    assert page_of("writer", "/steg/nagot").status_code == 404


def test_who_cannot_take_a_step_is_told_why_and_gets_no_form(database, whole, page_of):
    told = page_of("writer", "/steg/godkann").text
    assert "Det går inte nu: läget är ”Utkast”." in told
    assert 'name="csrf_token"' not in told.partition("<main")[2].partition("</main>")[0]
    with database.transaction():
        move(whole, "writer", "begar_granskning")
    assert "Det får den som har rollen Förvaltningschef." in page_of("writer", "/steg/godkann").text


def test_how_far_it_is_to_a_review_is_told_before_it_is_asked_for(database, whole, client):
    with database.transaction():
        new = begin(whole.writer, title="Nytt försök").uid
    client.login(whole.writer)
    told = client.get(f"/ansokningar/{new}/steg/begar_granskning").text
    assert "Ansökan är 0 procent klar. Granskning kan begäras vid 70 procent." in told
    assert "Det här saknas (1)" in told  # the place; the rest stops no review


def test_what_stops_a_step_is_told_before_and_after_it_is_tried(database, whole, client):
    """Scenario 2 at the page: the summary leads to each thing that is missing, and that to its field."""
    with database.transaction():
        decided(whole)
        _lack(whole)
    client.login(whole.chief)
    address = f"/ansokningar/{whole.uid}/steg/skicka_in"
    told = client.get(address).text
    assert "Det här saknas (3)" in told
    assert "Delarna är låsta." in told
    refused = client.submit(address)
    assert refused.status_code == 409
    assert 'href="#orsaker.orsak"' in refused.text
    assert 'id="orsaker.orsak"' in refused.text
    assert "Fyll i driftkostnad år 5." in refused.text


def test_who_approves_it_learns_what_will_stop_it(database, whole, page_of):
    with database.transaction():
        move(whole, "writer", "begar_granskning")
        _lack(whole)
    assert "Det här hindrar senare att ansökan skickas in (3)" in page_of("chief", "/steg/godkann").text


def test_a_minute_late_is_refused_with_a_way_on_and_the_draft_is_kept(database, whole, client, clock):
    with database.transaction():
        decided(whole)
    clock.stop_at("2027-02-12 16:01")
    client.login(whole.chief)
    address = f"/ansokningar/{whole.uid}/steg/skicka_in"
    refused = client.submit(address)
    assert refused.status_code == 409
    words = "Omgångens sista dag var 2027-02-12 16.00. Ansökan finns kvar som den är, till nästa omgång."
    assert words in refused.text
    assert f"/ansokningar/{whole.uid}/omgang" in refused.text
    with database.transaction():
        assert application_of(whole).state == "namndbeslutad"
        following = add_round("TRYGG", number=2).uid
    moved = client.submit(f"/ansokningar/{whole.uid}/omgang", {"in_round": str(following)})
    assert moved.status_code == 303
    assert client.submit(address).status_code == 303


def _next(page):
    """What the strip of the next step says, with its buttons."""
    return re.search(r'<div class="tp-next">(.*?)<h2', page.text, re.DOTALL)[1]


def test_the_next_step_is_told_with_who_takes_it_and_its_button_can_be_pressed(database, whole, page_of):
    """In Klar för nämnd the chief waits for the board; she hands in only where the round takes it on condition."""
    assert " eller " in _next(page_of("chief"))
    assert "Det gör den som har rollen" not in _next(page_of("writer"))
    with database.transaction():
        reviewed(whole)
    chief, secretary = _next(page_of("chief")), _next(page_of("secretary"))
    assert "Det gör den som har rollen Nämndsekreterare." in chief
    assert "/steg/" not in chief
    assert "/steg/registrera_namndbeslut" in secretary
    assert "Det gör" not in secretary
    with database.transaction():
        application_of(whole).round_id = add_round("TRYGG", number=2, conditional=True).id
    assert "/steg/skicka_in" in _next(page_of("chief"))


def test_after_the_last_day_the_next_step_is_another_round(database, whole, page_of, clock):
    with database.transaction():
        decided(whole)
    assert "/steg/skicka_in" in _next(page_of("chief"))
    clock.stop_at("2027-02-12 16:01")
    late = _next(page_of("chief"))
    assert "sista dag var 2027-02-12 16.00" in late
    assert f"/ansokningar/{whole.uid}/omgang" in late
    assert "/steg/skicka_in" not in late


def test_who_has_written_in_it_is_not_offered_to_approve_it(database, whole, page_of):
    with database.transaction():
        move(whole, "writer", "begar_granskning")
    assert "/steg/godkann" in _next(page_of("chief"))
    with database.transaction():
        part = db.session().scalars(select(ApplicationPart).filter_by(part="mal")).one()
        applications.touch(whole.chief, part)
    chief = _next(page_of("chief"))
    assert "Den som skrivit en ansökan får inte godkänna den." in chief
    assert "/steg/godkann" not in chief


def test_a_draft_that_lacks_nothing_goes_on_to_review_and_one_that_came_back_says_why(database, whole, page_of, clock):
    ask = f"/ansokningar/{whole.uid}/steg/begar_granskning"
    first = _next(page_of("writer"))
    assert "Inget saknas. Begär granskning." in first
    assert ask in first
    with database.transaction():
        move(whole, "writer", "begar_granskning")
        move(whole, "chief", "aterlamna", reason="Skriv hur utgiften är räknad")
    back = page_of("writer")
    assert "Rätta det som ansökan lämnades tillbaka för." in _next(back)
    assert "2027-01-04: Skriv hur utgiften är räknad." in _next(back)
    assert ask not in _next(back)  # nothing has been mended yet
    assert "Granskning begärd" in back.text  # what has happened is not named by its button
    clock.pass_by(hours=1)
    with database.transaction():
        _, part = applications.part_to_write(whole.writer, whole.uid, "utgifter", version=None)
        applications.touch(whole.writer, part)
    assert ask in _next(page_of("writer"))


def test_what_the_board_decided_stands_on_the_page_and_in_the_history(database, whole, page_of):
    with database.transaction():
        decided(whole, diary_own="1.1-234/2027")
    told = page_of("chief").text
    assert "2027-01-04, §\xa012, omedelbart justerat" in told
    assert "2027-01-04, §\xa012, 1.1-234/2027" in told
    afterwards = page_of("secretary", "/namndbeslut").text
    assert "Nämndens beslut är inskrivet: 2027-01-04, §\u00a012." in afterwards
    assert "Vilken dag beslutade nämnden?" not in afterwards


def test_from_draft_to_assessment_as_people_do_it(database, whole, client, clock):
    """Each by the one whose step it is, with what each asks."""

    def step(who, key, **fields):
        client.login(getattr(whole, who))
        return client.submit(f"/ansokningar/{whole.uid}/steg/{key}", fields)

    assert step("writer", "begar_granskning").status_code == 303
    assert step("chief", "aterlamna", reason="Kalkylen saknas.").status_code == 303
    assert step("writer", "begar_granskning").status_code == 303
    assert step("chief", "godkann").status_code == 303
    wrong = step("secretary", "registrera_namndbeslut", decided_on="2027-02-31", paragraph="")
    assert wrong.status_code == 422
    assert step("secretary", "registrera_namndbeslut", decided_on="2027-01-04", paragraph="§ 12").status_code == 303
    assert step("chief", "skicka_in").status_code == 303
    nothing = step("officer", "begar_komplettering")
    assert (nothing.status_code, "minst en del" in nothing.text) == (422, True)
    assert step("officer", "begar_komplettering", mal="Skriv dagen.").status_code == 303
    clock.pass_by(hours=1)
    client.login(whole.writer)
    assert "Skriv dagen." in client.get(f"/ansokningar/{whole.uid}/steg/komplettera").text
    assert step("writer", "komplettera").status_code == 409
    with database.transaction():
        _, part = applications.part_to_write(whole.writer, whole.uid, "mal", version=None)
        applications.touch(whole.writer, part)
    assert step("writer", "komplettera").status_code == 303
    assert step("officer", "borja_bedoma", diary_city="KS 2027/911").status_code == 422
    done = step("officer", "borja_bedoma", diary_city="KS 2027/911", registered="ja")
    assert done.status_code == 303
    with database.transaction(write=False):
        assert application_of(whole).state == "under_bedomning"


def test_the_boards_decision_is_written_in_afterwards(database, whole, client):
    with database.transaction():
        reviewed(whole)
        application_of(whole).round_id = add_round("TRYGG", number=2, conditional=True).id
        db.session().flush()
        move(whole, "chief", "skicka_in")
    client.login(whole.secretary)
    address = f"/ansokningar/{whole.uid}/namndbeslut"
    assert client.submit(address, {"decided_on": "2027-01-05", "paragraph": "§ 1"}).status_code == 422
    assert client.submit(address, {"decided_on": "2027-01-04", "paragraph": "§ 1"}).status_code == 303
    with database.transaction(write=False):
        assert application_of(whole).decided_paragraph == "1"


def test_two_who_take_a_step_at_once_are_told_apart(database, whole, client):
    client.login(whole.chief)
    with database.transaction():
        move(whole, "writer", "begar_granskning")
    address = f"/ansokningar/{whole.uid}/steg/godkann"
    drawn = client.get(address).text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', drawn)[1]
    version = re.search(r'name="version" value="(\d+)"', drawn)[1]
    sent = {"csrf_token": token, "version": version}
    assert client.post(address, data=sent).status_code == 303
    assert client.post(address, data=sent).status_code == 409


@pytest.mark.parametrize(
    ("who", "words"), [("writer", "Hos stadsledningskontoret"), ("officer", "Inskickad"), ("chief", "Hos stadsled")]
)
def test_an_applicant_reads_where_it_lies_and_the_city_what_it_is(database, whole, page_of, who, words):
    """E4."""
    with database.transaction():
        submitted(whole)
    key = "begar_komplettering" if who == "officer" else "aterta"
    assert words in page_of(who, f"/steg/{key}").text


# --- The API ------------------------------------------------------------------------------------------------------


def test_the_api_tells_the_same_and_takes_a_step_once(database, whole, client, actors):
    with database.transaction():
        _lack(whole)
    head = actors.token(whole.writer)
    told = client.get(f"/api/v1/applications/{whole.uid}/coach", headers=head).json
    assert [one["key"] for one in told["missing"]] == ["orsak", "koppling", "drift"]
    assert told["missing"][0] | {"why": ""} == {
        "key": "orsak", "part": "orsaker", "field": "cycle", "weight": 12, "blocking": "skicka_in", "why": "",
        "text": "Pröva orsakerna i samverkan tills minst en är trolig.",
    }  # fmt: skip
    address, asked = f"/api/v1/applications/{whole.uid}/moves", {"move": "begar_granskning"}
    assert client.post(address, json=asked, headers=head).status_code == 428
    moved = client.post(address, json=asked, headers=head | {"If-Match": '"1"'})
    assert (moved.status_code, moved.json["state"], moved.json["version"]) == (200, "intern_granskning", 2)
    assert client.post(address, json=asked, headers=head | {"If-Match": '"1"'}).status_code == 412


def test_the_api_refuses_with_all_that_is_missing(database, whole, client, actors):
    with database.transaction():
        version = decided(whole).version
        _lack(whole)
    head = actors.token(whole.chief) | {"If-Match": f'"{version}"'}
    refused = client.post(f"/api/v1/applications/{whole.uid}/moves", json={"move": "skicka_in"}, headers=head)
    assert refused.status_code == 409
    assert [one["field"] for one in refused.json["errors"]] == ["orsaker.orsak", "atgarder.koppling", "drift.drift"]


def test_the_api_asks_for_parts_to_be_completed(database, whole, client, actors):
    with database.transaction():
        version = submitted(whole).version
    head = actors.token(whole.officer) | {"If-Match": f'"{version}"'}
    asked = {"move": "begar_komplettering", "parts": [{"part": "mal", "text": "Skriv dagen."}]}
    moved = client.post(f"/api/v1/applications/{whole.uid}/moves", json=asked, headers=head)
    assert (moved.status_code, moved.json["reply_by"]) == (200, "2027-01-19")
    with database.transaction(write=False):
        rows = select(ApplicationPart.part).where(ApplicationPart.wanted != "")
        assert list(db.session().scalars(rows)) == ["mal"]
