"""What the city's sums leave out is said beside them: days that cannot be, forecasts that nobody has made."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from core import db
from core.figures.naming import indicators_by_key
from core.followup.figures_of import tables_of
from core.followup.services import outturn
from core.followup.services.waiting import BOARD, WAITS
from core.followup.services.whose_turn import IN_SHORT, LATE, OF_APPLICATIONS
from core.people.services import organisation
from core.places.models import DISTRICT
from core.reserve.services import book
from tests.figures.putting import put
from tests.followup.conftest import YEAR
from tests.followup.test_city import asked, decide, rows_of
from tests.walks.scene import scene

__all__ = ["scene"]

HELD = date(2026, 4, 30)


@pytest.fixture
def reader(actors):
    return actors("ks_las", "ks")


@pytest.fixture
def knower(actors):
    return actors("slk_handlaggare", "slk")


def decided(granted, sent_on, finished_on=None, outcome="beviljad"):
    """An application with a decision of 30 April, whatever its other days say."""
    application = granted.application(1_000)
    application.submitted_at = datetime(sent_on.year, sent_on.month, sent_on.day, 12, tzinfo=UTC)
    application.finished_on = finished_on
    decide(granted, application, outcome, HELD, 2026)
    return application


def test_a_lead_time_that_cannot_be_is_in_no_median_and_is_told(client, database, granted, reader, clock):
    clock.stop_at("2027-03-01T09:00")
    with database.transaction():
        decided(granted, date(2026, 4, 20), date(2026, 5, 10))
        decided(granted, HELD, HELD)  # the same day, in the afternoon: none at all, not below
        backwards = decided(granted, date(2026, 6, 1), date(2026, 3, 1))  # as it could be written once
        wish = asked(2026)
        assert [row[1:] for row in rows_of(reader, "ledtider", 0, wish)] == [(5, 10, 2, 1), (5, 10, 2, 1)]
        [wrong] = rows_of(reader, "ledtider", 1, wish)
        assert wrong[0].href == f"/ansokningar/{backwards.uid}"
        assert rows_of(reader, "fardiga", 0, wish) == [("2026", 3, 2, 0, 1, 67)]
        assert wrong[2:] == (date(2026, 6, 1), HELD, date(2026, 3, 1))
    client.login(reader)
    assert "2 tider är utelämnade" in client.get("/uppfoljning/ledtider?ar=2026").text
    assert "En ansökan står som inte färdig" in client.get("/uppfoljning/fardiga").text
    assert "utelämnade, för" not in client.get("/uppfoljning/ledtider?ar=2025").text


def test_where_every_lead_time_is_wrong_there_is_no_median(database, granted, reader):
    with database.transaction():
        decided(granted, date(2026, 6, 1), outcome="avslag")
        first, second = rows_of(reader, "ledtider", 0, asked(2026))
        assert first[1:] == (None, None, 0, 1)
        assert second[1:] == (None, None, 0, 0)


def test_each_board_is_told_by_name_with_how_much_waits_for_it(client, database, granted, reader):
    with database.transaction():
        for code, state in (("sdn-farsta", "beviljad"), ("sdn-bromma", "beviljad"), ("sdn-bromma", "beviljad"),
                            ("sdn-bromma", "fardig"), ("sdn-farsta", "forslag")):  # fmt: skip
            application = granted.application(1_000)
            application.state, application.organisation_id = state, organisation(code).id
        db.session().flush()
        bromma, farsta = organisation("sdn-bromma").name, organisation("sdn-farsta").name
        waits = [(whom, what.text, n) for whom, what, n in rows_of(reader, "oversikt", 0, asked())]
        assert waits == [
            ("Det organ som beslutar", "Besluta om ansökningar", 1),
            ("2 nämnder", "Starta genomförandet", 3),
            (bromma, "Slutredovisa det som är färdigt", 1),
        ]
        each = tables_of(reader, "oversikt", asked())[1]
        assert [column.title for column in each.columns[1:]] == ["Starta", "Slutredovisa", "Alla"]
        assert [(row[0].text, *row[1:]) for row in each.rows] == [(bromma, 2, 1, 3), (farsta, 1, None, 1)]
        [own] = rows_of(reader, "oversikt", 1, asked(board=organisation("sdn-farsta").uid))
        assert own[1:] == (1, 1)
    client.login(reader)
    assert "Vad som väntar på varje nämnd" in client.get(f"/uppfoljning?ar={YEAR}").text


def test_a_sum_of_forecasts_says_how_many_have_made_one(client, database, granted, reader):
    with database.transaction():
        first, second, _ = (granted.application(1_000_000) for _ in range(3))
        for application, amount in ((first, 900_000), (first, 700_000), (second, 400_000)):
            known = {"uid": uuid4(), "year": YEAR, "amount": amount, "period": "t1", "why": "Dyrare."}
            outturn.foresee(granted.writer, application.uid, **known)
        [row, *_] = [row for row in rows_of(reader, "oversikt", 2, asked()) if row[2]]
        assert row[1:] == (10_000_000, 3_000_000, 0, 0, 1_100_000, "2 av 3 ansökningar")
        per_year = [row[-2:] for row in rows_of(reader, "ram", 0, asked()) if row[2]]
        assert per_year == [(1_100_000, "2 av 3 ansökningar")]
        assert rows_of(reader, "ram", 1, asked())[0][-2:] == (1_100_000, "2 av 3 ansökningar")
        bromma = rows_of(reader, "oversikt", 2, asked(board=organisation("sdn-bromma").uid))
        assert {row[-2:] for row in bromma} == {(None, None)}
    client.login(reader)
    assert "2 av 3 ansökningar" in client.get(f"/uppfoljning?ar={YEAR}").text


def booked(granted, application, kind, *lines, board="sdn-farsta"):
    """A booking of an application's money beside its decision."""
    about = {"matter": application.uid, "number": application.number, "organisation": organisation(board).id}
    made = {"uid": uuid4(), "programme": granted.money.programme, "by": granted.committee}
    book.post(book.HOUSE, kind=kind, lines=[book.Line(*line) for line in lines], **made, **about)


def test_who_has_no_money_left_is_not_among_those_that_make_a_forecast(database, granted, reader):
    with database.transaction():
        kept, declined, carried = (granted.application(1_000_000) for _ in range(3))
        booked(granted, declined, "aterlamning", (YEAR, "beviljat", -1_000_000))
        booked(granted, carried, "ombudgetering", (YEAR, "beviljat", -1_000_000), (YEAR + 1, "beviljat", 1_000_000))
        assert rows_of(reader, "ram", 0, asked())[0][-2:] == (None, "0 av 1 ansökan")
        booked(granted, kept, "utfall", (YEAR, "prognos", 900_000), board="sdn-bromma")  # it carries on for Farsta
        booked(granted, kept, "ombudgetering", (YEAR, "beviljat", 100_000), board="sdn-bromma")
        assert rows_of(reader, "ram", 0, asked())[0][-2:] == (900_000, "1 av 1 ansökan"), "one, though of two boards"
        [row] = [row for row in rows_of(reader, "oversikt", 2, asked()) if row[2]]
        assert row[1:] == (10_000_000, 1_100_000, 0, 0, 900_000, "1 av 1 ansökan")


def test_all_that_waits_for_boards_has_a_column():
    of_boards = {f"application:{state}" for state, (whom, *_) in OF_APPLICATIONS.items() if whom == BOARD}
    of_boards |= {f"{one.model.__tablename__}:{one.state}" for one in WAITS if one.whom == BOARD}
    of_boards |= {f"{model.__tablename__}:late" for model, whom, *_ in LATE if whom == BOARD}
    assert of_boards == set(IN_SHORT)


def test_all_that_the_map_draws_stands_on_the_page_and_in_a_file(client, database, granted, reader, knower, scene):
    client.login(reader)
    assert "Områdena i kartan" not in client.get(f"/uppfoljning/karta?ar={YEAR}").text, "no figures, no shades"
    with database.transaction():
        put(knower, "trygg_kvall", "farsta", "2024", "62,5")
        put(knower, "trygg_kvall", "skarpnack", "2024", "<5")
        uid = indicators_by_key()["trygg_kvall"].uid
    shown = client.get(f"/uppfoljning/karta?ar={YEAR}").text
    address = re.search(r'data-source="(\S+)', shown)[1]
    assert address == f"/api/v1/indicators/{uid}/map.geojson?area_kind={DISTRICT}"
    drawn = [one["properties"] for one in client.get(address).json["features"]]
    with database.transaction():
        table = tables_of(reader, "karta", asked())[1]
        assert [(row[0].text, row[1], row[0].href) for row in table.rows] == [
            (one["name"], one["place"], one["url"]) for one in drawn
        ]
        assert [row[2] for row in table.rows] == [62.5, "redovisas inte"]
    assert "Känner sig trygga ute på kvällen, 2024." in shown
    assert 'data-shade="3"' in shown
    assert 'data-shade="undertryckt"' in shown


def test_the_map_asks_the_database_at_most_twelve_times(client, database, granted, reader, scene, queries, knower):
    with database.transaction():
        put(knower, "trygg_kvall", "farsta", "2024", "62,5")
    client.login(reader)
    client.get("/uppfoljning")
    with queries() as told:
        assert "Områdena i kartan" in client.get(f"/uppfoljning/karta?ar={YEAR}").text
    asked_for = [one for one in told if one.startswith(("SELECT", "WITH")) and "FROM plugin" not in one]
    assert len(asked_for) <= 12, "\n".join(asked_for)
