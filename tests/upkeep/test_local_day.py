"""The day in Stockholm as the databases tell it is the one that Python tells, whatever the season."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from core import clock, db
from core.dated import local_day

MOMENTS = st.datetimes(datetime(1997, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))


@example(datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC))
@example(datetime(2026, 3, 29, 22, 0, tzinfo=UTC))
@example(datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
@example(datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC))
@example(datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
@given(moment=MOMENTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_databases_know_which_day_it_is_in_stockholm(database, moment):
    with database.transaction(write=False) as session:
        told = session.scalar(select(local_day(literal(moment, db.UtcDateTime()))))
    assert told == clock.local(moment).date()
