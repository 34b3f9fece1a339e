"""What a bad line, a bad network and a city in trouble do: what waits stays, and the screen says why (42)."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from core.walks.models import Observation, Walk
from tests.falt.city import end_devices, received
from tests.media.samples import encoded, noise

IMPATIENT = """const silence = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => silence(ms / 100);
const later = setTimeout;
window.setTimeout = (work, ms, ...given) => later(work, ms === 60_000 ? ms / 100 : ms, ...given);"""
"""A minute of silence takes 0.6 seconds."""
PORTAL = "<!doctype html><title>Logga in på Torgets wifi</title>"
HOLD = """() => new Promise((held) => {
  navigator.locks.request("tryggplats-skickar", () => new Promise((done) => { window.letGo = done; held(); }));
})"""
"""A page that is on its way out while it sends, or another tab."""
ASIDE = "**/api/v1/**"
KEEPS = "Allt ligger kvar"
TROUBLES = {
    "500": ({"status": 500, "body": "Internal Server Error"}, "Staden svarar inte just nu."),
    "502": (
        {"status": 502, "content_type": "text/html", "body": "<h1>Bad Gateway</h1>"},
        "Staden svarar inte just nu.",
    ),
    "503": ({"status": 503, "headers": {"Retry-After": "120"}, "body": ""}, "Staden svarar inte just nu."),
    "429": ({"status": 429, "json": {"title": "För många"}}, "Många skickar just nu."),
    "silence": (None, "Ingen täckning."),
    "portal": ({"status": 200, "content_type": "text/html", "body": PORTAL}, "Något annat än staden svarade"),
    "elsewhere": ({"status": 302, "headers": {"Location": "http://wifi.example/"}}, "Ingen täckning."),
}
"""What stands in the city's place, and what the screen then says: other words than before where it takes a while."""


class City:
    """Stands between the app and the city, and answers for it with `answer`; with None it never answers."""

    def __init__(self, page):
        self.page, self.answer = page, None
        page.route(ASIDE, self._stand_in)

    def _stand_in(self, route):
        if self.answer is not None:
            route.fulfill(**self.answer)

    def is_back(self):
        self.page.unroute_all(behavior="ignoreErrors")


def come(database):
    """Return how many observations the city has, and how many photos."""
    with database.transaction(write=False) as session:
        seen = session.scalar(select(func.count(Observation.id)))
    return seen, len(received(database))


@pytest.mark.long
@pytest.mark.one_database
def test_whatever_answers_in_the_citys_place_the_queue_stays_and_the_screen_says_why(field_phone, scene, database):
    """Also: a draft is there after a kill (36), a walk fetched again leaves drafts alone (40), a signed-out phone and
    an old app say what to do (29, 30, 32)."""
    phone, picture = field_phone, encoded("image/jpeg", noise(1, 60))
    phone.sign_in(database, scene.leader)
    phone.fetch()
    phone.give("Ta foto", picture)
    phone.sees("Vad ser du?")
    phone.kill()
    phone.start("/utkast")
    phone.page.get_by_text("1 foto", exact=True).wait_for()
    fetch_again(phone, database, scene)
    page, city = phone.page, City(phone.page)
    page.add_init_script(IMPATIENT)
    city.answer = TROUBLES["500"][0]
    phone.see(picture)
    assert phone.ledger() == "0 av 1"
    for name, (answer, words) in TROUBLES.items():
        city.answer = answer
        with page.expect_request(ASIDE):
            phone.press("Skicka nu")
        expect(page.get_by_text(words), name).to_be_visible()
        expect(page.get_by_text(KEEPS)).to_be_visible()
        expect(page.get_by_text("Försöker igen")).to_be_visible()
        expect(page.locator(".f-count b")).to_have_text("0 av 1")
    city.answer = {"status": 426, "json": {"title": "Appen är för gammal"}}
    phone.press("Skicka nu")
    expect(page.get_by_text("Appen är för gammal för att skicka.")).to_be_visible()
    expect(page.get_by_role("link", name="Byt app")).to_be_visible()
    end_devices(database, scene.leader)
    city.is_back()
    phone.press("Skicka nu")
    expect(page.get_by_text("Du är utloggad. Inget är borta.")).to_be_visible()
    assert come(database) == (0, 0)
    other = page.context.new_page()
    other.goto(f"{phone.address}/falt/app.webmanifest")
    other.evaluate(HOLD)
    phone.sign_in(database, scene.leader)
    assert phone.ledger() == "0 av 1"
    other.evaluate("window.letGo()")
    phone.all_sent(1)
    assert come(database) == (1, 1)


def fetch_again(phone, database, scene):
    """Fetch a walk that was changed at the desk: the newer one counts, and the draft is there."""
    with database.transaction() as session:
        session.scalars(select(Walk).where(Walk.uid == scene.walk)).one().title = "Annan vandring"
    phone.open(f"/hamta/{scene.walk}")
    phone.sees("Kvällsvandring")
    phone.press("Hämta igen")
    phone.sees("Annan vandring")
    phone.link("Öppna vandringen")
    phone.sees("Annan vandring")
    assert len(phone.kept("bytes")) == 2, "the photo of the draft, and its small picture"
