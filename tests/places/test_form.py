"""The form of a place: without script, refused at the field that is wrong, kept as it was written."""

import re
from datetime import date
from html import unescape

import pytest
from shapely import Point
from sqlalchemy import select

from core.places.models import Asset, Place, PlaceEntry
from core.places.outline import written
from tests.walks.scene import EAST, NORTH, square

pytestmark = pytest.mark.other_database_long

OUTLINE = "\n".join(
    f"{NORTH + north} {EAST + east}" for east, north in ((100, 100), (200, 100), (200, 200), (100, 200))
)
GOTEBORG = "6398000 319000\n6398000 319010\n6398010 319000"
FACTS = {"name": "Parkleken", "kind": "parklek", "public_access": "allman_plats", "photo_policy": "fri",
         "confidentiality": "intern", "system": "sweref99tm"}  # fmt: skip


@pytest.fixture
def board(client, actors, scene):
    client.login(actors("sdn_handlaggare", "sdn-farsta"))
    return client


def errors(answer):
    """Each message with the field that its link goes to."""
    summary = re.search(r'class="ds-error-summary".*?</ul>', answer.text, re.DOTALL)
    return {field: unescape(said) for field, said in re.findall(r'href="#f-([\w-]+)">([^<]+)', summary[0])}


def field(page, name):
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return unescape(found[1])


def test_a_place_is_added_and_changed_without_script(board, database):
    doors = f"Norra entrén: {NORTH + 200} {EAST + 150}"
    made = board.submit("/platser/ny", FACTS | {"outline": OUTLINE, "entries": doors, "oncall": "08-123 45 67"})
    assert made.status_code == 303, made.text
    page = board.get(made.location).text
    for shown in ("PL-00002", "Parklek", "Norra entrén", "08-123 45 67", "SWEREF 99 18 00", "Ändra platsen"):
        assert shown in page
    edit = f"{made.location}/andra?system=sweref99tm"
    form = board.get(edit).text
    assert re.search(r'<select[^>]* name="system"', form), "the map reads and changes the text by its choice"
    version = re.search(r'name="version" value="(\d+)"', form)[1]
    again = FACTS | {"outline": field(form, "outline"), "entries": field(form, "entries"), "version": version}
    changed = board.submit(made.location + "/andra", again | {"name": "Nya parkleken"})
    assert changed.status_code == 303, changed.text
    with database.transaction(write=False) as session:
        place = session.scalars(select(Place).where(Place.number == "PL-00002")).one()
        assert (place.name, place.version) == ("Nya parkleken", int(version) + 1)
        assert place.geom.equals(square(100, 100, 100))
        assert len(session.scalars(select(PlaceEntry)).all()) == 1
    stale = board.submit(made.location + "/andra", again | {"name": "Tredje namnet"})
    assert stale.status_code == 409
    assert "Nya parkleken" in stale.text
    assert "confirm_" not in stale.text, "nothing has been warned of, so there is nothing to say yes to"
    blind = board.submit(made.location + "/andra", again | {"name": "Tredje namnet", "version": ""})
    assert blind.status_code == 409, "who does not say what the form was drawn from overwrites nothing"


def test_a_shape_that_crosses_itself_is_refused_and_another_is_proposed_to_be_looked_at(board, database):
    """A bow tie: two triangles might be meant, or a square written in the wrong order. A person decides."""
    corners = [(NORTH, EAST), (NORTH + 100, EAST + 100), (NORTH + 100, EAST), (NORTH, EAST + 100)]
    tie = FACTS | {"outline": "\n".join(f"{north} {east}" for north, east in corners)}
    assert "Föreslå en form" not in board.submit("/platser/ny", FACTS | {"outline": "hej"}).text
    assert set(errors(board.submit("/platser/ny", tie | {"name": ""}))) == {"name", "outline"}, "all at once"
    refused = board.submit("/platser/ny", tie)
    assert (refused.status_code, "Formen korsar sig själv." in refused.text) == (422, True)
    assert 'value="laga"' in refused.text
    shown = board.submit("/platser/ny", tie | {"knapp": "laga"})
    assert (shown.status_code, "Inget är sparat än." in shown.text) == (200, True)
    proposed = field(shown.text, "outline")
    assert [len(part.split("\n")) for part in proposed.split("\n\n")] == [3, 3]
    made = board.submit("/platser/ny", tie | {"outline": proposed})
    assert made.status_code == 303, made.text
    edit = made.location + "/andra"
    assert board.submit(edit, tie | {"knapp": "laga", "version": "1"}).status_code == 200
    with database.transaction(write=False) as session:
        place = session.scalars(select(Place).where(Place.number == "PL-00002")).one()
        assert (len(place.geom.geoms), place.version) == (2, 1)
        assert place.geom.area == pytest.approx(5000, rel=0.001)


@pytest.mark.one_database
def test_what_is_wrong_stands_at_its_field_and_what_was_written_is_kept(board):
    swapped = "\n".join(" ".join(reversed(line.split())) for line in OUTLINE.splitlines())
    for change, where, sentence in (
        ({"outline": swapped}, "outline", "Nord och öst verkar ha bytt plats."),
        ({"outline": OUTLINE, "system": "wgs84"}, "outline", "ser ut som SWEREF 99 TM"),
        ({"outline": ""}, "outline", "Skriv platsens hörn"),
        ({"outline": OUTLINE, "radius_m": "20"}, "radius_m", "en enda punkt"),
        ({"outline": OUTLINE.splitlines()[0]}, "radius_m", "Skriv en radie"),
        ({"outline": OUTLINE, "entries": "Norra entrén"}, "entries", "rad 1"),
        ({"outline": OUTLINE, "entries": f"Porten: {NORTH} {EAST + 9200}"}, "entries", "9 km från platsen"),
        ({"outline": "57.7 11.97", "radius_m": "20", "system": "wgs84"}, "outline", "utanför stadens områden"),
        ({"outline": f"{OUTLINE}\n\n{GOTEBORG}"}, "confirm_outside", "utanför staden"),
        (
            {"outline": f"{NORTH + 500} {EAST + 1500}", "radius_m": "20"},
            "outline",
            "Du får lägga upp och ändra platser i Farsta",
        ),
        ({"outline": OUTLINE, "name": ""}, "name", "Skriv ett svar."),
    ):
        refused = board.submit("/platser/ny", FACTS | change)
        assert refused.status_code == 422, change
        found = errors(refused)
        assert list(found) == [where], change
        assert sentence in found[where]
        if change["outline"]:
            assert field(refused.text, "outline") == change["outline"]


@pytest.mark.one_database
def test_the_map_begins_where_one_works(board, client, actors):
    assert f'data-start="{EAST}.0 {NORTH}.0 {EAST + 1000}.0 {NORTH + 1000}.0"' in board.get("/platser/ny").text
    client.login(actors("sdn_handlaggare", "sdn-bromma"))
    assert "data-start" not in client.get("/platser/ny").text, "a board whose area is not known sees the city"


@pytest.mark.one_database
def test_all_that_is_wrong_is_told_at_the_first_save(board):
    swapped = f"{EAST} {NORTH}"
    for change, sentence in (
        ({"outline": swapped}, "Nord och öst verkar ha bytt plats."),
        ({"outline": swapped, "system": "wgs84"}, "ser ut som SWEREF 99 TM"),
    ):
        found = errors(board.submit("/platser/ny", FACTS | change | {"kind": "", "entries": "Norra entrén"}))
        assert list(found) == ["kind", "outline", "radius_m", "entries"]
        assert sentence in found["outline"]
        assert found["radius_m"].startswith("Radie: Skriv en radie")
    assert "(krävs för en punkt)" in board.get("/platser/ny").text
    assert list(errors(board.submit("/platser/ny", FACTS | {"outline": f"{NORTH} {EAST}", "radius_m": "stor"}))) == [
        "radius_m"
    ]


def test_a_warning_is_shown_only_when_there_is_one_and_can_be_confirmed(board):
    assert "confirm_overlap" not in board.get("/platser/ny").text
    over = FACTS | {"outline": f"{NORTH + 500} {EAST + 500}", "radius_m": "40"}
    refused = board.submit("/platser/ny", over)
    assert "PL-00001 Farsta torg" in errors(refused)["confirm_overlap"]
    assert 'name="confirm_overlap"' in refused.text
    assert board.submit("/platser/ny", over | {"confirm_overlap": "ja"}).status_code == 303


def test_a_new_place_can_begin_as_another_or_as_an_area(board, scene, database):
    found = board.get("/platser/ny?sok=farsta").text
    links = re.findall(r'href="/platser/ny\?fran=([^"]+)"', found)
    assert len(links) == 2, "the place and the area"
    with database.transaction(write=False) as session:
        shape = session.scalars(select(Place.geom).where(Place.uid == scene.place)).one()
    page = board.get(f"/platser/ny?fran={scene.place}").text
    assert field(page, "outline") == written(shape, "sweref991800")
    assert "Formen är hämtad från Farsta torg." in page
    with database.transaction() as session:
        known = {"kind": "bank", "number": "B 17", "valid_from": date(2026, 1, 1)}
        session.add(Asset(point=Point(EAST + 300, NORTH + 300), **known))
    [bench] = re.findall(r'href="/platser/ny\?fran=([^"]+)"', board.get("/platser/ny?sok=B 17").text)
    assert field(board.get(f"/platser/ny?fran={bench}").text, "outline").startswith("65")
    assert "Inget passar ”xyz”." in board.get("/platser/ny?sok=xyz").text


def test_radighet_and_markning_are_added_and_ended_on_their_pages(board, scene):
    """Rows end on pages of their own, with the last day and the reason."""
    there = f"/platser/{scene.place}"
    new = {"uid": "6a0a1c76-5a31-4b8e-9d2b-0c2b9c1f6a10", "valid_from": "2026-01-01", "source": "Avtal 12"}
    wrong = board.submit(f"{there}/radighet", new | {"role": "vinter", "organisation": "atlantis"})
    assert "atlantis" in errors(wrong)["organisation"]
    added = board.submit(f"{there}/radighet", new | {"role": "vinter", "organisation": "svoa", "system": "sweref99tm"})
    assert added.status_code == 303, added.text
    marked = board.submit(f"{there}/markning", new | {"kind": "platssamverkan"})
    assert marked.status_code == 303
    for kind, shown in (("radighet", "Vinter"), ("markning", "Platssamverkan")):
        page = board.get(f"{there}/{kind}").text
        assert shown in page
        assert "Avtal 12" in page
        row = next(part for part in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if shown in part)
        end = re.search(rf'href="(/{kind}/[^"]+/avsluta)"', row)[1]
        assert list(errors(board.submit(end, {"valid_to": "2020-01-01", "reason": "Fel"}))) == ["valid_to"]
        assert board.submit(end, {"valid_to": "2026-06-30", "reason": "Sades upp"}).status_code == 303
        assert "Sades upp" in board.get(f"{there}/{kind}").text
