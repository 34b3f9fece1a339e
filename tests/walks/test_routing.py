"""Who answers for the spot: routing by rådighet (domain.md 0b, 2.3)."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import update

from core.places.models import Place
from core.walks import services
from tests.walks.scene import Phone, add_place, at, square

TRAFIK, FARSTA, SKARPNACK = "Trafiknämnden", "Farsta stadsdelsnämnd", "Skarpnäcks stadsdelsnämnd"
SVOA, SISAB = "Stockholm Vatten och Avfall", "SISAB"
ON_PLACE, NEAR, FAR, OVER_THE_BORDER, IN_NO_AREA = (
    at(500, 500),
    at(700, 500),
    at(900, 900),
    at(1500, 500),
    at(500, 1500),
)


def settled(phone, walk, **said):
    """Log something; return whether it is on a place, who answers and who coordinates."""
    found = phone.log(uuid4(), walk, **said).json
    return found["place"], found["organisation"], found["coordinator"]


def test_on_the_place_the_one_who_has_radighet_answers(scene, phone):
    place = str(scene.place)
    assert settled(phone, scene.walk, kind="belysning", position=ON_PLACE) == (place, TRAFIK, FARSTA)
    assert settled(phone, scene.walk, kind="skrap_dumpning", position=ON_PLACE) == (place, TRAFIK, FARSTA)


def test_without_radighet_for_the_kind_the_district_answers(scene, phone):
    """Nobody has the park; `odslighet` is nobody's to mend."""
    place = str(scene.place)
    assert settled(phone, scene.walk, kind="vaxtlighet_sikt", position=ON_PLACE) == (place, FARSTA, FARSTA)
    assert settled(phone, scene.walk, kind="odslighet", position=ON_PLACE) == (place, FARSTA, FARSTA)


def test_a_part_with_a_shape_of_its_own_goes_before_the_whole_place(scene, phone, database):
    with database.transaction():
        scene.control("belysning_agare", "svoa", part=square(450, 450, 30))
    inside, outside = settled(phone, scene.walk, position=at(460, 460)), settled(phone, scene.walk, position=ON_PLACE)
    assert (inside[1], outside[1]) == (SVOA, TRAFIK)
    assert settled(phone, scene.walk)[1] == TRAFIK, "without a position only the whole place is known"


def test_a_part_alone_says_nothing_of_the_rest(scene, phone, database):
    with database.transaction():
        scene.control("driftansvar_park", "svoa", part=square(450, 450, 30))
    assert settled(phone, scene.walk, kind="vaxtlighet_sikt", position=at(460, 460))[1] == SVOA
    assert settled(phone, scene.walk, kind="vaxtlighet_sikt", position=ON_PLACE)[1] == FARSTA


@pytest.mark.parametrize(
    ("days", "holds"), [((-30, -1), False), ((-30, 0), True), ((0, None), True), ((1, None), False)]
)
@pytest.mark.one_database
def test_radighet_counts_on_its_days(scene, phone, database, days, holds):
    with database.transaction():
        scene.control("driftansvar_park", "svoa", days=days)
    assert settled(phone, scene.walk, kind="vaxtlighet_sikt", position=ON_PLACE)[1] == (SVOA if holds else FARSTA)


def test_within_200_m_of_a_place_of_the_walk_it_belongs_there(scene, phone):
    """The place ends at 550 m east: 700 is 150 m away, 760 is 210."""
    assert settled(phone, scene.walk, position=NEAR) == (str(scene.place), TRAFIK, FARSTA)
    assert settled(phone, scene.walk, position=at(760, 500)) == (None, FARSTA, FARSTA)


def test_outside_all_places_the_board_of_the_area_answers(scene, phone):
    assert settled(phone, scene.walk, position=FAR) == (None, FARSTA, FARSTA)
    assert settled(phone, scene.walk, position=OVER_THE_BORDER) == (None, SKARPNACK, SKARPNACK)


def test_what_got_no_place_says_so_and_is_given_one(scene, client, phone):
    uid = uuid4()
    client.login(scene.leader)
    form = {"uid": str(uid), "kind": "belysning", "latitude": at(900, 500)["latitude"]}
    sent = client.submit(f"/vandringar/{scene.walk}/skriv-in", form | {"longitude": at(900, 500)["longitude"]})
    receipt, page, edit = sent.headers["Location"], f"/iakttagelser/{uid}", f"/iakttagelser/{uid}/andra"
    for address in (receipt, page):
        shown = client.get(address).text
        assert "Ingen plats här" in shown
        assert f"{edit}#f-place" in shown
    change = {"nature": "brist", "severity_key": "2"}
    unknown = client.submit(edit, change | {"version": "1", "place": str(uuid4())})
    assert (unknown.status_code, "Platsen finns inte" in unknown.text) == (422, True)
    assert client.submit(edit, change | {"version": "1", "place": str(scene.place)}).status_code == 303
    told = phone.read(uid).json
    assert (told["place"], told["organisation"]) == (str(scene.place), TRAFIK)
    assert "Ingen plats här" not in client.get(page).text
    without = phone.change(uid, told["version"], place=None).json
    assert without["place"] is None
    chosen = phone.change(uid, without["version"], place=str(scene.place), position=at(900, 900)).json
    assert chosen["place"] == str(scene.place), "whoever says both means both"


def test_without_a_position_the_walker_says_at_which_of_the_places(scene, client, phone, database):
    """The first that the walk comes to, or where the last one was; chosen in the form, and in the API."""
    with database.transaction():
        other = add_place("Akallaskolan", square(700, 700, 50))
        services.change_walk(scene.leader, scene.walk, version=1, places=[scene.place, other])
    client.login(scene.leader)
    page = f"/vandringar/{scene.walk}/skriv-in"
    chosen = re.compile(r'<option value="([^"]+)" selected')
    assert chosen.findall(client.get(page).text) == [str(scene.place)], "not the first by name or number"
    sent = client.submit(page, {"uid": str(uuid4()), "kind": "belysning", "place": str(other)})
    receipt = client.get(sent.headers["Location"]).text
    assert "Akallaskolan." in receipt
    assert "Byt plats" in receipt
    assert chosen.findall(client.get(page).text) == [str(other)], "one is likely where one was"
    here = {"uid": str(uuid4()), "kind": "belysning", "place": str(other)} | {
        k: str(v) for k, v in at(450, 450).items()
    }
    client.submit(page, here)
    assert phone.read(here["uid"]).json["place"] == str(scene.place), "a position says more"
    phone.log(uid := uuid4(), scene.walk, place=str(other), position=None)
    assert phone.read(uid).json["place"] == str(other)
    assert phone.log(uuid4(), scene.walk, place=str(uuid4())).status_code == 422
    with database.transaction() as session:
        session.execute(update(Place).where(Place.uid == other).values(level=3))
    assert "Akallaskolan" not in client.get(page).text
    assert client.submit(page, {"uid": str(uuid4()), "kind": "belysning"}).status_code == 303, "no choice"


def test_in_a_hole_between_the_areas_the_organiser_answers(scene, phone):
    assert settled(phone, scene.walk, position=IN_NO_AREA) == (None, FARSTA, FARSTA)


def test_a_place_without_district_is_coordinated_by_the_organiser(scene, phone, database):
    with database.transaction():
        place = add_place("Ö utan nämnd", square(450, 1450, 100), belysning_agare="sisab")
    assert settled(phone, scene.walk, position=IN_NO_AREA) == (str(place), SISAB, FARSTA)
    assert settled(phone, scene.walk, kind="odslighet", position=IN_NO_AREA) == (str(place), FARSTA, FARSTA)


def test_a_place_over_the_border_keeps_its_own_board_and_radighet(scene, phone, database):
    """Not a place of the walk, but the spot lies on it."""
    with database.transaction():
        place = add_place("Skarpnäcks torg", square(1450, 450, 100), renhallning="svoa")
    assert settled(phone, scene.walk, kind="skrap_dumpning", position=OVER_THE_BORDER) == (str(place), SVOA, SKARPNACK)


def test_where_places_lie_on_each_other_the_walks_own_goes_first_then_the_smallest(scene, phone, database):
    with database.transaction():
        small = add_place("Kiosken", square(495, 495, 10), belysning_agare="sisab")
        add_place("Hela Farsta", square(100, 100, 800), belysning_agare="svoa")
    assert settled(phone, scene.walk, position=ON_PLACE)[:2] == (str(scene.place), TRAFIK)
    with database.transaction():
        other = services.add_walk(
            scene.leader,
            uid=uuid4(),
            title="Utan platser",
            theme="allman",
            planned_at=scene.now,
            organiser="sdn-farsta",
            places=[],
        )
    assert settled(phone, other.uid, position=ON_PLACE)[:2] == (str(small), SISAB)


def test_without_a_position_it_is_on_the_walks_first_place(scene, phone):
    found = phone.log(uuid4(), scene.walk).json
    assert (found["place"], found["organisation"], found["position"]) == (str(scene.place), TRAFIK, None)


def test_who_answers_reaches_it_and_others_do_not(scene, phone, phone_of, actors):
    uid = uuid4()
    phone.log(uid, scene.walk, position=ON_PLACE)
    assert phone_of(actors("tk_drift", "trafik")).read(uid).status_code == 200
    assert phone_of(actors("sdn_handlaggare", "sdn-farsta")).read(uid).status_code == 200
    for role, elsewhere in (("tk_drift", "svoa"), ("sdn_samordnare", "sdn-skarpnack")):
        assert phone_of(actors(role, elsewhere)).read(uid).status_code == 404
    assert Phone(phone.client, {}).read(uid).status_code == 401
