"""Orders of another register become orders here, with given dates and history; nobody is told of what has ended."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.journal import JournalLine
from core.upkeep.models import Deadline, Reminder
from core.upkeep.models.letters import NEW, STEP
from core.upkeep.services import put_letters
from core.walks.models import Observation
from core.works import services
from core.works.limits import FIX
from core.works.models import OrderEvent, OrderSource, Penalty, WorkOrder
from core.works.services import Said
from tests.imports.conftest import Reader, line, messages, sheet, spot
from tests.upkeep.letters import boxes
from tests.works.conftest import add_contract, sides

__all__ = ["boxes", "sides"]

COLUMNS = "Ordernummer;Typ;Beställd;Skulle vara klart;Avslutad;Status;Ärendenummer;Prio;Latitud;Longitud"
OPENED = "2025-01-10 08:00"


def entry(number, *, title="Laga lykta", opened=OPENED, target="", closed="", state="", report="", prio="", where=None):
    """A row of an old register of orders; `where` is metres from the corner of the scene, or two texts."""
    position = where or spot(500, 500)
    return ";".join([number, title, opened, target, closed, state, report, prio, *position])


def book(*entries):
    return sheet(*entries, columns=COLUMNS)


def taking(reader):
    """Read a register of orders in: `take(entry("1"), ...)`; return the import when it stands."""

    def take(*entries):
        tried = reader.tried(book(*entries), kind="order", source="Gamla systemet")
        return reader.move(tried, "for_in")

    return take


@pytest.fixture
def take(reader):
    return taking(reader)


@pytest.fixture
def take_for_trafik(client, actors, sides, work):
    """The same, by somebody at trafikkontoret."""
    return taking(Reader(client, actors.token(sides.orderer), work))


@pytest.fixture
def orders(database):
    """The orders that there are, with the frist to mend of each: (order, frist or None) by title."""

    def read():
        with database.transaction(write=False) as session:
            rows = select(WorkOrder, Deadline).outerjoin(
                Deadline, (Deadline.subject_uid == WorkOrder.uid) & (Deadline.kind == FIX)
            )
            return {order.title: (order, frist) for order, frist in session.execute(rows)}

    return read


@pytest.fixture
def happened(database):
    """What has happened to an order, in its order: (kind, day)."""

    def read(order):
        with database.transaction(write=False) as session:
            rows = select(OrderEvent).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
            return [(event.kind, f"{event.at:%Y-%m-%d}", event.reason) for event in session.scalars(rows)]

    return read


def test_an_order_keeps_its_state_its_given_date_and_its_history(take, orders, happened, clock):
    clock.stop_at("2025-02-01T12:00:00+00:00")
    done = take(
        entry("1", title="I tid", target="2025-01-20 12:00:00", closed="2025-01-20 12:00:00", prio="p1"),
        entry("2", title="För sent", target="2025-01-20 12:00:00", closed="2025-01-20 12:00:01"),
        entry("3", title="Återkallad", target="2025-01-20", closed="2025-01-15", state="Återkallad"),
        entry("4", title="Öppen", target="2025-01-31"),
        entry("5", title="Utan tid", closed="2025-01-12 10:00"),
    )
    assert done["rows"] == {"inford": 5}
    found = orders()
    assert {title: order.state for title, (order, _) in found.items()} == {
        "I tid": "avslutad",
        "För sent": "avslutad",
        "Återkallad": "aterkallad",
        "Öppen": "tilldelad",
        "Utan tid": "avslutad",
    }
    order, frist = found["I tid"]
    assert (order.priority, order.organisation_id, order.executor_id) == (
        "p1",
        order.executor_id,
        order.organisation_id,
    )
    assert (frist.rule["clock"], frist.rule["source"], frist.state) == ("given_date", "Gamla systemet", "klar")
    assert (frist.met_at < frist.due_at, found["För sent"][1].met_at < found["För sent"][1].due_at) == (True, False)
    assert order.place_id is not None
    assert found["Utan tid"][1] is None
    assert found["Återkallad"][1] is None
    assert found["Öppen"][1].state == "oppen"
    assert happened(order) == [
        ("bestalld", "2025-01-10", "Gamla systemet, nummer 1"),
        ("avsluta", "2025-01-20", "Avslutad i Gamla systemet."),
        ("inlast", "2025-02-01", "Gamla systemet, nummer 1"),
    ]
    assert [kind for kind, *_ in happened(found["Öppen"][0])] == ["bestalld", "inlast"]


def test_what_is_odd_is_told_at_its_field_and_counted_by_kind(reader, clock):
    clock.stop_at("2025-05-01T12:00:00+00:00")
    latitude, longitude = spot(500, 500)
    late = "2025-04-01"
    found = reader.tried(
        book(
            entry("1", target="2025-02-01", closed="2025-01-20"),
            entry("2", closed="2025-01-20"),
            entry("3", target="2025-02-01", closed="2025-01-09"),
            entry("4", target="2025-01-01", closed="2025-01-20"),
            entry("5", target="2025-02-01"),
            entry("6", target="2025-02-01", closed="2025-01-20", state="Öppen"),
            entry("7", target="2025-02-01", state="Avslutad"),
            entry("8", opened="2024-10-27 02:30", target=late, closed=late),
            entry("9", opened="2024-03-31 02:30", target=late, closed=late),
            entry("10", target=late, closed=late, report="finns inte", where=("", "")),
            entry("11", target=late, closed=late, where=("", "")),
            entry("12", target=late, closed=late, where=(longitude, latitude)),
            entry("1", target=late, closed=late),
            entry("14", title="Ring Kim på 070-174 06 05", target=late, closed=late),
        ),
        kind="order",
        source="Gamla systemet",
    )
    assert found["rows"] == {"duger": 10, "fel": 3, "dubblett": 1}
    told = {number: messages(row) for number, row in reader.rows(found).items()}
    assert told == {
        2: {},
        3: {"target_at": "Ingen tid är given. Ordern får ingen frist."},
        4: {"closed_at": "Avslutad innan den kom in."},
        5: {"target_at": "Skulle vara klart innan den kom in."},
        6: {"closed_at": "Inte avslutad i registret. Ordern blir öppen här, hos er."},
        7: {"closed_at": "Läget är ”öppen”, men ordern har varit avslutad. Den tiden förs inte in."},
        8: {"state": "Läget är ”avslutad”, men det står inte när."},
        9: {"opened_at": "Klockan går två gånger genom den timmen, när sommartiden slutar. Den första menas."},
        10: {"opened_at": "Den timmen finns inte, för sommartiden börjar då. Tiden räknas som en timme senare."},
        11: {"report": "Ärendet finns inte här. Ordern förs in utan det."},
        12: {"latitude": "Läge saknas. Ordern förs in utan plats."},
        13: {"latitude": "Latitud (WGS 84) och Longitud (WGS 84) har bytt plats. Välj kolumnerna tvärtom."},
        14: {"number": "Nummer 1 står på flera rader i filen. Den första räknas."},
        15: {"": "Ett personnummer eller telefonnummer är bytt mot [borttaget]."},
    }
    assert [(one["message"], one["stops"], one["rows"]) for one in found["tally"][:2]] == [
        ("Avslutad innan den kom in.", True, 1),
        ("Läget är ”avslutad”, men det står inte när.", True, 1),
    ]
    assert sum(one["rows"] for one in found["tally"]) == 13
    again = reader.tried(book(entry("1"), entry("2"), entry("3")), kind="order", source="Gamla systemet")
    assert [(one["field"], one["rows"], one["stops"]) for one in again["tally"]] == [
        ("closed_at", 3, False),
        ("target_at", 3, False),
    ]


def test_an_order_is_about_the_report_with_its_number_and_about_no_other(reader, take, database):
    reader.move(reader.tried(sheet(line("TT-7"))), "for_in")
    done = take(entry("1", report="TT-7", where=("", "")), entry("2", report="TT-8"))
    assert messages(reader.rows(done)[3])["report"] == "Ärendet finns inte här. Ordern förs in utan det."
    with database.transaction(write=False) as session:
        (observation,) = session.scalars(select(Observation))
        (about,) = session.scalars(select(OrderSource))
        order = session.get(WorkOrder, about.order_id)
        assert (about.subject_kind, about.subject_uid) == ("observation", observation.uid)
        assert (order.place_id, order.category) == (observation.place_id, observation.kind)
        assert observation.state == "ny", "what the order's register says of it is not the report's own"


def test_what_has_ended_is_told_in_no_letter_and_what_is_open_as_new(take, database, boxes, clock):
    clock.stop_at("2025-02-03T07:00:00+00:00")
    old = {"opened": "2025-01-02 08:00", "target": "2025-02-03"}
    take(entry("1", closed="2025-01-13 20:00", **old), entry("2", closed="2025-01-14", state="Återkallad", **old))
    with database.transaction() as session:
        assert put_letters(date(2025, 2, 3)) == 0
        assert session.scalar(select(func.count()).select_from(Reminder)) == 0
    take(entry("3", **old))
    with database.transaction() as session:
        assert put_letters(date(2025, 2, 4)) == 1
        assert {row.kind for row in session.scalars(select(Reminder))} == {NEW, STEP}


def test_what_was_late_before_it_came_here_is_fined_in_the_register_it_came_from(
    take_for_trafik, orders, database, sides, clock
):
    clock.stop_at("2025-02-03T07:00:00+00:00")
    take_for_trafik(
        entry("1", title="Late there", target="2025-02-01"), entry("2", title="Late here", target="2025-02-04")
    )
    waiting = [order.uid for order, _ in orders().values()]
    with database.transaction():
        rule = {"leg": "fix", "priority": "", "per": "dygn", "amount": 1000, "source": "AFD.51"}
        services.add_penalty_rule(sides.orderer, sides.contract, **rule)
        for uid in waiting:
            services.move_order(sides.orderer, uid, "overlamna", Said(reason="Ges till entreprenören"))
            services.move_order(sides.orderer, uid, "tilldela", Said(contract=sides.contract))
    clock.stop_at("2025-02-07T07:00:00+00:00")
    with database.transaction() as session:
        services.propose_penalties()
        assert [session.get(WorkOrder, row.order_id).title for row in session.scalars(select(Penalty))] == ["Late here"]
        other = add_contract(sides.orderer, title="Jour för belysning")
        for uid in waiting:
            services.move_order(sides.doer, uid, "overlamna", Said(reason="Vi saknar folk."))
            services.move_order(sides.orderer, uid, "tilldela", Said(contract=other.uid))
        assert len(session.scalars(select(Penalty)).all()) == 1, "nor when the first contract gives it back"


def test_another_priority_counts_nothing_anew_from_years_ago(take_for_trafik, orders, database, sides):
    take_for_trafik(entry("1", title="Given", target="2025-02-01"), entry("2", title="No time"))
    before = orders()
    with database.transaction():
        for order, _ in before.values():
            services.reprioritise(sides.orderer, order.uid, priority="p0", reason="Någon kan skära sig.")
    after = orders()
    assert after["No time"][1] is None
    assert after["Given"][1].due_at == before["Given"][1].due_at


def test_all_of_it_is_undone_and_comes_again_unless_somebody_has_begun(reader, take, orders, database, scene):
    done = take(
        entry("1", title="Ended", target="2025-01-20", closed="2025-01-25"),
        entry("2", title="Open", target="2025-01-20"),
    )
    undone = reader.move(done, "angra", reason="Fel fil")
    assert (undone["state"], undone["rows"]) == ("angrad", {"angrad": 2})
    assert {order.state for order, _ in orders().values()} == {"aterkallad"}
    assert {frist.state for _, frist in orders().values()} == {"utgar"}
    ended, _ = orders()["Ended"]
    with database.transaction(write=False) as session:
        by_house = select(JournalLine.subject_uid).where(JournalLine.action == "order:ogora")
        assert session.scalars(by_house).all() == [ended.uid], "only what its register had ended"
    again = take(
        entry("1", title="Ended again", closed="2025-01-25"), entry("2", title="Open again", target="2025-01-20")
    )
    assert again["rows"] == {"inford": 2}
    order, _ = orders()["Open again"]
    with database.transaction():
        services.move_order(scene.leader, order.uid, "kvittera", Said())
    refused = reader.move(again, "angra", reason="Fel fil")
    assert refused["errors"][0]["message"].startswith("1 av det som fördes in")
