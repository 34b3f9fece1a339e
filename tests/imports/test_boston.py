"""Boston's real register, moved to Stockholm as tests/walks/boston.py moves it, read in as the file that it is.

Twice: as reports, which become observations, and as the orders that the city made of them, each about its report.
"""

import csv
import io
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from core import clock, geo
from core.upkeep import services
from core.upkeep.models import Deadline
from core.upkeep.services.reports import IN_TIME, LATE, OPEN, OPEN_LATE, verdict
from core.walks.limits import GIVEN
from core.walks.models import Observation, Report
from core.works.limits import FIX
from core.works.models import OrderOrigin, OrderSource, WorkOrder
from core.works.services.listing import TO_FIX
from tests.walks import boston

CITYS = {IN_TIME: "ONTIME", OPEN: "ONTIME", LATE: "OVERDUE", OPEN_LATE: "OVERDUE"}
FALLBACK = ("42.3594", "-71.0587")
"""Where the city put what it did not know the place of: 242 of the 5,000."""


def file_of(reports):
    """The city's own file, with the positions moved."""
    written = io.StringIO()
    lines = csv.DictWriter(written, list(reports[0].row))
    lines.writeheader()
    for report in reports:
        longitude, latitude = geo.to_geojson(report.point, decimals=6)["coordinates"]
        lines.writerow(report.row | {"latitude": latitude, "longitude": longitude})
    return written.getvalue().encode()


def read_in(reader, reports):
    """Read a file in, with what each of the city's types is here; return it when its rows have been tried."""
    found = reader.send(file_of(reports), source="Boston 311")
    mapping = {"number": 0, "reported_at": 1, "target_at": 2, "closed_at": 3, "category": 8, "latitude": 14}
    assert mapping.items() <= found["mapping"].items(), "all of it is guessed from the headings"
    asked = reader.say("PUT", found, "mapping", columns=found["mapping"] | {"description": 9})
    meanings = {kind: boston.KINDS[kind][0] for kind in asked["to_interpret"]["category"]}
    return reader.say("PUT", asked, "meanings", meanings={"category": meanings})


def verdicts(database):
    """Of each report that was promised something whether it was in time, as the report of frister says."""
    with database.transaction(write=False) as session:
        said = verdict(clock.now())
        rows = select(Report.number, said).join(Observation, Observation.id == Report.observation_id)
        rows = rows.join(Deadline, Deadline.subject_uid == Observation.uid).where(Deadline.kind == GIVEN)
        return {number: CITYS[one] for number, one in session.execute(rows)}


def read_orders_in(reader, reports):
    """Read the same file in as a register of orders; return it when its rows have been tried."""
    found = reader.send(file_of(reports), source="Boston 311", kind="order")
    mapping = {"number": 0, "opened_at": 1, "target_at": 2, "closed_at": 3, "state": 5, "title": 8, "latitude": 14}
    assert mapping.items() <= found["mapping"].items(), "all of it is guessed from the headings"
    asked = reader.say("PUT", found, "mapping", columns=found["mapping"] | {"report": 0})
    meanings = {text: {"Closed": "avslutad", "Open": "oppen"}[text] for text in asked["to_interpret"]["state"]}
    return reader.say("PUT", asked, "meanings", meanings={"state": meanings})


def verdicts_of_orders(database):
    """Of every order that was read in whether it was in time, by the report of frister; without one nothing is owed."""
    with database.transaction(write=False) as session:
        said = verdict(clock.now())
        rows = select(OrderOrigin.number, said, Deadline.rule).join(WorkOrder, WorkOrder.id == OrderOrigin.order_id)
        found = session.execute(rows.outerjoin(Deadline, TO_FIX)).all()
    rules = {(rule["clock"], rule["source"]) for _, _, rule in found if rule}
    assert rules == {("given_date", "Boston 311")}
    return {number: CITYS[one or OPEN] for number, one, _ in found}


def told_by_the_city(reports):
    """The city's own verdicts of what it had promised; of 22 of the 5,000 it has given none.

    What it promised nothing of is in time, it says, and has no frist here.
    """
    said = {report["case_enquiry_id"]: report["ontime"] for report in reports if report["target_dt"]}
    assert all(report["ontime"] == "ONTIME" for report in reports if not report["target_dt"])
    return {number: one for number, one in said.items() if one}


def differing(reports, verdicts):
    """The orders of which we say something else than the city, which has no word of 22 of the 5,000."""
    citys = {report["case_enquiry_id"]: report["ontime"] for report in reports}
    assert citys.keys() == verdicts.keys()
    return {number: (one, verdicts[number]) for number, one in citys.items() if one and one != verdicts[number]}


def refuse_another_report(actor, reports, verdicts):
    """What the page of the report says of the orders together is what was said of each that was promised a time."""
    (kept,) = services.report(actor, first=date(2000, 1, 1), last=date(2199, 1, 1), per="sort", kind=FIX).groups
    promised = Counter(verdicts[report["case_enquiry_id"]] for report in reports if report["target_dt"])
    assert kept.late + kept.open_late == promised["OVERDUE"]
    assert kept.in_time + kept.counts.get(OPEN, 0) == promised["ONTIME"]


def pairs(session):
    """The number of each report that an order is about, with the order's own."""
    about = select(Report.number, OrderOrigin.number).select_from(OrderSource)
    about = about.join(OrderOrigin, OrderOrigin.order_id == OrderSource.order_id)
    about = about.join(Observation, Observation.uid == OrderSource.subject_uid)
    return session.execute(about.join(Report, Report.observation_id == Observation.id)).all()


def test_some_of_them(reader, database, shared_data, scene):
    """Every hundredth, and some of those at the fallback point."""
    everything = boston.reports(shared_data)
    lost = [report for report in everything if (report["latitude"], report["longitude"]) == FALLBACK]
    some = list({report.key: report for report in [*everything[::100], *lost[:10]]}.values())
    tried = read_in(reader, some)
    assert tried["rows"] == {"duger": len(some)}
    done = reader.move(tried, "for_in")
    assert done["rows"] == {"inford": len(some)}
    assert told_by_the_city(some).items() <= verdicts(database).items()
    ordered = reader.move(read_orders_in(reader, some), "for_in")
    assert ordered["rows"] == {"inford": len(some)}
    ours = verdicts_of_orders(database)
    assert differing(some, ours) == {}
    with database.transaction(write=False) as session:
        refuse_another_report(scene.leader, some, ours)
        assert {one for one, other in pairs(session) if one == other} == ours.keys()


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_all_five_thousand(reader, database, shared_data):
    everything = boston.reports(shared_data)
    tried = read_in(reader, everything)
    assert tried["rows"] == {"duger": 5000}
    assert tried["notes"][0]["message"].startswith("242 rader har exakt samma läge"), "a false hot spot is told of"
    told = [row["warnings"][0]["field"] for row in reader.rows(tried, warned="true").values()]
    far = [report for report in everything if report["target_dt"] > "2020"]
    assert told.count("target_at") == len(far) == 7
    done = reader.move(tried, "for_in")
    assert done["rows"] == {"inford": 5000}
    assert len(told_by_the_city(everything)) == 4921
    assert told_by_the_city(everything).items() <= verdicts(database).items()
    with database.transaction(write=False) as session:
        states = dict(session.execute(select(Observation.state, func.count()).group_by(Observation.state)).all())
        open_still = sum(not report["closed_dt"] for report in everything)
        assert states == {"atgardad": 5000 - open_still, "ny": open_still}
    again = read_in(reader, everything)
    assert again["rows"] == {"dubblett": 5000}
    undone = reader.move(done, "angra", reason="Prov")
    assert undone["rows"] == {"angrad": 5000}


TRAPS = {
    ("target_at", "Ingen tid är given. Ordern får ingen frist."): 57,
    ("target_at", "Skulle vara klart mer än fem år efter att den kom in."): 7,
    ("closed_at", "Inte avslutad i registret. Ordern blir öppen här, hos er."): 114,
}


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_all_five_thousand_as_orders(reader, database, shared_data, scene):
    """Each about its report; every verdict is the city's, by row and in the report of frister; traps are counted."""
    everything = boston.reports(shared_data)
    reader.move(read_in(reader, everything), "for_in")
    tried = read_orders_in(reader, everything)
    assert tried["rows"] == {"duger": 5000}
    assert {(one["field"], one["message"]): one["rows"] for one in tried["tally"]} == TRAPS
    assert tried["notes"][0]["message"].startswith("242 rader har exakt samma läge")
    done = reader.move(tried, "for_in")
    assert done["rows"] == {"inford": 5000}
    ours = verdicts_of_orders(database)
    assert len(ours) == 5000
    assert differing(everything, ours) == {}
    assert sum(not report["ontime"] for report in everything) == 22
    with database.transaction(write=False) as session:
        refuse_another_report(scene.leader, everything, ours)
        states = dict(session.execute(select(WorkOrder.state, func.count()).group_by(WorkOrder.state)).all())
        assert states == {"avslutad": 4886, "tilldelad": 114}
        assert len(pairs(session)) == 5000
        assert all(one == other for one, other in pairs(session))
    again = read_orders_in(reader, everything)
    assert again["rows"] == {"dubblett": 5000}
    assert reader.move(done, "angra", reason="Prov")["rows"] == {"angrad": 5000}
