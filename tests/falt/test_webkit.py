"""The app in WebKit itself, which has no Background Sync: from the code to a phone that is left with nothing in it."""

import pytest

from tests.falt.city import approve, open_code, received
from tests.falt.webkit import program, webkit
from tests.media.samples import encoded, noise


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.skipif(program() is None, reason="needs WebKit: apt-get install webkit2gtk-driver xvfb")
def test_a_walk_in_webkit(live_server, scene, database, tmp_path):
    file = tmp_path / "foto.jpg"
    file.write_bytes(encoded("image/jpeg", noise(1, 300)))
    with webkit(tmp_path) as browser:
        browser.open(f"{live_server}/falt")
        browser.says("Logga in telefonen")
        code, long = open_code(database, scene.leader)
        browser.open(f"{live_server}/falt/logga-in#kod={long}")
        browser.says("Där ska samma tal stå")
        approve(database, scene.leader, code)
        browser.press("Kvällsvandring")
        browser.press("Öppna vandringen")
        browser.says("Ta foto")
        browser.give(".f-foot input[type=file]", file)
        browser.says("Vad ser du?")
        browser.press("Belysning")
        browser.press("Spara: Belysning")
        browser.says("Skickas av sig själv")
        browser.open(f"{live_server}/falt/sandlista")
        browser.says("1 av 1 foton")
        assert not browser.run("return 'sync' in ServiceWorkerRegistration.prototype")
        browser.open(f"{live_server}/falt/logga-ut")
        browser.says("Logga ut telefonen")
        browser.run("document.querySelector('#fot button').click()")
        browser.says("Du behöver en dator")
    assert len(received(database)) == 1
