"""A page offers what can be done: no pause that the Tidskrav refuses, no step that jäv forbids, no other's part."""

import re
from uuid import UUID, uuid4

import pytest
from shapely import Point
from sqlalchemy import select, text

from core import clock as core_clock
from core import upgrade
from core.schema import Invalid
from core.upkeep.models import DeadlinePause
from core.works import services
from core.works.models import PAUSES
from tests.works.conftest import order_row
from tests.works.test_penalties import costly, proposed
from tests.works.test_sides import done

__all__ = ["costly", "done", "proposed"]


def has_an_interest(database, actor):
    with database.transaction():
        firms = {name: UUID(uid) for uid, name in services.contractors(actor)}
        services.declare(actor, contractor=firms["Entreprenör (demo)"], valid_to=None, reason="En släkting är där.")


def test_only_pauses_that_the_tidskrav_allows_are_offered(database, sides, ordered, move, client):
    made = ordered(priority="p2")
    move(sides.doer, made, "kvittera")
    allowed = order_row(database, made).terms["pauses"]
    assert "tillstand" not in allowed
    client.login(sides.doer)
    page = client.get(f"/arbeten/{made}").text
    offered = [key for key in PAUSES if f'value="{key}"' in page]
    assert offered == [key for key in PAUSES if key in allowed] != []


def test_a_pause_is_kept_by_its_key_by_either_door_and_told_in_the_readers_language(
    database, sides, ordered, move, client
):
    def speak(language):
        client.set_cookie("locale", language, domain=client.application.settings.hostname)

    client.login(sides.doer)
    kept = []
    for on_page in (True, False):
        made = ordered()
        move(sides.doer, made, "kvittera")
        if on_page:
            speak("en")
            said = {"pause": "tilltrade", "reason": "Låst grind."}
            client.submit(f"/arbeten/{made}/steg/pausa", said, page=f"/arbeten/{made}")
        else:
            move(sides.doer, made, "pausa", pause="tilltrade", reason="Låst grind.")
        with database.transaction(write=False):
            kept += services.events_of(sides.doer, [services.read_order(sides.doer, made)])[:1]
        told = client.get(f"/api/v1/orders/{made}").json["events"][0]
        assert (told["pause"], told["reason"]) == ("tilltrade", "Låst grind.")
    assert [(event.pause, event.reason) for event in kept] == [("tilltrade", "Låst grind.")] * 2
    with database.transaction(write=False) as session:
        whys = set(session.scalars(select(DeadlinePause.reason)))
    assert whys == {f"{PAUSES['tilltrade']}. Låst grind."}, "a frist knows no keys of works"
    assert "Paused: Waiting for access. Låst grind." in client.get(f"/arbeten/{made}").text
    speak("sv")
    assert "Pausad: Väntar på tillträde. Låst grind." in client.get(f"/arbeten/{made}").text


def test_a_step_that_jav_forbids_is_no_next_step(database, sides, done, proposed, client):
    def offers():
        client.login(sides.orderer)
        order, penalty = (client.get(page).text for page in (f"/arbeten/{done}", f"/viten/{proposed}"))
        return ("steg/godkann" in order, "steg/underkann" in order, "steg/bekrafta" in penalty)

    assert offers() == (True, True, True)
    has_an_interest(database, sides.orderer)
    assert offers() == (False, False, False)
    assert "Du har anmält jäv mot Entreprenör (demo)." in client.get(f"/viten/{proposed}").text


def test_who_confirmed_a_penalty_is_not_offered_to_decide(database, sides, proposed, client):
    with database.transaction():
        services.move_penalty(sides.orderer, proposed, "bekrafta")
    for actor, offered in ((sides.orderer, False), (sides.colleague, True)):
        client.login(actor)
        assert ("steg/krava" in client.get(f"/viten/{proposed}").text) is offered


def test_what_a_step_does_not_go_without_is_not_said_to_be_left_out_as_one_likes(sides, ordered, done, client):
    """The reason of what is handed back, called off or rejected; the photo of what is done."""
    fields = {}
    for actor, order in ((sides.doer, ordered()), (sides.orderer, ordered()), (sides.orderer, done)):
        client.login(actor)
        page = client.get(f"/arbeten/{order}").text
        fields |= dict(re.findall(r'<label class="ds-label" for="(\w+-\w+)">(.*?)</label>', page, re.DOTALL))
    for key in ("overlamna-reason", "aterkalla-reason", "underkann-reason"):
        assert "(valfritt)" not in fields[key], key
    assert "(valfritt)" in fields["underkann-reply"]


def test_a_contractor_is_not_told_that_it_has_worked_for_itself(sides, client):
    client.login(sides.doer)
    for page in (f"/avtal/{sides.contract}", f"/avtal/{sides.contract}/kontroll"):
        assert "Du har arbetat hos" not in client.get(page).text


def test_a_contractor_reads_that_an_order_was_divided_and_not_into_what(database, sides, ordered, client):
    made = ordered()
    part = {"part": uuid4(), "title": "Städa tunneln", "description": "", "contract": None, "priority": "p4"}
    with database.transaction():
        services.divide_order(sides.orderer, made, **part)
    read = {}
    for actor in (sides.orderer, sides.doer):
        client.login(actor)
        answer = client.get(f"/api/v1/orders/{made}").text
        read[actor.id] = ("delad" in answer, "Städa tunneln" in answer, "Städa" in client.get(f"/arbeten/{made}").text)
    assert read == {sides.orderer.id: (True, True, True), sides.doer.id: (True, False, False)}


def test_where_an_order_is_to_be_done_is_shown_on_a_map(sides, ordered, client):
    with_spot, without = ordered(point=Point(674000, 6580000)), ordered()
    client.login(sides.doer)
    assert f"/api/v1/orders/{with_spot}.geojson" in client.get(f"/arbeten/{with_spot}").text
    [drawn] = client.get(f"/api/v1/orders/{with_spot}.geojson").json["features"]
    assert (drawn["geometry"]["type"], drawn["properties"]["name"]) == ("Point", "Laga lyktan")
    assert ".geojson" not in client.get(f"/arbeten/{without}").text.partition("<main")[2].partition("</main>")[0]
    assert client.get(f"/api/v1/orders/{without}.geojson").json["features"] == []


def test_what_is_invoiced_asks_for_the_number_of_the_invoice(database, sides, proposed, client):
    for actor, key in ((sides.orderer, "bekrafta"), (sides.colleague, "krava")):
        with database.transaction():
            services.move_penalty(actor, proposed, key)
    client.login(sides.colleague)
    here = f"/viten/{proposed}"
    assert "Fakturanummer" in client.get(here).text
    long = client.submit(f"{here}/steg/fakturera", {"reason": "F" * 61}, page=here)
    assert long.status_code == 422
    with pytest.raises(Invalid), database.transaction():
        services.move_penalty(sides.colleague, proposed, "fakturera", reason="F" * 61)
    assert client.submit(f"{here}/steg/fakturera", {"reason": "F-1001"}, page=here).status_code == 303
    with database.transaction(write=False):
        assert services.read_penalty(sides.colleague, proposed).invoice == "F-1001"
    told = client.get(here).text
    assert "Fakturerat: F-1001" in told
    assert re.search(r"<dt[^>]*>Faktura</dt>\s*<dd[^>]*>F-1001</dd>", told)
    items = client.get("/api/v1/penalties?part=fakturerade").json["items"]
    assert [row["invoice"] for row in items] == ["F-1001"]


def test_a_midnight_is_the_end_of_the_day_before(database, clock, sides, ordered, client):
    with database.transaction():
        rule = {"leg": "respond", "priority": "", "per": "tillfalle", "amount": 500, "source": "AFD.51"}
        services.add_penalty_rule(sides.orderer, sides.contract, **rule)
    clock.stop_at("2026-12-01T10:00")
    ordered(priority="p4")
    clock.stop_at("2027-03-01T10:00")
    with database.transaction():
        services.propose_penalties()
    with database.transaction(write=False):
        [row] = services.list_penalties(sides.orderer).rows
        last = core_clock.last_day(row.late_since).isoformat()
    client.login(sides.orderer)
    page = client.get(f"/viten/{row.uid}").text
    assert (last in page, "00.00" in page) == (True, False)


def test_what_was_kept_before_pauses_had_keys_is_told_apart(database, sides, ordered, move):
    """The label stood before the reason, in one text: 0028 and its way back lose nothing."""
    for reason in ("Låst grind.", ""):
        made = ordered()
        move(sides.doer, made, "kvittera")
        move(sides.doer, made, "pausa", pause="tilltrade", reason=reason)
    paused = "FROM order_event WHERE kind = 'pausa' ORDER BY id"
    upgrade.downgrade(database, "core", "0027")
    with database.transaction(write=False) as session:
        before = session.scalars(text(f"SELECT reason {paused}")).all()
    assert before == [f"{PAUSES['tilltrade']}. Låst grind.", PAUSES["tilltrade"]]
    upgrade.upgrade(database)
    with database.transaction(write=False) as session:
        after = session.execute(text(f"SELECT pause, reason {paused}")).all()
    assert after == [("tilltrade", "Låst grind."), ("tilltrade", "")]
    assert upgrade.check(database) == []
