"""The whole city's follow-up is told without reading all there is: sums that the database keeps, first rows, pages."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select

from core import clock, db
from core.applications.models import (
    INSIDE,
    ApplicationMeasure,
    ApplicationPlace,
    ApplicationText,
    Promise,
    RunningCost,
)
from core.applications.states import APPLICATION, GRANTED_STATES
from core.followup.documents.tables import as_table
from core.followup.figures_of import tables_of
from core.followup.models import VIEW, Claim
from core.followup.services.asked import IN_FILE, ON_PAGE
from core.followup.services.city import COUNTED, late_promises
from core.followup.services.whose_turn import counted
from core.people.services import organisation
from core.places.models import Place
from core.upkeep.models import Deadline
from tests.followup.conftest import YEAR
from tests.followup.test_city import asked, rows_of
from tests.walks.scene import add_place, square


@pytest.fixture
def reader(actors):
    return actors("ks_las", "ks")


def running(application, *years):
    known = {"application_id": application.id, "payer_id": application.organisation_id}
    db.session().add_all(RunningCost(year=year, amount=1_000 * year, **known) for year in years)
    db.session().flush()


def told(application):
    """The running costs of an application by the budget year that the database has for them."""
    rows = select(RunningCost.falls_in, RunningCost.amount).where(RunningCost.application_id == application.id)
    return sorted(tuple(row) for row in db.session().execute(rows.where(RunningCost.falls_in.is_not(None))))


def words(application):
    return db.session().get_one(ApplicationText, application.id)


def test_a_running_cost_falls_in_a_year_counted_from_when_the_work_is_or_shall_be_finished(database, granted, reader):
    with database.transaction():
        application = granted.application(1_000)
        running(application, 1, 2)
        assert told(application) == []
        words(application).completes_on = date(2027, 12, 31)
        db.session().flush()
        assert told(application) == [(2028, 1_000), (2029, 2_000)]
        running(application, 3)
        application.finished_on = date(2028, 1, 15)
        db.session().flush()
        assert told(application) == [(2029, 1_000), (2030, 2_000), (2031, 3_000)]
        assert rows_of(reader, "drift", 0, asked()) == [("2029", 1_000), ("2030", 2_000), ("2031", 3_000)]
        farsta = organisation("sdn-farsta").name
        assert rows_of(reader, "drift", 1, asked())[0] == ("2029", farsta, 1_000, 1)
        assert rows_of(reader, "drift", 0, asked(board=organisation("sdn-bromma").uid)) == []
        db.session().execute(delete(RunningCost).where(RunningCost.year == 3))
        application.finished_on = words(application).completes_on = None
        db.session().flush()
        assert told(application) == []


def test_only_what_has_money_has_a_running_cost_that_falls(database, granted):
    with database.transaction():
        application = granted.application(1_000)
        running(application, 1)
        words(application).completes_on = date(2027, 12, 31)
        falls = set()
        for state in APPLICATION.states:
            for one in ("avbruten", state):
                application.state = one
                db.session().flush()
            falls |= {state} if told(application) else set()
        assert falls == {*GRANTED_STATES, "avslutad"}
        assert not falls & set(INSIDE), "who reads the whole city reaches them all"


def test_who_has_no_right_to_applications_is_told_no_running_costs(database, granted, reader):
    with database.transaction():
        application = granted.application(1_000)
        application.finished_on = date(2027, 12, 31)
        running(application, 1)
        assert [row[0] for row in rows_of(reader, "drift", 0, asked())] == ["2028"]
        token = replace(reader, scopes=frozenset({VIEW}))
        assert rows_of(token, "drift", 0, asked()) == []


def test_what_waits_is_counted_no_further_than_it_is_told(client, database, granted, reader):
    with database.transaction():
        known = {"application_id": granted.application(1_000).id, "year": YEAR, "amount": 10, "what": "Lyktor"}
        known |= {"state": "inskickad", "content": b""}
        rows = [known | {"uid": uuid4(), "number": f"RK-{n}"} for n in range(COUNTED + 5)]
        db.session().execute(insert(Claim), rows[:COUNTED])
        assert [one.number for one in counted(reader, asked()).waits] == [COUNTED]
        assert [row[2] for row in rows_of(reader, "oversikt", 0, asked())] == [COUNTED]
        db.session().execute(insert(Claim), rows[COUNTED:])
        assert [row[2] for row in rows_of(reader, "oversikt", 0, asked())] == ["fler än 1000"]
    client.login(reader)
    assert "fler än 1000" in client.get(f"/uppfoljning?ar={YEAR}").text


def late(application, number):
    """So many things that were built, whose first inspection is overdue."""
    known = {"application_id": application.id}
    things = [known | {"uid": uuid4(), "number": n, "text": f"Bänk {n}"} for n in range(number)]
    db.session().execute(insert(ApplicationMeasure), things)
    built = select(ApplicationMeasure.id).where(ApplicationMeasure.text.startswith("Bänk"))
    promises = [known | {"uid": uuid4(), "measure_id": key} for key in db.session().scalars(built)]
    db.session().execute(insert(Promise), promises)
    before = {"starts_at": clock.now() - timedelta(days=9), "due_at": clock.now() - timedelta(days=2)}
    before |= {"due_on": clock.today() - timedelta(days=2), "badly_late_at": clock.now(), "rule": {}}
    kind = {"kind": "tillsyn", "leg": "fix", "subject_kind": "maintenance_promise"}
    rows = [before | kind | {"uid": uuid4(), "subject_uid": one["uid"]} for one in promises]
    db.session().execute(insert(Deadline), rows)


def test_the_file_holds_every_late_promise_and_not_only_as_many_as_the_page_counts(database, granted, reader):
    with database.transaction():
        late(granted.application(1_000), COUNTED + 5)
        [_, promises, _] = tables_of(reader, "genomforande", replace(asked(), most=IN_FILE))
        assert (len(promises.rows), promises.more) == (COUNTED + 5, False)
        assert late_promises(reader, asked(), limit=5)[1] == COUNTED + 1


def places(granted, *amounts):
    """An application for each amount, with a place of its own."""
    for nth, amount in enumerate(amounts, 1):
        uid = add_place(f"Plats {nth}", square(100 * nth, 0, 50))
        place = db.session().scalars(select(Place.id).where(Place.uid == uid)).one()
        db.session().add(ApplicationPlace(application_id=granted.application(amount).id, place_id=place))
    db.session().flush()


def test_the_map_is_drawn_page_by_page_and_its_table_tells_that_there_are_more(client, database, granted, reader):
    with database.transaction():
        places(granted, 500, 900, 700, 700, 100)
        assert [row[3] for row in rows_of(reader, "karta", 0, asked(most=2))] == [900, 700]
        [table] = tables_of(reader, "karta", asked(most=2))
        assert table.more
        [whole] = tables_of(reader, "karta", asked(most=5))
        assert not whole.more
    client.login(reader)
    address, pages = f"/api/v1/grants.geojson?year={YEAR}&limit=2", []
    while address:
        body = client.get(address).json
        pages.append([one["properties"]["granted"] for one in body["features"]])
        assert body["numberReturned"] == len(body["features"])
        address = next(
            (one["href"].partition("://")[2].partition("/")[2] for one in body["links"] if one["rel"] == "next"), ""
        )
        address = address and f"/{address}"
    assert pages == [[900, 700], [700, 500], [100]]
    assert client.get(f"/api/v1/grants.geojson?year={YEAR}&after=hittepa").status_code == 422


def test_a_list_in_a_report_tells_that_these_are_the_first_also_in_its_file(client, database, granted, reader):
    with database.transaction():
        for _ in range(ON_PAGE + 1):
            granted.application(1_000)
        [work, *_] = tables_of(reader, "genomforande", asked())
        assert (len(work.rows), work.more) == (ON_PAGE, True)
        file = as_table(reader, reader.uid, rapport="genomforande", ar=YEAR)
        assert len(list(file.sheet.rows)) == ON_PAGE + 1
        assert "första" not in file.title
    client.login(reader)
    shown = client.get(f"/uppfoljning/genomforande?ar={YEAR}").text
    assert f"Här står de {ON_PAGE} första. Fler finns i kalkylbladet." in shown


def test_a_year_is_asked_only_of_a_report_that_is_of_one(client, database, granted, reader):
    client.login(reader)
    assert 'name="ar"' in client.get("/uppfoljning/per-invanare").text
    every = client.get("/uppfoljning/ram").text
    assert 'name="ar"' not in every
    assert "Alla år" in every
