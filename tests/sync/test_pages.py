"""The desk's pages of what phones have sent: the two lists, the choice, and the walk that is chosen afterwards."""

from uuid import uuid4

import pytest
from sqlalchemy import event

from tests.walks.scene import at

pytestmark = pytest.mark.one_database


@pytest.fixture
def met(scene, walker, leader, client):
    """A change that met another, and the leader at the desk; returns the uids of both."""
    seen, change = uuid4(), uuid4()
    leader.log(seen, scene.walk, description="Mörkt", severity=2)
    leader.change(seen, version=1, description="Helt svart", severity=3)
    before = {"description": "Mörkt", "severity": 2, "affected": []}
    wanted = {"description": "Lyktan <blinkar>", "severity": 4, "affected": ["barn", "aldre"]}
    walker.tell(seen, before, wanted, uid=change)
    client.login(scene.leader)
    return seen, change


def test_both_are_shown_and_one_chooses_field_by_field(met, client, leader):
    seen, change = met
    start = client.get("/").text
    assert "Ändringar att granska: 1" in start
    listed = client.get("/granska-andringar").text
    assert "Iakttagelse 1: Belysning" in listed
    assert f"/granska-andringar/{change}" in listed
    address = f"/granska-andringar/{change}"
    shown = client.get(address).text
    for words in ("Helt svart", "Lyktan &lt;blinkar&gt;", "Påtaglig otrygghet", "Fara", "Behåll båda texterna"):
        assert words in shown
    version = leader.waiting()[0]["version"]
    refused = client.submit(address, {"description": "both", "version": str(version)})
    assert (refused.status_code, "Välj ett alternativ." in refused.text) == (422, True)
    assert 'value="both" id="f-description-3" checked' in refused.text
    done = client.submit(address, {"description": "both", "severity": "mine", "version": str(version)})
    assert done.status_code == 303
    now = leader.read(seen).json
    assert (now["description"], now["severity"]) == ("Helt svart\n\nLyktan <blinkar>", 4)
    assert now["affected"] == ["barn", "aldre"]
    assert "Valet är gjort" in client.get(address).text
    assert "Inget behöver granskas." in client.get("/granska-andringar").text
    assert "Ändringar att granska" not in client.get("/").text


def test_two_who_choose_at_once(met, client, leader):
    """The second is told that it has been seen to, and changes nothing."""
    seen, change = met
    leader.choose(change, leader.waiting()[0]["version"], {"description": "theirs", "severity": "theirs"})
    address = f"/granska-andringar/{change}"
    late = {"description": "mine", "severity": "mine", "version": "1"}
    answer = client.submit(address, late, page="/utseende")
    assert (answer.status_code, leader.read(seen).json["severity"]) == (409, 3)


def test_what_came_without_a_walk_is_given_one_at_the_desk(scene, walker, client, leader):
    seen = uuid4()
    walker.send(seen, None, position=at(500, 500))
    client.login(scene.leader)
    listed = client.get("/granska-andringar?visa=utan").text
    assert "Iakttagelse 1: Belysning" in listed
    assert listed.count("Utan vandring") == 2, "the tab, and the heading"
    page = client.get(f"/iakttagelser/{seen}").text
    assert "Iakttagelsen hör inte till någon vandring." in page
    address = f"/iakttagelser/{seen}/vandring"
    assert f'<option value="{scene.walk}">' in client.get(address).text
    assert client.submit(address, {"walk": str(uuid4()), "version": "1"}).status_code == 422
    assert client.submit(address, {"walk": str(scene.walk), "version": "1"}).status_code == 303
    assert leader.read(seen).json["walk"] == str(scene.walk)
    assert "Inget saknar det som det hör till." in client.get("/granska-andringar?visa=utan").text


def test_what_could_not_be_logged_is_shown_whole_and_put_where_one_says(scene, walker, client, leader):
    leader.move(scene.walk, "stalla_in", "Regn.", version=1, what="walks")
    seen = uuid4()
    walker.send(seen, scene.walk, description="Mörkt vid trappan", severity=4, place=str(scene.place))
    client.login(scene.leader)
    address = f"/granska-andringar/{seen}"
    shown = client.get(address).text
    for words in ("Vandringen är inställd.", "Mörkt vid trappan", "Fara", "Farsta torg", "Ingen vandring"):
        assert words in shown
    assert "På vilken vandring?" in shown
    version = leader.waiting()[0]["version"]
    assert client.submit(address, {"record": "mine", "parent": "", "version": str(version)}).status_code == 409
    assert client.submit(address, {"record": "mine", "parent": "utan", "version": str(version)}).status_code == 303
    now = leader.read(seen).json
    assert (now["walk"], now["severity"], now["description"]) == (None, 4, "Mörkt vid trappan")
    assert client.get(f"/iakttagelser/{seen}").status_code == 200


def test_the_lists_ask_the_same_of_many_as_of_one(scene, walker, leader, client, database):
    """Twelve changes by three people cost no more questions than four."""
    client.login(scene.leader)
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def cost(count):
        for _ in range(count):
            seen = uuid4()
            leader.log(seen, scene.walk, severity=2)
            leader.change(seen, version=1, severity=3)
            walker.tell(seen, {"severity": 2}, {"severity": 4})
        asked.clear()
        assert client.get("/granska-andringar").status_code == 200
        page = len(asked)
        asked.clear()
        assert len(leader.waiting()) >= count
        return page, len(asked)

    assert cost(2) == cost(6)


def test_other_organisations_see_nothing_of_it(met, client, actors):
    _, change = met
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    assert client.get(f"/granska-andringar/{change}").status_code == 404
    assert "Inget behöver granskas." in client.get("/granska-andringar").text
