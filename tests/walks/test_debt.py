"""What is not answered: how much each owes and how old it is, the oldest first, on the map too (X18)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from core import clock as core_clock
from core.upkeep.models import Deadline
from core.walks import services
from core.walks.models import Observation
from tests.walks.scene import at

DAY = timedelta(days=1)


@pytest.fixture
def owing(scene, phone, database):
    """Four that trafiknämnden has been sent, 1, 20, 40 and 200 days ago; one that nobody has been sent."""
    sent = [uuid4() for _ in range(4)]
    for uid in [*sent, uuid4()]:
        phone.log(uid, scene.walk, kind="belysning", position=at(500, 500))
    with database.transaction() as session:
        services.send_all(scene.leader, scene.walk, sent)
        for uid, days in zip(sent, (1, 20, 40, 200), strict=True):
            begun = core_clock.now() - days * DAY
            mine = update(Deadline).where(Deadline.subject_uid == uid, Deadline.kind == "core:svar")
            session.execute(mine.values(starts_at=begun, due_at=begun + 14 * DAY))
    return sent


def numbers(page):
    return [row.number for row in page.rows]


def test_how_much_each_owes_by_age(owing, scene, database):
    with database.transaction(write=False):
        (one,) = services.owed(scene.leader)
    assert (one.name, one.ages) == ("Trafiknämnden", [1, 1, 1, 1])


def test_the_oldest_comes_first_page_by_page(owing, scene, database):
    with database.transaction(write=False):
        first = services.list_owed(scene.leader, limit=3)
        rest = services.list_owed(scene.leader, limit=3, after=first.after)
    assert (numbers(first), numbers(rest), rest.after) == ([4, 3, 2], [1], None)


def test_by_age_and_by_receiver(owing, scene, database):
    with database.transaction(write=False):
        (one,) = services.owed(scene.leader)
        assert numbers(services.list_owed(scene.leader, days=30)) == [4, 3]
        assert numbers(services.list_owed(scene.leader, receiver=one.uid, days=90)) == [4]
        assert numbers(services.list_owed(scene.leader, receiver=uuid4())) == []


def test_what_is_answered_protected_or_anothers_is_not_owed(owing, scene, database, actors):
    stranger, receiver = actors("sdn_samordnare", "sdn-skarpnack"), actors("tk_drift", "trafik")
    with database.transaction(write=False):
        assert services.owed(stranger) == []
    with database.transaction() as session:
        session.execute(update(Observation).where(Observation.uid == owing[3]).values(level=3))
        services.answer(receiver, owing[0], "planera", services.Answer(done_on=core_clock.today()))
    with database.transaction(write=False):
        assert numbers(services.list_owed(scene.leader)) == [3, 2]


def test_the_page_and_its_map(owing, scene, client):
    client.login(scene.leader)
    page = client.get("/vandringar/obesvarat?alder=30")
    assert page.status_code == 200
    assert page.text.index("4. Belysning") < page.text.index("3. Belysning")
    assert "2. Belysning" not in page.text
    drawn = client.get("/api/v1/observations/unanswered.geojson").json["features"]
    assert [(one["properties"]["number"], one["properties"]["state"]) for one in drawn] == [
        ("4", "late"),
        ("3", "late"),
        ("2", "late"),
        ("1", "open"),
    ]
    assert client.get("/vandringar/obesvarat?alder=7").status_code == 422
