"""Skötsel i tid by contract: the list, its counts, its forecast, its file and the API are narrowed to one."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core import clock as core_clock
from core.people.services import organisation
from core.upkeep import services as upkeep
from core.works.models import Contract
from tests.documents.conftest import desk_of, work
from tests.upkeep.conftest import asked
from tests.upkeep.test_tables import rows_of
from tests.works.conftest import add_contract
from tests.works.many import add_orders

pytestmark = pytest.mark.other_database_long

__all__ = ["asked", "desk_of", "work"]
DAY = timedelta(days=1)


@pytest.fixture
def two(database, sides, clock):
    """Under the lights' contract two that are open and two protected ones; one under another; one under none."""
    clock.stop_at("2027-01-13T12:00")
    now = core_clock.now()
    with database.transaction() as session:
        other = add_contract(sides.orderer, title="Renhållning")
        mine = session.scalars(select(Contract.id).where(Contract.uid == sides.contract)).one()
        late, soon = {"due_at": now - 2 * DAY}, {"due_at": now + 3 * DAY}
        add_orders(
            session,
            [
                {"contract_id": mine, "frist": late},
                {"contract_id": mine, "frist": soon},
                {"contract_id": mine, "frist": late, "level": 3},
                {"contract_id": mine, "frist": late | {"level": 3}},
                {"contract_id": other.id, "frist": late},
                {"frist": late},
            ],
        )
    return other.uid


def test_the_list_its_counts_and_its_forecast_are_narrowed_to_a_contract(database, sides, two, client):
    narrowed = upkeep.Narrowed(by={"avtal": sides.contract})
    with database.transaction(write=False):
        assert len(upkeep.list_open(sides.orderer).rows) == 6
        assert len(upkeep.list_open(sides.orderer, narrowed).rows) == 2
        counts = upkeep.count_open(sides.orderer, narrowed)
        assert (counts["alla"], counts["forsenade"]) == (2, 1), "protected ones are in no answer"
        assert sum(n for _, n in upkeep.forecast(sides.orderer, narrowed)) == 1
        assert len(upkeep.list_open(sides.orderer, upkeep.Narrowed(by={"avtal": two})).rows) == 1
        assert upkeep.list_open(sides.orderer, upkeep.Narrowed(by={"avtal": uuid4()})).rows == []
    client.login(sides.orderer)
    page = client.get(f"/skotsel?avtal={sides.contract}")
    assert page.status_code == 200
    assert page.text.count("#varfor") == 2
    choices = page.text.partition('name="avtal">')[2].partition("</select>")[0]
    assert re.findall(r">([^<]+)</option>", choices)[1:] == ["Drift av belysning (AV-0001)", "Renhållning (AV-0002)"]
    assert f"visa=forsenade&amp;avtal={sides.contract}" in page.text, "the tabs keep what was chosen"
    assert client.get("/skotsel?avtal=nej").status_code == 422
    assert "Inga öppna frister passar valet." in client.get(f"/skotsel?avtal={uuid4()}").text


def test_the_api_and_the_file_are_narrowed_alike(sides, two, client, actors, desk_of, work):
    bearer = actors.token(sides.orderer)
    asked = {"contract": str(sides.contract)}
    assert len(client.get("/api/v1/deadlines", query_string=asked, headers=bearer).json["items"]) == 2
    assert client.get("/api/v1/deadlines?contract=nej", headers=bearer).status_code == 422
    assert len(rows_of(desk_of(sides.orderer), work, "upkeep:frister", avtal=str(sides.contract))) == 3


def test_who_does_not_reach_a_contract_learns_nothing_by_naming_it(database, sides, two, client, actors):
    """Not even of frister that she sees: the contract is none of hers."""
    follows = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction() as session:
        mine = session.scalars(select(Contract.id).where(Contract.uid == sides.contract)).one()
        board = organisation("sdn-farsta").id
        add_orders(session, [{"contract_id": mine, "coordinator_id": board, "frist": {}}])
    with database.transaction(write=False):
        assert len(upkeep.list_open(follows).rows) == 1
        assert upkeep.list_open(follows, upkeep.Narrowed(by={"avtal": sides.contract})).rows == []
    client.login(follows)
    assert 'for="f-avtal"' not in client.get("/skotsel").text, "there is nothing to choose"


def test_by_contract_no_table_is_read_through(database, sides, asked):
    """However many orders are done, and whether the contract has much or little that is open."""
    now = core_clock.now()
    with database.transaction() as session:
        other = add_contract(sides.orderer, title="Renhållning")
        small = session.scalars(select(Contract.id).where(Contract.uid == sides.contract)).one()
        done = {"state": "avslutad", "frist": {"state": "klar", "met_at": now}}
        open_one = {"frist": {"due_at": now + DAY}}
        add_orders(session, [{"contract_id": other.id} | done for _ in range(3_000)])
        add_orders(session, [{"contract_id": other.id} | open_one for _ in range(1_500)])
        add_orders(session, [{"contract_id": small} | open_one for _ in range(3)])
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    for contract, count in ((sides.contract, 3), (other.uid, 50)):
        with database.transaction(write=False) as session, asked() as said:
            assert len(upkeep.list_open(sides.orderer, upkeep.Narrowed(by={"avtal": contract})).rows) == count
            [(sql, values)] = [(sql, values) for sql, values in said if "ORDER BY deadline.urgency" in sql]
            word = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN (FORMAT JSON)"
            rows = session.connection().exec_driver_sql(f"{word} {sql}", values).all()
        plan = "\n".join(row[-1] if database.embedded else json.dumps(row[0]) for row in rows)
        assert "ix_deadline_open" in plan, plan
        assert not re.search(r"SCAN (deadline|work_order)(?! USING)", plan), plan
        assert not re.search(r"\"Seq Scan\", [^}]*\"Relation Name\": \"(deadline|work_order)\"", plan), plan
