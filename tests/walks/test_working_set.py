"""What a phone fetches of a walk before it goes where there is no line (B2, B3, A7), and what the city has of it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text, update

from core import clock as core_clock
from core import db
from core.handover import public_key
from core.http import app_version, maps
from core.media import Photo
from core.people.models import Organisation, Person
from core.places.models import Place
from core.walks import services
from core.walks.models import Walk
from core.walks.schemas import UsualOut
from core.walks.schemas.field import Earlier
from core.walks.services import Stop
from core.walks.services.working_set import earlier_query, nearby_query
from tests.media.samples import encoded
from tests.walks.scene import EAST, NORTH, add_place, at, square

HOUR = timedelta(hours=1)


def get(phone, path, **headers):
    return phone.client.get(f"/api/v1/field/{path}", headers=phone.headers | headers)


def plan(actor, title, hours, *places, **more):
    known = {"theme": "allman", "organiser": "sdn-farsta", "planned_at": core_clock.now() + hours * HOUR}
    return services.add_walk(actor, uid=uuid4(), title=title, places=places, **known | more)


def reviewed(database, *uids, **values):
    """Let photos have pictures, reviewed unless told otherwise."""
    known = {"state": "klar", "review": "behovs_ej", "large": "a" * 64, "small": "b" * 64} | values
    with database.transaction() as session:
        session.execute(update(Photo).where(Photo.uid.in_(uids)).values(known))


def test_walks_to_fetch_are_those_one_may_log_on_ongoing_first(scene, phone_of, actors, database):
    walker = phone_of(actors("falt", "sdn-farsta"))
    with database.transaction():
        for title, hours in (("Om en vecka", 168), ("I morgon", 24), ("Förra veckan", -168)):
            plan(scene.leader, title, hours, scene.place)
        held = plan(scene.leader, "Justerad", -300, scene.place)
        db.session().execute(update(Walk).where(Walk.id == held.id).values(state="protokoll_justerat"))
        services.move_walk(scene.leader, scene.walk, "starta")
    answer = get(walker, "walks")
    assert answer.status_code == 200, answer.json
    titles = [row["title"] for row in answer.json["items"]]
    assert titles == ["Kvällsvandring", "I morgon", "Om en vecka", "Förra veckan"]
    assert (answer.json["items"][0]["place"], answer.json["items"][0]["stops"]) == ("Farsta torg", 0)
    elsewhere = phone_of(actors("falt", "sdn-jarva"))
    assert get(elsewhere, "walks").json == {"items": []}
    assert get(elsewhere, f"walks/{scene.walk}").status_code == 404


@pytest.fixture
def follow_up(scene, phone, database):
    """A walk that follows the scene's up, on which something with photos was seen and not answered yet."""
    with database.transaction():
        stops = [Stop("Vid bron", square(480, 480, 1).centroid, ["Ser man ansikten?"])]
        plan_of = {"version": 1, "stops": stops}
        services.change_walk(scene.leader, scene.walk, **plan_of)
        add_place("Skyddet", square(560, 450, 20))
        db.session().execute(update(Place).where(Place.name == "Skyddet").values(photo_policy="forbjuden_skyddsobjekt"))
        return plan(scene.leader, "Uppföljning", 24, scene.place, follows=scene.walk).uid


def test_all_that_is_needed_without_a_line(scene, phone, follow_up, database):
    seen, photos = uuid4(), [uuid4() for _ in range(3)]
    listed = [{"uid": str(uid), "direction": 90.0, "position": at(500, 500)} for uid in photos]
    phone.log(seen, scene.walk, position=at(500, 500), description="Mörkt", photos=listed)
    reviewed(database, *photos)
    reviewed(database, photos[1], review="ej_granskad")
    reviewed(database, photos[2], hidden_at=core_clock.now())
    phone.log(uuid4(), scene.walk, position=at(500, 900), place=None)  # too far away, but seen on the walk before
    got = get(phone, f"walks/{follow_up}")
    assert got.status_code == 200, got.json
    told = got.json
    assert (told["walk"]["title"], told["walk"]["follows"]) == ("Uppföljning", str(scene.walk))
    assert told["stops"][0]["name"] == "Vid bron"
    assert told["stops"][0]["questions"] == ["Ser man ansikten?"]
    assert [(one["name"], one["photo_policy"]) for one in told["places"]] == [
        ("Farsta torg", "fri"),
        ("Skyddet", "forbjuden_skyddsobjekt"),
    ]
    here = at(500, 500)
    west, south, east, north = told["box"]
    assert west < here["longitude"] < east
    assert south < here["latitude"] < north
    assert north - south < 0.004, "100 metres around 100 metres"
    first = next(one for one in told["earlier"] if one["uid"] == str(seen))
    assert len(told["earlier"]) == 2
    assert (first["walk_title"], first["state_label"], first["radius_m"]) == ("Kvällsvandring", "Ny", 15)
    assert [photo["uid"] for photo in first["photos"]] == [str(photos[0])], "reviewed and not hidden, for everybody"
    assert first["photos"][0]["small"] == f"/bilder/{photos[0]}/liten"
    assert first["photos"][0]["direction"] == 90
    klotter = next(kind for kind in told["kinds"] if kind["key"] == "klotter:klotter")
    assert klotter["questions"][0].keys() >= {"name", "label", "widget", "options"}
    assert len(told["first"]) == 8
    assert {"role": "renhallning", "title": "Renhållning", "organisation": "Trafiknämnden"} in told["responsible"]
    assert told["ends_at"] > told["walk"]["planned_at"]
    assert (told["server_key"], told["oldest_app"]) == (public_key(database.settings), app_version.OLDEST)


def test_what_was_seen_without_a_walk_is_told_as_the_api_describes_it(scene, phone):
    body = {"walk": None, "kind": "belysning", "position": at(500, 500)}
    phone.client.put(f"/api/v1/observations/{uuid4()}", json=body, headers=phone.headers)
    [seen] = get(phone, f"walks/{scene.walk}").json["earlier"]
    assert (seen["walk"], seen["walk_title"]) == (None, "Utan vandring")
    assert Earlier().validate(seen) == {}


def test_no_person_is_named(scene, phone, follow_up, database):
    phone.log(uuid4(), scene.walk, position=at(500, 500))
    text = get(phone, f"walks/{follow_up}").text
    with database.transaction(write=False) as session:
        names = [person.name for person in session.query(Person)]
    assert names
    assert [name for name in names if json.dumps(name)[1:-1] in text] == []


def test_what_is_here_already_is_not_sent_again(scene, phone, clock):
    clock.stop_at(core_clock.now())
    first = get(phone, f"walks/{scene.walk}")
    clock.pass_by(minutes=5)
    tag = first.headers["ETag"]
    again = get(phone, f"walks/{scene.walk}", **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    phone.log(uuid4(), scene.walk)  # what was seen on the walk itself is the phone's own
    assert get(phone, f"walks/{scene.walk}", **{"If-None-Match": tag}).status_code == 304
    with_more = phone.client.patch(
        f"/api/v1/walks/{scene.walk}", json={"purpose": "Ljuset"}, headers=phone.headers | {"If-Match": '"1"'}
    )
    assert with_more.status_code == 200
    assert get(phone, f"walks/{scene.walk}", **{"If-None-Match": tag}).json["walk"]["purpose"] == "Ljuset"


def test_what_is_needed_without_a_walk_is_as_in_one(scene, phone, phone_of, actors, database):
    with database.transaction() as session:
        board = session.query(Organisation).filter_by(code="sdn-farsta").one()
        board.contacts = "Jour: 08-508 18 000\nRegistrator: registrator@staden.example"
    usual = get(phone, "usual")
    assert usual.status_code == 200, usual.json
    assert usual.json["numbers"] == [{"title": "Jour", "number": "08-508 18 000"}], "functions that can be rung"
    on_a_walk = get(phone, f"walks/{scene.walk}").json
    assert usual.json == {name: on_a_walk[name] for name in UsualOut().fields}
    again = get(phone, "usual", **{"If-None-Match": usual.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert get(phone_of(actors("fack_handlaggare", "trafik")), "usual").status_code == 403


def test_it_asks_the_same_of_many_as_of_few(scene, phone, follow_up, queries):
    def log(count):
        for number in range(count):
            photos = [{"uid": str(uuid4())}]
            phone.log(uuid4(), scene.walk, position=at(460 + number, 500), photos=photos)

    log(1)
    get(phone, f"walks/{follow_up}")
    with queries() as few:
        get(phone, f"walks/{follow_up}")
    log(6)
    with queries() as many:
        assert len(get(phone, f"walks/{follow_up}").json["earlier"]) == 7
    assert len(many) == len(few)
    with queries() as one:
        get(phone, "receipts")
    log(3)
    with queries() as more:
        assert len(get(phone, "receipts").json["items"]) == 10
    assert len(one) == len(more)


def test_receipts_are_of_what_one_has_sent_oneself(scene, phone, phone_of, actors):
    uid, photos = uuid4(), [uuid4(), uuid4()]
    phone.log(uid, scene.walk, photos=[{"uid": str(one)} for one in photos])
    receipt = phone.piece(photos[0], encoded("image/jpeg")).json
    colleague = phone_of(actors("falt", "sdn-farsta"))
    colleague.log(uuid4(), scene.walk)
    [item] = get(phone, f"receipts?walk={scene.walk}").json["items"]
    assert (item["uid"], item["state"], item["version"], item["number"]) == (str(uid), "ny", 1, 1)
    states = {photo["uid"]: (photo["state"], photo["sha256"]) for photo in item["photos"]}
    assert states == {str(photos[0]): ("mottagen", receipt["sha256"]), str(photos[1]): ("saknas", None)}
    assert get(phone, f"receipts?walk={uuid4()}").json == {"items": [], "changes": [], "next": None}


def test_a_walk_that_is_nowhere_yet_can_be_fetched(scene, phone, database):
    with database.transaction():
        walk = plan(scene.leader, "Vart vi vill", 24).uid
    told = get(phone, f"walks/{walk}").json
    assert (told["places"], told["earlier"], told["assets"], told["tiles"]) == ([], [], [], [])


XYZ = {"attribution": "© Stad", "kind": "xyz", "crs": "EPSG:3857", "url": "https://karta.example/{z}/{x}/{y}.png"}
WMS = XYZ | {"kind": "wms", "url": "https://karta.example/wms", "layers": "karta"}
BOX = (18.09, 59.24, 18.10, 59.245)


@pytest.mark.one_database
def test_pictures_of_the_ground_cover_the_box_and_are_few(app, monkeypatch):
    with app.test_request_context():
        for layers in ([], [XYZ | {"crs": "EPSG:3011", "resolutions": [1]}]):
            monkeypatch.setitem(app.extensions, "base_maps", layers)
            assert maps.pictures_of(BOX) == []
        monkeypatch.setitem(app.extensions, "base_maps", [XYZ])
        tiles = maps.pictures_of(BOX)
        assert 20 < len(tiles) <= maps.MOST_TILES
        assert tiles[0]["url"].startswith("https://karta.example/1")
        edges = list(zip(*(tile["box"] for tile in tiles), strict=True))
        assert min(edges[0]) <= BOX[0] < BOX[2] <= max(edges[2])
        assert min(edges[1]) <= BOX[1] < BOX[3] <= max(edges[3])
        monkeypatch.setitem(app.extensions, "base_maps", [WMS])
        [picture] = maps.pictures_of(BOX)
        assert (picture["box"], picture["attribution"]) == (list(BOX), "© Stad")
        assert {tile["attribution"] for tile in tiles} == {"© Stad"}
        assert "REQUEST=GetMap" in picture["url"]


def plan_of(session, database, query):
    """How the database would run a query, as text."""
    compiled = query.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
    if database.embedded:
        values = tuple(compiled.params[name] for name in compiled.positiontup)
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
    else:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        rows = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
    return " ".join(str(row) for row in rows)


def test_what_lies_in_the_box_is_found_by_the_spatial_index(scene, follow_up, database):
    box = (EAST + 400, NORTH + 400, EAST + 600, NORTH + 600)
    with database.transaction(write=False) as session:
        walk = services.read_walk(scene.leader, follow_up)
        assert "idx_place_geom" in plan_of(session, database, nearby_query(scene.leader, [1], box))
        assert "idx_observation_point" in plan_of(session, database, earlier_query(scene.leader, walk, [1], box))
