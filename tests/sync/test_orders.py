"""Whatever comes first, the city ends up the same (sync-cases.md 9, 10, 23, 24)."""

from itertools import permutations
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import delete

from core.outbox import Task
from core.walks import services
from tests.media.samples import encoded
from tests.walks.scene import at, sha256_of

PICTURE = encoded("image/jpeg")
STEPS = ("walk", "observation", "photo", "A", "B", "C")
CHANGES = {
    "A": (None, {"severity": 2, "description": "Mörkt"}, {"severity": 3, "description": "Mörkt vid trappan"}),
    "B": ("A", {"severity": 3, "season": ""}, {"severity": 4, "season": "host"}),
    "C": ("B", {"description": "Mörkt vid trappan"}, {"description": "Två lyktor är släckta"}),
}
"""Of one phone, each on the one before: what it follows on, what the phone held, what it wants."""


class Arrivals:
    """One phone's work on one walk, sent step by step in any order."""

    def __init__(self, database, scene, phone):
        self.database, self.scene, self.phone = database, scene, phone
        self.uids = {step: uuid4() for step in STEPS}

    def take(self, step):
        """Let one step arrive; it is taken in, whatever has not come yet."""
        uids = self.uids
        if step == "walk":
            with self.database.transaction():
                services.add_walk(
                    self.scene.leader, uid=uids["walk"], title="Runt torget", theme="allman",
                    planned_at=self.scene.now, organiser="sdn-farsta", places=[self.scene.place],
                )  # fmt: skip
        elif step == "observation":
            photo = {"uid": str(uids["photo"]), "sha256": sha256_of(PICTURE), "bytes": len(PICTURE)}
            seen = {"description": "Mörkt", "severity": 2, "position": at(500, 500), "photos": [photo]}
            assert self.phone.send(uids["observation"], uids["walk"], **seen).status_code in (201, 202)
        elif step == "photo":
            assert self.phone.piece(uids["photo"], PICTURE).status_code == 200
        else:
            after, before, fields = CHANGES[step]
            known = uids[after] if after else None
            told = self.phone.tell(uids["observation"], before, fields, after=known, uid=uids[step])
            assert told.status_code == 200, told.json

    def end(self):
        """What the city has when all has come, but for what time has to do with."""
        now = self.phone.read(self.uids["observation"]).json
        names = ("number", "severity", "description", "season", "state", "version", "place")
        photos = [(one["state"], one["sha256"]) for one in now["photos"]]
        return {name: now[name] for name in names} | {"photos": photos, "walk": now["walk"] == str(self.uids["walk"])}


@pytest.fixture
def arrive(database, scene, walker, work):
    """Let the steps arrive in an order; what the city has at the end is told when all of it is applied."""

    def take(order):
        arrivals = Arrivals(database, scene, walker)
        for step in order:
            arrivals.take(step)
        with database.transaction() as session:
            session.execute(delete(Task).where(Task.kind == "pictures"))  # made by the worker; not what is asked here
        work()
        assert walker.waiting(part="utan") == []
        assert {walker.tell_state(arrivals.uids[step]) for step in CHANGES} <= {"applied", "merged"}
        return arrivals.end()

    return take


def end_as_one(ends):
    """All ends are the same, and it is the one that was wanted."""
    first = ends[0]
    wanted = (4, "Två lyktor är släckta", "host")
    return (first["severity"], first["description"], first["season"]) == wanted and all(end == first for end in ends)


def test_every_order_of_walk_observation_photo_and_changes_ends_the_same(arrive):
    """Some orders of all, and what was not acknowledged is sent again."""
    ends = []

    @hypothesis(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(order=st.permutations(STEPS), again=st.lists(st.sampled_from(STEPS[1:]), max_size=3))
    def some(order, again):
        ends.append(arrive((*order, *again)))

    some()
    assert end_as_one(ends)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.one_database
def test_each_of_the_720_orders_ends_the_same(arrive):
    orders = list(permutations(STEPS))
    ends = [arrive(order) for order in orders]
    assert (len(ends), end_as_one(ends)) == (720, True)
