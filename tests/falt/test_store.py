"""The phone's store when the browser is at its worst: something is always shown, and nothing is half kept."""

import pytest
from playwright.sync_api import expect

from tests.falt.phone_app import WALK
from tests.media.samples import encoded, noise

STUCK = """() => {
  window.others = new BroadcastChannel("tryggplats-falt-oppnar");
  window.others.onmessage = () => undefined;
  const opened = indexedDB.open("tryggplats-falt", 1);
  return new Promise((begun) => {
    opened.onupgradeneeded = () => {
      const table = opened.result.createObjectStore("keys");
      const again = () => { table.count().onsuccess = again; };
      again();
      begun();
    };
  });
}"""
"""A page of the app that is left in the middle of its first opening of the store."""

SPOIL = """(store, ask) => ask(store.transaction("things", "readwrite").objectStore("things").put(
  { id: "walk", kind: "walk", iv: new ArrayBuffer(12), data: new ArrayBuffer(40) }))"""


FAIL = "() => { IDBIndex.prototype.getAll = () => { throw new Error('prov'); }; }"


@pytest.mark.long
@pytest.mark.one_database
def test_neither_a_frozen_page_nor_something_unreadable_leaves_an_empty_screen(field_phone, database, scene):
    field_phone.open("/app.webmanifest")
    field_phone.page.evaluate(STUCK)
    field_phone.open()
    field_phone.sees("Logga in telefonen")
    field_phone.sign_in(database, scene.leader)
    field_phone.in_store(SPOIL)
    field_phone.open()
    field_phone.sees("Mina vandringar")
    field_phone.page.evaluate(FAIL)
    field_phone.page.evaluate("dispatchEvent(new Event('online'))")  # it is drawn again
    field_phone.sees("Sidan gick inte att visa")
    expect(field_phone.page.get_by_role("link", name="Hem")).to_be_visible()
    field_phone.open()
    expect(field_phone.page.get_by_role("link", name=WALK)).to_be_visible()


CLOSE = """() => new Promise((done) => {
  const opened = indexedDB.open("tryggplats-falt", 99);
  opened.onupgradeneeded = () => opened.transaction.abort();
  opened.onerror = (event) => { event.preventDefault(); done(); };
})"""
"""Closes the app's connection under it, as WebKit does when memory is short; what is in the store stands."""

PLAIN = """async (store, ask) => (await ask(store.transaction("bytes").objectStore("bytes").getAll()))
  .every(({ iv, data }) => iv instanceof ArrayBuffer && data instanceof ArrayBuffer)"""


@pytest.mark.long
@pytest.mark.one_database
def test_a_full_phone_says_so_at_once_and_a_closed_store_is_opened_again(field_phone, database, scene):
    """Sync cases 35 and 37, and WebKit's ways: photos lie there as ArrayBuffers, since it loses Blobs."""
    phone, picture = field_phone, encoded("image/jpeg", noise(1, 200))
    phone.sign_in(database, scene.leader)
    phone.fetch()
    phone.offline()
    phone.see(picture)
    before = phone.kept("things"), phone.kept("bytes")
    phone.kill()
    phone.start(path=None)
    phone.offline()
    protocol = phone.protocol()
    protocol.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": 1})
    phone.open(f"/vandring/{scene.walk}")
    phone.give("Ta foto", encoded("image/jpeg", noise(2, 200)))
    expect(phone.page.get_by_text("Telefonen är full. Det du har tagit tidigare är sparat.")).to_be_visible()
    assert (phone.kept("things"), phone.kept("bytes")) == before, "nothing is half kept"
    protocol.send("Storage.overrideQuotaForOrigin", {"origin": phone.address})
    phone.page.evaluate(CLOSE)
    phone.see(encoded("image/jpeg", noise(3, 200)))
    assert phone.in_store(PLAIN)
    assert phone.ledger() == "0 av 2"
    phone.offline(False)
    phone.all_sent(2)
