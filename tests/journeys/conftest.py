"""The demo city, and windows in which nothing goes wrong unseen."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from core.testing.browser import open_page
from core.worker import Worker
from tests.demo import DEMO, SATURDAY
from tests.journeys.seen import watched

PATIENCE = 15_000
"""Milliseconds that a window waits for what it is told to use, and a test for what it expects to see."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def window(browser):
    """Open windows: `window("phone")` or `window("desk")`, one for each person."""
    with ExitStack() as stack:

        def window(size):
            phone = size == "phone"
            opened = open_page(browser, width=390 if phone else 1280, height=844, touch=phone)
            page = stack.enter_context(watched(stack.enter_context(opened)))
            page.set_default_timeout(PATIENCE)
            return page

        yield window


@pytest.fixture
def page(window):
    return window("desk")


@pytest.fixture
def phone(window):
    return window("phone")


@pytest.fixture
def template():
    return DEMO


@pytest.fixture
def city(clock, app, database, live_server):
    """The demo city on a Saturday night, its pages and its worker; the clock stands still."""
    clock.stop_at(SATURDAY)
    return City(app, database, live_server, clock)


class City:
    def __init__(self, app, database, address, clock):
        self.app, self.database, self.address, self.clock = app, database, address, clock

    def let_the_worker_work(self):
        """Do what waits: the pictures of photos that came."""
        worker = Worker(self.database.settings)
        worker.run_once(keys=[])
        worker.close()
