"""What a cycle leaves on paper, as a reader of PDFs sees it; own pictures only for who may read them."""

import csv
from datetime import timedelta
from uuid import uuid4

import pytest
from shapely import MultiPolygon, box

from core import access, clock, documents
from core.cooperation import documents as cooperation
from core.cooperation import services
from core.documents import making
from tests.cooperation.conftest import asked_for, hand_in, write
from tests.cooperation.test_analysis import tree  # noqa: F401 - a fixture
from tests.cooperation.test_chain import fourth, goal, third  # noqa: F401 - fixtures
from tests.documents.papers import Paper
from tests.walks.test_documents import HOSTILE, is_in_archive_form

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def paper(database, settings, tmp_path):
    """Make a document as the worker does, for somebody, about something."""

    def make(kind, actor, uid):
        found = documents.every_kind()[kind]
        with database.transaction(write=False):
            found.about(actor, uid)
            content = found.gather(actor, uid)
        pdf = tmp_path / "made.pdf"
        making._write_page(found, content, tmp_path, pdf, settings)
        return Paper(pdf.read_bytes())

    return make


@pytest.mark.one_database
def test_an_own_picture_is_made_for_who_may_read_it(database, together, paper):
    with database.transaction():
        asked_for(together)
        uid = write(together.traffic, together.cycle, f"Det är mörkt.\n{HOSTILE}")
        shape = MultiPolygon([box(676_000, 6_571_000, 676_050, 6_571_050)])
        services.draw(together.traffic, uid, drawing=uuid4(), kind="otrygg", label="Trappan", geom=shape)
        today = clock.today()
        figure = {"kind": "dialog", "what": "Elva av tjugo", "first_on": today, "last_on": today, "source": "Samtal"}
        services.add_evidence(together.traffic, uid, evidence=uuid4(), value=55.0, unit="procent", **figure)
        services.move_picture(together.traffic, uid, "lamna_in")
    for other in (together.leader, together.police):
        with pytest.raises(access.Missing), database.transaction():
            documents.ask(other, cooperation.PICTURE, uid, {})
    made = paper(cooperation.PICTURE, together.traffic, uid)
    is_in_archive_form(made)
    assert made.title == "Egen lägesbild från Trafiknämnden: Farsta torg"
    assert "<b>Fet</b>" in made.text
    assert [
        words for words in ("Utmaningar", "Det är mörkt.", "Elva av tjugo", "55 procent") if words not in made.text
    ] == []
    assert made.alternatives == ["Karta över det som är ritat: 1 Trappan."]
    with clock.frozen(clock.now() + timedelta(days=15)):
        assert "Det är mörkt." in paper(cooperation.PICTURE, together.leader, uid).text


@pytest.mark.one_database
def test_paper_says_too_which_pictures_came_when_the_others_were_open(database, together, paper, client):
    with database.transaction():
        asked_for(together)
        early = hand_in(together.leader, together.cycle).uid
        hand_in(together.traffic, together.cycle)
    with clock.frozen(clock.now() + timedelta(days=15)):
        with database.transaction():
            late = hand_in(together.police, together.cycle, "Som ni.").uid
            common = services.begin_common(together.leader, together.cycle).uid
        assert "Inlämnad efter öppningen" in paper(cooperation.PICTURE, together.leader, late).text
        assert "efter öppningen" not in paper(cooperation.PICTURE, together.leader, early).text
        together_on_paper = paper(cooperation.PICTURE, together.leader, common)
        is_in_archive_form(together_on_paper)
        assert "Lokalpolisområde Järva: inlämnad efter öppningen" in together_on_paper.text
        assert together_on_paper.text.count("efter öppningen") == 1
        client.login(together.leader)
        assert "Inlämnad efter öppningen" in client.get(f"/lagesbilder/{late}").text
        assert client.get(f"/samverkan/{together.cycle}/lagesbilder").text.count("Inlämnad efter öppningen") == 2


@pytest.mark.one_database
def test_the_analysis_of_causes_is_one_sheet_with_its_words_first(database, third, tree, paper):  # noqa: F811
    made = paper(cooperation.CAUSES, third.police, tree)
    is_in_archive_form(made)
    assert len(made.read.pages) == 1
    [alternative] = made.alternatives
    with database.transaction():
        known = services.tree_of(third.police, services.read_problem(third.police, tree))
        said = [(one.cause.number, one.cause.text, [row.text for row in one.evidence]) for one in known]
    for number, text, evidence in said:
        assert f"{number} {text}: " in alternative
        assert all(row in made.text for row in (text, *evidence))
    assert "Ingen anmäler & felen" in made.text


@pytest.mark.one_database
def test_the_plan_and_the_follow_up_say_each_goal_and_measure(database, fourth, paper, tmp_path):  # noqa: F811
    together, uid, cause = fourth
    with database.transaction():
        made = goal(together, uid)
        known = {"text": "Laga lyktorna", "approach": "situationell", "goals": [made.uid], "budget": 90_000}
        services.add_measure(together.leader, together.cycle, uid=uuid4(), cause=cause, **known)
    plan = paper(cooperation.PLAN, together.traffic, together.cycle)
    is_in_archive_form(plan)
    for words in ("Andelen som undviker torget minskar.", "41 procent", "30 procent", "Laga lyktorna", "Det värsta."):
        assert words in plan.text
    follow_up = paper(cooperation.FOLLOW_UP, together.traffic, together.cycle)
    is_in_archive_form(follow_up)
    assert "Inte följt upp än" in follow_up.text
    with database.transaction(write=False):
        kinds = documents.every_kind()
        tables = {
            key: kinds[key].gather(together.police, together.cycle, format="csv").sheet
            for key in (cooperation.GOALS, cooperation.MEASURES)
        }
        for key, table in tables.items():
            path = tmp_path / f"{key}.csv"
            table.write_csv(path)
            with path.open(encoding="utf-8-sig", newline="") as file:
                [_, row] = list(csv.reader(file, delimiter=";"))
            assert row[1] == ("Andelen som undviker torget minskar." if key == cooperation.GOALS else "Laga lyktorna")


def test_the_page_offers_what_one_may_read(database, third, client):  # noqa: F811
    client.login(third.traffic)
    page = client.get(f"/samverkan/{third.cycle}/dokument").text
    assert page.count("Lägesbild: ") == 3
    assert "Gör åtgärdsplan" in page
