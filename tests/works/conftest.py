"""What the tests of works share: the scene of the walks, a contract there, and somebody on each side of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest

from core import access, media
from core.access import Actor
from core.media import Listed
from core.people.services import organisation
from core.places.models import Place
from core.walks import services as walks
from core.works import services
from core.works.models import WorkOrder
from core.works.services import Said, Wanted
from tests.media.samples import encoded
from tests.media.samples import scene as picture
from tests.walks.conftest import queries
from tests.walks.scene import at, phone, phone_of, scene

__all__ = ["phone", "phone_of", "queries", "scene"]

HOUSE = access.system("test")
CONTRACTOR = "demo-entreprenor"


@dataclass
class Sides:
    """A contract of trafiknämnden: who orders, who orders too, who does it."""

    contract: UUID
    orderer: Actor
    colleague: Actor
    doer: Actor


@pytest.fixture
def sides(database, scene, actors):
    orderer, colleague = actors("tk_drift", "trafik"), actors("tk_drift", "trafik")
    doer = actors("entreprenor", CONTRACTOR)
    with database.transaction():
        contract = add_contract(orderer)
    return Sides(contract.uid, orderer, colleague, doer)


def add_contract(orderer, **facts):
    """Lay up a contract about lights, everywhere, for some years."""
    known = {
        "title": "Drift av belysning",
        "form": "drift",
        "roles": ["belysning_agare"],
        "areas": [],
        "valid_from": date(2020, 1, 1),
        "valid_to": date(2099, 12, 31),
    }
    known["contractor"] = organisation(CONTRACTOR).uid
    return services.add_contract(orderer, uid=uuid4(), organisation="trafik", **(known | facts))


@pytest.fixture
def ordered(database, scene, sides):
    """Order something under the contract on the scene's place: `ordered(priority="p2")`."""

    def ordered(actor=None, *, contract=True, **more):
        with database.transaction() as session:
            place = session.query(Place).filter(Place.uid == scene.place).one()
            found = services.read_contract(sides.orderer, sides.contract) if contract else None
            wanted = {"title": "Laga lyktan", "priority": "p2", "category": "belysning", "place": place} | more
            return services.make_order(
                actor or sides.orderer,
                uid=uuid4(),
                organisation=organisation("trafik").id,
                wanted=Wanted(contract=found, **wanted),
            ).uid

    return ordered


@pytest.fixture
def move(database):
    """Make a move of an order: `move(sides.doer, order, "kvittera")`."""

    def move(actor, order, key, **said):
        with database.transaction():
            return services.move_order(actor, order, key, Said(**said)).state

    return move


@pytest.fixture
def show(database):
    """Send a photo taken after the work: `show(sides.doer, order)`; each is another."""

    def show(actor, order, *, role="efter", width=40):
        photo = uuid4()
        data = encoded("image/jpeg", picture(width, 30))
        with database.transaction():
            services.add_photo(actor, order, Listed(photo, role=role))
            with media.spooled([data]) as spool:
                media.receive_file(actor, photo, spool)
        return photo

    return show


@pytest.fixture
def routed(database, scene):
    """Something about a light that trafiknämnden is to answer, on the scene's place: `routed(spot=(500, 500))`."""

    def routed(*, spot=(500, 500), send=True, **more):
        uid = uuid4()
        position = walks.Position(**at(*spot), accuracy_m=5)
        with database.transaction():
            walks.log_observation(
                scene.leader, uid=uid, walk=scene.walk, position=position, **({"kind": "belysning"} | more)
            )
            if send:
                walks.send_all(scene.leader, scene.walk, [uid])
        return uid

    return routed


def order_row(database, uid):
    """Return an order as the database has it."""
    with database.transaction(write=False) as session:
        return session.query(WorkOrder).filter(WorkOrder.uid == uid).one()
