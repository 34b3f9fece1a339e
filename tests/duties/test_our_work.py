"""Vårt arbete här: what any employee of an organisation reads of its work, and no more."""

from datetime import date, timedelta

import pytest

from core import access, clock, db
from core.duties.services import ils, our_work
from core.hookspecs import Rule
from core.people.services import organisation
from core.refs import Subject
from core.upkeep import services as upkeep
from tests.cooperation.conftest import begin

pytestmark = pytest.mark.other_database_long

HOUSE = access.system("test")


@pytest.mark.parametrize("role", ["chef", "medarbetare"])
def test_an_employee_reads_what_is_asked_of_the_organisation(database, municipality, scene, actors, role):
    reader, leader = actors(role, "sdn-farsta"), actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        cycle = begin(leader, scene.place)
        plan = municipality.decided(municipality.approved())
        home = organisation("sdn-farsta")
        ils.open_reports(municipality.city, year=2027, period="T1", organisations=[home.uid])
        work = our_work.work_of(reader)
    assert (work.organisation.code, [one.uid for one in work.cycles]) == ("sdn-farsta", [cycle.uid])
    assert scene.place in [one.uid for one in work.places]
    assert [one.plan_id for one in work.promised] == [plan.id]
    assert [str(text) for text, _ in work.asked] == [
        "Utse en samordnare.",
        "Lämna uppföljningen i ILS för T1 2027 senast 2027-05-31.",
        f"Belysa gångstråk, senast {date(2027, 12, 26)} enligt åtgärdsplanen.",
    ]
    assert work.training
    assert [row.period for row in work.reports] == ["T1"]


def test_another_organisations_work_looks_missing_and_its_things_are_in_no_list(database, municipality, scene, actors):
    reader, leader = actors("medarbetare", "sdn-jarva"), actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        begin(leader, scene.place)
        municipality.decided(municipality.approved())
        work = our_work.work_of(reader)
        assert (work.cycles, work.places, work.promised) == ([], [], [])
        farsta = organisation("sdn-farsta").uid
    with pytest.raises(access.Missing), database.transaction():
        our_work.work_of(reader, farsta)


def test_frister_are_counted_as_kept_or_late_and_protected_ones_are_not(database, municipality, actors):
    reader, today = actors("medarbetare", "sdn-farsta"), clock.today()
    with database.transaction():
        home = organisation("sdn-farsta").id
        before = our_work.work_of(reader).kept
        for days, level in ((-5, 1), (-5, 3), (5, 1)):
            subject = Subject("prov", db.new_uid(), "Prov", level=level)
            terms = Rule(0, "given_date", given=today + timedelta(days=days))
            known = {"rule": "normal", "owner": home, "starts_at": clock.now() - timedelta(days=30), "terms": terms}
            upkeep.plan_deadline(HOUSE, "core:ils_rapport", subject=subject, **known)
        late = upkeep.plan_deadline(
            HOUSE,
            "core:planatgard",
            subject=Subject("prov", db.new_uid(), "Prov"),
            **(known | {"terms": Rule(0, "given_date", given=today)}),
        )
        upkeep.meet_deadline(HOUSE, "core:planatgard", Subject("prov", late.subject_uid, ""), reason="Klar")
        kept = our_work.work_of(reader).kept
    assert (kept.open - before.open, kept.late - before.late) == (2, 1)
    assert (kept.in_time - before.in_time, kept.too_late - before.too_late) == (1, 0)


def test_what_is_late_or_soon_due_is_what_is_asked_of_us(database, municipality, actors, client):
    reader, today = actors("medarbetare", "sdn-farsta"), clock.today()
    with database.transaction():
        home = organisation("sdn-farsta").id
        for title, days in (("Sen", -5), ("Snart", 5), ("Långt fram", 300)):
            terms = Rule(0, "given_date", title, given=today + timedelta(days=days))
            known = {"rule": "normal", "owner": home, "starts_at": clock.now() - timedelta(days=30), "terms": terms}
            upkeep.plan_deadline(HOUSE, "core:motesbeslut", subject=Subject("prov", db.new_uid(), title), **known)
        work = our_work.work_of(reader)
    assert [(one.title, str(one.stands.label)) for one in work.due] == [("Sen", "5 dygn sent"), ("Snart", "Om 5 dagar")]
    assert work.kept.late == 1
    client.login(reader)
    shown = client.get("/vart-arbete").text
    assert "5 dygn sent" in shown
    assert "Inget väntar på oss just nu" not in shown


def test_however_much_there_is_the_page_is_as_many_queries(database, municipality, scene, actors, queries):
    reader, leader = actors("chef", "sdn-farsta"), actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        begin(leader, scene.place)
        municipality.decided(municipality.approved())
        with queries() as few:
            our_work.work_of(reader)
        for _ in range(4):
            begin(leader, scene.place)
        with queries() as many:
            our_work.work_of(reader)
    assert len(few) == len(many)


def test_the_page_leads_nowhere_that_the_reader_may_not_go(database, municipality, client, actors):
    with database.transaction():
        municipality.function()
        municipality.appoint(organisation("sdn-farsta").uid)
    client.login(actors("medarbetare", "sdn-farsta"))
    shown = client.get("/vart-arbete")
    assert shown.status_code == 200
    main = shown.text.partition("<main")[2]
    assert "Samordnare" in main
    assert "brott@staden.example" in main, "the coordination function is the contact point"
    assert 'href="/vart-arbete" aria-current="page"' in shown.text
    assert 'href="/lagkrav" aria-current="page"' in client.get("/ils").text, "ILS is part of that room"
    for path in sorted({part.partition('"')[0] for part in main.split('href="/')[1:]}):
        assert client.get(f"/{path}").status_code == 200, path
