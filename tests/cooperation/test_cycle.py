"""A cycle: begun, its gates, back-steps, parties with rights to their own part, comments inside and outward."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db, flow, geo
from core.cooperation import services
from core.cooperation.states import CYCLE
from core.db import session
from core.people.services import organisation
from core.places import services as places
from core.places.areafiles import AreaFeature, code_of
from core.places.models import Area
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.cooperation.conftest import asked_for, begin, hand_in
from tests.walks.scene import square

pytestmark = pytest.mark.other_database_long


def said(refused):
    return [objection.message for objection in refused.value.objections]


def test_a_cycle_is_begun_once_and_its_driver_is_its_first_party(database, scene, together):
    with database.transaction():
        found = services.read_cycle(together.leader, together.cycle)
        parties = services.parties_of(together.leader, found)
    assert [party.role for party in parties] == ["drivande", "medverkande", "medverkande"]
    assert (found.number, found.turn, found.state) == ("SC-00001", 1, "initiera")
    uid, known = uuid4(), {"title": "Om", "started_on": clock.today(), "mandate": "Chef", "organisation": "sdn-farsta"}
    with database.transaction():
        first = services.begin_cycle(together.leader, uid=uid, place=scene.place, **known)
        again = services.begin_cycle(together.leader, uid=uid, place=scene.place, **known)
    assert (first.id, first.turn) == (again.id, 2)
    with pytest.raises(db.Conflict), database.transaction():
        services.begin_cycle(together.leader, uid=uid, place=scene.place, **(known | {"title": "En annan"}))


def test_it_is_about_a_place_or_an_area_and_driven_by_ones_own(database, scene, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    with pytest.raises(Invalid, match="antingen"), database.transaction():
        begin(leader, None)
    other, police = actors("sdn_samordnare", "sdn-skarpnack"), actors("polis", "polis-jarva")
    with pytest.raises(Invalid, match="Välj en plats"), database.transaction():
        begin(other, scene.place)
    with pytest.raises(access.Denied), database.transaction():
        begin(police, scene.place)


def test_it_is_decided_before_it_begins_and_opens_after(database, scene, together):
    tomorrow, gone = clock.today() + timedelta(days=1), clock.now() - timedelta(hours=1)
    for facts, at in (({"decided_on": tomorrow}, "decided_on"), ({"opens_at": gone}, "opens_at")):
        with pytest.raises(Invalid) as refused, database.transaction():
            begin(together.leader, scene.place, **facts)
        assert list(refused.value.errors) == [at]
    with pytest.raises(Invalid, match="inte taget"), database.transaction():
        services.change_cycle(together.leader, together.cycle, version=None, decided_on=tomorrow)


def test_an_area_is_ones_own(database, scene, together):
    with database.transaction():
        areas = {area.code: area.uid for area in session().scalars(select(Area))}
    with pytest.raises(Invalid, match="din organisation"), database.transaction():
        begin(together.leader, None, area=areas["skarpnack"])
    with database.transaction():
        assert begin(together.leader, None, area=areas["farsta"]).area_id


def test_one_that_was_begun_by_mistake_is_cancelled_and_taken_up_again(database, scene, together):
    with pytest.raises(flow.Refused, match="Skriv varför"), database.transaction():
        services.move_cycle(together.leader, together.cycle, "avbryt")
    with database.transaction():
        asked_for(together)
        services.move_cycle(together.leader, together.cycle, "tillbaka_1", reason="Fel plats.")
        found = services.move_cycle(together.leader, together.cycle, "avbryt", reason="Fel plats.")
        assert (found.state, found.ended_on) == ("avbruten", clock.today())
        frister = session().scalars(select(Deadline.state).where(Deadline.kind == "core:egen_lagesbild"))
        assert set(frister) == {"utgar"}
        assert begin(together.leader, scene.place).turn == 1, "what was a mistake is no turn"
    with pytest.raises(flow.Refused, match="avbruten"), database.transaction():
        services.change_cycle(together.leader, together.cycle, version=None, title="Nytt namn")
    with clock.frozen(clock.now() + timedelta(days=15)), database.transaction():
        services.open_when_time_is_out()
        assert services.read_cycle(together.leader, together.cycle).opened_at is None
    with database.transaction():
        found = services.move_cycle(together.leader, together.cycle, "ta_upp_igen", reason="Det var rätt.")
        assert (found.state, found.ended_on) == ("initiera", None)
        assert services.events_of(together.leader, found)[0].kind == "ta_upp_igen"


def test_the_place_is_a_link_for_who_may_read_it(database, scene, together, client, actors):
    with database.transaction():
        services.add_party(
            together.leader,
            together.cycle,
            organisation=organisation("demo-fastighetsagare").uid,
            role="referens",
            mandate="Chef",
        )
    for actor, linked in ((together.leader, True), (actors("fastighetsagare_ext", "demo-fastighetsagare"), False)):
        client.login(actor)
        page = client.get(f"/samverkan/{together.cycle}").text
        assert "Farsta torg" in page
        assert (f'href="/platser/{scene.place}"' in page) is linked


def test_the_first_gate_asks_for_a_decision_parties_and_a_time(database, scene, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        cycle = begin(leader, scene.place, decision="", decided_on=None, opens_at=None)
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.move_cycle(leader, cycle.uid, "begar_lagesbilder")
    assert said(refused) == [
        "Skriv in beslutet om att starta, med dag.",
        "Lägg till parter. Det behövs minst 2.",
        "Skriv när lägesbilderna öppnas senast, en tid som kommer.",
    ]


def test_the_second_gate_waits_for_each_partys_picture_or_the_time(database, together):
    with database.transaction():
        asked_for(together)
        hand_in(together.leader, together.cycle)
    with pytest.raises(flow.Refused, match="2 parter"), database.transaction():
        services.move_cycle(together.leader, together.cycle, "borja_prioritera")
    with clock.frozen(clock.now() + timedelta(days=15)), database.transaction():
        found = services.move_cycle(together.leader, together.cycle, "borja_prioritera")
    assert found.state == "prioritera"


@pytest.mark.parametrize("key", ["borja_prioritera", "satt_mal", "genomfor", "avsluta"])
def test_no_step_is_skipped(database, together, key):
    with pytest.raises(flow.Refused, match="läget är"), database.transaction():
        services.move_cycle(together.leader, together.cycle, key)


def test_it_goes_back_at_any_time_with_a_reason_that_stays(database, together):
    with database.transaction():
        asked_for(together)
    with pytest.raises(flow.Refused, match="Skriv varför"), database.transaction():
        services.move_cycle(together.leader, together.cycle, "tillbaka_1")
    with database.transaction():
        found = services.move_cycle(together.leader, together.cycle, "tillbaka_1", reason="En part saknas.")
        events = services.events_of(together.leader, found)
    assert found.state == "initiera"
    assert (events[0].kind, events[0].source, events[0].target, events[0].reason) == (
        "tillbaka",
        "lagesbild",
        "initiera",
        "En part saknas.",
    )


def test_back_to_any_earlier_step_and_to_no_later():
    back = {move.key: (set(move.sources), move.target) for move in CYCLE.moves if move.key.startswith("tillbaka")}
    assert back["tillbaka_1"] == ({"lagesbild", "prioritera", "mal", "genomfora"}, "initiera")
    assert back["tillbaka_4"] == ({"genomfora"}, "mal")


def test_a_party_has_its_part_whatever_the_role_and_others_see_nothing(database, together, actors):
    staff, stranger = actors("medarbetare", "trafik"), actors("sdn_samordnare", "sdn-skarpnack")
    with database.transaction():
        found = services.read_cycle(staff, together.cycle)
        mine = services.own_party(staff, found)
        services.change_party(staff, mine.uid, mandate="Driftchef", hours=Decimal("2.5"))
        assert services.own_party(staff, services.read_cycle(staff, together.cycle)).hours == Decimal("2.5")
        [its] = [one for one in services.parties_of(staff, found) if one.role == "drivande"]
    with pytest.raises(access.Denied), database.transaction():
        services.change_party(staff, its.uid, mandate="Någon annan")
    with pytest.raises(access.Denied), database.transaction():
        services.change_party(staff, mine.uid, role="drivande")
    with pytest.raises(access.Missing), database.transaction():
        services.read_cycle(stranger, together.cycle)
    with database.transaction():
        assert services.list_cycles(stranger).rows == []


def test_who_leaves_has_no_part_any_more_and_who_drives_stays(database, together):
    with database.transaction():
        found = services.read_cycle(together.police, together.cycle)
        mine = services.own_party(together.police, found)
        services.leave(together.police, mine.uid, reason="Andra uppdrag.")
    with pytest.raises(flow.Refused, match="redan lämnat"), database.transaction():
        services.change_party(together.leader, mine.uid, mandate="Polischef")
    with pytest.raises(access.Missing), database.transaction():
        services.read_cycle(together.police, together.cycle)
    with database.transaction():
        driver = services.parties_of(together.leader, found)[0]
    with pytest.raises(flow.Refused, match="driver"), database.transaction():
        services.leave(together.leader, driver.uid, reason="Nej.")
    with database.transaction():
        again = {"organisation": organisation("polis-jarva").uid, "role": "referens", "mandate": "Kommunpolis"}
        party = services.add_party(together.leader, together.cycle, **again)
    assert (party.id, party.left_on, party.role) == (mine.id, None, "referens")


def test_what_is_said_inside_stays_inside(database, together, actors):
    city, colleague = actors("slk_handlaggare", "slk"), actors("falt", "sdn-farsta")
    with database.transaction():
        for audience, text in (("intern", "Bara för oss."), ("alla", "Till alla.")):
            services.comment(together.leader, together.cycle, uid=uuid4(), audience=audience, text=text)
        found = services.read_cycle(together.leader, together.cycle)
        heard = {
            who: [one.text for one in services.comments_of(who, found)] for who in (*together.actors, city, colleague)
        }
    assert heard[together.leader] == heard[colleague] == ["Till alla.", "Bara för oss."]
    assert heard[together.police] == heard[together.traffic] == heard[city] == ["Till alla."]


def test_the_list_asks_as_much_of_one_as_of_many(database, scene, together, queries):
    with database.transaction():
        services.count_cycles(together.leader)
        with queries() as few:
            services.list_cycles(together.leader)
        for _ in range(6):
            begin(together.leader, scene.place)
        db.session().expire_all()
        with queries() as many:
            found = services.list_cycles(together.leader, limit=4)
    assert len(few) == len(many)
    assert len(found.rows) == 4
    with database.transaction():
        rest = services.list_cycles(together.leader, after=found.after)
    assert len(rest.rows) == 3


def test_a_cycle_about_a_rough_area_is_about_the_real_one_when_that_has_been_read_in(database, scene, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    shape = geo.multipolygon(square(0, 0, 900))
    with database.transaction():
        rough = db.session().scalars(select(Area).where(Area.code == "farsta", Area.kind == places.DISTRICT)).one()
        rough.approximate = True
        dated = {"started_on": clock.today(), "organisation": "sdn-farsta", "mandate": "Samordnare"}
        cycle = services.begin_cycle(leader, uid=uuid4(), title="Farsta", place=None, area=rough.uid, **dated).uid
    for name in ("Farsta", "Vantör"):  # its own area, then a file in which there is none of that name
        feature = AreaFeature(name, code_of(name), shape, {})
        with database.transaction():
            places.import_areas(access.system("test"), [feature], valid_from=date(2023, 7, 1), source=f"Karta {name}")
        with database.transaction(write=False):
            area = services.read_cycle(leader, cycle).area
            assert (area.code, area.approximate, area.source) == ("farsta", False, "Karta Farsta")
    assert area.valid_to is not None, "it is an area of before"
