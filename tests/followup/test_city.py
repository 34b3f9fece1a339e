"""Kommunstyrelsen's one view and the reports: all boards, by the names of then or now, by few queries."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock, db
from core.applications.models import (
    Allocation,
    ApplicationPlace,
    BodyMeeting,
    GrantDecision,
    Milestone,
    Round,
)
from core.followup import figures_more  # noqa: F401 - registers its reports
from core.followup.figures_of import every_report, tables_of
from core.followup.models import NOW, Claim
from core.followup.services.asked import Asked, Boards
from core.followup.services.city import boards_of, late_promises, money_of, work_underway
from core.followup.services.whose_turn import counted
from core.journal import PROTECTED
from core.people.services import organisation
from core.places.models import Place
from core.reserve.services import book
from tests.followup.conftest import YEAR
from tests.walks.scene import SQUARE, add_place, scene, square

__all__ = ["scene"]


@pytest.fixture
def reader(actors):
    return actors("ks_las", "ks")


def asked(year=YEAR, **facts):
    return Asked(year, Boards(), **facts)


def a_round(granted, year=YEAR):
    known = {"programme_id": granted.money.programme.id, "year": year, "number": 1, "state": "bereds"}
    days = {"opens_at": _at(year, 1), "closes_at": _at(year, 2)}
    made = Round(uid=uuid4(), content=b"", **known, **days)
    db.session().add(made)
    db.session().flush()
    return made


def _at(year, month):
    return clock.now().replace(year=year, month=month, day=1)


def moved_to(application, code):
    """As if another board had applied."""
    application.organisation_id = organisation(code).id
    db.session().flush()


def grant(granted, code, amount, year):
    line = [book.Line(year, "beviljat", amount)]
    about = {"matter": uuid4(), "number": "TI-1", "organisation": organisation(code).id}
    programme = granted.money.programme
    book.post(book.HOUSE, uid=uuid4(), programme=programme, kind="beslut", lines=line, by=granted.committee, **about)


def rows_of(reader, key, number, wish):
    return [tuple(row) for row in tables_of(reader, key, wish)[number].rows]


def test_what_a_board_was_granted_before_it_was_merged_stands_under_its_name_then_and_its_successor_s_now(
    database, granted, reader
):
    """Scenario 8 (domain.md 13)."""
    with database.transaction():
        for year in (2022, YEAR + 2):
            granted.money.frame(10_000_000, year=year)
        grant(granted, "sdn-rinkeby-kista", 2_000_000, 2022)
        grant(granted, "sdn-jarva", 500_000, YEAR)
        grant(granted, "sdn-rinkeby-kista", 300_000, YEAR)  # carried over, booked on the board that it came from
        jarva, before = organisation("sdn-jarva").name, organisation("sdn-rinkeby-kista").name

        def granted_in(wish):
            return {one.name: one.granted for one in boards_of(reader, wish) if one.granted}

        assert granted_in(asked(2022)) == {before: 2_000_000}
        assert granted_in(asked(2022, names=NOW)) == {jarva: 2_000_000}
        assert granted_in(asked(YEAR)) == {jarva: 800_000}
        every = rows_of(reader, "ram", 1, asked(YEAR))
        assert [(row[0], row[1], row[2]) for row in every] == [("2022", before, 2_000_000), ("2027", jarva, 800_000)]
        today = rows_of(reader, "ram", 1, asked(YEAR, names=NOW))
        assert [row[1] for row in today] == [jarva, jarva]
        both = asked(YEAR, board=organisation("sdn-jarva").uid)
        assert [row[2] for row in rows_of(reader, "ram", 0, both) if row[2]] == [2_000_000, 800_000]
        assert all(row[1] is None for row in rows_of(reader, "ram", 0, both))  # a board has no frame


def test_every_board_is_listed_also_with_nothing(database, granted, reader):
    with database.transaction():
        lines = boards_of(reader, asked())
        names = {one.name for one in lines}
        assert {organisation(code).name for code in ("sdn-farsta", "sdn-bromma", "trafik")} <= names
        assert organisation("sdn-rinkeby-kista").name not in names
        assert {one.granted for one in lines} == {0}


def test_applications_are_counted_by_state_for_each_board_and_drafts_are_not(database, granted, reader):
    with database.transaction():
        made = a_round(granted)
        for state, sought in (("inskickad", 100), ("under_bedomning", 200), ("avslag", 50), ("utkast", 999)):
            application = granted.application(1_000)
            application.state, application.sought, application.round_id = state, sought, made.id
        db.session().flush()
        [farsta] = [one for one in boards_of(reader, asked()) if one.counts]
        assert farsta.counts == {"hos_staden": 2, "nej": 1}
        assert farsta.sought == 350
        waits = {one.what: one.number for one in counted(reader, asked()).waits}
        assert waits == {"Börja bedöma ansökningar": 1, "Bedöm ansökningar": 1}
        bromma = asked(board=organisation("sdn-bromma").uid)
        assert counted(reader, bromma).waits == []


def test_the_money_of_a_year_is_told_by_programme_and_for_one_board(database, granted, reader):
    with database.transaction():
        granted.application(4_000_000)
        moved_to(granted.application(1_000_000), "sdn-bromma")
        [money] = money_of(reader, asked())
        assert (money.frame, money.granted, money.used, money.forecast.amount) == (10_000_000, 5_000_000, 0, None)
        grant(granted, "sdn-bromma", 250_000, YEAR)
        [own] = money_of(reader, asked(board=organisation("sdn-bromma").uid))
        assert (own.frame, own.granted) == (None, 250_000)


def test_what_is_underway_is_told_by_weight_with_the_latest_first(database, granted, reader):
    with database.transaction():
        on_time, late, later = (granted.application(1_000) for _ in range(3))
        for application, done, due in (
            (on_time, None, date(2099, 1, 1)), (late, None, date(2026, 3, 1)),
            (later, date(2026, 1, 1), date(2026, 1, 1)), (later, None, date(2026, 1, 2)),
        ):  # fmt: skip
            known = {"title": "Steg", "weight": 25 if done else 75, "due_on": due, "done_on": done}
            db.session().add(Milestone(application_id=application.id, **known))
        db.session().flush()
        work, number = work_underway(reader, asked(), limit=2)
        assert [(one.uid, one.done, one.late, one.late_since) for one in work] == [
            (later.uid, 25, 1, date(2026, 1, 2)),
            (late.uid, 0, 1, date(2026, 3, 1)),
        ]
        assert number == 3


def decide(granted, application, outcome, held, *years, motive=""):
    body = {"programme_id": granted.money.programme.id, "organisation_id": organisation("ks").id, "held_on": held}
    rows = db.session().query(BodyMeeting).filter_by(held_on=held)
    meeting = rows.one_or_none() or BodyMeeting(uid=uuid4(), content=b"", state="hallet", **body)
    db.session().add(meeting)
    db.session().flush()
    known = {
        "paragraph": "§ 1",
        "outcome": outcome,
        "motive": motive,
        "state": "bekraftad",
        "recorded_at": _at(2027, 1),
    }
    row = GrantDecision(uid=uuid4(), content=b"", application_id=application.id, meeting_id=meeting.id, **known)
    db.session().add(row)
    db.session().flush()
    db.session().add_all(Allocation(decision_id=row.id, year=year, amount=1, reserve_code="CM4") for year in years)
    db.session().flush()


def test_grant_rate_motives_lead_times_and_what_was_finished_in_time(database, granted, reader, clock):
    with database.transaction():
        days = ((10, 2026, date(2026, 12, 1)), (20, 2026, date(2027, 2, 1)), (60, 2027, None))
        for waited, year, finished in days:
            application = granted.application(1_000)
            application.finished_on = finished
            application.submitted_at = _moment(date(2026, 4, 30), waited)
            decide(granted, application, "beviljad", date(2026, 4, 30), year)
        for motive in ("ram_slut", "analys_bristfallig", "ram_slut"):
            decide(granted, granted.application(1_000), "avslag", date(2026, 4, 30), motive=motive)
        clock.stop_at("2027-03-01T09:00")
        wish = asked(2026)
        [*_, every] = rows_of(reader, "beviljade", 0, wish)
        assert every == ("Alla", 6, 3, 0, 3, 50)
        assert rows_of(reader, "beviljade", 1, wish) == [("Ramen räcker inte", 2), ("Analysen bär inte", 1)]
        to_decision, to_finished = rows_of(reader, "ledtider", 0, wish)
        assert to_decision[1:] == (20, 60, 3, 0)
        assert to_finished[1:] == (246, 277, 2, 0)
        assert rows_of(reader, "ledtider", 1, wish) == []
        assert rows_of(reader, "fardiga", 0, wish) == [("2026", 2, 1, 1, 0, 50), ("2027", 1, 0, 0, 1, None)]
        assert rows_of(reader, "beviljade", 1, asked(2025)) == []


def _moment(day, before):
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=before)


def test_each_report_takes_as_many_queries_however_much_there_is(database, granted, reader, queries):
    with database.transaction():
        _fill(granted, 1)
    few = _asked_by_each(database, reader, queries)
    with database.transaction():
        _fill(granted, 12)
    assert _asked_by_each(database, reader, queries) == few
    assert max(few.values()) <= 15


def _fill(granted, many):
    for _ in range(many):
        application = granted.application(1_000)
        known = {"year": YEAR, "amount": 10, "what": "Lyktor", "state": "inskickad"}
        number = f"RK-{uuid4().hex[:8]}"
        db.session().add(Claim(uid=uuid4(), content=b"", number=number, application_id=application.id, **known))
        db.session().add(Milestone(application_id=application.id, title="Steg", due_on=date(2026, 1, 1)))
    db.session().flush()


def _asked_by_each(database, reader, queries):
    found = {}
    for key in every_report():
        for _ in range(2):  # what is read now and then, for all, is read by the first
            with database.transaction(write=False), queries() as told:
                tables_of(reader, key, asked())
        found[key] = len(told)
    with database.transaction(write=False), queries() as told:
        late_promises(reader, asked(), limit=5)
    return found


def test_who_reads_for_one_board_only_does_not_read_the_city(client, database, granted, reader):
    client.login(granted.writer)
    assert client.get("/uppfoljning").status_code == 403
    client.login(reader)
    with database.transaction():
        granted.application(2_500_000)
    shown = client.get(f"/uppfoljning?ar={YEAR}")
    assert shown.status_code == 200
    assert "2\u00a0500\u00a0000" in shown.text
    for listed in ("/rapporter", "/rekvisitioner", "/uppfoljning/ombudgetering", "/uppfoljning/omdisponering"):
        assert f'href="{listed}"' in shown.text
        assert client.get(listed).status_code == 200, listed
    for key in every_report():
        assert client.get(f"/uppfoljning/{key}?ar={YEAR}").status_code == 200, key
    assert client.get("/uppfoljning/hittepa").status_code == 404


def test_places_with_money_of_the_year_are_drawn_but_for_those_that_are_protected(
    client, database, granted, reader, scene
):
    with database.transaction():
        hidden = add_place("Skyddat torg", square(700, 700, 50))
        db.session().scalars(select(Place).where(Place.uid == hidden)).one().level = PROTECTED
        for place, amount, year in ((scene.place, 2_500_000, YEAR), (hidden, 5, YEAR), (scene.place, 7, YEAR + 1)):
            key = db.session().scalars(select(Place.id).where(Place.uid == place)).one()
            application = granted.application(amount, year=year)
            db.session().add(ApplicationPlace(application_id=application.id, place_id=key))
    client.login(granted.writer)
    assert client.get(f"/api/v1/grants.geojson?year={YEAR}").status_code == 403
    client.login(reader)
    [drawn] = client.get(f"/api/v1/grants.geojson?year={YEAR}").json["features"]
    told = {"name": SQUARE, "number": "Ljusare torg", "granted": 2_500_000, "url": f"/platser/{scene.place}"}
    assert (drawn["geometry"]["type"], drawn["properties"]) == ("MultiPolygon", told)
