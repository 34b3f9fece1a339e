"""Penalties in parts and pages, and in Att göra of whoever may take the next step; who took each is read by name."""

import re
from uuid import UUID, uuid4

from core.people.services import organisation
from core.people.waiting import todos
from core.works import services
from core.works.services import Wanted, listing, penalty_list
from tests.works.conftest import CONTRACTOR, add_contract
from tests.works.test_penalties import costly, penalties, proposed, run

__all__ = ["costly", "proposed"]


def told(database, actor):
    """What waits for somebody about penalties."""
    with database.transaction(write=False):
        mine, _ = todos(set(), actor, limit=50)
        return [str(one.title) for one in mine if one.link.startswith("/viten/")]


def test_a_penalty_waits_for_each_who_may_take_its_next_step(database, sides, proposed, actors, client):
    chef, jurist, falt = (actors(role, "trafik") for role in ("forv_chef", "jurist", "falt"))

    def step(actor, key, reason=""):
        with database.transaction():
            services.move_penalty(actor, proposed, key, reason=reason)

    def waits():
        everybody = (sides.orderer, sides.colleague, chef, jurist, falt, sides.doer)
        return [bool(told(database, actor)) for actor in everybody]

    assert told(database, sides.orderer) == ["Bekräfta vitet VI-00001"]
    assert waits() == [True, True, False, False, False, False]
    step(sides.orderer, "bekrafta")
    assert told(database, chef) == ["Besluta om vitet VI-00001"]
    assert waits() == [False, True, True, False, False, False], "not who confirmed it"
    step(chef, "krava")
    assert waits() == [False] * 6
    step(sides.doer, "bestrid", "Grinden var låst.")
    assert told(database, jurist) == ["Ta ställning till det bestridda vitet VI-00001"]
    assert waits() == [False, True, True, True, False, False]
    for reader in (sides.orderer, actors("revisor", "kf")):
        client.login(reader)
        page = client.get(f"/viten/{proposed}").text
        for weighed in (sides.orderer, chef):
            assert f"{weighed.name}, Trafiknämnden" in page
    with database.transaction():
        firm = next(uid for uid, name in services.contractors(sides.colleague) if name == "Entreprenör (demo)")
        services.declare(sides.colleague, contractor=UUID(firm), valid_to=None, reason="En släkting arbetar där.")
    assert told(database, sides.colleague) == []


def test_penalties_come_page_by_page_and_are_counted_no_further_than_they_tell(
    database, clock, sides, costly, ordered, client, monkeypatch
):
    monkeypatch.setattr(penalty_list, "PAGE", 2)
    clock.stop_at("2026-12-01T10:00")
    for _ in "abc":
        ordered(priority="p1")
    clock.pass_by(hours=3)
    run(database)
    client.login(sides.orderer)
    first = client.get("/api/v1/penalties").json
    rest = client.get("/api/v1/penalties", query_string={"after": first["next"]}).json
    assert [row["number"] for row in first["items"] + rest["items"]] == ["VI-00001", "VI-00002", "VI-00003"]
    assert rest["next"] is None
    page = client.get("/viten").text
    assert ("VI-00002" in page, "VI-00003" in page) == (True, False)
    assert "<b>3</b>" in page
    monkeypatch.setattr(penalty_list, "COUNTED", 2)
    monkeypatch.setattr(listing, "COUNTED", 2)
    with database.transaction(write=False):
        assert services.count_penalties(sides.orderer)["att_gora"] == 3
        assert services.count_orders(sides.orderer) == {
            "oppna": 3, "att_godkanna": 0, "godkanda": 0, "avslutade": 0,
        }  # fmt: skip


def test_a_claim_is_not_hidden_by_those_that_are_invoiced(database, sides, proposed):
    for actor, key, reason in (
        (sides.orderer, "bekrafta", ""),
        (sides.colleague, "krava", ""),
        (sides.colleague, "fakturera", "F-1001"),
    ):
        with database.transaction():
            services.move_penalty(actor, proposed, key, reason=reason)
    assert penalties(database, sides.orderer, "kravda") == {}
    assert set(penalties(database, sides.orderer, "fakturerade")) == {"respond"}


def test_what_one_has_an_interest_in_hides_nothing_else(database, clock, sides, proposed, monkeypatch):
    monkeypatch.setattr(penalty_list, "TODOS", 1)
    rule = {"leg": "respond", "priority": "", "per": "tillfalle", "amount": 500, "source": "AFD.51"}
    with database.transaction():
        other = add_contract(sides.orderer, title="Jour", contractor=organisation("demo-gata").uid)
        services.add_penalty_rule(sides.orderer, other.uid, **rule)
        wanted = Wanted(title="Laga hålet", priority="p1", contract=other)
        services.make_order(sides.orderer, uid=uuid4(), organisation=other.organisation_id, wanted=wanted)
    clock.pass_by(hours=3)
    run(database)
    assert told(database, sides.orderer) == ["Bekräfta vitet VI-00001"]
    with database.transaction():
        firm = organisation(CONTRACTOR).uid
        services.declare(sides.orderer, contractor=firm, valid_to=None, reason="En släkting arbetar där.")
    assert told(database, sides.orderer) == ["Bekräfta vitet VI-00002"]


def test_the_parts_of_the_list_are_counted_as_it_is_narrowed(sides, ordered, client):
    for priority in ("p1", "p2", "p2"):
        ordered(priority=priority)
    client.login(sides.orderer)
    pages = [
        "/arbeten",
        "/arbeten?prioritet=p1",
        f"/arbeten?prioritet=p2&avtal={sides.contract}",
        f"/arbeten?avtal={uuid4()}",
    ]
    counted = [re.search(r"Öppna\s*<b>(\d+)</b>", client.get(page).text)[1] for page in pages]
    assert counted == ["3", "1", "2", "0"]
