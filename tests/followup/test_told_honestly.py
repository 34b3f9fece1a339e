"""What the city's sums leave out is said beside them: days that cannot be, forecasts that nobody has made."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from core.followup.figures_of import tables_of
from core.followup.services import outturn
from core.people.services import organisation
from tests.followup.conftest import YEAR
from tests.followup.test_city import asked, decide, rows_of

HELD = date(2026, 4, 30)


@pytest.fixture
def reader(actors):
    return actors("ks_las", "ks")


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
