"""A round and its decisions on paper, with the decision as data inside; and every table of them."""

import json

import pytest
from sqlalchemy import update

from core import access, db, documents
from core.applications import documents as papers
from core.applications.models import GrantDecision
from core.applications.services import decisions, ranking
from tests.applications.assessed import assess, suggest
from tests.applications.deciding import PROPOSED, SOUGHT
from tests.applications.papers_made import attached, kronor, paper, rows_of, said  # noqa: F401 - fixtures
from tests.walks.test_documents import is_in_archive_form

pytestmark = pytest.mark.one_database


def test_a_decision_that_holds_is_a_letter_with_itself_as_data_inside(database, decided, paper):  # noqa: F811
    with database.transaction():
        uid = decided.granted().uid
        row = decisions.read_decision(decided.applicant, uid)
        number, plan_by, paragraph = row.application.number, row.plan_by, row.paragraph
        told = decisions.as_json(row, decisions.amounts_of([row])[row.id])
    made = paper(papers.LETTER, decided.applicant, uid)
    is_in_archive_form(made)
    text = said(made)
    granted, sought = sum(PROPOSED.values()), sum(SOUGHT.values())
    assert f"Delvis beviljad: {kronor(granted)} kr" in text
    assert f"Ni sökte {kronor(sought)} kr" in text
    for year in SOUGHT:
        assert f"{year} {kronor(SOUGHT[year])} {kronor(PROPOSED[year])}" in text
    assert f"Summa {kronor(sought)} {kronor(granted)}" in text
    for words in ("Utegymmet väntar.", "Samråd med räddningstjänsten.", f"§ {paragraph}", "14 lyktor", "Trafiknämnden"):
        assert words in text
    assert "Har ni frågor? Fråga Stadsledningskontoret" in text
    assert str(plan_by.year) in text
    [(name, (content, media_type, relation))] = attached(made).items()
    assert (name, media_type, relation) == ("beslut.json", "/application/json", "/Data")
    data = json.loads(content)
    assert data["uid"] == str(told["uid"])
    assert data["number"] == number
    assert data["amounts"] == [{"year": year, "kronor": amount} for year, amount in PROPOSED.items()]
    assert sum(one["kronor"] for one in data["sought"]) == sought
    assert "/AF" in made.root
    assert "Läs beslutet och svara i Tryggplats" in text


def test_the_extract_of_the_minutes_says_proposal_decision_and_reservation(database, decided, paper, queries):  # noqa: F811
    with database.transaction():
        uid = decided.granted(reservation="Mot beslutet reserverar sig en ledamot.").uid
    with queries() as asked:
        made = paper(papers.EXTRACT, decided.applicant, uid)
    assert not [sql for sql in asked if "FROM application_measure" in sql], "it tells of no measures"
    is_in_archive_form(made)
    text = said(made)
    assert "§ 14 Ansökan om medel: Stieg Trenters torg" in text
    assert f"föreslår att {kronor(sum(PROPOSED.values()))} kr beviljas" in text
    assert "Mot beslutet reserverar sig en ledamot." in text
    assert "Protokollet är inte justerat än." in text
    assert list(attached(made)) == ["beslut.json"]


def test_who_signs_the_minutes_never_signs_a_page_with_nothing_else_on_it(database, decided, paper):  # noqa: F811
    """However long the text before is, some of it stands on the page of the signatures."""
    with database.transaction():
        row = decided.granted(reservation="Mot beslutet reserverar sig en ledamot.")
        uid = row.uid
    for lines in (0, 2, 3):
        with database.transaction():
            words = "\n\n".join(f"Skäl {number}." for number in range(lines))
            db.session().execute(update(GrantDecision).where(GrantDecision.uid == uid).values(conditions=words))
        last = paper(papers.EXTRACT, decided.applicant, uid).read.pages[-1].extract_text()
        assert "Mot beslutet reserverar sig en ledamot." in last, lines


def test_what_waits_for_its_second_person_or_was_wrong_has_no_paper(database, decided):
    with database.transaction():
        waits = decided.record().uid
    for kind in (papers.LETTER, papers.EXTRACT):
        with pytest.raises(access.Missing), database.transaction():
            documents.ask(decided.secretary, kind, waits, {})


def test_a_refusal_says_why_and_that_one_may_apply_again(database, decided, paper):  # noqa: F811
    refusal = {"outcome": "avslag", "amounts": {}, "motive": "ram_slut", "conditions": "", "departs": "Ramen."}
    with database.transaction():
        uid = decided.granted(**refusal).uid
    text = said(paper(papers.LETTER, decided.applicant, uid))
    assert "Ramen räcker inte." in text
    assert "Ni kan söka igen i en senare omgång." in text
    assert "Skötsellöften" not in text


def test_the_summary_of_a_round_is_the_table_as_published_and_its_sums_are_those_of_its_rows(
    database,
    prepared,
    paper,  # noqa: F811
    rows_of,  # noqa: F811
):
    with database.transaction():
        for title in ("Belysning", "Bänkar", "Torget"):
            assess(prepared, title)
        suggest(prepared, "Belysning", 2_000_000, 500_000)
        suggest(prepared, "Bänkar", 2_000_000)
        suggest(prepared, "Torget", 1_500_000)
        kept = ranking.frozen(ranking.order_of(prepared.anna, prepared.round), prepared.anna)
    made = paper(papers.SUMMARY, prepared.anna, prepared.round)
    is_in_archive_form(made)
    text = said(made)
    sought = sum(sum(one["sought"].values()) for one in kept["rows"])
    proposed = sum(sum(one["proposed"].values()) for one in kept["rows"])
    assert sought == 6_500_000
    assert f"Ansökningar: 3. Sökt: {kronor(sought)} kr. Föreslås: {kronor(proposed)} kr." in text
    assert f"Summa {kronor(sought)} {kronor(proposed)}" in text
    assert sum(kept["shares"].values()) == proposed
    for name, amount in kept["shares"].items():
        assert name in text
        assert kronor(amount) in text
    assert "Strecket: här tar ramen" in text
    assert "Poäng" in text.rsplit("är inte med", 1)[0][-40:]
    rows = rows_of(papers.ORDER, prepared.anna, prepared.round)
    assert [one["Ansökan"] for one in rows] == [one["title"] for one in kept["rows"]]
    assert sum(one["Sökt"] for one in rows) == sought
    assert sum(value or 0 for one in rows for name, value in one.items() if name.startswith("Föreslås")) == proposed


def test_the_summary_and_the_order_are_for_who_reads_assessments(database, prepared):
    for kind in (papers.SUMMARY, papers.ORDER):
        with pytest.raises(access.Denied), database.transaction():
            documents.ask(prepared.writer, kind, prepared.round, {})


def test_every_table_says_what_its_reader_reaches(database, decided, rows_of, actors):  # noqa: F811
    with database.transaction():
        decided.granted()
        meeting = decided.meeting
    for kind, about in ((papers.DECISIONS, meeting), (papers.ALL_DECISIONS, decided.applicant.uid)):
        rows = rows_of(kind, decided.applicant, about)
        assert {one["År"]: one["Beviljat"] for one in rows} == PROPOSED
        assert sum(one["Sökt"] or 0 for one in rows) == sum(SOUGHT.values())
    mine = rows_of(papers.LIST, decided.applicant, decided.applicant.uid)
    assert [one["Sökt"] for one in mine] == [sum(SOUGHT.values())]
    assert rows_of(papers.LIST, decided.applicant, decided.applicant.uid, visa="avslag") == []
    other = actors("sdn_handlaggare", "sdn-jarva")
    assert rows_of(papers.LIST, other, other.uid) == []
    with pytest.raises(access.Missing), database.transaction():
        documents.ask(other, papers.LIST, decided.applicant.uid, {})


def test_the_page_offers_what_can_be_asked_for_now(database, decided, client):
    client.login(decided.applicant)
    here = f"/ansokningar/{decided.application}/dokument"
    assert "Beslutsmeddelande" not in client.get(here).text
    with database.transaction():
        uid = decided.granted().uid
    shown = client.get(here).text
    for words in ("Gör ansökan", "Beslutsmeddelande", "Protokollsutdrag"):
        assert words in shown
    asked = client.submit("/dokument", {"kind": papers.LETTER, "subject": str(uid)}, page=here)
    assert asked.status_code == 303
    assert "Det du har bett om" in client.get(here).text
