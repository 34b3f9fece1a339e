"""Where it is, what on the photo it is, and the same picture again: said on the phone without a line."""

from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import expect
from shapely import Point
from sqlalchemy import select, update

from core import clock as core_clock
from core.media import Photo
from core.media.store import Store
from core.places.models import Asset
from core.testing.people import LONG_AGO
from core.walks import services
from core.walks.models import Observation, Walk
from core.walks.services import Stop
from tests.media.samples import encoded, noise
from tests.walks.scene import EAST, NORTH, at, square

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(180)]
FOLLOWING = "I samma mörker"
FINDER = """navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [320, 240];
  const pen = canvas.getContext("2d");
  setInterval(() => { pen.fillStyle = "#456"; pen.fillRect(0, 0, 320, 240); }, 50);
  const seen = canvas.captureStream();
  (window.cameras ??= []).push(...seen.getTracks());
  return seen;
};"""
"""A camera that sees something blue."""
CAMERAS = "window.cameras.map((one) => one.readyState)"


@pytest.fixture
def before(scene, phone, work, database):
    """A photo of something that was seen on the scene's walk, with its pictures, which everybody may see."""
    seen, photo = uuid4(), uuid4()
    listed = [{"uid": str(photo), "direction": 90.0, "position": at(500, 500)}]
    phone.log(seen, scene.walk, kind="belysning", position=at(500, 500), photos=listed)
    phone.piece(photo, encoded("image/jpeg", noise(1, 400)))
    work()
    with database.transaction() as session:
        session.execute(update(Photo).where(Photo.uid == photo).values(review="behovs_ej"))
        session.execute(update(Walk).where(Walk.uid == scene.walk).values(state="aterkopplad"))
    return photo


@pytest.fixture
def following(before, scene, database):
    """A walk that follows the scene's up now, with one stop and a lamp post near it."""
    with database.transaction() as session:
        known = {"theme": "allman", "organiser": "sdn-farsta", "planned_at": core_clock.now(), "places": [scene.place]}
        walk = services.add_walk(scene.leader, uid=uuid4(), title=FOLLOWING, follows=scene.walk, **known)
        stops = [Stop("Vid bron", square(500, 500, 1).centroid, [])]
        services.change_walk(scene.leader, walk.uid, version=walk.version, stops=stops)
        post = {"kind": "belysning", "number": "10-442", "point": Point(EAST + 520, NORTH + 500)}
        session.add(Asset(uid=uuid4(), valid_from=LONG_AGO, **post))
        return walk.uid


@pytest.fixture
def leader(leader, following):
    """The app with a camera, on the walk that follows, without a line."""
    leader.page.add_init_script(FINDER)
    leader.open()
    leader.fetch(FOLLOWING)
    leader.offline()
    return leader


def test_by_arrows_by_number_and_on_the_photo(leader, database):
    app, page = leader, leader.page
    app.see(encoded("image/jpeg", noise(2, 60).resize((3000, 1500))))
    app.link("Detaljer")
    app.link("Rita på fotot")
    app.press("Ring i mitten")
    app.press("Spara")
    expect(page.get_by_role("button", name="Kasta foto")).to_have_count(2)
    app.link("Flytta nålen")
    page.get_by_role("group", name="Flytta nålen med piltangenterna").press("ArrowUp")
    expect(page.locator("#sagt")).to_have_text("Nålen: 2 m norrut. Stopp 1, Vid bron.")
    app.press("Steg: 2 m")
    page.get_by_role("group", name="Flytta nålen med piltangenterna").press("ArrowRight")
    expect(page.locator("#sagt")).to_contain_text("10 m österut. 10 m öster om Stopp 1")
    page.get_by_label("Nummer på stolpens ovala skylt").fill("10443")
    app.press("Sätt nålen på stolpen")
    app.says("Numret finns inte bland det som är hämtat.")
    page.get_by_label("Nummer på stolpens ovala skylt").fill("10 442")
    app.press("Sätt nålen på stolpen")
    app.says("Belysningsstolpe 10-442Här")
    app.press("Klar")
    app.offline(False)
    app.waiting_for(3, database)
    with database.transaction(write=False) as session:
        row = session.scalars(select(Observation).order_by(Observation.id.desc())).first()
        assert (row.asset_ref, row.position_source) == ("10-442", "karta")
        assert row.point.distance(Point(EAST + 520, NORTH + 500)) < 0.5
        plain, drawn = session.scalars(select(Photo).where(Photo.record_uid == row.uid).order_by(Photo.id)).all()
        assert plain.received_sha256 != drawn.received_sha256
        with Image.open(Store(database.settings.data_dir).path(plain.stored_sha256)) as picture:
            assert picture.size == (2048, 1024), "made smaller in the phone"


def test_the_same_picture_again_with_the_earlier_one_over_the_camera(leader, before, database):
    app, page = leader, leader.page
    app.link("Före och efter")
    app.says("Stå här.")
    ghost = page.locator(".f-finder[data-ghost=halvt] .f-ghost")
    app.link("Belysning")
    expect(ghost).to_be_visible()
    app.link("Före och efter")
    app.link("Belysning")
    expect(ghost).to_be_visible()
    assert page.evaluate(CAMERAS) == ["ended", "live"], "the camera is off when its page is left"
    app.choose("Bara den")
    expect(page.locator(".f-finder[data-ghost=bara]")).to_be_visible()
    app.press("Ta bilden")
    app.sees("Sparad i telefonen")
    assert page.evaluate(CAMERAS) == ["ended", "ended"]
    app.choose("Delvis")
    app.link("Klar")
    app.says("Tagen")
    app.offline(False)
    app.waiting_for(2, database)
    with database.transaction(write=False) as session:
        photo = session.scalars(select(Photo).order_by(Photo.id.desc())).first()
        assert (photo.role, photo.pairs_with) == ("efter", before)
        row = session.scalars(select(Observation).where(Observation.uid == photo.record_uid)).one()
        assert "Det är delvis åtgärdat." in row.description
