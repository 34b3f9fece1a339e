"""A part is marked as done when the coach lacks nothing in it: never in silence, despite advice if somebody says so."""

import pytest
from sqlalchemy import select

from core import db
from core.applications.models import ApplicationMeasure, ApplicationPart
from core.applications.parts import PARTS
from core.applications.services import parts
from core.http.forms import BUTTON
from tests.applications.coach.conftest import application_of, text_of, whole
from tests.walks.scene import scene

pytestmark = pytest.mark.other_database_long
__all__ = ["scene", "whole"]
PROBLEM = "Torget är mörkt och tomt om kvällarna. " * 8


def done(database, whole, key):
    with database.transaction(write=False):
        return db.session().get_one(ApplicationPart, (application_of(whole).id, key)).done_at is not None


def test_what_lacks_nothing_is_done_and_leads_back_to_the_list(database, whole, client):
    client.login(whole.writer)
    here = f"/ansokningar/{whole.uid}"
    sent = client.submit(f"{here}/problem", {"problem": PROBLEM, BUTTON: "klar"})
    assert (sent.status_code, sent.location) == (303, here)
    assert done(database, whole, "problem")


def test_what_stops_the_application_is_saved_and_told_and_not_done(database, whole, client):
    """However it is asked: the text is kept, the page says what is missing with the way to its field."""
    client.login(whole.writer)
    here = f"/ansokningar/{whole.uid}/problem"
    for button in ("klar", "anda"):
        sent = client.submit(here, {"problem": f"Mörkt. {button}", BUTTON: button})
        assert (sent.status_code, sent.location) == (303, f"{here}?kvar=ja")
        page = client.get(sent.location).text
        summary = page.partition('aria-labelledby="inte-klar"')[2].partition("</div>")[0]
        assert "Delen är sparad, men inte klar" in summary
        assert f'href="{here}#del-problem">Beskriv problemet med minst 300 tecken.' in summary
        assert 'value="anda"' not in page
        with database.transaction(write=False):
            assert text_of(application_of(whole)).problem == f"Mörkt. {button}"
        assert not done(database, whole, "problem")
    assert "inte-klar" not in client.get(here).text, "only as an answer to the button"


@pytest.mark.parametrize("lack", ["missing", "advice"])
def test_despite_advice_it_is_done_if_somebody_says_so(database, whole, client, lack):
    """Whether it is a rule that weighs something, or one that only says: look out."""
    displacement = "Till parken."
    if lack == "missing":
        displacement, words = "", "Skriv om problemet kan flytta någon annanstans, och vart."
    else:
        words = "Det kan vara drift och inte investering: Ommålning"
        with database.transaction():
            db.session().scalars(select(ApplicationMeasure)).one().text = "Ommålning av bänkar"
    client.login(whole.writer)
    here = f"/ansokningar/{whole.uid}/atgarder"
    fields = {"alternatives": "Väktare.", "displacement": displacement}
    sent = client.submit(here, fields | {BUTTON: "klar"})
    assert sent.location == f"{here}?kvar=ja"
    page = client.get(sent.location).text
    assert words in page.partition('aria-labelledby="inte-klar"')[2].partition("</div>")[0]
    assert 'value="anda"' in page
    assert not done(database, whole, "atgarder")
    assert client.submit(here, fields | {BUTTON: "anda"}).location == f"/ansokningar/{whole.uid}"
    assert done(database, whole, "atgarder")


def test_every_part_that_is_written_in_full_can_be_marked(database, whole):
    with database.transaction():
        marked = [key for key in PARTS if parts.write_part(whole.writer, whole.uid, key, done=True).done_at is not None]
    assert marked == list(PARTS)
