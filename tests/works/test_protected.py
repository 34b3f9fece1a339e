"""Orders and what was seen are as protected as their place, with their frister, when it becomes more so."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import db
from core.places import services as places
from core.upkeep.models import Deadline
from core.walks import services as walks
from core.walks.models import Observation
from core.works.models import WorkOrder
from core.works.services import reprioritise

pytestmark = pytest.mark.other_database_long


def levels():
    rows = (Observation, WorkOrder, Deadline)
    return {model.__tablename__: set(db.session().scalars(select(model.level))) for model in rows}


def test_an_order_and_what_was_seen_follow_their_place_with_their_frister(database, scene, ordered, move, sides):
    order = ordered()
    move(sides.doer, order, "kvittera")
    with database.transaction():
        walks.log_observation(scene.leader, uid=uuid4(), walk=scene.walk, kind="belysning", place=scene.place)
        assert set.union(*levels().values()) == {1}
    for wish in ("begransad", "intern"):
        with database.transaction():
            places.change_place(scene.leader, scene.place, version=None, confidentiality=wish)
            assert levels() == {"observation": {2}, "work_order": {2}, "deadline": {2}}, "never less than it was"
    with database.transaction():
        reprioritise(sides.orderer, order, priority="p1", reason="Farligt.")
        assert levels()["deadline"] == {2}, "another priority is as protected"
