"""What the tests of one run share must be fit to be shared."""

from sqlalchemy import inspect

from core.db import Database
from core.testing import remembered


def test_an_engine_that_never_connects_leaves_nothing_to_those_after_it(settings, monkeypatch):
    monkeypatch.setattr(remembered, "_first", {})
    Database(settings).dispose()
    for _ in range(2):
        database = Database(settings)
        with database.engine.connect() as connection:
            assert inspect(connection).get_columns("place")
        database.dispose()
