"""An application is begun once, in an open round or in none, by who writes for the board; and the same in the API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db
from core.applications.models import Application, Round
from core.applications.parts import PARTS
from core.reserve.services.programmes import programmes
from core.schema import Invalid
from tests.applications.written import begin, fourth, grounded, queries, scene, third, together, writing

pytestmark = pytest.mark.other_database_long

__all__ = ["fourth", "grounded", "queries", "scene", "third", "together", "writing"]
WRITE = ("applications:application:read", "applications:application:write", "places:place:read")


@pytest.fixture
def writer(actors):
    return actors("sdn_handlaggare", "sdn-farsta")


def a_round(opens=-1, closes=30, state="oppnad", number=1):
    """Let there be a round of the first programme, its days counted from now."""
    now = clock.now()
    days = {"opens_at": now + timedelta(days=opens), "closes_at": now + timedelta(days=closes)}
    known = {"programme_id": programmes()[0].id, "year": now.year, "number": number, "state": state}
    row = Round(uid=uuid4(), content=b"\0" * 32, **known, **days)
    db.session().add(row)
    db.session().flush()
    return row.uid


def test_it_is_begun_on_its_page_with_what_is_known_filled_in(database, writer, client):
    with database.transaction():
        opened, year = a_round(), clock.today().year
        a_round(opens=40, closes=60, state="planerad", number=2)
    client.login(writer)
    page = client.get("/ansokningar/ny").text
    assert 'value="sdn-farsta" selected' in page
    assert f'value="{opened}" selected' in page, "the only round that is open"
    assert "omgång 2" not in page
    assert 'value="">Utan omgång, sparas' in page
    known = {"uid": str(uuid4()), "organisation": "sdn-farsta", "in_round": str(opened)}
    with database.transaction():
        known |= {"programme": str(programmes()[0].uid)}
    assert client.submit("/ansokningar/ny", known | {"title": "Torg"}).status_code == 422, "five characters at least"
    assert client.submit("/ansokningar/ny", known | {"title": "T" * 121}).status_code == 422
    with database.transaction():
        climate = next(one.uid for one in programmes() if one.code == "KLIMAT")
    other = client.submit("/ansokningar/ny", known | {"title": "Farsta torg: ljus", "programme": str(climate)})
    assert "Omgången hör till Trygghetsinvesteringar. Välj en annan." in other.text
    made = client.submit("/ansokningar/ny", known | {"title": "Farsta torg: ljus"})
    assert made.status_code == 303
    again = client.submit("/ansokningar/ny", known | {"title": "Farsta torg: ljus"})
    assert again.location == made.location
    whole = client.get(made.location).text
    assert f"TI-{year}-001" in whole
    assert f"Omgång 1 {year}" in whole
    assert "Farsta torg: ljus" in client.get("/ansokningar").text
    with database.transaction() as session:
        assert len(session.scalars(select(Application)).all()) == 1


def test_the_same_uid_is_the_same_application_and_no_other(database, scene, writer):
    uid = uuid4()
    with database.transaction():
        first = begin(writer, uid=uid)
        assert begin(writer, uid=uid).number == first.number
    with pytest.raises(db.Conflict), database.transaction():
        begin(writer, uid=uid, title="Något helt annat")


def test_only_who_writes_for_a_board_begins_one_for_it_and_only_in_a_round_that_is_open(database, writer, actors):
    police = actors("polis", "polis-jarva")
    with database.transaction():
        closed, opened = a_round(opens=-9, closes=-1), a_round(number=2)
    for facts in ({"organisation": "sdn-jarva"}, {"organisation": "polis-jarva"}, {"in_round": closed}):
        with pytest.raises(Invalid), database.transaction():
            begin(writer, **facts)
    with pytest.raises(access.Denied), database.transaction():
        begin(police)
    with database.transaction():
        assert begin(writer, in_round=opened).round_id is not None
        assert begin(writer).round_id is None


# --- The API ------------------------------------------------------------------------------------------------------


def test_the_api_begins_reads_and_writes_a_part_under_its_own_version(database, grounded, client, actors):
    headers = actors.token(grounded.writer, *WRITE)
    with database.transaction():
        body = {"organisation": "sdn-farsta", "title": "Via API:t", "programme": str(programmes()[0].uid)}
    address = f"/api/v1/applications/{uuid4()}"
    made = client.put(address, json=body, headers=headers)
    assert made.status_code == 201, made.text
    assert client.put(address, json=body, headers=headers).get_json() == made.get_json()
    assert client.put(address, json=body | {"title": "Annan titel"}, headers=headers).status_code == 409
    assert [one["part"] for one in made.get_json()["parts"]][:2] == ["plats", "problem"]
    listed = client.get("/api/v1/applications", headers=headers).get_json()["items"]
    assert [one["title"] for one in listed] == ["Via API:t", "Farsta torg: ljus och sittplatser"]

    part = f"{address}/parts/perspektiv"
    read = client.get(part, headers=headers)
    content = {"children_heard": "nej", "barn": {"impact": "Mycket", "considered": "Ja"}}
    assert client.patch(part, json={"content": content}, headers=headers).status_code == 428
    based = headers | {"If-Match": read.headers["ETag"]}
    saved = client.patch(part, json={"content": content}, headers=based)
    assert saved.status_code == 200, saved.text
    assert client.patch(part, json={"content": content}, headers=based).status_code == 412
    more = {"content": {"barn": {"heard": "Klass 5"}}, "done": True}
    done = client.patch(part, json=more, headers=headers | {"If-Match": saved.headers["ETag"]}).get_json()
    assert done["content"]["barn"] == {"impact": "Mycket", "considered": "Ja", "heard": "Klass 5"}, (
        "what is left out stays"
    )
    assert done["content"]["children_heard"] == "nej"
    assert (done["stands"], done["done_at"]) == ("Påbörjad", None), "two perspectives are lacking"

    for key in PARTS:
        other = f"{address}/parts/{key}"
        stands = client.get(other, headers=headers)
        same = {"content": stands.get_json()["content"]}
        again = client.patch(other, json=same, headers=headers | {"If-Match": stands.headers["ETag"]})
        assert again.status_code == 200, (key, again.text)
        assert again.get_json()["content"] == same["content"], "what is told can be said again"

    place = f"{address}/parts/plats"
    known = headers | {"If-Match": client.get(place, headers=headers).headers["ETag"]}
    wrong = client.patch(place, json={"content": {"places": ["ej"]}}, headers=known)
    assert wrong.status_code == 422
    assert "content.places.0" in wrong.text
    found = client.patch(place, json={"content": {"places": [str(grounded.place)]}}, headers=known).get_json()
    assert (found["content"]["places"], found["told"]) == ([str(grounded.place)], "Farsta torg, Allmän plats")
    assert client.get(f"{address}/parts/finns-inte", headers=headers).status_code == 404
    others = actors.token(actors("sdn_handlaggare", "sdn-jarva"), *WRITE)
    assert client.get(part, headers=others).status_code == 404
    assert client.get("/api/v1/applications", headers=others).get_json()["items"] == []
