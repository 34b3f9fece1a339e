"""A plugin that is away: what hangs on it stays readable, and is not closed behind its back (design.md 6)."""

import pytest

from core import plugins, upgrade
from core.documents.wording import wording
from core.kit import system
from core.plugins import loading
from tests.contract.city import OURS

OPERATOR = system("cli:test")
AWAY = ("off", "refused", "parked", "absent")


class Officer:
    """Somebody of the stadsdel, with a browser and a key."""

    def __init__(self, house, actor):
        self.house = house
        self.page, self.api, self.bearer = house.client(actor), house.client(), house.bearer(actor)

    def read(self, address):
        return self.api.get(f"/api/v1/{address}", headers=self.bearer)

    def move(self, address, key, reason=""):
        version = self.read(address).json["version"]
        headers = self.bearer | {"If-Match": f'"{version}"'}
        return self.api.post(f"/api/v1/{address}/moves", json={"move": key, "reason": reason}, headers=headers)

    def send(self, address, **fields):
        return self.page.submit(address, fields, page="/utseende")


@pytest.fixture
def graffiti(start, city):
    """Graffiti that has been received and is to be cleaned, with klotter running."""
    house = start()
    officer = Officer(house, house.actors("sdn_samordnare", OURS))
    for key in ("granska", "fordela", "ta_emot"):
        assert officer.move(f"observations/{city.ours.graffiti}", key).status_code == 200
    return city.ours


@pytest.fixture
def without_klotter(start, graffiti, monkeypatch):
    """Take klotter away in one of four ways; return somebody of the stadsdel."""

    def without_klotter(how):
        if how == "refused":
            monkeypatch.setattr(loading, "CONTRACT", "2.0")  # the house has moved on, the plugin has not
        house = start(**({"plugins": ()} if how == "absent" else {}))
        if how in ("off", "parked"):
            decide(house, how)
        with house.database.transaction(write=False):
            assert plugins.state("klotter") == how
        return Officer(house, house.actors("sdn_handlaggare", OURS))

    return without_klotter


def decide(house, state):
    with house.database.transaction():
        plugins.set_state(OPERATOR, "klotter", state, "Prov")


@pytest.mark.other_database_long
@pytest.mark.parametrize("how", AWAY)
class TestWhileKlotterIsAway:
    """Off, refused, parked, or not installed any more."""

    def test_the_observation_and_its_frist_stay_readable(self, without_klotter, graffiti, how):
        officer = without_klotter(how)
        page = officer.page.get(f"/iakttagelser/{graffiti.graffiti}")
        assert page.status_code == 200
        assert "Klotter" in page.text
        assert "är inte igång. Det här går att läsa, men inte att ta emot" in page.text, "said before somebody tries"
        assert "/steg/" not in page.text, "nothing is offered that would be refused"
        assert "Det är hat, rasism eller hot" in page.text  # its own question, answered, as it was asked
        read = officer.read(f"observations/{graffiti.graffiti}").json
        assert (read["title"], read["kind"]) == ("Klotter", "klotter:klotter")
        assert read["details"] == [{"label": "Det är hat, rasism eller hot", "text": "Nej"}]
        assert "Sanera klotter" in officer.page.get("/skotsel").text
        frist = officer.read(f"deadlines/{graffiti.deadline}").json
        assert (frist["title"], frist["state"]) == ("Sanera klotter", "oppen")
        for address in (f"/skotsel/frister/{graffiti.deadline}", f"/platser/{graffiti.place}", "/"):
            assert officer.page.get(address).status_code == 200

    def test_its_own_pages_and_kinds_are_gone(self, without_klotter, graffiti, how):
        officer = without_klotter(how)
        assert officer.page.get(f"/klotter/{graffiti.graffiti}").status_code == 404
        assert officer.read(f"klotter/incidents/{graffiti.graffiti}").status_code == 404
        assert "klotter:klotter" not in officer.page.get(f"/vandringar/{graffiti.walk}/skriv-in").text
        # A phone that was out when klotter was switched off may still send; klotter takes it up when it is back.
        expected = 201 if how in ("off", "parked") else 422
        body = {"walk": str(graffiti.walk), "kind": "klotter:klotter"}
        address = "/api/v1/observations/00000000-0000-4000-8000-000000000001"
        assert officer.api.put(address, json=body, headers=officer.bearer).status_code == expected

    def test_closing_is_refused_until_somebody_says_why_not(self, without_klotter, graffiti, how):
        officer = without_klotter(how)
        closing = {f"observations/{graffiti.graffiti}": "atgarda", f"deadlines/{graffiti.deadline}": "klarmarkera"}
        for address, key in closing.items():
            refused = officer.move(address, key, "Tvättat.")
            assert refused.status_code == 409
            assert "är inte igång" in refused.json["errors"][0]["message"]
        version = officer.read(f"deadlines/{graffiti.deadline}").json["version"]
        on_page = officer.send(f"/skotsel/frister/{graffiti.deadline}/klarmarkera", reason="Tvättat.", version=version)
        assert on_page.status_code == 409
        assert "är inte igång" in on_page.text
        decide(officer.house, "waived")
        for address, key in closing.items():
            assert officer.move(address, key, "Tvättat.").status_code == 200


def test_a_reason_to_go_on_without_it_ends_when_it_is_switched_on_again(start, graffiti):
    house = start()
    officer = Officer(house, house.actors("sdn_handlaggare", OURS))
    decide(house, "waived")
    assert officer.page.get(f"/klotter/{graffiti.graffiti}").status_code == 404
    decide(house, "on")
    refused = officer.move(f"deadlines/{graffiti.deadline}", "klarmarkera", "Tvättat.")
    assert {error["field"] for error in refused.json["errors"]} == {"after_photo", "police_report"}


def test_removed_and_installed_again_its_data_is_back(start, graffiti):
    """Its tables stay when the plugin goes; what was known comes back with it, and what was logged goes on."""
    house = start()
    officer = Officer(house, house.actors("sdn_handlaggare", OURS))
    incident = f"klotter/incidents/{graffiti.graffiti}"
    change = {"police_report": "5000-K123456-27", "content_class": "tagg"}
    saved = officer.api.patch(f"/api/v1/{incident}", json=change, headers=officer.bearer | {"If-Match": '"1"'})
    assert saved.status_code == 200
    without = start(plugins=())
    assert wording("en").translate("Dekal") == "Dekal", "no document has words of what is gone"
    upgrade.upgrade(without.database)  # an operator's next upgrade asks for nothing of it, and takes nothing away
    assert (upgrade.pending(without.database), upgrade.check(without.database)) == ([], [])
    gone = Officer(without, house.actors("sdn_handlaggare", OURS))
    assert gone.read(incident).status_code == 404
    assert gone.move(f"observations/{graffiti.observation}", "granska").status_code == 200  # the rest goes on
    back = Officer(start(), house.actors("sdn_handlaggare", OURS))
    assert wording("en").translate("Dekal") == "Sticker"
    assert back.read(incident).json == saved.json
    assert "5000-K123456-27" in back.page.get(f"/klotter/{graffiti.graffiti}").text
    refused = back.move(f"deadlines/{graffiti.deadline}", "klarmarkera", "Tvättat.")
    assert [error["field"] for error in refused.json["errors"]] == ["after_photo"]


@pytest.mark.other_database_long
@pytest.mark.parametrize("allowed", [(), ("klotter",)], ids=["no plugin", "klotter alone"])
def test_every_page_works_with_whatever_plugins_there_are(start, city, allowed):
    house = start(plugins=allowed)
    officer = Officer(house, house.actors("sdn_samordnare", OURS))
    assert set(plugins.house().plugins) == set(allowed)
    addresses = [
        "/", "/platser", f"/platser/{city.ours.place}", "/vandringar", f"/vandringar/{city.ours.walk}",
        f"/iakttagelser/{city.ours.observation}", f"/iakttagelser/{city.ours.graffiti}",
        f"/vandringar/{city.ours.walk}/skriv-in", "/skotsel", f"/skotsel/frister/{city.ours.deadline}", "/utseende",
        "/logga-in", "/api/docs", "/api/openapi.json", "/healthz", "/readyz",
    ]  # fmt: skip
    for address in addresses:
        assert officer.page.get(address).status_code == 200, address
    described = officer.page.get("/api/openapi.json").json["paths"]
    assert any("klotter" in path for path in described) == ("klotter" in allowed)
    assert officer.page.get("/readyz").json["checks"]["plugins"] is True
