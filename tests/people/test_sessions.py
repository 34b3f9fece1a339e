"""Sessions are rows: they end after half an hour of silence, after a working day, and when somebody says so."""

import pytest
from sqlalchemy import event, select

from core import clock as core_clock
from core.http import errors
from core.people import services
from core.people.models import Person, UserSession


def is_logged_in(client):
    answer = client.get("/")
    assert answer.status_code in (200, 303)
    answer.close()  # as a server does when it has sent the answer
    return answer.status_code == 200


@pytest.fixture
def morning(clock):
    clock.stop_at("2027-01-11T08:00")
    return clock


def test_half_an_hour_of_silence_ends_it(client, anna, log_in, morning):
    log_in(anna)
    morning.pass_by(minutes=29, seconds=59)
    assert is_logged_in(client)
    morning.pass_by(minutes=29, seconds=59)
    assert is_logged_in(client)
    morning.pass_by(minutes=30)
    assert not is_logged_in(client)


def test_eight_hours_end_it_however_busy(client, anna, log_in, morning):
    log_in(anna)
    for _ in range(23):
        morning.pass_by(minutes=20)
        assert is_logged_in(client)
    morning.pass_by(minutes=20)
    assert not is_logged_in(client)


def test_logging_out_ends_it_on_the_server(client, anna, log_in, sessions):
    """A copied cookie is worth nothing after the log-out; another browser of hers goes on."""
    log_in(anna)
    other = client.get_cookie("tryggplats", domain="127.0.0.1").value
    log_in(anna)
    mine = client.get_cookie("tryggplats", domain="127.0.0.1").value
    answer = client.submit("/logga-ut", page="/")
    assert (answer.status_code, answer.location) == (303, "/logga-in")
    assert client.get_cookie("tryggplats", domain="127.0.0.1") is None
    for cookie, counts in ((mine, False), (other, True)):
        client.set_cookie("tryggplats", cookie, domain="127.0.0.1")
        assert is_logged_in(client) is counts
    assert [row.ends_at <= core_clock.now() for row in sessions()] == [False, True]


def test_the_cookie_is_not_in_the_database(client, anna, log_in, sessions):
    log_in(anna)
    cookie = client.get_cookie("tryggplats", domain="127.0.0.1").value
    assert len(cookie) >= 43  # 256 bits
    [row] = sessions()
    assert cookie.encode() not in row.digest


def test_it_is_noted_as_in_use_once_a_minute_after_the_answer(client, anna, log_in, morning, sessions):
    """A GET writes nothing in its own transaction: the note is made when the answer has gone."""
    log_in(anna)
    [begun] = sessions()
    morning.pass_by(seconds=59)
    is_logged_in(client)
    assert sessions()[0].seen_at == begun.seen_at
    morning.pass_by(seconds=1)
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Farsta stadsdelsnämnd" in answer.text
    assert sessions()[0].seen_at == begun.seen_at, "the answer has not gone yet"
    answer.close()
    assert sessions()[0].seen_at == core_clock.now()


def test_reading_begins_no_transaction_that_writes(client, anna, log_in, morning, database):
    log_in(anna)
    morning.pass_by(minutes=2)
    said = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _k, sql, *_: said.append(sql))
    answer = client.get("/platser")
    assert answer.status_code == 200
    assert said
    assert not [sql for sql in said if not sql.lstrip().startswith(("SELECT", "PRAGMA query_only = ON", "BEGIN"))]
    assert "BEGIN IMMEDIATE" not in said
    answer.close()
    assert [sql for sql in said if sql.startswith("UPDATE user_session")]


def test_an_account_that_is_ended_is_out_at_once(client, anna, log_in, actors, database, change_person):
    log_in(anna)
    with database.transaction(write=False) as session:
        actor = session.scalars(select(Person).where(Person.email == anna)).one()
    bearer = actors.token(actor)
    assert client.get("/api/v1/places", headers=bearer).status_code == 200
    change_person(anna, ended_at=core_clock.now())
    assert not is_logged_in(client)
    assert client.get("/api/v1/places", headers=bearer).status_code == 401
    assert log_in(anna).status_code == 422


def test_a_session_without_its_row_is_nobody(client, anna, log_in, database):
    log_in(anna)
    with database.transaction() as session:
        session.delete(session.scalars(select(UserSession)).one())
    assert not is_logged_in(client)
    answer = client.get("/api/v1/places")
    assert (answer.status_code, answer.mimetype) == (401, errors.PROBLEM)


def test_the_look_follows_the_person_to_another_browser(client, anna, log_in, database):
    log_in(anna)
    refused = client.submit("/utseende", {"look": "rosa", "locale": "sv"})
    assert refused.status_code == 422
    assert "Välj ett alternativ i listan." in refused.text
    assert 'href="/utseende?till=/finns%26inte"' in client.get("/finns%26inte").text
    saved = client.submit("/utseende?till=/platser", {"look": "dark", "locale": "en", "till": "/platser"})
    assert (saved.status_code, saved.location) == (303, "/platser")
    assert '<html lang="en" data-color-scheme="dark">' in client.get("/platser").text
    for name in ("tryggplats", "look", "locale"):
        client.delete_cookie(name, domain="127.0.0.1")
    assert '<html lang="sv" data-color-scheme="auto">' in client.get("/logga-in").text
    log_in(anna)
    assert '<html lang="en" data-color-scheme="dark">' in client.get("/platser").text


def test_the_look_can_be_chosen_before_the_login(client, anna, log_in):
    client.submit("/utseende", {"look": "light", "locale": "sv"})
    assert 'data-color-scheme="light"' in client.get("/logga-in").text
    log_in(anna)
    assert 'data-color-scheme="light"' in client.get("/").text


def test_old_sessions_are_swept_but_for_the_last_which_says_since_when_there_are_news(
    client, anna, log_in, sessions, database, morning
):
    for _ in range(3):
        log_in(anna)
        morning.pass_by(hours=9)
    morning.pass_by(days=30)
    with database.transaction():
        services.sweep()
    assert [row.started_at.day for row in sessions()] == [12]
    log_in(anna)
    assert "Senast här 2027-01-12 02.00" in client.get("/").text
