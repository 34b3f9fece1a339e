"""The administrator's pages of plugins: what each is, what was chosen for it, why it is away, and setting it aside."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core import plugins
from core.hookspecs import Manifest, Section
from core.journal import JournalDetail
from core.kit import Schema, fields, settings
from core.plugins import PluginCall, PluginSetting
from tests.contract.city import OURS

ADDRESS = "/admin/tillagg"


class Choices(Schema):
    """What the plugin must know of an installation."""

    address = fields.String(max=100, label="Vilken adress?", load_default="ingen")
    often = fields.Integer(min=1, max=60, label="Hur ofta?", required=True)
    key = fields.String(max=100, label="Nyckel", widget="password")


def manifest(**more):
    return lambda: Manifest(name="bra", title="Fågelbordet", root=Path(), core=">=1,<2", **more)


@pytest.fixture
def house(start, make_plugin):
    """Start with a plugin with these hooks; `page` is the administrator's browser."""

    def house(**hooks):
        made = start(make_plugin(**{"manifest": manifest(settings=Choices, level=3)} | hooks))
        made.page = made.client(made.actors("sysadmin", "slk"))
        return made

    return house


def test_a_plugins_page_tells_what_it_is(house):
    made = house(todo=lambda actor: [])
    listed = made.page.get(ADDRESS).text
    for text in ("Fågelbordet", "bra, skyddsnivå 3", "Klotter", "&gt;=1,&lt;2"):
        assert text in listed
    page = made.page.get(f"{ADDRESS}/klotter").text
    for text in ("klotter_incident", "Handlägga klotter", "Handläggare stadsdel", "after_observation", "På", "Sanera"):
        assert text in page
    assert made.page.get(f"{ADDRESS}/finns-inte").status_code == 404
    leader = made.client(made.actors("sdn_samordnare"))
    assert leader.get(ADDRESS).status_code == 403


@pytest.mark.one_database
def test_one_plugin_is_one(start):
    made = start()
    assert "1 känt" in made.client(made.actors("sysadmin", "slk")).get(ADDRESS).text


def test_settings_are_asked_by_the_manifest_and_read_by_the_plugin(house):
    made = house()
    page = f"{ADDRESS}/bra"

    def save(**fields):
        return made.page.submit(f"{page}/installningar", fields, page=page)

    def now():
        with made.database.transaction(write=False):
            return dict(settings("bra"))

    assert now() == {"address": "ingen"}
    assert "Hur ofta?" in made.page.get(page).text
    refused = save(often="99", version="0")
    assert refused.status_code == 422
    assert 'id="val-often-error"' in refused.text
    assert save(often="5", key="mycket hemligt", version="0").status_code == 303
    assert now() == {"address": "ingen", "often": 5, "key": "mycket hemligt"}
    assert "mycket hemligt" not in made.page.get(page).text
    assert save(often="6", address="https://bra.example", key="", version="1").status_code == 303
    assert now() == {"address": "https://bra.example", "often": 6, "key": "mycket hemligt"}, "a secret left out stays"
    assert save(often="7", version="1").status_code == 409, "somebody saved in between"
    with made.database.transaction(write=False) as session:
        assert "hemligt" not in str(session.scalars(select(JournalDetail.detail)).all())


def test_what_was_chosen_before_the_questions_changed_counts_as_far_as_it_fits(house):
    made = house()
    with made.database.transaction() as session:
        session.add(PluginSetting(name="bra", content={"often": "ofta", "address": "kvar", "borta": 1}))
    with made.database.transaction(write=False):
        assert settings("bra")["address"] == "kvar"
        assert "often" not in settings("bra")
        assert settings("finns-inte") == {}


def test_settings_that_cannot_be_drawn_refuse_the_plugin(house):
    made = house(manifest=manifest(settings=dict))
    assert "settings ska vara ett Schema" in plugins.house().plugins["bra"].refusal
    page = made.page.get(f"{ADDRESS}/bra").text
    assert "Vägrat" in page
    assert "settings ska vara ett Schema" in page
    assert "Tillägget bra är borta" in made.page.get("/").text


def test_a_plugin_that_fails_is_parked_and_started_again_with_a_reason(house):
    made = house(todo=lambda: 1 / 0)
    for _ in range(5):
        made.page.get("/", buffered=True)
    plugins.forget_states()
    start = made.page.get("/").text
    assert "Tillägget Fågelbordet är borta" in start
    page = made.page.get(f"{ADDRESS}/bra").text
    for text in ("Parkerat", "ZeroDivisionError", "todo", "Av betyder inte borta"):
        assert text in page
    assert "Läs felen i Fågelbordet" in made.page.get(ADDRESS).text
    decide = f"{ADDRESS}/bra/lage"
    assert made.page.submit(decide, {"state": "on", "reason": ""}, page=f"{ADDRESS}/bra").status_code == 422
    done = made.page.submit(decide, {"state": "on", "reason": "Rättat i 1.1"}, page=f"{ADDRESS}/bra")
    assert done.status_code == 303
    with made.database.transaction(write=False):
        assert plugins.state("bra") == "on"


def test_a_plugin_is_set_aside_and_one_that_is_not_installed_only_so(house):
    made = house()
    decide = {"reason": "Vi går vidare"}
    assert (
        made.page.submit(f"{ADDRESS}/bra/lage", decide | {"state": "waived"}, page=f"{ADDRESS}/bra").status_code == 303
    )
    assert "Av, utan invändningar" in made.page.get(ADDRESS).text
    for state, expected in (("on", 404), ("off", 404), ("waived", 303)):
        sent = decide | {"state": state}
        answer = made.page.submit(f"{ADDRESS}/borta/lage", sent, page=f"{ADDRESS}/bra")
        assert answer.status_code == expected, state
    with made.database.transaction(write=False):
        assert plugins.absent(["borta:sak"]) is None
    assert made.page.get(f"{ADDRESS}/borta").status_code == 200


def test_traced_calls_tell_kinds_and_times_and_nothing_of_what_was_said(house, clock):
    clock.stop_at("2027-01-11T08:00")
    made = house(todo=lambda actor: [])
    spy, page = f"{ADDRESS}/bra/spar", f"{ADDRESS}/bra"
    made.page.get("/", buffered=True)
    assert made.page.submit(spy, {"minutes": "5"}, page=page).status_code == 303
    made.page.get("/", buffered=True)
    assert "Sluta nu" in made.page.get(page).text
    clock.pass_by(minutes=6)
    made.page.get("/", buffered=True)
    assert "Sluta nu" not in made.page.get(page).text, "it is over"
    with made.database.transaction(write=False) as session:
        [call] = session.scalars(select(PluginCall))
        assert (call.name, call.hook, call.kinds, call.answered) == ("bra", "todo", "actor: Actor", "inget")
    assert "actor: Actor" in made.page.get(page).text


def test_sections_stand_in_the_order_of_their_weight(start, make_plugin, city):
    """Named places on a page, and a weight; who was installed first has no meaning (I6)."""

    def section(name, weight):
        said = Section(f"{name}:del", f"Del {name}", "upkeep/section.html", {"rows": []}, weight)
        return make_plugin(name, sections=lambda page: [said] if page == "place" else [])

    made = start(section("aaa", 90), section("bbb", 1), section("ccc", 60))
    page = made.client(made.actors("sdn_samordnare", OURS)).get(f"/platser/{city.ours.place}").text
    places = [page.index(f"Del {name}") for name in ("bbb", "ccc", "aaa")]
    assert places == sorted(places)
