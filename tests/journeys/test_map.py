"""The map in a real browser: beside the list and on the place, drawn on by mouse or by keys alone, on any ground."""

import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import render_template_string
from PIL import Image
from playwright.sync_api import expect
from shapely import Point

from core import geo
from tests.journeys import steps
from tests.journeys.map_server import COLOURS, MapServer
from tests.journeys.seen import look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]

FORM = """{% extends "base.html" %}{% from "ui/map.html" import map_editor %}{% from "ui/form.html" import field %}
{% block title %}Rita{% endblock %}
{% block content %}<h1>Rita</h1>
<form class="tp-form" method="post">{% for one in fields %}{{ field(one) }}{% endfor %}</form>
{{ map_editor(fields[0], fields[1], radius=fields[2], snap=snap) }}{% endblock %}"""
SYSTEMS = [("wgs84", "WGS 84"), ("sweref99tm", "SWEREF 99 TM"), ("sweref991800", "SWEREF 99 18 00")]
PLAIN = {"error": None, "hint": "", "required": True, "options": [], "suffix": "", "autocomplete": ""} | {
    "inputmode": "",
    "maxlength": 5000,
}
LIST = "**/api/v1/places.geojson*"


@pytest.fixture
def settings(request, settings):
    """The test's installation; a test that asks for `tiles` has base maps."""
    if "tiles" not in request.fixturenames:
        return settings
    tiles = request.getfixturevalue("tiles")
    return replace(settings, base_maps=tiles.install(settings.data_dir))


@pytest.fixture
def tiles():
    server = MapServer()
    yield server
    server.close()


class Drawing:
    """A map on a page: where things are on it, and what it is told."""

    def __init__(self, page):
        self.page, self.view = page, page.locator(".tp-map-view")
        self.said = page.locator(".tp-map [data-part=said]")

    def drawn(self):
        """Wait until all of it has been drawn; return the middle (east, north) and metres per pixel."""
        known = self.page.wait_for_function("() => document.querySelector('.tp-map-view').dataset.drawn")
        return [float(number) for number in known.json_value().split()]

    def pixel(self, east, north):
        """Where a spot is in the window."""
        middle_east, middle_north, metres = self.drawn()
        box = self.view.bounding_box()
        x = box["x"] + box["width"] / 2 + (east - middle_east) / metres
        return x, box["y"] + box["height"] / 2 - (north - middle_north) / metres

    def colour(self, x, y):
        """The colour of the ground at a share of the map's width and height."""
        shot = Image.open(BytesIO(self.view.screenshot())).convert("RGB")
        return shot.getpixel((round(shot.width * x), round(shot.height * y)))

    def corners(self):
        text = self.page.get_by_label("Hörn").input_value()
        return [[[float(word) for word in line.split()] for line in part.split("\n")] for part in text.split("\n\n")]


@pytest.fixture
def places(city, page):
    """The leader is logged in; what the list's map is told of her places stands in for what is not there yet."""
    steps.log_in(page, city.address, steps.LEADER)
    found = page.request.get(f"{city.address}/api/v1/places").json()["items"]
    features = []
    for place in found:
        [whole, *_] = page.request.get(f"{city.address}/api/v1/places/{place['uid']}.geojson").json()["features"]
        known = {name: place[name] for name in ("uid", "number", "name", "kind")}
        whole["properties"] = known | {"url": f"/platser/{place['uid']}", "state": "open"}
        features.append(whole)
    if "places.geojson" not in {rule.rule.rpartition("/")[2] for rule in city.app.url_map.iter_rules()}:
        body = json.dumps({"type": "FeatureCollection", "features": features})
        page.route(LIST, lambda route: route.fulfill(body=body, content_type="application/geo+json"))
    return features


def in_grid(feature, srid=geo.SWEREF_1800):
    """A spot inside a feature, as east and north in the map's grid."""
    shape = geo.from_geojson(feature["geometry"]).representative_point()
    return geo.transform(shape, geo.SWEREF, srid).coords[0]


def test_list_and_map_are_one(places, city, page):
    steps.open_room(page, "Platser")
    expect(page.locator(".tp-map")).to_have_count(0)
    steps.follow(page.get_by_role("link", name="Visa karta"))
    drawing = Drawing(page)
    expect(drawing.said).to_have_text(f"{len(places)} på kartan.")
    first = places[0]
    row = page.get_by_role("row").filter(has_text=first["properties"]["name"])
    page.mouse.move(*drawing.pixel(*in_grid(first)))
    expect(row).to_have_class(re.compile("tp-lit"))
    page.get_by_role("row").filter(has_text=places[1]["properties"]["name"]).hover()
    expect(row).not_to_have_class(re.compile("tp-lit"))
    expect(drawing.view).to_have_attribute("data-lit", places[1]["properties"]["number"])
    look_at_all_widths(page, "platser-karta")
    drawing.drawn()
    with page.expect_navigation(url=f"**{first['properties']['url']}"):
        page.mouse.click(*drawing.pixel(*in_grid(first)))
    expect(Drawing(page).view).to_have_attribute("data-drawn", re.compile("."))
    look_at_all_widths(page, "plats-karta")
    by_keyboard_alone(places, city, page)


def by_keyboard_alone(places, city, page):
    """Arrows move the list's map under a cross, what is there is named, Enter opens it."""
    page.goto(f"{city.address}/platser?karta=ja")
    drawing = Drawing(page)
    expect(drawing.said).to_have_text(f"{len(places)} på kartan.")
    page.get_by_role("button", name="Visa allt").focus()
    page.keyboard.press("Tab")
    expect(drawing.view).to_be_focused()
    expect(drawing.said).to_have_text("Inget mitt i kartan. Flytta med piltangenterna.")
    east, north, metres = drawing.drawn()
    goal = in_grid(places[0])
    far = [round((there - here) / metres / 64) for there, here in zip(goal, (east, north), strict=True)]
    for steps_there, keys in zip(far, (("ArrowRight", "ArrowLeft"), ("ArrowUp", "ArrowDown")), strict=True):
        for _ in range(abs(steps_there)):
            page.keyboard.press(keys[steps_there < 0])
    name, number = (places[0]["properties"][known] for known in ("name", "number"))
    expect(drawing.said).to_have_text(f"{name}, {number}. Tryck Enter för att öppna.")
    with page.expect_navigation(url=f"**{places[0]['properties']['url']}"):
        page.keyboard.press("Enter")


@pytest.fixture
def draw(city):
    """Open a form with its map in a window: `draw(page, text, system)`; it is made by the macros that pages use."""

    def draw(page, text="", system="sweref991800", radius="", snap=""):
        with city.app.test_request_context("/rita", base_url=city.address):
            city.app.preprocess_request()
            fields = [
                PLAIN | {"id": "f-outline", "name": "outline", "label": "Hörn", "widget": "textarea", "value": text},
                PLAIN
                | {"id": "f-system", "name": "system", "label": "System", "widget": "select", "value": system}
                | {"options": SYSTEMS},
                PLAIN | {"id": "f-radius_m", "name": "radius_m", "label": "Radie", "widget": "text", "value": radius},
            ]
            html = render_template_string(FORM, fields=fields, snap=snap)
            headers = dict(city.app.process_response(city.app.make_response(html)).headers)
        page.route("**/rita", lambda route: route.fulfill(body=html, headers=headers))
        page.goto(f"{city.address}/rita")
        drawing = Drawing(page)
        drawing.drawn()
        page.locator("[data-part=tools]").evaluate("tools => tools.scrollIntoView()")
        return drawing

    return draw


SQUARE = "6586000 146000\n6586000 146100\n6585900 146100\n6585900 146000"


def by_mouse(draw, page):
    """Pressing sets corners, dragging moves one and leaves the others' lines alone, and each act can be undone."""
    drawing = draw(page)
    spots = [(0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)]
    box = drawing.view.bounding_box()
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in spots]
    for x, y in at:
        page.mouse.click(x, y)
    expect(drawing.view).to_have_attribute("data-corners", "4")
    expect(drawing.said).to_contain_text("Hörn tillagt. Nord 65")
    page.mouse.click(*at[0])
    expect(page.get_by_role("button", name="Sätt ut hörn")).to_have_attribute("aria-pressed", "false")
    before = page.get_by_label("Hörn").input_value().split("\n")
    page.mouse.move(*at[2])
    page.mouse.down()
    page.mouse.move(at[2][0] + 30, at[2][1] + 20, steps=4)
    page.mouse.up()
    expect(drawing.said).to_have_text("Hörnet är flyttat.")
    after = page.get_by_label("Hörn").input_value().split("\n")
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, True, False, True]
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_label("Hörn")).to_have_value("\n".join(before))
    page.mouse.click(*at[1])
    page.get_by_role("button", name="Ta bort hörnet").click()
    expect(drawing.view).to_have_attribute("data-corners", "3")
    page.get_by_role("button", name="Ny del").click()
    page.mouse.click(box["x"] + 40, box["y"] + 60)
    expect(drawing.view).to_have_attribute("data-corners", "3,1")
    look_at_all_widths(page, "rita")
    return drawing.corners()


def by_keys(draw, page):
    """An arrow goes a stride that follows the zoom and is told; Shift a metre, Ctrl ten strides."""
    drawing = draw(page)
    page.get_by_role("button", name="Visa allt").focus()
    page.keyboard.press("Tab")
    expect(drawing.said).to_contain_text("Nord 6")
    far = stride(drawing)
    page.keyboard.press("+")
    expect(drawing.said).not_to_contain_text(f"En pil flyttar {far} m.")
    near = stride(drawing)
    assert 1 < near < far
    for key in ("Enter", "ArrowRight", "Enter", "Shift+ArrowUp", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(drawing.view).to_have_attribute("data-corners", "3")
    [[first, second, third]] = drawing.corners()
    assert (second[1] - first[1], second[0] - first[0]) == pytest.approx((near, 0), abs=0.011)
    assert (third[1] - second[1], third[0] - second[0]) == pytest.approx((0, near + 1), abs=0.011)
    page.keyboard.press("n")
    expect(drawing.said).to_contain_text("Hörn 1 av 3. Nord ")
    for key in ("n", "Shift+ArrowLeft", "Control+ArrowDown", "Escape"):
        page.keyboard.press(key)
    assert drawing.corners()[0][1] == pytest.approx([second[0] - 10 * near, second[1] - 1], abs=0.011)
    page.keyboard.press("Control+z")
    assert drawing.corners()[0][1] == pytest.approx([second[0], second[1] - 1], abs=0.011)
    for key in ("Shift+N", "Delete"):
        page.keyboard.press(key)
    expect(drawing.said).to_have_text("Hörnet är borttaget.")
    return drawing.corners()


def stride(drawing):
    return int(re.search(r"En pil flyttar (\d+) m", drawing.said.text_content())[1])


def by_text(draw, page):
    """What is typed is drawn; what cannot be read is told and never overwritten; another system says the same spots."""

    def spot(srid):
        """The square's first corner in another grid, north first."""
        return list(geo.transform(Point(146000, 6586000), geo.SWEREF_1800, srid).coords[0])[::-1]

    drawing = draw(page, SQUARE)
    text = page.get_by_label("Hörn")
    expect(drawing.view).to_have_attribute("data-corners", "4")
    page.get_by_label("System").select_option("sweref99tm")
    assert drawing.corners()[0][0] == pytest.approx(spot(geo.SWEREF), abs=0.01)
    page.get_by_label("System").select_option("wgs84")
    assert drawing.corners()[0][0] == pytest.approx(spot(geo.WGS84), abs=1e-6)
    text.fill("59.396 17.930\nnågonstans")
    text.blur()
    expect(drawing.said).to_have_text("Rad 2 i rutan går inte att läsa. Skriv två tal, nord först.")
    page.get_by_role("button", name="Sätt ut hörn").click()
    box = drawing.view.bounding_box()
    page.mouse.click(box["x"] + 50, box["y"] + 50)
    expect(text).to_have_value("59.396 17.930\nnågonstans")
    text.fill("59,396 17,930")
    text.blur()
    page.get_by_label("Radie").fill("25")
    expect(drawing.view).to_have_attribute("data-corners", "1")
    return text.input_value()


def beside_a_neighbour(draw, page, places):
    """A press beside a neighbour's corner is on it, to the centimetre."""
    uid = places[0]["properties"]["uid"]
    neighbour = geo.transform(geo.from_geojson(places[0]["geometry"]), geo.SWEREF, geo.SWEREF_1800)
    east, north = neighbour.geoms[0].exterior.coords[0]
    drawing = draw(page, f"{north + 30:.2f} {east + 30:.2f}", snap=f"/api/v1/places/{uid}.geojson")
    expect(drawing.view).to_have_attribute("data-snap", "1")
    page.get_by_role("button", name="Sätt ut hörn").click()
    x, y = drawing.pixel(east, north)
    page.mouse.move(x + 4, y + 3)
    page.mouse.click(x + 4, y + 3)
    expect(drawing.view).to_have_attribute("data-corners", "2")
    return drawing.corners()[0][1], [north, east]


def by_finger(draw, phone):
    """A tap sets a corner. One on a corner and then elsewhere moves it: a finger that drags scrolls the page."""
    drawing = draw(phone, SQUARE)
    before = drawing.corners()[0]
    phone.touchscreen.tap(*drawing.pixel(146000, 6586000))
    expect(drawing.said).to_contain_text("Hörn 1 av 4.")
    phone.touchscreen.tap(*drawing.pixel(146020, 6585980))
    expect(phone.get_by_label("Hörn")).not_to_have_value(SQUARE)
    assert drawing.corners()[0][1:] == before[1:]
    return drawing.corners()[0][0]


def test_drawing(places, draw, page, phone, city):
    steps.log_in(phone, city.address, steps.LEADER)
    assert by_finger(draw, phone) == pytest.approx([6585980, 146020], abs=1.5)
    assert [len(part) for part in by_mouse(draw, page)] == [3, 1], "two parts"
    assert [len(part) for part in by_keys(draw, page)] == [2]
    assert by_text(draw, page) == "59,396 17,930"
    pressed, neighbour = beside_a_neighbour(draw, page, places)
    assert pressed == pytest.approx(neighbour, abs=0.011)


def test_every_kind_of_ground(tiles, places, city, page):
    """Each is asked for in its own way, in the axis order it wants; one that fails is told, and the rest works."""
    page.goto(city.address + places[0]["properties"]["url"])
    drawing, ground = Drawing(page), page.get_by_label("Bakgrund")
    kinds = {"Karta 1.1.1": "wms", "Karta 1.3.0": "wms13", "Rutor": "wmts", "Hela jorden": "xyz", "Egen fil": "pmtiles"}
    east, north, _ = drawing.drawn()
    for title, kind in kinds.items():
        ground.select_option(title)
        drawing.drawn()
        assert drawing.colour(0.1, 0.1) == COLOURS[kind], title
        assert not page.locator("[data-part=ground-failed]").is_visible()
    expect(page.locator("[data-part=attribution]")).to_have_text("© Egen fil")
    asked, asked13 = tiles.of("wms")[0], tiles.of("wms13")[0]
    assert (asked["VERSION"], asked["SRS"], asked["LAYERS"]) == ("1.1.1", "EPSG:3011", "stad")
    assert (asked13["VERSION"], asked13["CRS"]) == ("1.3.0", "EPSG:3011")
    west, south, *_ = map(float, asked["BBOX"].split(","))
    assert (west, south) == pytest.approx((east, north), abs=500), "1.1.1: east first"
    south, west, *_ = map(float, asked13["BBOX"].split(","))
    assert (west, south) == pytest.approx((east, north), abs=500), "1.3.0: north first"
    wmts = tiles.of("wmts")[0]
    assert (wmts["LAYER"], wmts["TILEMATRIXSET"], wmts["TILEMATRIX"]) == ("stad", "3011", "6")
    column, row = (east - 100_000) / 256, (6_700_000 - north) / 256
    assert (int(wmts["TILECOL"]), int(wmts["TILEROW"])) == pytest.approx((column, row), abs=2)
    assert any(re.fullmatch(r"/xyz/1\d/\d+/\d+\.png", path) for path in tiles.of("xyz"))
    page.route("**/trasig/**", lambda route: route.abort())
    ground.select_option("Trasig")
    expect(page.get_by_text("Bakgrundskartan svarar inte just nu. Resten av kartan fungerar.")).to_be_visible()
    ground.select_option("Bara områden")
    expect(page.locator("[data-part=ground-failed]")).to_be_hidden()
    ground.select_option("Karta 1.1.1")
    drawing.drawn()
    with page.expect_request(re.compile("stad_mork")):
        page.emulate_media(color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator("[data-part=tools]")).to_be_hidden()
    expect(page.get_by_text("© Teststaden")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("html")).to_have_attribute("data-color-scheme", "light")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-color-scheme", "auto")
