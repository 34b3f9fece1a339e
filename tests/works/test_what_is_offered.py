"""A page offers what can be done: no pause that the Tidskrav refuses, no step that jäv forbids, no other's part."""

from uuid import UUID, uuid4

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
