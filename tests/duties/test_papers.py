"""What duties hands out: lägesbild, plan and statement as PDF/A, the rows of ILS as a sheet; and some of its pages."""

import io

import pytest
from python_calamine import CalamineWorkbook

from core.duties.services import coordination, ils
from core.people.services import organisation
from tests.documents.conftest import desk_of, work
from tests.documents.papers import Paper

pytestmark = pytest.mark.other_database_long

__all__ = ["desk_of", "work"]


@pytest.fixture
def done(database, municipality):
    """A municipality with a lägesbild, a plan, and one board without samordnare; the uids of the first two."""
    with database.transaction():
        municipality.function()
        municipality.appoint_everywhere(but=("sdn-farsta",))
        report = municipality.approved()
        return report.uid, municipality.decided(report).uid


def test_lagesbild_plan_and_statement_on_paper(municipality, done, desk_of, work):
    desk = desk_of(municipality.city)
    report, plan = done
    expected = {
        ("duties:lagesbild", report): ("Lägesbild 2027", "12. Underlag för prioritering", "Gäller till 1 mars 2029"),
        ("duties:atgardsplan", plan): ("Åtgärdsplan", "Belysa gångstråk", "§ 14"),
        ("duties:lagkrav", desk.actor.uid): (
            "Sammanställning av lagkraven",
            "1 av",
            "uppfyllda 6, försenade 0, saknas 1",
        ),
    }
    for (kind, subject), words in expected.items():
        asked = desk.ask(kind, subject)
        assert asked.status_code == 202, asked.json
        work()
        paper = Paper(desk.fetch(asked.json["uid"]).data)
        assert (paper.language, paper.title) == ("sv", words[0])
        assert "pdfaid" in paper.xmp
        for one in words[1:]:
            assert one in paper.text, (one, paper.text)
        if kind == "duties:lagkrav":
            assert len(paper.read.pages) == 1
            assert "http" not in paper.text  # whoever reads it outside the city can open no page of ours


def test_the_rows_of_ils_as_a_sheet(database, municipality, desk_of, work, actors):
    with database.transaction():
        [report] = ils.open_reports(
            municipality.city, year=2027, period="T1", organisations=[organisation("sdn-farsta").uid]
        )
    desk = desk_of(actors("chef", "sdn-farsta"))
    asked = desk.ask("duties:ils", report.uid, format="xlsx")
    work()
    [head, *rows] = (
        CalamineWorkbook.from_filelike(io.BytesIO(desk.fetch(asked.json["uid"]).data)).get_sheet_by_index(0).to_python()
    )
    assert (head[0], head[-1], len(head), rows) == ("org", "avvikelse_orsak", 13, [])
    other = desk_of(actors("chef", "sdn-jarva"))
    assert other.ask("duties:ils", report.uid, format="csv").status_code == 404


def test_the_page_of_the_law_says_first_what_is_lacking_and_the_api_the_same(municipality, done, client, actors):
    client.login(municipality.city)
    shown = client.get("/lagkrav").text
    assert "6 av 7 uppfyllda" in shown
    assert shown.index("Utse de samordnare som saknas.") < shown.index("Sammanställning av lagkraven")
    listed = client.get("/lagkrav/samordnare?visa=saknas").text
    assert "Farsta stadsdelsnämnd" in listed
    assert "Järva stadsdelsnämnd" not in listed.partition("<table")[2].partition("</table>")[0]
    told = client.get("/api/v1/law-compliance", headers=actors.token(actors("ks_las", "ks"))).json
    assert {one["duty"]: one["state"] for one in told["duties"]}["samordnare"] == "saknas"
    assert client.get("/api/v1/law-compliance", headers=actors.token(actors("polis", "polis-jarva"))).status_code == 403


def test_a_refused_approval_says_what_is_missing_on_the_page(database, municipality, client):
    with database.transaction():
        report = municipality.report("brottslighet")
        assert coordination.function_on(municipality.city) is None
    client.login(municipality.city)
    address = f"/lagkrav/lagesbilder/{report.uid}"
    form = {"decided_on": "2027-03-01", "decided_by": "KS", "decision": "§ 1"}
    page = client.submit(f"{address}/steg/godkann", form, page=address)
    assert page.status_code == 409
    assert "Analys av kartläggningen saknas. Skriv avsnittet Analys." in page.text
