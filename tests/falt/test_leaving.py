"""Whoever leaves a phone leaves nothing in it; while something waits nobody leaves, and nobody else comes (31, 38)."""

import hashlib

import pytest
from playwright.sync_api import expect

from core.people import services as people
from tests.falt.city import approve, end_devices
from tests.media.samples import encoded, noise

WORDS = "Lyktan vid kiosken på Ymsenvägen 4711 är släckt"
STORES = """async () => {
  const [local, session] = [localStorage, sessionStorage].map((each) => Object.entries(each));
  const found = { local, session, cookies: document.cookie, databases: {}, caches: [] };
  const ask = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  for (const { name } of await indexedDB.databases()) {
    const opened = await ask(indexedDB.open(name));
    for (const table of opened.objectStoreNames) {
      found.databases[`${name}.${table}`] = await ask(opened.transaction(table).objectStore(table).count());
    }
    opened.close();
  }
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.caches.push(new URL(url).pathname);
  }
  return found;
}"""
OF_THE_APP = ("/falt", "/falt/app.webmanifest", "/falt/texter-en.json")


@pytest.mark.one_database
def test_who_signs_out_leaves_nothing_and_nobody_signs_out_of_what_waits(field_phone, scene, database, actors):
    phone, picture = field_phone, encoded("image/jpeg", noise(1, 60))
    phone.sign_in(database, scene.leader)
    phone.fetch()
    phone.offline()
    phone.see(picture)
    describe(phone)
    sign_out_is_refused(phone)
    another_is_refused(phone, database, scene, actors)
    phone.sign_in(database, scene.leader)
    phone.open("/sandlista")
    phone.all_sent(1)
    assert phone.kept("things"), "what is looked for lies there until now"
    phone.open("/logga-ut")
    phone.press("Logga ut")
    phone.sees("Logga in telefonen")
    found = phone.page.evaluate(STORES)
    assert (found["local"], found["session"], found["cookies"]) == ([], [], "")
    assert set(found["databases"].values()) <= {0}, found["databases"]
    assert all(path in OF_THE_APP or path.startswith("/static/") for path in found["caches"]), found["caches"]
    assert phone.page.context.cookies() == []
    with database.transaction(write=False):
        assert people.own_devices(scene.leader) == []
    phone.quit()
    check_files(phone.profile, picture)


def describe(phone):
    phone.link("Detaljer")
    phone.page.get_by_label("Anteckning").fill(WORDS)
    phone.page.get_by_role("heading").first.click()


def sign_out_is_refused(phone):
    phone.open("/logga-ut")
    phone.sees("Det går inte att logga ut än")
    expect(phone.page.get_by_role("button", name="Logga ut")).to_have_count(0)


def another_is_refused(phone, database, scene, actors):
    """The leader's log-in is ended at the desk, and somebody else reads a code with the phone."""
    another = actors("sdn_samordnare", "sdn-farsta")
    end_devices(database, scene.leader)
    phone.offline(False)
    phone.open("/sandlista")
    expect(phone.page.get_by_text("Du är utloggad. Inget är borta.")).to_be_visible()
    approve(database, another, phone.read_code(database, another))
    expect(phone.page.get_by_text("I telefonen väntar saker som någon annan har sett.")).to_be_visible()
    with database.transaction(write=False):
        assert people.own_devices(another) == []
    assert phone.ledger() == "0 av 1"


def check_files(profile, picture):
    """None of what was written or photographed lies in any file of the browser's, in clear."""
    wanted = [WORDS.encode(), WORDS.encode("utf-16-le"), picture[100:400], hashlib.sha256(picture).hexdigest().encode()]
    for file in profile.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(one in content for one in wanted), file
