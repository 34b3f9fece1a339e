"""The list of places: by name, page by page without a gap, searched, and only those within reach."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import delete, event

from core import access, geo
from core.people.services import organisation
from core.places import services
from core.places.models import Place, PlaceControl
from tests.walks.scene import add_place, square

HOUSE = access.system("test")
SHAPE = geo.multipolygon(square(0, 0, 10))
NAMES = strategies.lists(strategies.text("aAåÅ z", min_size=1, max_size=3), max_size=25)


def fill(session, names, **known):
    """Add places as rows; names may repeat."""
    rows = {"kind": "torg", "public_access": "allman_plats", "content": b"", "geom": SHAPE} | known
    made = datetime(2027, 1, 1, tzinfo=UTC)
    session.add_all(
        [Place(uid=uuid4(), number=f"X-{n}", name=name, created_at=made, **rows) for n, name in enumerate(names)]
    )
    session.flush()


@given(names=NAMES, limit=strategies.integers(1, 7))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_page_by_page_every_place_comes_once_in_order(database, names, limit):
    with database.transaction() as session:
        session.execute(delete(Place))
        fill(session, names)
        found, after = [], None
        while True:
            page = services.list_places(HOUSE, after=after, limit=limit)
            assert len(page.rows) == limit or page.after is None
            found += page.rows
            if page.after is None:
                break
            after = page.after
        assert sorted(row.name for row in found) == sorted(names)
        assert len({row.uid for row in found}) == len(names)
        whole = services.list_places(HOUSE, limit=100).rows
        assert [row.id for row in found] == [row.id for row in whole]
        assert [(row.name, row.id) for row in found] == sorted((row.name, row.id) for row in found)


def test_the_page_and_the_api_go_on_to_the_last_place(database, client, actors):
    """120 places, 50 on a page; a place that is added meanwhile neither hides nor repeats another."""
    board = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction() as session:
        fill(session, [f"Torg {n:03}" for n in range(120)], district_id=organisation("sdn-farsta").id)
    client.login(board)
    address, pages = "/platser", []
    while address:
        text = client.get(address).text
        pages.append(re.findall(r"Torg \d{3}", re.sub(r"<[^>]+>", " ", text)))
        more = re.search(r'href="(/platser\?[^"]*efter=[^"]+)"', text)
        address = unescape(more[1]) if more else None
        if len(pages) == 1:
            with database.transaction() as session:
                session.add(_first(session))
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [name for page in pages for name in page] == [f"Torg {n:03}" for n in range(120)]
    bearer, numbers, after = actors.token(board), [], ""
    while after is not None:
        answer = client.get("/api/v1/places", query_string={"after": after}, headers=bearer).get_json()
        numbers += [item["number"] for item in answer["items"]]
        after = answer["next"]
    assert len(numbers) == len(set(numbers)) == 121


def _first(_session):
    made = datetime(2027, 1, 1, tzinfo=UTC)
    known = {"kind": "torg", "public_access": "allman_plats", "content": b"", "geom": SHAPE, "created_at": made}
    return Place(uid=uuid4(), number="X-ny", name="A först", district_id=organisation("sdn-farsta").id, **known)


@pytest.mark.one_database
@pytest.mark.parametrize("after", ["x", "W10.aaaaaaaaaaaaaaaaaaaaaaaaaaa", "å", "."])
def test_a_page_that_was_never_given_out_is_refused(client, actors, after):
    bearer = actors.token(actors("sdn_samordnare"))
    refused = client.get("/api/v1/places", query_string={"after": after}, headers=bearer)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["field"] == "after"


@pytest.mark.one_database
def test_a_filter_that_cannot_be_read_is_told_at_its_field_on_the_list_itself(client, actors, scene):
    client.login(actors("sdn_samordnare", "sdn-farsta"))
    page = client.get("/platser?inom=abc&dag=26/11+2026&sort=torg&nara=bredvid&_anchor=x")
    assert page.status_code == 422
    for told in ("Inom: Skriv ett heltal", "Som det var den: ", "Nära (nord och öst): ", "_anchor: "):
        assert told in page.text
    for kept in ('value="abc"', 'value="26/11 2026"', 'value="torg" selected', "PL-00001"):
        assert kept in page.text
    for wrong in ("/vandringar?mina=kanske&ar=i+fjol", "/skotsel?ansvarig=jag", "/omraden?slag=alla"):
        assert (client.get(wrong).status_code, "ds-error-summary" in client.get(wrong).text) == (422, True), wrong
    client.login(actors("sysadmin", "slk"))
    for wrong in ("/admin/personer?roll=kung", "/admin/organisationer?dag=sist"):
        assert (client.get(wrong).status_code, "ds-error-summary" in client.get(wrong).text) == (422, True), wrong


@pytest.mark.one_database
def test_the_boards_to_choose_are_those_whose_places_one_sees_and_the_ended_ones_last(client, actors, database, scene):
    def offered(role, board, query=""):
        client.login(actors(role, board))
        page = client.get(f"/platser{query}").text
        return re.findall(r"<option[^>]*>([^<]+)", page.partition('name="namnd"')[2].partition("</select>")[0])

    assert offered("sdn_samordnare", "sdn-farsta") == ["Alla du får se", "Farsta stadsdelsnämnd"]
    assert "Bromma stadsdelsnämnd" in offered("sdn_samordnare", "sdn-farsta", "?namnd=sdn-bromma")
    assert "Andras platser visas inte här." in client.get("/platser?namnd=sdn-bromma").text
    whole = offered("slk_handlaggare", "slk")
    assert whole[0] == "Hela staden"
    ended = [name for name in whole if "(till " in name]
    assert ended == whole[-len(ended) :]
    assert "Rinkeby-Kista stadsdelsnämnd (till 2023-06-30)" in ended


def test_search_finds_a_part_of_the_name_or_the_number(client, actors, database, scene):
    with database.transaction():
        for name in ("Ågesta 100 % torg", "Ågesta 1000 torg", "Under_gången", "Undergången"):
            add_place(name, square(100, 100, 20))
    client.login(actors("falt", "sdn-farsta"))

    def found(text):
        page = client.get("/platser", query_string={"q": text}).text
        return set(
            re.findall(r"Ågesta 100 % torg|Ågesta 1000 torg|Under_?gången|Farsta torg", page.partition("<table")[2])
        )

    assert found("ågesta") == {"Ågesta 100 % torg", "Ågesta 1000 torg"}
    assert found("100 %") == {"Ågesta 100 % torg"}
    assert found("r_g") == {"Under_gången"}
    assert found("GÅNGEN") == {"Under_gången", "Undergången"}
    assert found("pl-00001") == {"Farsta torg"}
    assert found("pl-0000") == set()
    assert found("'; DROP TABLE place; --") == set()
    assert "Inga platser passar ”xyz”." in client.get("/platser?q=xyz").text


def test_only_places_within_reach_are_listed(client, actors, database, scene):
    """Those of one's district, and those where one's organisation answers for something; others look missing."""
    with database.transaction():
        next_door = add_place("Skarpnäcks torg", square(1450, 450, 100), markagare="exploatering")
        outside = add_place("Ingenmansland", square(450, 1450, 100))
    reached = {
        ("sdn_samordnare", "sdn-farsta"): {scene.place},
        ("falt", "sdn-skarpnack"): {next_door},
        ("tk_drift", "trafik"): {scene.place},
        ("fack_handlaggare", "exploatering"): {next_door},
        ("fack_handlaggare", "utbildning"): set(),
        ("slk_handlaggare", "slk"): {scene.place, next_door, outside},
        ("revisor", "kf"): {scene.place, next_door, outside},
    }
    for (role, board), uids in reached.items():
        bearer = actors.token(actors(role, board))
        listed = client.get("/api/v1/places", headers=bearer).get_json()["items"]
        assert {item["uid"] for item in listed} == {str(uid) for uid in uids}, role
        for uid in (scene.place, next_door, outside):
            status = client.get(f"/api/v1/places/{uid}", headers=bearer).status_code
            assert status == (200 if uid in uids else 404), (role, uid)
    assert client.get("/api/v1/places", headers=actors.token(actors("sysadmin", "slk"))).status_code == 403
    client.login(actors("slk_handlaggare", "slk"))
    assert "Utanför alla områden" in client.get(f"/platser/{outside}").text


def test_who_answers_is_dated(client, actors, database, scene, clock):
    """Yesterday's answer for a place is no reason to see it today."""
    with database.transaction():
        scene.control("vinter", "utbildning", days=(-30, -1))
        scene.control("vaghallare", "utbildning", days=(1, None))
    bearer = actors.token(actors("sdn_samordnare", "sdn-farsta"))

    def held():
        controls = client.get(f"/api/v1/places/{scene.place}", headers=bearer).get_json()["controls"]
        return {(control["role"], control["organisation"]["code"]) for control in controls}

    now = {("renhallning", "trafik"), ("belysning_agare", "trafik")}
    assert held() == now
    with database.transaction():
        clock.pass_by(days=1)
        later = {(row.role, row.organisation.code) for row in services.controls_of(HOUSE, _place(scene))}
    assert later == now | {("vaghallare", "utbildning")}


def _place(scene):
    return services.read_place(HOUSE, scene.place)


def test_a_list_asks_the_database_the_same_few_times_whatever_its_length(client, actors, database):
    client.login(actors("sdn_samordnare", "sdn-farsta"))

    def statements():
        said = []
        listener = lambda _c, _k, sql, *_: said.append(sql)  # noqa: E731 - to be removed again
        event.listen(database.engine, "before_cursor_execute", listener)
        answer = client.get("/platser")
        event.remove(database.engine, "before_cursor_execute", listener)
        assert answer.status_code == 200
        return [sql for sql in said if sql.startswith("SELECT")]

    few = statements()
    with database.transaction() as session:
        fill(session, [f"Torg {n:03}" for n in range(50)], district_id=organisation("sdn-farsta").id)
        session.add_all(
            PlaceControl(
                place_id=key, organisation_id=organisation("trafik").id, role="vinter", valid_from=datetime(2027, 1, 1)
            )
            for (key,) in session.query(Place.id)
        )
    assert len(statements()) == len(few)
