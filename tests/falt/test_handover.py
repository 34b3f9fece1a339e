"""The file that the app itself makes of what waits in it is opened, whoever carries it (sync-cases.md 39)."""

import base64

import pytest
from playwright.sync_api import expect

from tests.media.samples import encoded

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(180)]
CATCH = """() => { navigator.canShare = () => true;
  navigator.share = async () => { throw new DOMException("", "NotAllowedError"); };
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => { if (blob instanceof File) window.handed = blob; return make.call(URL, blob); }; }"""
"""A browser that shares no such files, so that it is saved; the test keeps it."""
READ = """async () => { let text = "";
  for (const byte of new Uint8Array(await window.handed.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text); }"""
FIRST, SECOND = encoded("image/jpeg"), encoded("image/webp")


def made_file(held):
    """Let the phone make its file, and return it as it would have been shared."""
    held.open("/overlamna")
    held.page.evaluate(CATCH)
    held.press("Skapa och dela filen")
    held.says("Att dela är inte samma sak som mottagen")
    return base64.b64decode(held.page.evaluate(READ))


def test_the_apps_own_file_is_opened_and_nothing_comes_twice(leader, scene, colleague, phone, work):
    """What was sent and then edited, and what never was; then the phone has a line again, and hands in the file too."""

    def receipts():
        return phone.client.get("/api/v1/field/receipts", headers=phone.headers).json

    leader.fetch()
    leader.see(FIRST)
    leader.link("Vandringen")  # it is sent when somebody goes on
    leader.nothing_waits()
    [first] = [one["uid"] for one in receipts()["items"]]
    leader.offline()
    leader.open(f"/sedd/{first}")
    leader.page.get_by_label("Anteckning").fill("Två lyktor är släckta")
    expect(leader.page.locator(".f-status")).to_contain_text("1 väntar")
    leader.open(f"/vandring/{scene.walk}")
    leader.see(SECOND)
    file = made_file(leader)
    carried = colleague.carry(file)
    assert carried.status_code == 202, carried.json
    work()
    [told] = colleague.carried()
    assert [told[kind]["here"] for kind in ("observations", "photos", "changes")] == [2, 1, 1], told
    assert {photo["state"] for one in receipts()["items"] for photo in one["photos"]} <= {"mottagen", "klar"}
    assert phone.read(first).json["description"] == "Två lyktor är släckta"
    leader.offline(False)
    leader.open("/sandlista")
    leader.nothing_waits()
    leader.open("/overlamna")
    leader.give("Skicka in en fil", file, name="fil.tpho", mimeType="application/octet-stream")
    leader.says("2 iakttagelser, 1 foton, 1 ändringar")
    work()
    assert [len(one["photos"]) for one in receipts()["items"]] == [1, 1]
    assert [one["state"] for one in receipts()["changes"]] == ["applied"]
    assert phone.read(first).json["version"] == 2
