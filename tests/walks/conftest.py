"""The scene of every test of walks."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]


@pytest.fixture
def queries(database):
    """Collect what the database is asked while something is done: `with queries() as asked:`."""

    @contextmanager
    def listen():
        asked = []

        def note(_connection, _cursor, statement, *_):
            asked.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return listen
