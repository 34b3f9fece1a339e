"""The phone's store when the browser is at its worst: something is always shown, and nothing is half kept."""

import pytest

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

SPOIL = """() => new Promise((done) => {
  const opened = indexedDB.open("tryggplats-falt");
  opened.onsuccess = () => {
    const change = opened.result.transaction("things", "readwrite");
    change.objectStore("things").put({ id: "walk", kind: "walk", iv: new ArrayBuffer(12), data: new ArrayBuffer(40) });
    change.oncomplete = () => { opened.result.close(); done(); };
  };
})"""


FAIL = "() => { IDBIndex.prototype.getAll = () => { throw new Error('prov'); }; }"


@pytest.mark.one_database
def test_neither_a_frozen_page_nor_something_unreadable_leaves_an_empty_screen(field_phone, database, scene):
    field_phone.open("/falt/app.webmanifest")
    field_phone.page.evaluate(STUCK)
    field_phone.open("/falt")
    field_phone.sees("Logga in telefonen")
    field_phone.sign_in(database, scene.leader)
    field_phone.page.evaluate(SPOIL)
    field_phone.open("/falt")
    field_phone.sees("Mina vandringar")
    field_phone.page.evaluate(FAIL)
    field_phone.page.evaluate("dispatchEvent(new Event('online'))")  # it is drawn again
    field_phone.sees("Sidan gick inte att visa")
    field_phone.page.get_by_role("link", name="Hem").wait_for()
