"""The demo city as a template: filled once per run, copied for each test that wants it."""

from datetime import datetime

from core import access, demo
from core.app import house
from core.clock import STOCKHOLM, frozen
from core.testing import SEEDED, Template

SATURDAY = datetime(2027, 1, 9, 23, 30, tzinfo=STOCKHOLM)


def _fill(settings):
    database = house(settings)
    with frozen(SATURDAY), database.transaction():
        demo.fill(access.system("demo"))
    database.dispose()


DEMO = Template("demo", _fill, based=SEEDED)
"""The demo city on a Saturday night."""
