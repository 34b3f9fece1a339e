"""Frister ticked in the list and changed together, all the way to what is saved, with and without script."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core import access, clock
from core.hookspecs import Rule
from core.people.services import organisation
from core.refs import Subject
from core.testing.browser import open_page
from core.upkeep.models import Deadline
from core.upkeep.services import plan_deadline
from tests.journeys import steps
from tests.journeys.seen import look_at_all_widths, watched

pytestmark = pytest.mark.other_database_long

KIND = "klotter:sanering"


@pytest.fixture
def two(city):
    """Two frister that the officer's board may close, pause and move by hand."""
    terms = Rule(5, "working_days", "Inom fem arbetsdagar")
    known = {"rule": "vanligt", "starts_at": clock.now() - timedelta(days=1), "terms": terms}
    with city.database.transaction():
        known["owner"] = organisation("trafik").id
        things = [Subject("observation", uuid4(), "") for _ in range(2)]
        return {str(plan_deadline(access.system("klotter"), KIND, subject=each, **known).uid) for each in things}


@pytest.mark.parametrize("script", [True, False])
def test_what_was_ticked_is_what_is_changed(city, browser, two, script):
    with open_page(browser, width=1280, height=844, script=script) as opened, watched(opened) as page:
        steps.log_in(page, city.address, steps.OFFICER)
        steps.open_room(page, "Skötsel")
        for uid in two:
            page.locator(f"input[name=vald][value='{uid}']").check()
        steps.press(page, "Ändra valda")
        expect(page.get_by_text("2 valda")).to_be_visible()
        if script:
            look_at_all_widths(page, "andra-flera")
        page.get_by_label("Pausa", exact=True).check()
        steps.press(page, "Visa vad som ändras")
        expect(page.get_by_role("alert")).to_contain_text("Skriv")
        page.get_by_label("Vad har gjorts, eller varför?").fill("Tjälen ligger kvar.")
        steps.press(page, "Visa vad som ändras")
        expect(page.get_by_text("2 av 2 ändras")).to_be_visible()
        steps.press(page, "Ändra 2")
        expect(page.get_by_role("heading", name="Skötsel i tid")).to_be_visible()
    with city.database.transaction(write=False) as session:
        paused = select(Deadline.uid).where(Deadline.paused_since.is_not(None))
        assert two <= {str(uid) for uid in session.scalars(paused)}
