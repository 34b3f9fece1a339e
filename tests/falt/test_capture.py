"""What somebody does on a walk with the app, and what the city gets of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from core.http import phone
from core.media import FORBIDDEN, Photo
from core.places.models import Place
from core.sync import Change
from core.sync.settling import try_again
from core.walks.models import Observation, ObservationEvent, Walk, WalkTrack
from tests.journeys.map_server import MapServer
from tests.media.samples import encoded, noise, tiff
from tests.walks.scene import add_place, at, square

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(180)]
WIDTH_OF = """url => new Promise(is => {
  const picture = new Image();
  picture.onload = () => is(picture.width);
  picture.onerror = () => is(0);
  picture.src = url;
})"""
EVICTED = """(store, ask) => {
  const tables = [...store.objectStoreNames];
  const change = store.transaction(tables, "readwrite");
  return Promise.all(tables.map((table) => ask(change.objectStore(table).clear())));
}"""
"""What a browser does that is short of room: the store is empty, what is kept beside it stands."""


@pytest.fixture
def tiles():
    server = MapServer()
    yield server
    server.close()


@pytest.fixture
def settings(request, settings):
    """The test's installation; a test that asks for `tiles` has base maps."""
    if "tiles" not in request.fixturenames:
        return settings
    return replace(settings, base_maps=request.getfixturevalue("tiles").install(settings.data_dir))


def seen(database):
    """Return what the city has, and its photos."""
    with database.transaction(write=False) as session:
        rows = session.scalars(select(Observation).order_by(Observation.id)).all()
        photos = session.scalars(select(Photo).order_by(Photo.id)).all()
        session.expunge_all()
        return rows, photos


def tracks(database):
    """Return how many points each way has, and whether it has ended."""
    with database.transaction(write=False) as session:
        return [(len(track.points), track.ended) for track in session.scalars(select(WalkTrack))]


def calls(database):
    """Return whom somebody has called about dangers."""
    with database.transaction(write=False) as session:
        return session.scalars(select(ObservationEvent.called).where(ObservationEvent.kind == "ring")).all()


def taken_at_the_square(east, north):
    """A photo of last week that tells where it was taken."""
    where = at(east, north)
    details = [(0x9003, 2, "2026:11:20 18:42:10"), (0x9011, 2, "+01:00")]
    gps = [(1, 2, "N"), (2, 5, degrees(where["latitude"])), (3, 2, "E"), (4, 5, degrees(where["longitude"]))]
    return encoded("image/jpeg", noise(7, 64), tiff=tiff(details=details, gps=gps))


def is_bytes(route):
    return route.request.method == "PATCH"


def degrees(number):
    minutes = number % 1 * 60
    return ((int(number), 1), (int(minutes), 1), (round(minutes % 1 * 60 * 10_000), 10_000))


def test_the_way_the_steps_and_the_ground_of_a_walk(leader, tiles, database, scene):
    app, page = leader, leader.page
    with database.transaction() as session:
        add_place("Skyddet", square(560, 450, 20))
        session.execute(update(Place).where(Place.name == "Skyddet").values(photo_policy=FORBIDDEN))
    app.fetch()
    app.open("/installningar")
    app.choose("Spara hur vi går")
    app.choose("Spara tid och läge för varje steg")
    expect(page.locator("main")).to_contain_text("fritt för appen")
    app.open(f"/vandring/{scene.walk}")
    app.says("Hur ni går sparas")
    for count, east in ((1, 500), (2, 520), (3, 540)):
        app.walk_to(east, 500, f"Punkter hittills: {count}.")
    app.offline()
    app.link("Vid bron")
    app.see(encoded("image/jpeg"))
    app.link("Detaljer")
    app.link("Flytta nålen")
    drawn = page.locator(".f-map image").first
    expect(drawn).to_be_attached()
    app.says("© Jorden")
    assert page.evaluate(WIDTH_OF, drawn.get_attribute("href")) == 256, "the ground is there without a line"
    assert tiles.of("xyz")
    page.reload()
    app.open(f"/vandring/{scene.walk}")
    app.press("Starta vandringen")
    app.says("Ingen täckning.")
    app.offline(False)
    app.press("Starta vandringen")
    app.says("Vandringen är startad.")
    app.walk_to(560, 500, "Punkter hittills: 4.")
    app.link("Avsluta vandringen")
    app.press("Avsluta vandringen")
    app.says("Vandringen är avslutad.")
    app.until(lambda: tracks(database) == [(4, True)])
    (row,), _photos = seen(database)
    assert [one["step"] for one in row.steps] == ["stopp:1", "foto", "sparad"]
    assert all(one["position"] for one in row.steps)
    app.open(f"/vandring/{scene.walk}")
    app.walk_to(570, 460, "Här får du inte fotografera", where="body")
    assert not page.locator("input[type=file]").count()


def test_what_was_just_saved_is_taken_back_and_what_is_sent_is_changed(leader, database):
    app, page = leader, leader.page
    app.fetch()
    app.see(encoded("image/jpeg"))
    app.press("Ångra")
    app.sees("Vad ser du?")
    assert seen(database) == ([], []), "the city has heard of nothing that was taken back"
    app.save("Klotter")
    app.link("Detaljer")
    app.until(lambda: [one.kind for one in seen(database)[0]] == ["klotter:klotter"])
    app.choose("Det är hat, rasism eller hot")
    app.until(lambda: seen(database)[0][0].details["values"] == {"hateful": True})
    app.link("Byt sort")
    app.save()
    app.link("Detaljer")
    app.until(lambda: [(one.kind, one.details["values"]) for one in seen(database)[0]] == [("belysning", {})])
    page.get_by_label("Anteckning").press_sequentially("Lyktan blinkar", delay=30)
    app.until(lambda: seen(database)[0][0].description == "Lyktan blinkar")
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count(Change.id)).where(Change.open.is_not(None))) == 3, "a change each"


def test_photos_that_tell_of_themselves_that_come_later_and_that_are_taken_back(leader, database, scene):
    app, page = leader, leader.page
    app.fetch()
    app.see(taken_at_the_square(640, 500))
    app.says("20 november")
    app.says("m öster om Stopp 1")
    app.press("Lägg den där")
    expect(page.get_by_role("button", name="Lägg den där")).to_have_count(0)
    app.link("Vandringen")  # it is sent when somebody goes on
    app.until(lambda: [one.position_source for one in seen(database)[0]] == ["exif"])
    (row,), (photo,) = seen(database)
    assert photo.position_source == "exif"
    assert photo.taken_at.isoformat() == "2026-11-20T17:42:10+00:00"

    app.open(f"/sedd/{row.uid}")
    app.choose("4. Fara")
    app.until(lambda: [one.severity for one in seen(database)[0]] == [4])
    app.open(f"/sparad/{row.uid}")
    app.choose("Ja, 112")
    app.until(lambda: calls(database) == ["112"])
    app.open(f"/sedd/{row.uid}")
    app.give("Foto till", b"ftypheic" * 100, name="bild.heic", mimeType="image/heic")
    app.says("Telefonen kan inte visa HEIC; staden gör om det.")
    app.says("Togs inte emot")
    app.give("Foto till", encoded("image/jpeg", noise(2, 64)))
    app.waiting_for(2, database)
    app.says("Be den som samordnar vandringen att dölja det.")
    app.press("Kasta foto 2")
    expect(page.get_by_role("button", name="Kasta foto")).to_have_count(0)
    app.says("Iakttagelse 1 är hos staden.")

    page.route("**/api/v1/photos/*", lambda route: route.abort() if is_bytes(route) else route.continue_())
    app.give("Foto till", encoded("image/jpeg", noise(3, 64)))
    app.press("Kasta foto 3")
    expect(page.get_by_role("button", name="Kasta foto")).to_have_count(0)
    page.unroute_all()
    app.open("/sandlista")
    app.press("Skicka nu")
    app.until(lambda: [one.state for one in seen(database)[1]].count("atertagen") == 2)
    app.open("/papperskorg")
    page.locator("li").filter(has=page.locator("img")).get_by_role("button", name="Ta tillbaka").click()
    app.waiting_for(3, database)


@pytest.mark.long
def test_what_became_of_what_was_kept_aside_and_of_what_was_on_no_walk(leader, database, scene):
    app = leader
    app.fetch()
    other = UUID(int=7)
    with database.transaction() as session:
        session.execute(update(Walk).where(Walk.uid == scene.walk).values(uid=other))
    app.see(encoded("image/jpeg", noise(4, 64)))
    app.open("/sandlista")
    app.says("Väntar på vandringen.")
    with database.transaction() as session:
        session.execute(update(Walk).where(Walk.uid == other).values(uid=scene.walk))
        (kept,) = session.scalars(select(Change.uid))
    with database.transaction():
        try_again(kept)
    app.open("/ny/utan")
    app.press("Kasta iakttagelsen")
    app.sees("Papperskorgen")
    app.press("Ta tillbaka: Sort saknas")
    app.says("Papperskorgen är tom.")
    app.open("/utkast")
    app.link("Sort saknas")
    app.save("Klotter")
    app.link("Detaljer")
    app.choose("Det är hat, rasism eller hot")
    app.link("Byt sort")
    app.save()
    app.open("/sandlista")
    app.says("2 av 2")
    expect(app.page.locator("main")).not_to_contain_text("Väntar på vandringen.")
    app.open()
    app.link("1 utan vandring")
    app.says("Belysning")
    app.nothing_waits()
    assert sorted(one.walk_id is None for one in seen(database)[0]) == [False, True]

    app.offline()
    app.open(f"/vandring/{scene.walk}")
    app.give("Ta foto", encoded("image/jpeg", noise(6, 64)))
    app.sees("Vad ser du?")
    (draft,) = re.findall("[0-9a-f-]{36}", app.page.url)
    app.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=9))
    app.open("/utkast")
    app.until(lambda: str(scene.walk) not in app.kept("things"))
    app.until(lambda: len(app.kept("things")) == 5)
    things, files = map(app.kept, ("things", "bytes"))
    (photo,) = {*things} - {"device", "owner", "usual", draft}
    assert {*files} == {photo, f"small:{photo}"}, "of what the city has nothing is left, and of what it has not all"


@pytest.mark.long
def test_a_new_app_what_is_old_and_what_the_browser_has_thrown_away(leader, database, scene, monkeypatch):
    app, page = leader, leader.page
    app.fetch()
    app.offline()
    app.see(encoded("image/jpeg", noise(5, 64)))
    app.press("Ångra")
    app.sees("Vad ser du?")
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=25))
    app.open()
    app.says("Något har väntat i mer än ett dygn")
    page.evaluate("navigator.storage.estimate = async () => ({usage: 0, quota: 26_700_000})")
    app.link("Kvällsvandring")
    app.says("Plats för 6 foton till")
    page.evaluate("navigator.storage.estimate = async () => ({usage: 0, quota: 20_700_000})")
    app.link("Vid bron")
    expect(page.locator("input[type=file]")).to_have_count(0)
    app.offline(False)

    files = phone._files()
    monkeypatch.setattr(phone, "_files", lambda: [*files, "/falt/ikon-192.png"])
    page.evaluate("navigator.serviceWorker.getRegistration('/falt').then((one) => one.update()).then(() => 1)")
    page.get_by_role("link", name="Ny version finns").click()
    app.press("Byt nu")
    app.sees("Mina vandringar")
    app.says("1 utkast")

    app.in_store(EVICTED)
    app.open()
    app.sees("Telefonen har tömt appen")
    app.says("1 sak var inte skickad")
    app.press("Jag har läst")
    app.sees("Logga in telefonen")
    app.open()
    app.sees("Logga in telefonen")
