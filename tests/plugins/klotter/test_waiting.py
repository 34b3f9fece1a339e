"""Graffiti on private property waits for its owner: the frist stands still, and runs on when there is an answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.upkeep.models import DeadlineChange
from tests.plugins.klotter.conftest import REPORT, frist_of, incident_of

ASKED = "Medgivande till sanering av fasaden"


@pytest.fixture
def desk(client, actors, clock):
    """Trafik, who answers for the cleaning, one morning."""
    clock.stop_at("2027-01-11T08:00")
    client.login(actors("tk_drift", "trafik"))
    return client


def test_the_frist_stands_still_until_the_owner_has_answered(desk, tag, database, clock, actors):
    observation = tag()
    page = f"/klotter/{observation}"
    before = frist_of(database, observation)
    clock.pass_by(minutes=10)
    assert desk.submit(f"{page}/vanta", {"waits_for": "", "version": "1"}, page=page).status_code == 422
    assert desk.submit(f"{page}/vanta", {"waits_for": ASKED, "version": "1"}, page=page).status_code == 303
    assert frist_of(database, observation).paused_since is not None
    shown = desk.get(page).text
    assert f"{ASKED}. Fristen står stilla sedan" in shown
    assert "Låt fristen vänta" not in shown
    assert ASKED in desk.get(f"/iakttagelser/{observation}").text
    clock.pass_by(days=3)
    desk.login(actors("tk_drift", "trafik"))
    version = str(incident_of(database, observation).version)
    assert desk.submit(f"{page}/svar", {"version": "1"}, page=page).status_code == 409, "somebody was first"
    assert desk.submit(f"{page}/svar", {"version": version}, page=page).status_code == 303
    after = frist_of(database, observation)
    assert after.paused_since is None
    assert after.due_at - before.due_at == timedelta(days=3)
    assert incident_of(database, observation).waits_since is None
    with database.transaction(write=False) as session:
        told = set(session.scalars(select(DeadlineChange.reason).where(DeadlineChange.deadline_id == after.id)))
    assert {ASKED, "Fastighetsägaren har svarat."} <= told


def test_hate_waits_for_nobody(desk, tag, case, database):
    """Neither from the beginning nor when it is seen at the desk while one waits."""
    hateful, plain = tag(hateful=True), tag()
    refused = desk.submit(f"/klotter/{hateful}/vanta", {"waits_for": ASKED, "version": "1"}, page=f"/klotter/{hateful}")
    assert refused.status_code == 422
    assert "får inte vänta" in refused.text
    page = f"/klotter/{plain}"
    desk.submit(f"{page}/vanta", {"waits_for": ASKED, "version": "1"}, page=page)
    version = incident_of(database, plain).version
    assert case(plain, version, content_class="hat_rasism").status_code == 200
    frist = frist_of(database, plain)
    assert (frist.paused_since, frist.rule["key"], incident_of(database, plain).waits_since) == (None, "hatiskt", None)


def test_what_is_cleaned_or_written_off_waits_no_more(desk, tag, case, database, after_photo, close):
    observation = tag()
    page = f"/klotter/{observation}"
    desk.submit(f"{page}/vanta", {"waits_for": ASKED, "version": "1"}, page=page)
    version = incident_of(database, observation).version
    case(observation, version, police_report=REPORT)
    after_photo(observation)
    assert close(observation).status_code == 200
    assert incident_of(database, observation).waits_since is None
    again = desk.submit(f"{page}/vanta", {"waits_for": ASKED}, page=page)
    assert again.status_code == 422
    assert "Det finns inget att vänta på." in again.text
