"""What a grant leaves on paper: its reports, a board's section of its tertial report, and what came of it."""

from datetime import date
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from core import access, db, documents
from core.applications.models import ApplicationMeasure
from core.followup import documents as papers
from core.followup.models import PicturePair
from core.followup.services import effects, outturn, pairs, reporting
from core.followup.services.outturn import Voucher
from core.media import store_of
from core.media.store import copied
from tests.applications.papers_made import kronor, paper, said  # noqa: F401 - fixtures
from tests.followup.conftest import YEAR
from tests.followup.goals import goal_of
from tests.followup.test_reports import begun, finish, photo, reports
from tests.walks.test_documents import is_in_archive_form

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def day(clock):
    clock.stop_at("2027-03-01T09:00")


def _spend(granted, application, kronor_used):
    application.project_code = f"P{application.id}"
    db.session().flush()
    row = Voucher(application.project_code, f"{YEAR}-02", "V 1", kronor_used)
    outturn.take_in(granted.money.economist, uid=uuid4(), source="utfall.csv", row=row)


def _measure(application, **facts):
    known = {"number": 1, "kind": "belysning_ny", "text": "Lyktor", "quantity": 14.0, "unit": "st", "weight": 100}
    db.session().add(ApplicationMeasure(uid=uuid4(), application_id=application.id, **(known | facts)))
    db.session().flush()


def test_a_report_of_a_tertial_has_the_figures_of_the_day_when_it_was_handed_in(database, granted, clock, paper):  # noqa: F811
    with database.transaction():
        application = begun(granted)
        _measure(application, done=40, delivered="Sex stolpar står.")
        report = reports(granted, application)["2027-T1"]
        uid = report.uid
    text = said(paper(papers.REPORT, granted.writer, uid))
    assert "Rapporten är inte inlämnad. Siffrorna är dagens." in text
    with database.transaction():
        known = {"delivered": "Stolparna är beställda.", "money": "", "risks": "Leveransen kan dröja."}
        reporting.change_report(granted.writer, uid, version=None, **known)
        reporting.move_report(granted.writer, uid, "lamna_in")
        content = reporting.editions_of(granted.writer, reporting.read_report(granted.writer, uid))[0].content
    made = paper(papers.REPORT, granted.writer, uid)
    is_in_archive_form(made)
    text = said(made)
    assert made.filename.startswith("tertialrapport-2027-t1-ti-")
    for words in ("Utgåva 1, inlämnad 2027-03-01.", "Stolparna är beställda.", "Sex stolpar står.", "14 st 40"):
        assert words in text
    [money] = content["money"]
    row = (money["granted"], money["committed"], money["used"], money["claimed"])
    assert f"{YEAR} {' '.join(map(kronor, row))}" in text


def test_the_section_of_a_tertial_has_all_grants_of_who_asks_and_their_sums(
    database,
    granted,
    actors,
    paper,  # noqa: F811
):
    with database.transaction():
        first, second = begun(granted), begun(granted, amount=1_500_000)
        for application in (first, second):
            uid = reports(granted, application)["2027-T1"].uid
            reporting.change_report(granted.writer, uid, version=None, delivered=f"Läget i {application.number}.")
        numbers = [first.number, second.number]
    made = paper(papers.PERIOD, granted.writer, granted.writer.uid, period="2027-T1")
    is_in_archive_form(made)
    text = said(made)
    assert "Beviljade medel: Tertial 1 2027" in text
    assert f"Beviljat för 2027: {kronor(5_500_000)} kr." in text
    assert f"Summa {kronor(5_500_000)} 0 –" in text
    assert all(f"Läget i {number}." in text for number in numbers)
    other = actors("sdn_handlaggare", "sdn-jarva")
    empty = said(paper(papers.PERIOD, other, other.uid, period="2027-T1"))
    assert "Ingen beviljad ansökan har en rapport för tiden." in empty
    assert numbers[0] not in empty
    with pytest.raises(access.Missing), database.transaction():
        documents.ask(other, papers.PERIOD, granted.writer.uid, {"period": "2027-T1"})


def test_the_final_report_says_what_it_cost_and_shows_the_same_view_before_and_after(
    database,
    granted,
    clock,
    settings,
    tmp_path,
    paper,  # noqa: F811
):
    with database.transaction():
        application = begun(granted)
        _measure(application, done=100, delivered="Fjorton stolpar.")
        _spend(granted, application, 3_650_000)
        before, after = (photo(granted, application, role=role) for role in ("iakttagelse", "efter"))
        for row, colour in ((before, "navy"), (after, "gold")):
            path = tmp_path / f"{colour}.jpg"
            Image.new("RGB", (400, 300), colour).save(path)
            row.large, _ = store_of(settings).keep(copied(path), claim=lambda _: None)
        shown = {"before": before.uid, "after": after.uid}
        pairs.pair(granted.writer, application.uid, uid=uuid4(), title="Trappan mot torget", **shown)
        clock.stop_at("2027-06-15T09:00")
        finish(granted, application)
        uid = reports(granted, application)["slut"].uid
    made = paper(papers.REPORT, granted.writer, uid)
    is_in_archive_form(made)
    text = said(made)
    assert made.filename.startswith("slutredovisning-ti-")
    assert f"Avvikelse: \u2212{kronor(350_000)} kr, \u22129 procent av det som beviljades." in text
    assert f"{YEAR} {kronor(4_000_000)} 0 {kronor(3_650_000)} 0" in text
    assert "Ingen bild efter. Mörkt och regn." in text
    assert "Vad kan försena" not in text, "what a work that goes on is asked is not asked of a finished one"
    assert made.alternatives == ["Före: Trappan mot torget", "Efter: Trappan mot torget"]
    assert text.count("Trappan mot torget") == 1
    with database.transaction():
        one, other = db.session().scalars(select(PicturePair).order_by(PicturePair.id))
        one.title = "Före och efter"
        db.session().delete(other)
    again = paper(papers.REPORT, granted.writer, uid)
    assert said(again).count("Före och efter") == 1, "a pair without a name of its own has no heading of its own"


def test_the_effect_says_value_interval_and_number_or_that_it_cannot_be_told(database, granted, clock, paper):  # noqa: F811
    with database.transaction():
        application = granted.application()
        goal_of(application)
        effects.freeze(granted.writer, application, {})
        application.state = "genomfors"
        db.session().flush()
        finish(granted, application, date(2027, 3, 1))
        [one] = effects.followed(granted.writer, application)
        effects.complete_baseline(granted.writer, one.before.uid, n=400, hour="kvall")
        first = one.after[0]
        facts = {"value": 43.0, "n": 380, "measured_on": date(2027, 3, 1), "method": "Enkät", "hour": "kvall"}
        row = effects.measure(granted.writer, first.uid, **facts)
        verdict = row.verdict
        uid = application.uid
    made = paper(papers.EFFECT, granted.writer, uid)
    is_in_archive_form(made)
    text = said(made)
    assert verdict == "oklart"
    assert "Går inte att skilja från före" in text
    assert "Osäkerheten är större än skillnaden." in text
    assert "43 procent" in text
    assert " 400 " in text
    assert " 380 " in text
    assert "Ska bli 60 procent." in text
