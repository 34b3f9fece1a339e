"""What is agreed and promised about a restricted place is as restricted, so that no letter names it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.agreements import services
from core.agreements.models import Agreement, Collaboration, Commitment, Meeting, MeetingDecision
from core.db import session
from core.places import services as places
from core.upkeep.models import Deadline
from tests.agreements.conftest import agreed, begin, decide, held, written
from tests.agreements.test_commitments import propose
from tests.walks.scene import add_place, square

pytestmark = pytest.mark.other_database_long
PARTS = (Collaboration, Agreement, Meeting, MeetingDecision, Commitment, Deadline)


def restrict(scene, place):
    places.change_place(scene.leader, place, version=None, confidentiality="begransad")


def levels():
    return {model.__tablename__: set(session().scalars(select(model.level))) for model in PARTS}


@pytest.fixture
def promised(database, together):
    """A platssamverkan with something decided and promised in it, and a draft that its parties are to answer."""
    with database.transaction():
        agreed(together)
        draft = written(together.leader, "plats", "trafik", collaboration=together.uid)
        services.signing.move_agreement(together.leader, draft.uid, "skicka_pa_remiss")
        services.commitments.move_commitment(together.traffic, propose(together.traffic, together).uid, "ata")
        decide(together, held(together))
        assert levels() == {model.__tablename__: {1} for model in PARTS}
    return together


def test_it_becomes_so_with_its_place_also_with_one_of_several(database, promised, scene):
    """The frister stand on the first of the places: what is restricted may be another."""
    with database.transaction():
        facts = {"version": None, "places": [promised.place, add_place("Gården", square(700, 700, 60))]}
        services.collaborations.change_collaboration(promised.leader, promised.uid, **facts)
        restrict(scene, facts["places"][1])
        assert levels() == {model.__tablename__: {2} for model in PARTS}


def test_it_becomes_so_when_it_is_about_such_a_place_from_then_on(database, promised, scene):
    with database.transaction():
        hidden = add_place("Gården", square(700, 700, 60))
        restrict(scene, hidden)
        assert begin(promised.leader, hidden).level == 2
    with database.transaction():
        facts = {"version": None, "places": [promised.place, hidden]}
        services.collaborations.change_collaboration(promised.leader, promised.uid, **facts)
        assert levels() == {model.__tablename__: {2} for model in PARTS}
        draft = written(promised.leader, "plats", "trafik", collaboration=promised.uid)
        services.signing.move_agreement(promised.leader, draft.uid, "skicka_pa_remiss")
        services.commitments.move_commitment(promised.traffic, propose(promised.traffic, promised).uid, "ata")
        decide(promised, held(promised))
        assert levels() == {model.__tablename__: {2} for model in PARTS}, "and so is what comes later"


def test_what_one_party_promises_on_such_a_place_is_so_wherever_the_rest_is(database, promised, scene):
    with database.transaction():
        hidden = add_place("Gården", square(700, 700, 60))
        restrict(scene, hidden)
        row = propose(promised.leader, promised, place=hidden)
        services.commitments.move_commitment(promised.traffic, row.uid, "ata")
        [time] = session().scalars(select(Deadline).where(Deadline.level == 2))
        assert (row.level, time.kind) == (2, "core:atagande")


def test_what_is_promised_while_its_place_becomes_so_is_so_too(database, together, scene):
    with database.transaction():
        other = add_place("Gården", square(700, 700, 60))

    def promise():
        with database.transaction():
            return propose(together.leader, together, place=other).level

    with ThreadPoolExecutor(1) as pool:
        with database.transaction():
            restrict(scene, other)
            late = pool.submit(promise)
            with pytest.raises(TimeoutError):
                late.result(timeout=0.5)
        assert late.result() == 2


def test_places_that_protect_nothing_cost_no_room_a_question(database, promised, queries):
    facts = {"version": None, "places": [promised.place], "vision": "Alla trivs här."}
    with database.transaction(), queries() as asked:
        services.collaborations.change_collaboration(promised.leader, promised.uid, **facts)
    changed = [statement.split()[1] for statement in asked if statement.startswith("UPDATE")]
    assert changed == ["collaboration"]
