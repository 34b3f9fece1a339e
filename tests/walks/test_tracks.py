"""The way that was gone on a walk, told by the phone of who leads it (B13)."""

from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import update

from core.walks.models import Walk
from tests.walks.scene import at


def fix(east, north, minute, accuracy=5.0):
    where = at(east, north)
    return [where["longitude"], where["latitude"], accuracy, f"2026-11-20T19:{minute:02d}:00Z"]


WAY = [fix(460 + 10 * step, 500, step) for step in range(6)]


@pytest.fixture
def leading(scene, phone, database):
    """The phone of who leads the walk."""
    with database.transaction() as session:
        session.execute(update(Walk).where(Walk.uid == scene.walk).values(leader_id=scene.leader.id))
    return phone


def send(phone, track, points, **more):
    body = {"points": points, **more}
    return phone.client.put(f"/api/v1/walks/{phone.walk}/tracks/{track}", json=body, headers=phone.headers)


def lines(phone):
    told = phone.client.get(f"/api/v1/walks/{phone.walk}.geojson", headers=phone.headers).json["features"]
    return [one["geometry"]["coordinates"] for one in told if one["properties"].get("part") == "track"]


def test_the_way_that_was_gone_is_drawn_on_the_walks_map(leading):
    track = uuid4()
    first = send(leading, track, [*WAY[:3], fix(9000, 500, 9, accuracy=900.0)])
    assert (first.status_code, first.json["points"], first.json["ended"]) == (200, 4, False)
    assert lines(leading) == [[point[:2] for point in WAY[:3]]], "what is too unsure is kept and not drawn"
    other = send(leading, track, WAY)
    assert other.status_code == 409, "another way"
    assert send(leading, uuid4(), WAY, ended=True).json["ended"]
    assert len(lines(leading)) == 2


def test_in_whatever_order_it_comes_the_longest_is_kept(leading):
    parts = ((WAY[:2], False), (WAY[:4], False), (WAY, True))
    for order in permutations(parts):
        track = uuid4()
        for points, ended in (*order, *order):
            assert send(leading, track, points, ended=ended).status_code == 200
        last = send(leading, track, WAY, ended=True)
        assert (last.json["points"], last.json["ended"]) == (6, True)
        assert send(leading, track, [*WAY, fix(900, 500, 10)]).status_code == 409, "it has ended"


def test_only_who_leads_the_walk(scene, leading, phone_of, actors):
    track = uuid4()
    walker = phone_of(actors("falt", "sdn-farsta"))
    walker.walk = scene.walk
    refused = send(walker, track, WAY)
    assert (refused.status_code, "leder" in str(refused.json)) == (409, True)
    stranger = phone_of(actors("falt", "sdn-jarva"))
    stranger.walk = scene.walk
    assert send(stranger, track, WAY).status_code == 404
    assert lines(leading) == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("point", "field"),
    [([18.1, 59.2, None], "points.0"), ([18.1, 95, None, WAY[0][3]], "points.0.1"), ("18.1, 59.2", "points.0")],
)
def test_what_is_no_point_is_refused_where_it_stands(leading, point, field):
    refused = send(leading, uuid4(), [point])
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)
