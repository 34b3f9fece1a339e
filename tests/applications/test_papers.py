"""What applications leave on paper, each made for real, as a reader of PDFs sees it."""

import pytest

from core import access, documents
from core.applications import documents as papers
from core.applications.models import PERSPECTIVES
from core.applications.parts import PARTS
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
    with pytest.raises((access.Denied, access.Missing)), database.transaction():
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


def _count(value, sentence):
    if isinstance(value, str):
        return value.count(sentence)
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(_count(one, sentence) for one in below)
