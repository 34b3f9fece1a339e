"""Who sees and does what: each contractor its own, nobody her own work, nobody that of whom she has an interest in."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from core import access, db
from core import clock as core_clock
from core.access import Denied, Missing
from core.flow import Refused
from core.people.models import Organisation, RoleGrant
from core.people.services import organisation
from core.upkeep import services as upkeep
from core.works import services
from core.works.services import Said
from core.works.services.interests import interest_in
from tests.works.conftest import CONTRACTOR, HOUSE
from tests.works.test_chain import refused

pytestmark = pytest.mark.other_database_long


def see(database, actor):
    """Numbers of the orders that somebody sees."""
    with database.transaction(write=False):
        return [row.number for row in services.list_orders(actor, services.Wish()).rows]


def test_a_contractor_sees_its_own_orders_only(database, sides, ordered, actors, client):
    theirs, inhouse = ordered(), ordered(contract=False)
    other = actors("entreprenor", "demo-fastighetsagare")
    assert see(database, sides.orderer) == ["AO-00001", "AO-00002"]
    assert see(database, sides.doer) == ["AO-00001"]
    assert see(database, other) == []
    client.login(sides.doer)
    assert client.get(f"/arbeten/{inhouse}").status_code == 404
    client.login(other)
    for address in (f"/arbeten/{theirs}", f"/avtal/{sides.contract}"):
        assert client.get(address).status_code == 404
    with pytest.raises(Missing), database.transaction():
        services.move_order(other, theirs, "kvittera")


def test_neither_side_does_what_is_the_other_s(database, sides, ordered, move, show):
    made = ordered()
    with pytest.raises(Denied), database.transaction():
        services.move_order(sides.orderer, made, "kvittera")
    move(sides.doer, made, "kvittera")
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    with pytest.raises(Denied), database.transaction():
        services.move_order(sides.doer, made, "godkann", Said("Bra."))


def test_who_said_that_it_was_done_does_not_approve_it(database, sides, ordered, move, show):
    """Also where one's own people do the work."""
    made = ordered(contract=False)
    move(sides.orderer, made, "kvittera")
    show(sides.orderer, made)
    move(sides.orderer, made, "fardiganmal")
    said = refused(database, services.move_order, sides.orderer, made, "godkann", Said("Bra."))
    assert said == ["Du har färdiganmält arbetet. Någon annan bedömer det."]
    assert move(sides.colleague, made, "godkann", reason="Bra.") == "godkand"


@pytest.fixture
def done(sides, ordered, move, show):
    """An order of the contractor that waits to be judged."""
    made = ordered()
    move(sides.doer, made, "kvittera")
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    return made


def worked_there(database, actor, until):
    """Let somebody have had a role with the contractor until a day."""
    with database.transaction():
        home = organisation(CONTRACTOR).id
        facts = {
            "role": "entreprenor",
            "valid_from": date(2020, 1, 1),
            "valid_to": until,
            "areas": [],
            "categories": [],
        }
        db.session().add(RoleGrant(person_id=actor.id, organisation_id=home, **facts))


@pytest.mark.parametrize("key", ["godkann", "underkann"])
def test_who_has_worked_for_a_contractor_does_not_judge_its_work(database, sides, done, move, key):
    """domain.md 13.10: for as many months as the contract says, whichever way the verdict goes."""
    worked_there(database, sides.orderer, core_clock.today() - timedelta(days=300))
    said = refused(database, services.move_order, sides.orderer, done, key, Said("Det ser jag."))
    words = "Du har arbetat hos Entreprenör (demo) någon gång under de senaste 24 månaderna."
    assert said == [f"{words} Någon annan bedömer deras arbete."]
    with database.transaction() as session:
        long_ago = core_clock.today() - timedelta(days=3 * 366)
        theirs = update(RoleGrant).where(RoleGrant.person_id == sides.orderer.id, RoleGrant.role == "entreprenor")
        session.execute(theirs.values(valid_to=long_ago))
    assert move(sides.orderer, done, key, reason="Det ser jag.") in ("godkand", "underkand")


def test_who_has_declared_an_interest_does_not_judge(database, sides, done, client):
    client.login(sides.orderer)
    with database.transaction(write=False):
        contractor = str(organisation(CONTRACTOR).uid)
    known = {"contractor": contractor, "valid_to": "", "reason": "En släkting arbetar där."}
    assert client.submit("/jag/jav", known).status_code == 303
    page = client.get(f"/arbeten/{done}").text
    assert "Du har anmält jäv mot Entreprenör (demo). Någon annan bedömer deras arbete." in page
    with pytest.raises(Refused), database.transaction():
        services.move_order(sides.orderer, done, "godkann", Said("Bra."))
    with database.transaction(write=False):
        assert len(services.interests_of(sides.orderer)) == 1
        assert services.interests_of(sides.colleague) == []


def test_one_declares_against_whomever_a_contract_can_be_with_and_lets_it_end(database, clock, sides, client):
    with database.transaction() as session:
        company = organisation("demo-fastighetsagare")
        session.get_one(Organisation, company.id).kind = "bolag"
        firm = str(company.uid)
    client.login(sides.orderer)
    assert firm in client.get("/jag/jav").text
    known = {"contractor": firm, "valid_to": "", "reason": "En släkting arbetar där."}
    assert client.submit("/jag/jav", known).status_code == 303
    with database.transaction(write=False):
        [(row, _)] = services.interests_of(sides.orderer)
    ending = f"/jag/jav/{row.uid}/avsluta"
    client.login(sides.colleague)
    assert client.submit(ending, {}, page="/jag/jav").status_code == 404, "another's own"
    client.login(sides.orderer)
    assert client.submit(ending, {}, page="/jag/jav").status_code == 303
    assert client.submit(ending, {}, page="/jag/jav").status_code == 409
    with database.transaction(write=False):
        assert interest_in(sides.orderer, company.id, 24) is not None, "the day out"
        clock.stop_at(f"{core_clock.today() + timedelta(days=1)}T10:00")
        assert interest_in(sides.orderer, company.id, 24) is None


def test_what_is_in_the_sample_is_approved_with_what_was_seen(database, sides, ordered, move, show):
    """Every danger is (domain.md 10.3)."""
    made = ordered(priority="p0")
    move(sides.doer, made, "kvittera")
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    said = refused(database, services.move_order, sides.orderer, made, "godkann")
    assert said == ["Den här ingår i stickprovet. Skriv vad du såg på plats."]
    assert move(sides.orderer, made, "godkann", reason="Tätt och rent.") == "godkand"


def test_a_clock_stands_still_only_for_what_the_tidskrav_allows(database, sides, ordered, move):
    made = ordered(priority="p1")
    move(sides.doer, made, "kvittera")
    said = refused(database, services.move_order, sides.doer, made, "pausa", Said("Regn.", pause="vader"))
    assert said == ["Tidskravet låter inte arbetet stå still av det skälet. Fråga beställaren."]
    assert move(sides.doer, made, "pausa", pause="tilltrade", reason="Låst grind.") == "pausad"
    with database.transaction(write=False):
        [legs] = services.legs_of(HOUSE, [services.read_order(HOUSE, made)]).values()
        assert {frist.kind: frist.paused_since is not None for frist in legs} == {
            "core:kvittera": False, "core:sakra": True, "core:atgarda": True
        }  # fmt: skip
    assert move(sides.doer, made, "ateruppta") == "pagar"


def test_a_more_urgent_order_goes_on_from_its_start_around_its_pause(database, clock, sides, ordered, move):
    """GLPI's fourth trap: there a new priority begins the clock anew, and forgets the pause."""
    clock.stop_at("2027-01-11T10:00")
    made = ordered(priority="p1")
    move(sides.doer, made, "kvittera")
    clock.stop_at("2027-01-11T11:00")
    move(sides.doer, made, "pausa", pause="tilltrade", reason="Låst grind.")
    clock.stop_at("2027-01-11T13:00")
    move(sides.doer, made, "ateruppta")
    clock.stop_at("2027-01-11T15:00")
    with database.transaction():
        services.reprioritise(sides.orderer, made, priority="p0", reason="Strömförande.")
    with database.transaction(write=False):
        [legs] = services.legs_of(HOUSE, [services.read_order(HOUSE, made)]).values()
    dues = {frist.kind: f"{core_clock.local(frist.due_at):%d %H.%M}" for frist in legs}
    assert dues["core:atgarda"] == "12 12.00", "24 hours from ten, and the two that it stood still"
    assert dues["core:sakra"] == "11 14.00", "two hours from ten, and two: it is late already"


def test_an_order_handed_back_is_given_to_another_and_its_clocks_go_on(database, sides, ordered, move):
    made = ordered()
    assert move(sides.doer, made, "overlamna", reason="Stolpen är inte vår.") == "overlamnad"
    with database.transaction(write=False):
        assert [row.number for row in services.to_judge(sides.orderer)] == ["AO-00001"]
    assert move(sides.orderer, made, "tilldela", contract=sides.contract) == "tilldelad"


def test_a_whole_is_approved_when_its_parts_are(database, sides, ordered, move, show):
    made = ordered()
    with database.transaction():
        part = services.divide_order(
            sides.orderer, made, part=db.new_uid(), title="Gräv", description="", contract=None, priority="p2"
        ).uid
    move(sides.doer, made, "kvittera")
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    said = refused(database, services.move_order, sides.orderer, made, "godkann", Said("Bra."))
    assert said == ["En del av arbetsordern är inte godkänd än. Bedöm delarna först."]
    move(sides.orderer, part, "aterkalla", reason="Behövs inte.")
    assert move(sides.orderer, made, "godkann", reason="Bra.") == "godkand"


def test_a_protected_thing_is_not_ordered_here(database, sides, ordered):
    with pytest.raises(Refused, match="skyddat ärende"):
        ordered(level=3)


def test_nobody_orders_for_another_organisation(database, scene, sides, actors):
    other = actors("tk_drift", "exploatering")
    with pytest.raises((Denied, Missing)), database.transaction():
        services.order_directly(
            other, db.new_uid(), title="Laga", description="", priority="p3", contract=None, organisation="trafik",
            place=None, due_on=None,
        )  # fmt: skip
    with database.transaction(write=False):
        assert services.list_contracts(other) == []
        assert access.system("prov").may("works:order:make")


def test_who_does_it_reads_its_clocks_and_closes_none(database, sides, ordered, actors):
    """A contractor's frister are those of its orders, in the list, the counts, the report and the calendar (K4)."""
    other = actors("entreprenor", "demo-gata")
    uid = ordered()
    with database.transaction():
        theirs = upkeep.list_open(sides.doer).rows
        counted = upkeep.count_open(sides.doer)["alla"]
        [kept] = upkeep.report(
            sides.doer, first=core_clock.today(), last=core_clock.today() + timedelta(days=60)
        ).groups
        assert {row.subject_uid for row in theirs} == {uid}
        assert counted == len(theirs) == sum(kept.counts.values()) == 3
        assert upkeep.list_open(other).rows == []
    with pytest.raises(Denied), database.transaction():
        upkeep.move(sides.doer, theirs[0].uid, "klarmarkera", reason="Klart.")
    with database.transaction():
        opaque = upkeep.make_feed(sides.doer, None)
    with database.transaction():
        assert upkeep.read_feed(opaque).count(b"BEGIN:VEVENT") == 3
