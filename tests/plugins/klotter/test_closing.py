"""Closing a case: nothing without proof, and what is closed keeps it (domain.md 8.3)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core import clock as core_clock
from core.media import RECEIVED, UNREADABLE, Photo
from core.places.models import Place
from core.walks.models import Observation

from .conftest import REPORT, frist_of, incident_of

pytestmark = pytest.mark.other_database_long

PHOTO = {
    "field": "after_photo",
    "message": "Lägg till ett nytt foto, taget efter saneringen, och vänta tills det syns.",
}
POLICE = {"field": "police_report", "message": "Skriv polisanmälans nummer, eller varför det inte anmäls."}


def test_closing_is_refused_with_everything_that_is_missing(database, tag, after_photo, case, close):
    observation = tag()
    refused = close(observation)
    assert refused.status_code == 409
    assert refused.get_json()["errors"] == [PHOTO, POLICE]
    after_photo(observation, "iakttagelse", sha256="1" * 64)
    after_photo(observation, received=False)
    assert close(observation).get_json()["errors"] == [PHOTO, POLICE], "a photo of before, and one that has not come"
    after_photo(observation)
    assert close(observation).get_json()["errors"] == [POLICE]
    assert frist_of(database, observation).state == "oppen"
    assert case(observation, 1, police_report=REPORT).status_code == 200
    assert close(observation).status_code == 200
    assert frist_of(database, observation).state == "klar"


@pytest.mark.parametrize("state", [RECEIVED, UNREADABLE])
def test_a_photo_that_nobody_can_see_is_no_proof(database, tag, after_photo, case, close, state):
    observation = tag()
    case(observation, 1, police_report=REPORT)
    after_photo(observation)
    with database.transaction() as session:
        session.execute(update(Photo).values(state=state))
    assert close(observation).get_json()["errors"] == [PHOTO]


def test_an_old_photo_or_the_one_of_before_is_no_proof(tag, after_photo, case, close):
    observation = tag()
    case(observation, 1, police_report=REPORT)
    after_photo(observation, "iakttagelse", sha256="1" * 64)
    after_photo(observation, sha256="1" * 64)
    after_photo(observation, sha256="2" * 64, taken_at=datetime(2011, 1, 13, 13, 33, tzinfo=UTC))
    assert close(observation).get_json()["errors"] == [PHOTO]
    after_photo(observation, sha256="3" * 64, taken_at=core_clock.now())
    assert close(observation).status_code == 200


def test_what_is_cleaned_keeps_its_proof_and_opened_again_has_the_time_that_it_should_have(
    client, actors, database, tag, after_photo, case, close, clock
):
    clock.stop_at(core_clock.now())
    observation = tag()
    after_photo(observation)
    version = case(observation, 1, police_report=REPORT).get_json()["version"]
    assert close(observation).status_code == 200
    version = case(observation).get_json()["version"]
    emptied = case(observation, version, police_report=None)
    assert (emptied.status_code, emptied.get_json()["errors"][0]["field"]) == (422, "police_report")
    assert case(observation, version, content_class="hat_rasism").status_code == 200
    frist = frist_of(database, observation)
    assert (frist.state, frist.rule["key"]) == ("klar", "vanligt")
    opened = {"move": "oppna_igen", "reason": "Det är kvar."}
    headers = case.keeper | {"If-Match": f'"{frist.version}"'}
    assert client.post(f"/api/v1/deadlines/{frist.uid}/moves", json=opened, headers=headers).status_code == 200
    frist = frist_of(database, observation)
    assert (frist.rule["key"], frist.due_at) == ("hatiskt", core_clock.now() + timedelta(hours=4))


@pytest.mark.parametrize("number", ["x", "-", "5000", "<script>", "5000-K123456"])
def test_a_police_report_has_the_number_that_the_police_gave_it(tag, case, number):
    refused = case(tag(), 1, police_report=number)
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "police_report")


def test_a_case_that_is_cleaned_leaves_the_list_of_the_place(
    client, actors, scene, tag, after_photo, case, close, clock
):
    clock.stop_at(core_clock.now())
    observation = tag()
    client.login(actors("tk_drift", "trafik"))
    door = f"/klotter/{observation}"
    assert door in client.get(f"/platser/{scene.place}").text
    after_photo(observation)
    case(observation, 1, police_report=REPORT)
    clock.pass_by(hours=3)
    assert close(observation).status_code == 200
    assert datetime.fromisoformat(case(observation).get_json()["cleaned_at"]) == core_clock.now()
    assert door not in client.get(f"/platser/{scene.place}").text


def test_not_reporting_takes_a_reason(database, tag, after_photo, case, close):
    observation = tag()
    after_photo(observation)
    for empty in ("", "   ", None):
        version = incident_of(database, observation).version
        assert case(observation, version, not_reported_reason=empty).status_code == 200
        assert close(observation).get_json()["errors"] == [POLICE]
    version = incident_of(database, observation).version
    case(observation, version, not_reported_reason="Laglig vägg, inget brott.")
    assert close(observation).status_code == 200


def test_the_observation_is_not_done_without_proof_either(client, scene, database, tag, actors, after_photo, case):
    observation = tag()
    with database.transaction() as session:
        row = session.scalars(select(Observation).where(Observation.uid == observation)).one()
        row.state = "mottagen"
    bearer = case.keeper

    def done():
        version = client.get(f"/api/v1/observations/{observation}", headers=bearer).get_json()["version"]
        return client.post(
            f"/api/v1/observations/{observation}/moves",
            json={"move": "atgarda"},
            headers=bearer | {"If-Match": f'"{version}"'},
        )

    assert done().get_json()["errors"] == [PHOTO, POLICE]
    after_photo(observation)
    case(observation, 1, police_report=REPORT)
    assert done().status_code == 200


@pytest.fixture
def saturday(clock):
    clock.stop_at("2027-01-09T10:00")
    return clock


def test_racist_graffiti_at_a_preschool_on_a_saturday_night(
    saturday, database, scene, tag, client, after_photo, case, close
):
    """Scenario 7: it goes first, in hours whatever the day, and takes a photo and the police's number to close."""
    with database.transaction() as session:
        session.scalars(select(Place)).one().kind = "forskolegard"
    before = tag(seen_at=datetime(2027, 1, 8, 12, tzinfo=UTC))
    saturday.stop_at("2027-01-09T23:30")
    seen = tag(hateful=True)
    frist = frist_of(database, seen)
    assert f"{core_clock.local(frist.due_at):%Y-%m-%d %H:%M}" == "2027-01-10 03:30"
    assert frist_of(database, before).due_at < frist.due_at
    saturday.stop_at("2027-01-10T08:00")
    listed = client.get("/api/v1/deadlines", headers=case.keeper).json["items"]
    assert [row["uid"] for row in listed] == [str(frist.uid), str(frist_of(database, before).uid)]
    assert close(seen).get_json()["errors"] == [PHOTO, POLICE]
    after_photo(seen)
    assert close(seen).get_json()["errors"] == [POLICE]
    assert case(seen, 1, police_report=REPORT).status_code == 200
    assert close(seen).status_code == 200
