"""What applications leave on paper, each made for real, as a reader of PDFs sees it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, db, documents
from core.applications import documents as papers
from core.applications.models import PERSPECTIVES, Application, ApplicationText
from core.applications.parts import PARTS
from core.applications.services import applications, editions, evidence, parts
from core.journal import PROTECTED
from core.walks import services as walks
from core.walks.models import Observation
from tests.applications.papers_made import kronor, paper, said  # noqa: F401 - fixtures
from tests.applications.papers_scene import HOSTILE, LONG, fill, told
from tests.applications.written import (  # noqa: F401 - fixtures
    fourth,
    grounded,
    queries,
    scene,
    third,
    together,
    writing,
)
from tests.walks.test_documents import is_in_archive_form

pytestmark = pytest.mark.one_database


def test_an_application_says_all_its_parts_on_paper_and_its_sums_are_those_of_its_rows(database, grounded, paper):  # noqa: F811
    with database.transaction():
        application = fill(grounded)
        content, sought, number = told(application), application.sought, application.number
    made = paper(papers.WHOLE, grounded.writer, grounded.uid)
    is_in_archive_form(made)
    text = said(made)
    assert made.filename == f"ansokan-{number.lower()}"
    costs = content["utgifter"]["rows"]
    assert sum(one["amount"] for one in costs["costs"]) == sought == sum(one["total"] for one in costs["years"])
    assert f"{kronor(sought)} kr ur Trygghetsinvesteringar (CM4)" in text
    for one in costs["years"]:
        assert f"{one['year']}: {kronor(one['total'])} kr" in text
    for one in costs["capital"]:
        row = [one["written_off"], one["interest"], one["written_off"] + one["interest"]]
        assert f"År {one['year']} {' '.join(map(kronor, row))}" in text
    promises = content["skotsel"]["rows"]["promises"]
    assert f"Summa {kronor(sum(one['cost'] for one in promises))}" in text
    assert f"Summa {kronor(sum(60_000 * year for year in range(1, 6)))}" in text
    for one in content["underlag"]["rows"]["evidence"]:
        assert one["says"] in text
        assert "Trygghetsmätningen 2026" in text
    assert "39,5 procent" in text
    assert HOSTILE in text
    assert all(title in text for title in PERSPECTIVES.values())
    assert all(f"{number}. {part.title}" in text for number, part in enumerate(PARTS.values(), 1))
    [alternative] = made.alternatives
    assert alternative.startswith("Karta med norr uppåt över ansökans platser: 1 Farsta torg, ungefär ")
    assert "inte låst" in text


def test_paper_says_which_edition_it_is_of_until_something_is_written(database, grounded, paper):  # noqa: F811
    with database.transaction():
        application = fill(grounded)
        editions.freeze(grounded.writer, application, "registrera_namndbeslut")
    assert "Utgåva 1, låst " in said(paper(papers.WHOLE, grounded.writer, grounded.uid))
    with database.transaction():
        applications.part_to_write(grounded.writer, grounded.uid, "problem", version=None)
        db.session().get_one(ApplicationText, application.id).problem = "Något annat."
    assert "inte låst" in said(paper(papers.WHOLE, grounded.writer, grounded.uid))


def test_evidence_that_has_been_protected_since_it_was_picked_is_on_no_paper(database, scene, writing, paper):  # noqa: F811
    with database.transaction():
        parts.write_part(writing.writer, writing.uid, "plats", places=[scene.place])
        about = {"walk": scene.walk, "severity": 2, "kind": "belysning", "place": scene.place}
        seen = walks.log_observation(scene.leader, uid=uuid4(), description="Lyktan är sönder.", **about).uid
        evidence.pick_observations(writing.writer, writing.uid, [seen])
    assert "Lyktan är sönder." in said(paper(papers.WHOLE, writing.writer, writing.uid))
    with database.transaction():
        db.session().scalars(select(Observation).where(Observation.uid == seen)).one().level = PROTECTED
    for kind in (papers.WHOLE, papers.BOARD):
        assert "Lyktan är sönder." not in said(paper(kind, writing.writer, writing.uid))


def test_a_draft_for_the_board_says_what_it_is_to_decide(database, grounded, paper):  # noqa: F811
    with database.transaction():
        application = fill(grounded)
        sought, number = application.sought, application.number
    made = paper(papers.BOARD, grounded.writer, grounded.uid)
    is_in_archive_form(made)
    text = said(made)
    assert f"Nämnden godkänner ansökan {number} om {kronor(sought)} kr ur Trygghetsinvesteringar (CM4)" in text
    assert f"som mest {kronor(300_000)} kr på ett år" in text
    assert "Utkast" in text


def test_a_draft_for_the_board_is_for_who_writes_the_application(database, writing, actors):  # noqa: F811
    city = actors("slk_handlaggare", "slk")
    with database.transaction():
        db.session().scalars(select(Application).where(Application.uid == writing.uid)).one().state = "inskickad"
    with database.transaction():
        assert documents.ask(city, papers.WHOLE, writing.uid, {}).about, "it has been handed in, and is read"
    with pytest.raises(access.Denied), database.transaction():
        documents.ask(city, papers.BOARD, writing.uid, {})


def test_an_application_that_has_only_a_title_says_what_is_lacking(writing, paper):  # noqa: F811
    for kind in (papers.WHOLE, papers.BOARD):
        made = paper(kind, writing.writer, writing.uid)
        is_in_archive_form(made)
        assert len(made.read.pages) <= 2
        assert "Ingen utgift är skriven." in said(made)
        assert "None" not in said(made)
        assert made.alternatives == []


@pytest.mark.long
def test_long_texts_go_on_over_pages_and_nothing_of_them_is_lost(database, grounded, paper):  # noqa: F811
    with database.transaction():
        application = fill(grounded, times=8, text=LONG)
        content = told(application)
    made = paper(papers.WHOLE, grounded.writer, grounded.uid)
    is_in_archive_form(made)
    text = said(made).replace("- ", "-")
    assert len(made.read.pages) < 45
    sentence = LONG.split(".")[0]
    written = sum(_count(one, sentence) for key, one in content.items() if key not in ("application", "schema"))
    bare = "".join(text.split())
    # heads and feet of pages stand between sentences that go on on the next one
    assert bare.count("".join(sentence.split())) >= written - len(made.read.pages)
    heads = sum("Jämförtmed" in "".join(page.extract_text().split()) for page in made.read.pages)
    assert heads > 5
    draft = paper(papers.BOARD, grounded.writer, grounded.uid)
    is_in_archive_form(draft)
    assert len(draft.read.pages) < len(made.read.pages)


def _count(value, sentence):
    if isinstance(value, str):
        return value.count(sentence)
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(_count(one, sentence) for one in below)
