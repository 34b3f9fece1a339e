"""The page of those who are handed originals: named, for a time, given and ended by somebody (C5)."""

import re
from datetime import timedelta

import pytest

from core.clock import today
from core.people.models import Person


@pytest.fixture
def archivist(actors):
    return actors("arkivarie", "kf")


@pytest.fixture
def keep(client, archivist, actors, database):
    """Give a colleague access on the page, as the archivist; `fields` are what is written otherwise."""
    colleague = actors("sdn_handlaggare", "sdn-farsta")
    with database.transaction(write=False) as session:
        email = session.get_one(Person, colleague.id).email

    def keep(**fields):
        client.login(archivist)
        until = (today() + timedelta(days=30)).isoformat()
        written = {"email": email, "valid_to": until, "reason": "Begäran 2027/14", "photo": ""}
        return client.submit("/admin/original", written | fields)

    keep.colleague = colleague
    return keep


def test_given_shown_and_ended_with_the_names_of_those_who_did_it(client, keep, actors, archivist):
    assert keep().status_code == 303
    text = client.get("/admin/original").text
    assert keep.colleague.name in text
    assert "Begäran 2027/14" in text
    assert "Har haft tillgång" not in text
    officer = actors("dso", "kf")
    client.login(officer)
    keeper = text.partition('name="keeper" value="')[2].partition('"')[0]
    assert client.submit("/admin/original/avsluta", {"keeper": keeper}).status_code == 303
    text = client.get("/admin/original").text
    before = text.partition("Har haft tillgång")[2]
    assert "Ingen har tillgång till original." in text
    assert keep.colleague.name in before
    assert archivist.name in before
    assert re.search(rf">[0-9 :.-]+ av {officer.name}<", before), "a day and a name, and no tags to read"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"email": "ingen@example.invalid"}, "ingen@example.invalid"),
        ({"valid_to": "2020-01-01"}, "Välj en dag från i dag"),
        ({"reason": ""}, "Varför?"),
        ({"photo": "abc"}, "Ange ett id av UUID"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nobody_gets_access(client, keep, written, message):
    answer = keep(**written)
    assert answer.status_code == 422
    assert message in answer.text
    assert "Ingen har tillgång till original." in client.get("/admin/original").text


def test_who_may_only_read_sees_no_form_and_others_no_page(client, keep, actors):
    keep()
    client.login(actors("revisor", "kf"))
    text = client.get("/admin/original").text
    assert keep.colleague.name in text
    assert "Ge tillgång" not in text
    assert client.submit("/admin/original/avsluta", {}).status_code == 403
    client.login(keep.colleague)
    assert client.get("/admin/original").status_code == 403
