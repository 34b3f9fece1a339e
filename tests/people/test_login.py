"""Logging in: with a password that is kept as a hash, told apart from nothing, and tried only so often."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import process_time

import pytest
from sqlalchemy import func, select

from core import access
from core import clock as core_clock
from core.app import create_app
from core.http.errors import OPEN_TOO_LONG
from core.journal import JournalLine
from core.people import services
from core.people.models import Person, Throttle
from core.people.services.secret import short
from core.testing.people import FORM_TOKEN, Client

from .conftest import HOUSE, PASSWORD

WRONG = "E-postadressen eller lösenordet stämmer inte."
LOGIN = "/logga-in"


def cookie_of(answer, name="tryggplats="):
    [line] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(name)]
    return line


def test_somebody_logs_in_and_comes_to_where_she_was_going(client, anna, log_in, database, sessions):
    sent_away = client.get("/platser?q=torg")
    assert "Be stadens systemadministratör om en länk." in client.get(LOGIN).text
    assert (sent_away.status_code, sent_away.location) == (303, "/logga-in?till=/platser?q%3Dtorg")
    there = log_in("  Anna@TRYGGPLATS.example ", till="/platser?q=torg")
    assert (there.status_code, there.location) == (303, "/platser?q=torg")
    assert "Farsta stadsdelsnämnd" in client.get(there.location).text
    with database.transaction(write=False) as session:
        assert session.scalars(select(Person.password)).one().startswith("$argon2id$")
    assert len(sessions()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize("till", ["https://example.org/", "//example.org", "/\\example.org", "javascript:x", "platser"])
def test_a_login_leads_to_no_other_site(client, anna, log_in, till):
    assert log_in(anna, till=till).location == "/"


def test_nobody_learns_whether_there_is_an_account(client, anna, log_in, database, change_person):
    with database.transaction():
        services.add_person(HOUSE, email="utan@tryggplats.example", name="Utan lösenord")
        services.add_person(HOUSE, email="slut@tryggplats.example", name="Slutat", password=PASSWORD)
    change_person("slut@tryggplats.example", ended_at=core_clock.now())
    tries = [
        log_in(anna, "fel lösenord"),
        log_in("ingen@tryggplats.example"),
        log_in("utan@tryggplats.example"),
        log_in("slut@tryggplats.example"),
    ]
    for answer in tries:
        assert answer.status_code == 422
        assert WRONG in answer.text
        assert not [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("tryggplats=")]
        assert PASSWORD not in answer.text
    said = [re.sub(r"[\w.]+@tryggplats.example|value=\"[^\"]{40,}\"", "", answer.text) for answer in tries]
    assert len(set(said)) == 1


@pytest.mark.one_database
def test_an_unknown_account_takes_as_long_as_a_wrong_password(database, real_price, anna):
    def seconds(email):
        begun = process_time()  # of this process alone, whatever else the machine does
        with pytest.raises(services.WrongPassword), database.transaction():
            services.sign_in(access.NOBODY, email=email, password="fel", address="192.0.2.1")
        return process_time() - begun

    seconds("ingen@tryggplats.example")  # the first time makes nobody's hash
    known, unknown = (min(seconds(email) for _ in range(5)) for email in (anna, "ingen@tryggplats.example"))
    assert 0.5 < known / unknown < 2


@pytest.mark.one_database
def test_a_password_that_was_kept_at_a_lower_price_is_kept_at_that_of_today(anna, real_price, log_in, database):
    assert log_in(anna).status_code == 303
    with database.transaction(write=False) as session:
        assert session.scalars(select(Person.password)).one().startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_ten_tries_on_an_account_close_it_for_a_quarter_of_an_hour(client, anna, log_in, clock, database):
    clock.stop_at("2027-01-11T08:00")
    for _ in range(10):
        assert log_in(anna, "fel lösenord").status_code == 422
    refused = log_in(anna)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert "Vänta en stund och försök igen." in refused.text
    clock.pass_by(minutes=14)
    assert log_in(anna).status_code == 429
    clock.pass_by(minutes=1)
    assert log_in(anna).status_code == 303
    with database.transaction(write=False) as session:
        lines = select(JournalLine.subject_uid).where(JournalLine.action == "session:refuse")
        assert len(session.scalars(lines).all()) == 10
        assert session.scalars(lines.distinct()).all() == session.scalars(select(Person.uid)).all()


def test_forty_tries_from_an_address_close_it_for_every_account(client, anna, database):
    """One wrong password on each of many accounts: what no count per account sees."""
    page = client.get(LOGIN)
    token = FORM_TOKEN.search(page.text)[1]
    with database.transaction() as session:
        session.add(
            Throttle(key=f"address:{short('192.0.2.1')}", started_at=core_clock.now(), count=39),
        )

    def send(email, password, address):
        form = {"csrf_token": token, "email": email, "password": password}
        return client.post(LOGIN, data=form, environ_base={"REMOTE_ADDR": address}).status_code

    assert send("nagon@tryggplats.example", "fel", "192.0.2.1") == 422
    assert send(anna, PASSWORD, "192.0.2.1") == 429
    assert send(anna, PASSWORD, "192.0.2.2") == 303


def test_tries_at_the_same_time_are_no_more_than_one_after_the_other(app, anna, actors, database):
    with database.transaction() as session:
        session.add(Throttle(key=f"account:{short(anna)}", started_at=core_clock.now(), count=8))
    browsers = [Client(app, actors) for _ in range(6)]
    tokens = [FORM_TOKEN.search(browser.get(LOGIN).text)[1] for browser in browsers]

    def send(browser, token):
        return browser.post(LOGIN, data={"csrf_token": token, "email": anna, "password": "fel"}).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(send, browsers, tokens))
    assert sorted(answers) == [422, 422, 429, 429, 429, 429]


def test_the_right_password_gives_its_try_back(anna, log_in, database):
    """An office behind one address logs in every morning."""
    assert log_in(anna, "fel lösenord").status_code == 422
    for _ in range(2):
        assert log_in(anna).status_code == 303
    with database.transaction(write=False) as session:
        assert set(session.scalars(select(Throttle.count))) == {1}


def test_neither_address_nor_account_is_kept_with_the_tries(client, log_in, database):
    log_in("ingen@tryggplats.example")
    with database.transaction(write=False) as session:
        keys = session.scalars(select(Throttle.key)).all()
    assert len(keys) == 2
    assert not [key for key in keys if "ingen" in key or "127.0.0.1" in key]


def test_old_tries_and_ended_sessions_are_swept(client, anna, log_in, clock, database, sessions):
    clock.stop_at("2027-01-11T08:00")
    log_in(anna, "fel lösenord")
    log_in(anna)
    for days, left in ((7, (1, 2)), (2, (1, 0))):
        clock.pass_by(days=days)
        with database.transaction() as session:
            services.sweep()
            session.flush()
            tries = session.scalars(select(func.count()).select_from(Throttle)).one()
        assert (len(sessions()), tries) == left, f"after {days} more days"


def test_a_login_begins_anew(client, anna, log_in, sessions):
    """Neither a session id nor a form token from before the login counts after it (fixation)."""
    client.set_cookie("tryggplats", "planted", domain="127.0.0.1")
    before = FORM_TOKEN.search(client.get(LOGIN).text)[1]
    answer = log_in(anna)
    assert "planted" not in cookie_of(answer)
    refused = client.post("/utseende", data={"csrf_token": before, "look": "dark", "locale": "sv"})
    assert refused.status_code == 400
    assert OPEN_TOO_LONG in refused.text
    again = log_in(anna)
    assert cookie_of(again) != cookie_of(answer)
    assert len({row.digest for row in sessions()}) == 2


@pytest.mark.one_database
def test_the_cookie_is_not_for_scripts_or_other_sites(client, anna, log_in):
    flags = {flag.strip() for flag in cookie_of(log_in(anna)).split(";")[1:]}
    assert flags == {"HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.one_database
def test_over_https_the_cookies_are_bound_to_the_host(settings):
    app = create_app(replace(settings, base_url="https://tryggplats.example"))
    with app.database.transaction():
        services.add_person(HOUSE, email="anna@tryggplats.example", name="Samordnare", password=PASSWORD)
    client = app.test_client()
    page = client.get(LOGIN, base_url=app.settings.base_url)
    form = {
        "csrf_token": FORM_TOKEN.search(page.text)[1],
        "email": "anna@tryggplats.example",
        "password": PASSWORD,
    }
    answer = client.post(LOGIN, data=form, base_url=app.settings.base_url, headers={"Referer": app.settings.base_url})
    app.database.dispose()
    assert answer.status_code == 303
    for name in ("__Host-tryggplats=", "__Host-tryggplats-form="):
        line = cookie_of(page if name.endswith("form=") else answer, name)
        flags = {flag.strip() for flag in line.split(";")[1:]}
        assert flags >= {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
        assert not [flag for flag in flags if flag.startswith("Domain")]
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.one_database
def test_demo_logins_are_shown_in_a_demo_only(settings, anna):
    def shown(env):
        app = create_app(replace(settings, env=env, plugins=("klotter",)))
        text = app.test_client().get(LOGIN, base_url=app.settings.base_url).text
        app.database.dispose()
        return anna in text, "tryggplats-demo" in text

    assert {env: shown(env) for env in ("test", "demo", "development", "production")} == {
        "test": (True, True),
        "demo": (True, True),
        "development": (False, False),
        "production": (False, False),
    }


def test_a_form_without_its_token_is_refused(client, anna):
    answer = client.post(LOGIN, data={"email": anna, "password": PASSWORD})
    assert answer.status_code == 400
    assert OPEN_TOO_LONG in answer.text
