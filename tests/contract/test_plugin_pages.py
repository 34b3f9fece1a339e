"""A plugin's pages, API and failures as they look from outside: gone with it, and no harm to what was asked for."""

import pytest
from sqlalchemy.exc import OperationalError

from core import plugins
from core.hookspecs import Permission, Routes
from core.kit import Api, Pages, system
from tests.contract.city import OURS


@pytest.fixture
def with_pages(start, make_plugin):
    """A plugin with a page and an API resource that everybody may use, and hooks as given."""

    def make(**hooks):
        pages, api = Pages("bra", __name__), Api("bra-api", __name__)
        pages.add_url_rule("/", "sida", lambda: "bra sida", needs="bra:sida:se")
        api.add_url_rule("/", "resurs", lambda: "bra resurs", needs="bra:sida:se")
        right = Permission("bra:sida:se", "Se", city=("*",))
        routes = {"routes": lambda: Routes((pages,), (api,)), "permissions": lambda: [right]}
        return start(make_plugin(**routes, **hooks), plugin_failures=2)

    return make


@pytest.mark.one_database
def test_a_plugin_that_is_off_answers_nowhere(with_pages):
    house = with_pages()
    client = house.client()
    addresses = ("/bra/", "/api/v1/bra/")
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    for state, expected in (("off", 404), ("parked", 404), ("on", 200)):
        with house.database.transaction():
            plugins.set_state(system("test"), "bra", state, "prov")
        assert [client.get(address).status_code for address in addresses] == [expected] * 2, state


def fails(*_, **__):
    raise ValueError("med flit")


class Broken:
    """A database that refuses whoever wants to note something."""

    def __init__(self, database):
        self._database = database

    def __getattr__(self, name):
        return getattr(self._database, name)

    def transaction(self, *, write=True):
        if write:
            raise OperationalError("INSERT INTO plugin_failure", {}, Exception("database is locked"))
        return self._database.transaction(write=write)


@pytest.mark.one_database
def test_that_a_failure_cannot_be_noted_is_no_worse_for_who_asked(with_pages, city, caplog):
    house = with_pages(sections=fails)
    client = house.client(house.actors("sdn_samordnare", OURS))
    client.get("/utseende", buffered=True)  # the session has been noted as in use
    house.app.database = Broken(house.database)
    answer = client.get(f"/platser/{city.ours.place}", buffered=True)
    assert answer.status_code == 200
    assert "could not note what failed in plugins" in caplog.text


@pytest.mark.one_database
def test_what_fails_is_noted_after_the_answer_also_of_a_request_that_is_refused(with_pages, city):
    house = with_pages(objections=fails)
    bearer = house.bearer(house.actors("sdn_samordnare", OURS)) | {"If-Match": '"1"'}
    address = f"/api/v1/observations/{city.ours.observation}/moves"
    for noted in (1, 2):
        answer = house.client().post(address, json={"move": "granska"}, headers=bearer)
        assert answer.status_code == 409
        assert len(plugins.house().noted) == 1, "not before the answer has left"
        answer.close()  # as a server does then
        assert plugins.house().noted == []
        with house.database.transaction(write=False) as session:
            assert session.query(plugins.PluginFailure).count() == noted
            plugins.forget_states()
            assert plugins.state("bra") == ("on" if noted < 2 else "parked")
