"""In a city of the north: where the sun does not set, does not rise, or sets after midnight (B18)."""

from datetime import datetime
from uuid import uuid4

import pytest
from shapely import Point
from sqlalchemy import update

from core import geo
from core.places.models import Place
from core.schema import Invalid
from core.walks import services
from core.walks.services.light import sky_at, sun_at

KIRUNA, LULEA, SUNDSVALL = Point(719_000, 7_537_000), Point(828_000, 7_292_000), Point(619_000, 6_919_000)
MIDSUMMER_NIGHT, POLAR_NIGHT = "2027-06-21T23:30:00+02:00", "2026-12-21T12:00:00+01:00"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("point", "moment", "light", "after_sunset"),
    [
        (KIRUNA, MIDSUMMER_NIGHT, "dag", None),
        (KIRUNA, POLAR_NIGHT, "skymning", None),
        (KIRUNA, "2026-12-21T18:00:00+01:00", "morker", None),
        (LULEA, "2027-06-21T12:00:00+02:00", "dag", None),  # the sun sets at 00.02
        (LULEA, "2027-06-22T00:40:00+02:00", "skymning", (30, 45)),
        (SUNDSVALL, "2027-05-28T23:45:00+02:00", "skymning", (80, 110)),  # dusk ends after midnight
    ],
)
def test_the_light_where_the_sun_keeps_other_hours(database, point, moment, light, after_sunset):
    at = datetime.fromisoformat(moment)
    with database.transaction(write=False):
        _, minutes = sky_at(point, at)
        assert sun_at(point, at).light_at(at) == light
    assert minutes is None if after_sunset is None else after_sunset[0] < minutes < after_sunset[1]


@pytest.mark.parametrize(
    ("moment", "words"),
    [(MIDSUMMER_NIGHT, "Solen går inte ner den dagen."), (POLAR_NIGHT, "Solen går inte upp den dagen.")],
)
def test_a_walk_in_kiruna_is_logged_on_and_told_of(scene, phone_of, client, database, clock, moment, words):
    clock.stop_at(moment)
    phone = phone_of(scene.leader)
    with database.transaction() as session:
        session.execute(update(Place).values(geom=geo.multipolygon(KIRUNA.buffer(50))))
        at = datetime.fromisoformat(moment)
        services.change_walk(scene.leader, scene.walk, version=1, planned_at=at)
    uid = uuid4()
    assert phone.log(uid, scene.walk).status_code == 201
    assert phone.read(uid).json["after_sunset_min"] is None
    client.login(scene.leader)
    for page in ("", "/protokoll"):
        assert words in client.get(f"/vandringar/{scene.walk}{page}").text
    for told in (f"/api/v1/walks/{scene.walk}", f"/api/v1/field/walks/{scene.walk}"):
        answer = phone.client.get(told, headers=phone.headers)
        assert (answer.status_code, answer.json.get("walk", answer.json)["sunset"]) == (200, None)


def test_a_walk_about_light_needs_a_reason_where_the_sun_never_sets(scene, database):
    with database.transaction() as session:
        session.execute(update(Place).values(geom=geo.multipolygon(KIRUNA.buffer(50))))
    midsummer, midwinter = ({"planned_at": datetime.fromisoformat(at)} for at in (MIDSUMMER_NIGHT, POLAR_NIGHT))
    with pytest.raises(Invalid) as refused, database.transaction():
        services.change_walk(scene.leader, scene.walk, version=1, theme="belysning", **midsummer)
    assert "inte ner" in refused.value.errors["planned_at"][0]
    with database.transaction():
        assert services.change_walk(scene.leader, scene.walk, version=1, theme="belysning", **midwinter).version > 1
