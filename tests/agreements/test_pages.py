"""The pages, the paper and the API of agreements: what each sees, and what waits for whom."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from core import clock, documents, outbox
from core.agreements import services
from core.agreements.documents import COVERAGE, PAPER
from core.agreements.hooks import tryggplats_events
from core.documents import making
from core.people.services import organisation
from core.people.waiting import LATE, LATER, todos, when
from core.refs import PlaceRef
from core.upkeep.services import put_letters
from tests.agreements.conftest import DAY, applying, decide, held, organised, signed_by_all, written
from tests.documents.papers import Paper

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def leader(scene, actors):
    return actors("sdn_samordnare", "sdn-farsta")


@pytest.fixture
def police(actors):
    return actors("polis", "polis-farsta")


def waiting(actor):
    return {(one.title, one.link) for one in todos(set(), actor)[0]}


# --- On paper -----------------------------------------------------------------------------------------------------


def test_the_paper_is_tagged_has_every_chapter_the_map_and_the_signatures(
    database, leader, police, scene, settings, tmp_path
):
    with database.transaction():
        row = written(leader)
        services.agreements.change_agreement(leader, row.uid, version=None, places=[scene.place])
        services.signing.move_agreement(leader, row.uid, "skicka_pa_remiss")
        services.signing.answer(police, services.parties.own_party(police, row).uid, text="Bra.")
        services.signing.move_agreement(leader, row.uid, "lat_signera")
        known = {"by": "Stadsdelsdirektör", "on": clock.today(), "how": "inskannad", "reference": "Dnr 2026/7"}
        services.signing.sign(leader, services.parties.own_party(leader, row).uid, **known)
    found = documents.every_kind()[PAPER]
    with database.transaction(write=False):
        content = found.gather(police, row.uid)
        digest = services.agreements.read_agreement(police, row.uid).digest
    pdf = tmp_path / "made.pdf"
    making._write_page(found, content, tmp_path, pdf, settings)
    paper = Paper(pdf.read_bytes())
    assert (paper.language, "pdfaid" in paper.xmp) == ("sv", True)
    assert paper.alternatives == ["Karta över Farsta torg."]
    for number, title in ((1, "Parter och mandat"), (9, "Information, sekretess"), (14, "Underskrifter")):
        assert f"{number}. {title}" in paper.text
    assert paper.tags.count("/H2") == 14
    assert "Inskannad" not in paper.text
    assert "På papper, inskannad, Dnr 2026/7" in paper.text
    assert "Inte signerat" in paper.text
    assert digest in paper.text.replace(" ", "")


def test_the_table_of_who_lacks_what_says_yes_and_no(database, leader, police, actors, settings, tmp_path):
    office = actors("slk_handlaggare", "slk")
    with database.transaction():
        applying(leader, police)
    found = documents.every_kind()[COVERAGE]
    with database.transaction(write=False):
        content = found.gather(office, office.uid, day=clock.today())
    content.sheet.write_xlsx(tmp_path / "t.xlsx", title="t")
    _, *rows = CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_index(0).to_python()
    rows = [tuple(row[:4]) for row in rows]
    assert len(rows) == 33
    assert ("Farsta stadsdelsnämnd", "Överenskommelse med polisen", "ja", "OV-00001") in rows
    assert ("Farsta stadsdelsnämnd", "Lokalt råd", "nej", "") in rows


def test_an_agreement_that_was_signed_late_says_so_wherever_its_days_stand(
    database, leader, police, scene, client, settings, tmp_path
):
    today = clock.today()
    with database.transaction():
        row = written(leader)
        days = {"valid_from": today - 6 * DAY, "valid_to": today + 700 * DAY, "answer_by": today + 9 * DAY}
        services.agreements.change_agreement(leader, row.uid, version=None, places=[scene.place], **days)
        signed_by_all(leader, police, row)
    found = documents.every_kind()[PAPER]
    with database.transaction(write=False):
        content = found.gather(police, row.uid)
    pdf = tmp_path / "made.pdf"
    making._write_page(found, content, tmp_path, pdf, settings)
    paper = Paper(pdf.read_bytes())
    said = " ".join(paper.text.split())
    assert f"Gäller {today} till" in said
    assert f"Den sista parten signerade {today}" in said
    assert paper.title == "Samverkan med polisen"
    assert "3. " in paper.read.pages[0].extract_text(), "the map stands on the first page with what follows it"
    client.login(police)
    assert f"I texten står {days['valid_from']}" in client.get(f"/overenskommelser/{row.uid}").text


def test_the_next_step_is_that_of_the_party_that_reads(database, leader, police, client):
    with database.transaction():
        row = written(leader)
    here, told = f"/overenskommelser/{row.uid}", []
    steps = (
        lambda: services.signing.move_agreement(leader, row.uid, "skicka_pa_remiss"),
        lambda: services.signing.answer(police, services.parties.own_party(police, row).uid, text="Bra."),
        lambda: services.signing.move_agreement(leader, row.uid, "lat_signera"),
    )
    client.login(police)
    for step in steps:
        with database.transaction():
            step()
        told.append(client.get(here).text)
    for page, words in zip(told, ("Svara på utkastet senast", "läser svaren", "Signera för er part"), strict=True):
        assert words in page
    client.login(leader)
    assert "Signera för er part" in client.get(here).text


# --- Pages and API ------------------------------------------------------------------------------------------------


def test_a_party_puts_in_half_an_hour_more_where_it_says_so(database, together, client):
    with database.transaction():
        thing = services.collaborations.read_collaboration(together.police, together.uid)
        party = services.parties.own_party(together.police, thing)
        here, version = f"/platssamverkan/{together.uid}", party.version
    client.login(together.police)
    known = {"mandate": "Chef", "substitute": "", "hours": "2,5", "budget": "", "version": version}
    address = f"/platssamverkan/parter/{party.uid}"
    wrong = client.submit(address, known | {"hours": "2,25"}, page=here)
    assert (wrong.status_code, "högst en decimal" in wrong.text) == (422, True)
    assert client.submit(address, known, page=here).status_code == 303
    page = client.get(here).text
    assert ('value="2,5"' in page, ">2,5<" in page) == (True, True)


def test_from_a_place_to_a_decision_without_script(database, together, client):
    client.login(together.leader)
    here = f"/platssamverkan/{together.uid}"
    assert "Farsta torg" in client.get("/platssamverkan").text
    assert here in client.get(f"/platser/{together.place}").text
    with database.transaction():
        organised(together)
        trafik = organisation("trafik").uid
    at = clock.local(clock.now()).strftime("%Y-%m-%d %H.%M")
    made = client.submit(f"{here}/moten", {"uid": str(uuid4()), "held_at": at}, page=here)
    meeting = made.headers["Location"]
    told = {"uid": str(uuid4()), "text": "Byt lyktor", "organisation": str(trafik)}
    refused = client.submit(f"{meeting}/beslut", told, page=meeting)
    assert (refused.status_code, "När ska det vara klart? Skriv när det ska vara klart." in refused.text) == (422, True)
    told |= {"due_on": clock.today().isoformat()}
    assert client.submit(f"{meeting}/beslut", told, page=meeting).status_code == 303
    page = client.get(here).text
    assert "Byt lyktor" in page
    client.login(together.traffic)
    page = client.get(meeting).text
    assert "Markera 1.1 som gjort" in page
    assert "Skriv ett beslut" not in page


def test_the_share_of_a_fee_is_asked_for_only_where_that_is_turned_on(app, together, client):
    client.login(together.leader)
    assert "områdesavgiften" not in client.get(f"/platssamverkan/{together.uid}").text
    app.database.settings = replace(app.database.settings, area_fees=True)
    assert "områdesavgiften" in client.get(f"/platssamverkan/{together.uid}").text


def test_the_api_tells_who_lacks_what_and_an_agreement_whole(database, leader, police, actors, client):
    with database.transaction():
        row = applying(leader, police)
    office, own = actors.token(actors("slk_handlaggare", "slk")), actors.token(leader)
    answer = client.get("/api/v1/cooperation-coverage", headers=office).json
    farsta = next(one for one in answer["items"] if one["name"] == "Farsta stadsdelsnämnd")
    assert (len(answer["items"]), farsta["lacks"]) == (11, ["platssamverkan", "rad"])
    assert len(client.get("/api/v1/cooperation-coverage?day=2022-12-01", headers=office).json["items"]) == 13
    assert [one["name"] for one in client.get("/api/v1/cooperation-coverage", headers=own).json["items"]] == [
        "Farsta stadsdelsnämnd"
    ]
    whole = client.get(f"/api/v1/agreements/{row.uid}", headers=own)
    assert (whole.json["state"], len(whole.json["chapters"])) == ("galler", 14)
    assert {one["signed_how"] for one in whole.json["parties"]} == {"e_underskrift"}


# --- What waits, letters, the timeline ----------------------------------------------------------------------------


def test_a_board_is_told_what_it_lacks_and_the_police_what_to_sign(database, leader, police):
    with database.transaction():
        assert ("Saknas: Lokalt råd", "/platssamverkan/tackning") in waiting(leader)
        row = written(leader)
        services.signing.move_agreement(leader, row.uid, "skicka_pa_remiss")
        assert waiting(police) == {("Svara på utkastet", f"/overenskommelser/{row.uid}")}
        services.signing.answer(police, services.parties.own_party(police, row).uid, text="Bra.")
        services.signing.move_agreement(leader, row.uid, "lat_signera")
        assert waiting(police) == {("Signera överenskommelsen", f"/overenskommelser/{row.uid}")}
        assert ("Signera överenskommelsen", f"/overenskommelser/{row.uid}") in waiting(leader)


def test_who_is_to_do_what_a_meeting_decided_is_told_at_once_and_by_letter(database, together, letters_of):
    with database.transaction():
        meeting = held(together)
        decide(together, meeting)
        assert ("Gör det som mötet beslutade", f"/moten/{meeting.uid}") in waiting(together.traffic)
    told = letters_of("trafik")
    assert "Gör det som mötet beslutade, Laga lyktorna" in told


def test_who_closes_no_frister_sees_the_last_day_and_how_it_stands_as_the_others_do(database, together):
    with database.transaction():
        meeting = held(together, days=-60)
        late, coming = (decide(together, meeting, "polis-farsta", days) for days in (-40, 20))
        shown = {one.key: one for one in todos(set(), together.police)[0]}
    first, then = (shown[f"agreements:{one.uid}"] for one in (late, coming))
    assert (when(first), first.latest, first.state) == (LATE, late.due_on.isoformat(), "40 dygn sent")
    assert (when(then), then.latest, then.state) == (LATER, coming.due_on.isoformat(), "I tid")


@pytest.fixture
def letters_of(database):
    """Write today's letters; return the words of the one to an organisation's mailbox."""

    def read(code):
        with database.transaction() as session:
            organisation(code).contacts = "Skötsel: skotsel@tryggplats.example"
            session.flush()
            put_letters(clock.today())
            rows = session.scalars(select(outbox.Task).where(outbox.Task.kind == "letter"))
            return "\n".join(row.payload["text"] for row in rows)

    return read


def test_the_timeline_of_the_place_tells_of_meetings_and_phases(database, together):
    with database.transaction():
        organised(together)
        held(together)
        place = PlaceRef(together.place, "PL-00001", "Farsta torg", "torg")
        later = clock.now() + timedelta(minutes=1)
        said = [one.text for one in tryggplats_events(place, together.police, later, 10)]
    assert said == [
        "Farsta torg: Mötet hållet: 1",
        "Farsta torg: Organiserad",
        "Farsta torg: Nuläge",
        "Farsta torg: Startad",
    ]
