"""In a real browser: what is typed in a part is kept while it is typed, and offered when one comes back to it."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.applications.models import ApplicationDraft, ApplicationText
from core.testing.browser import open_page
from tests.applications.written import scene, writing

pytestmark = [pytest.mark.one_database, pytest.mark.long]

__all__ = ["scene", "writing"]


def test_what_is_typed_is_kept_and_offered_again(database, writing, app, actors, live_server, browser):
    cookie = {"name": app.config["TRYGGPLATS_COOKIE"], "value": actors.session(writing.writer), "url": live_server}
    with open_page(browser, width=1280, height=800) as page:
        page.context.add_cookies([cookie])
        page.goto(f"{live_server}{writing.here}/problem")
        page.get_by_label("Vad är problemet?").fill("Mörkt mellan kiosken och stationen.")
        expect(page.get_by_text("Sparat automatiskt")).to_be_visible(timeout=15_000)
        with database.transaction() as session:
            assert session.scalar(select(ApplicationText.problem)) == "", "saving is still a press"

        page.get_by_label("Vad är problemet?").fill("Mörkt, och många går omvägar.")
        page.goto(f"{live_server}{writing.here}/plats")  # left before it was sent
        page.goto(f"{live_server}{writing.here}/problem")
        page.get_by_role("link", name="Fortsätt med det").click()
        expect(page.get_by_label("Vad är problemet?")).to_have_value("Mörkt, och många går omvägar.")
        page.get_by_role("button", name="Spara utkast").click()
        expect(page.get_by_text("Sparat automatiskt")).not_to_be_visible()
    with database.transaction() as session:
        assert session.scalar(select(ApplicationText.problem)) == "Mörkt, och många går omvägar."
        assert session.scalars(select(ApplicationDraft)).all() == []


def test_without_script_a_part_is_saved_by_its_buttons(database, writing, app, actors, live_server, browser):
    cookie = {"name": app.config["TRYGGPLATS_COOKIE"], "value": actors.session(writing.writer), "url": live_server}
    with open_page(browser, width=390, height=844, script=False) as page:
        page.context.add_cookies([cookie])
        page.goto(f"{live_server}{writing.here}/problem")
        page.get_by_label("Vad är problemet?").fill("Mörkt.")
        page.get_by_role("button", name="Spara och markera klar").click()
        expect(page.get_by_role("heading", level=2).first).to_have_text("Delen är sparad, men inte klar")
    with database.transaction() as session:
        assert session.scalar(select(ApplicationText.problem)) == "Mörkt."
