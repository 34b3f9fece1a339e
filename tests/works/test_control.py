"""The control of contracts: visits planned against done, deviations answered, warranties inspected."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.flow import Refused
from core.upkeep.hooks import tryggplats_todo as upkeep_todo
from core.upkeep.models import Deadline
from core.works import services
from core.works.hooks import tryggplats_todo
from core.works.limits import WARRANTY
from tests.works.test_sides import worked_there

pytestmark = pytest.mark.other_database_long


def test_visits_are_planned_and_done_against_the_control_plan(database, clock, sides, client):
    clock.stop_at("2026-12-10T10:00")
    with database.transaction():
        found = services.read_contract(sides.orderer, sides.contract)
        facts = {"controls_per_month": 3, "control_minutes": 300}
        services.change_contract(sides.orderer, sides.contract, version=found.version, **facts)
    here = f"/avtal/{sides.contract}/kontroll"
    client.login(sides.orderer)
    visit = {"uid": str(uuid4()), "planned_on": "2026-12-10"}
    assert client.submit(here, visit).status_code == 303
    with database.transaction(write=False):
        [row] = services.visits_of(sides.orderer, services.read_contract(sides.orderer, sides.contract))
    done = {"done_on": "2026-12-11", "minutes": "90", "result": "anmarkning", "note": "Tre lyktor släckta."}
    wrong = client.submit(f"/kontroller/{row.uid}", done, page=here)
    assert (wrong.status_code, "Välj i dag eller en tidigare dag." in wrong.text) == (422, True)
    done["version"] = "1"
    assert client.submit(f"/kontroller/{row.uid}", done | {"done_on": "2026-12-10"}, page=here).status_code == 303
    page = client.get(here).text
    for words in ("1 av 3", "90 av 300", "Tre lyktor släckta.", "Anmärkning"):
        assert words in page
    client.login(sides.doer)
    assert "Tre lyktor släckta." not in client.get(here).text, "the control is the city's own"
    with database.transaction():
        services.read_contract(sides.orderer, sides.contract).valid_to = date(2026, 11, 30)
    client.login(sides.orderer)
    page = client.get(here).text
    assert "Avtalet har ingen kontrollplan den här månaden." in page, "it has ended"
    assert "1 av 0" in page


def test_who_has_worked_for_the_contractor_controls_nothing(database, sides):
    worked_there(database, sides.orderer, core_clock.today())
    with database.transaction():
        row = services.plan_visit(sides.orderer, sides.contract, uid=uuid4(), planned_on=core_clock.today())
    said = {"done_on": core_clock.today(), "minutes": 30, "result": "utan_anmarkning", "note": ""}
    with pytest.raises(Refused, match="Du har arbetat hos"), database.transaction():
        services.do_visit(sides.orderer, row.uid, **said)
    with database.transaction():
        services.do_visit(sides.colleague, row.uid, **said)


def test_a_deviation_is_answered_by_the_contractor_and_closed_by_the_orderer(database, sides, client):
    here = f"/avtal/{sides.contract}/kontroll"
    client.login(sides.orderer)
    known = {"uid": str(uuid4()), "what": "Jouren svarade inte.", "found_on": core_clock.today().isoformat()}
    assert client.submit(f"/avtal/{sides.contract}/avvikelser", known, page=here).status_code == 303
    step = f"/avvikelser/{known['uid']}/steg"
    client.login(sides.doer)
    assert "Jouren svarade inte." in client.get(here).text
    assert client.submit(f"{step}/stang", {"reason": "Nej."}, page=here).status_code == 403
    refused = client.submit(f"{step}/besvara", {"reason": ""}, page=here)
    assert (refused.status_code, "Skriv varför." in refused.text) == (422, True)
    assert client.submit(f"{step}/besvara", {"reason": "Telefonen var trasig."}, page=here).status_code == 303
    client.login(sides.orderer)
    assert "Telefonen var trasig." in client.get(here).text
    closing = {"reason": "Ny telefon på plats.", "version": "3"}
    assert client.submit(f"{step}/stang", closing, page=here).status_code == 303
    assert "Stängd" in client.get(here).text


def test_what_is_approved_is_guaranteed_and_inspected_before_the_end(database, clock, sides, ordered, move, show):
    """The contract's months from the approval; it is somebody's to do two months before."""
    clock.stop_at("2026-12-01T10:00")
    with database.transaction():
        found = services.read_contract(sides.orderer, sides.contract)
        services.change_contract(sides.orderer, sides.contract, version=found.version, warranty_months=24)
    made = ordered()
    move(sides.doer, made, "kvittera")
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    move(sides.orderer, made, "godkann", reason="Bra.")

    def lasting():
        with database.transaction(write=False):
            return services.warranties_of(sides.orderer, services.read_contract(sides.orderer, sides.contract))

    [row] = lasting()
    assert (row.title, row.ends_on) == ("Laga lyktan", date(2028, 12, 1))
    with database.transaction(write=False) as session:
        frist = session.scalars(select(Deadline).where(Deadline.kind == WARRANTY)).one()
        assert (frist.due_on, frist.subject_uid) == (date(2028, 12, 1), row.uid)
    clock.stop_at("2028-11-01T10:00")
    with database.transaction(write=False):
        assert [*tryggplats_todo(sides.orderer)] == [], "its frist tells of it"
        told = [(todo.title, todo.detail) for todo in upkeep_todo(sides.orderer, 50)]
    assert told == [("Garantibesiktning", "Laga lyktan")]
    with database.transaction():
        services.inspect(
            sides.orderer, row.uid, inspected_on=date(2028, 11, 1), result="utan_anmarkning", note="", version=1
        )
    with pytest.raises(Refused, match="redan besiktad"), database.transaction():
        services.inspect(sides.orderer, row.uid, inspected_on=date(2028, 11, 1), result="underkand", note="")
    with database.transaction(write=False) as session:
        assert session.scalars(select(Deadline.state).where(Deadline.kind == WARRANTY)).one() == "klar"
        assert list(tryggplats_todo(sides.orderer)) == []
