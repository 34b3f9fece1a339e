"""Planning a walk: the pages, the API, and what the sun, the route and the people say about it."""

import re
from datetime import datetime
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point
from sqlalchemy import select, update

from core import db, geo
from core.clock import STOCKHOLM
from core.people.services import organisation
from core.places.models import Place
from core.places.outline import SYSTEMS
from core.schema import Invalid
from core.walks import services
from core.walks.models import Walk
from core.walks.services.light import sun_at
from tests.walks.scene import EAST, NORTH, add_place, square

DECEMBER = "2027-12-17 18.00"


def change(phone, uid, version, **known):
    headers = phone.headers | {"If-Match": f'"{version}"'}
    return phone.client.patch(f"/api/v1/walks/{uid}", json=known, headers=headers)


def read(phone, uid):
    return phone.client.get(f"/api/v1/walks/{uid}", headers=phone.headers)


def at(east, north):
    return geo.to_geojson(Point(EAST + east, NORTH + north))


@pytest.mark.other_database_long
def test_a_walk_is_planned_by_page_from_first_thought_to_risks(scene, client, phone):
    client.login(scene.leader)
    page = client.get(f"/vandringar/ny?plats={scene.place}").text
    assert "PL-0000" in page
    number = page.partition("PL-0000")[2][:1]
    first = {"title": "Mörkervandring", "theme": "belysning", "organiser": "sdn-farsta", "places": f"PL-0000{number}"}
    assert "(valfritt)" not in page[: page.index("När börjar den?")], "the theme is chosen beforehand, and needed"
    daylight = client.submit("/vandringar/ny", first | {"planned_at": "2027-12-17 13.00"})
    assert daylight.status_code == 422
    assert "börjar tidigast 15.1" in daylight.text
    unknown = client.submit("/vandringar/ny", first | {"planned_at": DECEMBER, "places": "PL-99999"})
    assert "Platsen PL-99999 finns inte" in unknown.text
    made = client.submit("/vandringar/ny", first | {"planned_at": DECEMBER})
    assert made.status_code == 303
    plan = made.headers["Location"]
    parts = client.get(plan).text
    assert parts.count("Inte ifylld än") == 3
    uid = plan.split("/")[2]
    stops = f"Trappan; {NORTH + 50} {EAST + 10}; Ser man bra?; Hörs ni?\nTorget; {NORTH} {EAST + 99}"
    way = {"system": "sweref99tm", "route": f"{NORTH} {EAST}\n{NORTH + 100} {EAST}", "stops": stops}
    wrong = client.submit(f"{plan}/rutt", way | {"system": "wgs84", "version": "1"})
    assert wrong.status_code == 422
    assert "Talen på rad 1 ser ut som SWEREF 99 TM. Välj det koordinatsystemet." in wrong.text
    version = str(read(phone, uid).json["version"])
    assert client.submit(f"{plan}/rutt", way | {"version": version}).status_code == 303
    version = str(read(phone, uid).json["version"])
    safety = {"steps": "Trappa med 20 steg", "lone_worker": "ja", "risks": "Halka", "version": version}
    assert client.submit(f"{plan}/tillganglighet", safety).status_code == 303
    told = read(phone, uid).json
    assert (told["light"], told["length_m"], told["lone_worker"]) == ("morker", 100, True)
    assert [stop["questions"] for stop in told["stops"]] == [["Ser man bra?", "Hörs ni?"], []]
    assert told["warnings"] == ["Rutten går inte förbi stoppet Torget inom 30 meter."]
    shown = client.get(f"/vandringar/{uid}").text
    for words in ("Solen går ner 14.4", "mörkt från 15.", "Trappa med 20 steg", "1. Trappan", "100"):
        assert words in shown
    form = client.get(f"{plan}/rutt").text
    assert "Trappan; " in form
    assert f'data-start="{EAST}.0 {NORTH}.0 ' in form, "the map begins where one works"
    late = client.submit(f"{plan}/tillganglighet", safety)
    assert late.status_code == 409, "on an older version"


def test_a_walk_after_midnight_is_told_when_the_sun_rises(scene, client, database):
    client.login(scene.leader)
    with database.transaction():
        services.change_walk(
            scene.leader, scene.walk, version=1, planned_at=datetime.fromisoformat("2026-12-02T00:30Z")
        )
    shown = client.get(f"/vandringar/{scene.walk}").text
    assert "Solen går upp 08.1" in shown
    assert "Solen går ner" not in shown


@pytest.mark.other_database_long
def test_whoever_is_out_on_a_walk_is_one_tap_from_writing(scene, client, phone, actors):
    field, write = actors("falt", "sdn-farsta"), f'href="/vandringar/{scene.walk}/skriv-in"'

    def doors(actor):
        client.login(actor)
        heads = [client.get(address).text.partition("</h1>")[2] for address in ("/", "/vandringar")]
        return [head.partition("<table")[0].count(write) for head in heads]

    assert doors(field) == [0, 0], "it has not been started"
    client.login(scene.leader)
    page = f"/vandringar/{scene.walk}"
    assert client.submit(f"{page}/steg/starta", {}, page=page).status_code == 303
    assert doors(field) == [1, 1]
    assert "Skriv in vad ni ser, Kvällsvandring." in client.get("/").text
    assert doors(scene.leader) == [0, 0], "she leads it from her desk"
    version = read(phone, scene.walk).json["version"]
    assert change(phone, scene.walk, version, leader=str(scene.leader.uid)).status_code == 200
    assert doors(scene.leader) == [1, 1]


@pytest.mark.other_database_long
def test_places_are_chosen_by_name_by_number_or_in_the_list(scene, client, database):
    client.login(scene.leader)
    first = {"title": "Kväll", "theme": "allman", "organiser": "sdn-farsta", "planned_at": DECEMBER}
    with database.transaction():
        one, other = (add_place("Åvägen", square(east, 100, 50)) for east in (100, 300))
        mall = add_place("Farsta centrum", square(700, 700, 50))
        numbers = {row.uid: row.number for row in db.session().scalars(select(Place))}
    listed = f"{numbers[mall]} Farsta centrum"
    assert f'<option value="{listed}">' in client.get("/vandringar/ny").text
    made = client.submit("/vandringar/ny", first | {"places": "farsta TORG\n", "one_more": listed})
    assert made.status_code == 303
    form = client.get(f"{made.headers['Location']}/plan").text
    assert f"{numbers[scene.place]} Farsta torg\n{listed}</textarea>" in form
    walked = {"places": f"{listed}\nfarsta torg", "version": "1"} | {k: v for k, v in first.items() if k != "organiser"}
    assert client.submit(f"{made.headers['Location']}/plan", walked).status_code == 303
    form = client.get(f"{made.headers['Location']}/plan").text
    assert f"{listed}\n{numbers[scene.place]} Farsta torg</textarea>" in form, "in the order they are come to"
    unknown = client.submit("/vandringar/ny", first | {"places": "Husby centrum"})
    assert unknown.text.count("Ingen plats som du får se heter ”Husby centrum”") == 2, "in the summary and at the field"
    shared = client.submit("/vandringar/ny", first | {"one_more": "åvägen"})
    assert f"Flera platser heter ”åvägen”: {numbers[one]}, {numbers[other]}." in shared.text


@pytest.mark.other_database_long
def test_a_way_that_lies_far_from_the_places_is_said_to(scene, client, phone):
    client.login(scene.leader)
    plan = f"/vandringar/{scene.walk}/andra"
    near, far = f"{NORTH + 2400} {EAST + 500}", f"{NORTH + 8550} {EAST + 500}"
    way = {"system": "sweref99tm", "route": f"{near}\n{far}", "stops": f"Torget; {near}\nKiosken; {far}"}
    assert client.submit(f"{plan}/rutt", way | {"version": "1"}).status_code == 303
    told = read(phone, scene.walk).json["warnings"]
    assert told == [
        "Rutten går 8 km bort från vandringens platser. Stämmer koordinaterna?",
        "Stoppet Kiosken ligger 8 km från vandringens platser. Stämmer koordinaterna?",
    ]
    drawn = phone.client.get(f"/api/v1/walks/{scene.walk}.geojson", headers=phone.headers).json["features"]
    assert [one["geometry"]["type"] for one in drawn] == ["MultiPolygon", "LineString", "Point", "Point"]
    assert [one["properties"].get("name") for one in drawn] == ["Farsta torg", None, "1. Torget", "2. Kiosken"]
    for page in (plan, f"/vandringar/{scene.walk}"):
        assert f'data-source="/api/v1/walks/{scene.walk}.geojson"' in client.get(page).text
        assert "Stoppet Kiosken ligger 8 km" in client.get(page).text
    page = f"/vandringar/{scene.walk}"
    for step in ("starta", "avsluta"):
        asked = {"sure": "ja"} if step == "avsluta" else {}
        assert (
            client.submit(f"/vandringar/{scene.walk}/steg/{step}", asked, page=f"/vandringar/{scene.walk}").status_code
            == 303
        )
    assert "Kiosken ligger" not in client.get(f"/vandringar/{scene.walk}").text, "it has been walked"


@pytest.mark.other_database_long
def test_what_comes_after_the_feedback_is_a_walk_that_follows_up(scene, client, database):
    with database.transaction() as session:
        session.execute(update(Walk).values(state="aterkopplad"))
    client.login(scene.leader)
    head = client.get(f"/vandringar/{scene.walk}").text.partition("Iakttagelser (")[0]
    assert f'href="/vandringar/ny?foljer={scene.walk}"><span>Planera uppföljningen' in head


@pytest.mark.other_database_long
def test_a_walk_is_prepared_until_its_day_and_not_ended_by_a_slip(scene, client, phone):
    def again(**known):
        assert change(phone, scene.walk, read(phone, scene.walk).json["version"], **known).status_code == 200

    client.login(scene.leader)
    page, end = f"/vandringar/{scene.walk}", f"/vandringar/{scene.walk}/steg/avsluta"
    assert "Skriv in vad ni ser." in client.get(page).text
    again(planned_at="2199-01-01T18:00:00+01:00")
    assert "Fyll i planen: Rutt och stopp, Människor, Tillgänglighet och risk." in client.get(page).text
    way = {"route": {"type": "LineString", "coordinates": [at(0, 0)["coordinates"], at(0, 50)["coordinates"]]}}
    again(steps="Inga", **way)
    assert "Fyll i planen: Människor." in client.get(page).text
    again(leader=str(scene.leader.uid))
    assert "Bjud in." in client.get(page).text
    assert client.submit(f"{page}/steg/starta", {}, page=page).status_code == 303
    assert "Ja, vandringen är gjord" in client.get(page).text
    slip = client.submit(end, {}, page=page)
    assert slip.status_code == 409
    assert "Kryssa i rutan om vandringen är gjord." in slip.text
    slip = phone.move(scene.walk, "avsluta", version=read(phone, scene.walk).json["version"], what="walks", sure=False)
    assert (slip.status_code, slip.json["errors"][0]["field"]) == (409, "sure"), "over the API too"
    assert client.submit(end, {"sure": "ja"}, page=page).status_code == 303
    assert read(phone, scene.walk).json["state"] == "genomford"


def test_the_plan_is_changed_over_the_api_field_by_field(scene, phone, phone_of, actors, database):
    with database.transaction(write=False):
        police, own = organisation("trafik").uid, organisation("sdn-farsta").uid
    known = {
        "theme": "allman",
        "route": {"type": "LineString", "coordinates": [at(0, 0)["coordinates"], at(0, 50)["coordinates"]]},
        "stops": [{"name": "Bänken", "point": at(0, 10), "questions": ["Sitter man bra?"]}],
        "partners": [str(police), str(own)],
        "note_taker": str(scene.leader.uid),
        "weather": "Regn",
    }
    changed = change(phone, scene.walk, 1, **known)
    assert changed.status_code == 200, changed.text
    told = changed.json
    assert (told["length_m"], told["weather"], told["partners"]) == (50, "Regn", [str(police)])
    assert told["title"] == "Kvällsvandring", "what is not said stays"
    assert change(phone, scene.walk, 1, weather="Sol").status_code == 412
    only_stops = change(phone, scene.walk, told["version"], stops=[])
    assert only_stops.json["version"] > told["version"]
    version = only_stops.json["version"]
    stranger = actors("falt", "sdn-jarva")
    for name, value in {
        "partners": [str(uuid4())],
        "places": [str(uuid4())],
        "photographer": str(stranger.uid),
        "light": "morker",
        "feedback_meeting_at": "2020-01-01T10:00:00Z",
        "route": {"type": "LineString", "coordinates": [[18.0, 59.0]]},
    }.items():
        answer = change(phone, scene.walk, version, **{name: value})
        field = "light_reason" if name == "light" else name
        assert (answer.status_code, answer.json["errors"][0]["field"].partition(".")[0]) == (422, field), name
    partner = phone_of(actors("tk_drift", "trafik"))
    assert change(partner, scene.walk, version, weather="Snö").status_code == 403


def test_a_protected_place_of_a_walk_is_told_to_nobody(scene, client, phone, database):
    client.login(scene.leader)
    pages = [f"/vandringar/{scene.walk}{part}" for part in ("", "/protokoll")]
    assert all("Farsta torg" in client.get(page).text for page in pages)
    assert read(phone, scene.walk).json["places"] == [str(scene.place)]
    with database.transaction() as session:
        session.execute(update(Place).values(level=3))
    assert not any("Farsta torg" in client.get(page).text for page in pages)
    assert read(phone, scene.walk).json["places"] == []


def test_co_organisers_read_and_log_and_do_not_lead(scene, phone, phone_of, actors, database):
    friend = phone_of(actors("fof_samordnare", "demo-forening"))
    assert read(friend, scene.walk).status_code == 404
    with database.transaction(write=False):
        uid = organisation("demo-forening").uid
    version = change(phone, scene.walk, 1, partners=[str(uid)]).json["version"]
    seen, theirs = uuid4(), uuid4()
    phone.log(seen, scene.walk)
    assert read(friend, scene.walk).status_code == 200
    assert friend.read(seen).status_code == 200
    assert friend.log(theirs, scene.walk).status_code == 201
    assert friend.client.get(f"/api/v1/walks/{scene.walk}", headers=friend.headers).json["places"] == []
    friend.client.login(friend.holder)
    for page in (f"/vandringar/{scene.walk}", f"/vandringar/{scene.walk}/protokoll"):
        shown = friend.client.get(page).text
        assert "Farsta torg" in shown, "they know where it goes"
        assert f"/platser/{scene.place}" not in shown, "which is not their place"
    assert friend.move(scene.walk, "starta", version=version, what="walks").status_code == 403
    assert friend.move(seen, "granska", version=1).status_code == 403


@pytest.mark.one_database
def test_the_sun_over_stockholm(database):
    """Against the almanac: midwinter sets about 14.48, midsummer about 22.08, and then it never gets dark."""
    with database.transaction(write=False):
        for day, low, high in (((2027, 12, 21), "14.46", "14.50"), ((2027, 6, 21), "22.06", "22.10")):
            noon = datetime(*day, 12, tzinfo=STOCKHOLM)
            sun = sun_at(None, noon)
            assert low <= sun.sunset.astimezone(STOCKHOLM).strftime("%H.%M") <= high
            assert sun.light_at(noon) == "dag"
            late = noon.replace(hour=23)
            assert sun.light_at(late) == ("morker" if day[1] == 12 else "skymning")


def test_walks_are_filtered_and_paged(scene, client, phone, database):
    with database.transaction():
        for number in range(3):
            services.add_walk(
                scene.leader, uid=uuid4(), title=f"Lekvandring {number}", theme="lek", organiser="sdn-farsta",
                planned_at=datetime(2030 + number, 5, 1, 18, tzinfo=STOCKHOLM), places=[scene.place],
            )  # fmt: skip
    client.login(scene.leader)
    page = client.get("/vandringar?tema=lek").text
    assert page.count("Lekvandring") == 3
    assert "Kvällsvandring" not in page
    assert client.get("/vandringar?ar=2031").text.count("Lekvandring") == 1
    assert "Inga vandringar passar valet." in client.get("/vandringar?mina=ja").text
    listed = phone.client.get("/api/v1/walks?theme=lek&year=2032", headers=phone.headers).json["items"]
    assert [line["title"] for line in listed] == ["Lekvandring 2"]


@pytest.mark.one_database
def test_what_is_written_is_what_is_meant_in_every_system(database):
    with database.transaction(write=False):

        @settings(max_examples=25, deadline=None)
        @given(st.floats(0, 900), st.floats(0, 900), st.sampled_from(sorted(SYSTEMS)))
        def there_and_back(east, north, system):
            line = LineString([(EAST + east, NORTH + north), (EAST + 950, NORTH + 950)])
            again = services.line_of(services.written_line(line, system), system)
            assert again.hausdorff_distance(line) < 0.02

        there_and_back()
        for text, words in (
            ("59.25 18.1", "minst två punkter"),
            ("59.25\n1 2", "två tal på rad 1"),
            ("55 13\n59 18", "utanför"),
        ):
            with pytest.raises(Invalid) as refused:
                services.line_of(text, "wgs84")
            assert words in str(refused.value.flat()["route"])


def test_who_is_near_a_walk_is_asked_first_and_the_rest_is_folded_by_kind(scene, client, database):
    """Trafiknämnden answers for something on the square; what is chosen stays in sight."""
    client.login(scene.leader)
    here = f"/vandringar/{scene.walk}/andra/manniskor"
    near, rest = client.get(here).text.split('<details class="tp-details', 1)
    assert ("Trafiknämnden</label>" in near, "Stockholm Vatten och Avfall</label>" in near) == (True, False)
    assert '<legend class="ds-label">Bolag</legend>' in rest
    with database.transaction(write=False):
        svoa = str(organisation("svoa").uid)
    version = re.search(r'name="version" value="(\d+)"', near)[1]
    assert client.submit(here, {"version": version, "partners": [svoa]}).status_code == 303
    near, rest = client.get(here).text.split('<details class="tp-details', 1)
    assert ("Avfall</label>" in near, "Avfall</label>" in rest) == (True, False)
