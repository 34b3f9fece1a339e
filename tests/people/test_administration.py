"""Looking after persons: roles with limits, never one's own; a password nobody else sees; the last administrator."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core import clock as core_clock
from core.access import Denied
from core.journal import JournalDetail, JournalLine
from core.outbox import Task
from core.people import services
from core.people.models import Person, RoleGrant
from core.schema import Invalid
from core.testing.people import Client

from .conftest import HOUSE, PASSWORD

PEOPLE = "/admin/personer"


@pytest.fixture
def admin(actors):
    return actors("sysadmin", "slk")


@pytest.fixture
def browser(client, admin, clock):
    """The administrator's browser, on a Monday morning."""
    clock.stop_at("2027-01-11T08:00")
    client.login(admin)
    return client


def uid_of(database, email):
    with database.transaction(write=False) as session:
        return session.scalars(select(Person.uid).where(Person.email == email)).one()


def errors(answer):
    """The fields that a refused form has a message at."""
    return re.findall(r'id="(?:f|ge|sluta|andra)-(\w+)-error"', answer.text)


def link_in_the_letter(database):
    with database.transaction(write=False) as session:
        letters = session.scalars(select(Task.payload).where(Task.kind == "letter").order_by(Task.id.desc()))
        return re.search(r"/losenord/\S+", letters.first()["text"])[0]


def letters(database):
    """Whom letters have been put for, the newest first."""
    with database.transaction(write=False) as session:
        rows = session.scalars(select(Task.payload).where(Task.kind == "letter").order_by(Task.id.desc()))
        return [row["to"] for row in rows]


def version_on(answer):
    return re.search(r'name="version"[^>]* value="(\d+)"', answer.text)[1]


@pytest.mark.other_database_long
def test_somebody_new_chooses_the_password_by_a_link_that_counts_once(browser, app, database, log_in, actors):
    added = browser.submit(f"{PEOPLE}/ny", {"name": "Ny", "email": "Ny@staden.example"})
    assert added.status_code == 303
    assert "Väntar på lösenord" in browser.get(added.location).text
    first = link_in_the_letter(database)
    page = added.location.partition("#")[0]
    assert browser.submit(f"{page}/lank", page=page).status_code == 303
    second, guest = link_in_the_letter(database), Client(app, actors)
    assert guest.get(first).status_code == 404, "a newer link takes the place of the older"
    assert errors(guest.submit(second, {"password": "kort"})) == ["password"]
    assert guest.submit(second, {"password": PASSWORD}).status_code == 303
    assert guest.get(second).status_code == 404
    assert guest.post(second, data={"csrf_token": ""}).status_code in (400, 404)
    browser.delete_cookie("tryggplats")
    assert log_in("ny@staden.example").status_code == 303
    with database.transaction(write=False) as session:
        assert PASSWORD not in str([tuple(row) for row in session.execute(select(Person.password))])


@pytest.mark.other_database_long
def test_a_link_lasts_a_day_and_ends_with_the_account(browser, database, anna, clock):
    page = f"{PEOPLE}/{uid_of(database, anna)}"
    browser.submit(f"{page}/lank", page=page)
    link = link_in_the_letter(database)
    clock.pass_by(hours=24, minutes=-1)
    assert browser.get(link).status_code == 200
    clock.pass_by(minutes=1)
    assert browser.get(link).status_code == 404


@pytest.mark.other_database_long
def test_an_account_is_closed_and_opened_again_with_its_history(browser, database, anna):
    page = f"{PEOPLE}/{uid_of(database, anna)}"
    assert browser.submit(f"{page}/stang", page=page).status_code == 303
    assert "Kontot är stängt" in browser.get(page).text
    assert "anna@" in browser.get(f"{PEOPLE}?konto=stangda").text
    assert "anna@" not in browser.get(PEOPLE).text
    assert browser.submit(f"{page}/oppna", page=page).status_code == 303
    assert "Väntar på lösenord" in browser.get(page).text
    assert "Farsta stadsdelsnämnd" in browser.get(page).text


@pytest.mark.other_database_long
def test_another_address_ends_what_was_sent_to_the_old_one_and_both_are_told(browser, database, anna, app, actors):
    """By a colleague who looks after accounts: nobody's account is taken over unseen."""
    uid, guest = uid_of(database, anna), Client(app, actors)
    page = f"{PEOPLE}/{uid}"
    assert guest.submit("/logga-in", {"email": anna, "password": PASSWORD}).status_code == 303
    browser.submit(f"{page}/lank", page=page)
    link = link_in_the_letter(database)
    form = {"name": "Anna A", "email": "Anna.A@staden.example", "version": version_on(browser.get(page))}
    assert browser.submit(page, form).status_code == 303
    told = browser.get(page).text
    assert all(part in told for part in ("Anna A", "anna.a@staden.example", "Samordnare, trygghet"))
    assert guest.get("/").status_code == 303, "the log-in has ended"
    assert guest.get(link).status_code == 404, "so has the link that went to the old address"
    assert letters(database)[:2] == ["anna.a@staden.example", anna]
    assert guest.submit("/logga-in", {"email": anna, "password": PASSWORD}).status_code == 422
    assert guest.submit("/logga-in", {"email": "anna.a@staden.example", "password": PASSWORD}).status_code == 303
    with database.transaction(write=False) as session:
        line = select(JournalLine.seq).where(JournalLine.action == "person:change").scalar_subquery()
        assert session.get_one(JournalDetail, session.scalars(select(line)).one()).detail == {
            "name": ["Samordnare", "Anna A"], "email": [anna, "anna.a@staden.example"]
        }  # fmt: skip


def test_an_address_is_somebody_s_alone_and_a_name_is_changed_by_one_at_a_time(browser, database, anna):
    uid = uid_of(database, anna)
    page, other = f"{PEOPLE}/{uid}", browser.submit(f"{PEOPLE}/ny", {"name": "Bo", "email": "bo@staden.example"})
    stood = version_on(browser.get(page))
    for wrong in ({"email": "bo@staden.example"}, {"email": "bo"}, {"email": ""}, {"name": ""}):
        answer = browser.submit(page, {"name": "Anna", "email": anna, "version": stood} | wrong)
        assert (answer.status_code, errors(answer)) == (422, list(wrong)), wrong
    told = len(letters(database))
    assert browser.submit(page, {"name": "Anna", "email": anna, "version": stood}).status_code == 303
    late = browser.submit(page, {"name": "Annika", "email": anna, "version": stood})
    assert (late.status_code, "Två har ändrat samtidigt" in late.text) == (409, True)
    assert len(letters(database)) == told, "a new name is told to nobody"
    closed = other.location.partition("#")[0]
    browser.submit(f"{closed}/stang", page=closed)
    assert browser.submit(
        closed, {"name": "B", "email": "b@staden.example", "version": "9"}, page=page
    ).status_code in (409, 422)


def test_persons_in_the_api(client, actors, database, anna):
    admin, leader = actors("sysadmin", "slk"), actors("sdn_samordnare")
    bearer = actors.token(admin)
    first = client.get("/api/v1/persons?q=anna&role=sdn_samordnare", headers=bearer).json
    assert [(row["email"], row["roles"][0]["organisation"]) for row in first["items"]] == [(anna, "sdn-farsta")]
    address = f"/api/v1/persons/{first['items'][0]['uid']}"
    whole = client.get(address, headers=bearer)
    tag = {"If-Match": whole.headers["ETag"]}
    assert client.patch(address, json={"name": "Anna"}, headers=bearer).status_code == 428
    changed = client.patch(address, json={"email": "ny@staden.example"}, headers=bearer | tag)
    assert (changed.status_code, changed.json["email"], changed.json["name"]) == (
        200,
        "ny@staden.example",
        "Samordnare",
    )
    assert client.patch(address, json={"name": "Anna"}, headers=bearer | tag).status_code == 412
    assert client.get("/api/v1/persons", headers=actors.token(leader)).status_code == 403


@pytest.mark.other_database_long
def test_a_role_is_given_with_limits_and_what_does_not_fit_is_told_at_its_field(browser, database, anna):
    page = f"{PEOPLE}/{uid_of(database, anna)}"
    good = {"role": "falt", "organisation": "sdn-farsta", "valid_to": "2099-12-31", "categories": "belysning"}
    for wrong, field in (
        ({"areas": "stadsdel:atlantis"}, "areas"),
        ({"categories": "belysnig"}, "categories"),
        ({"valid_to": "2000-01-01"}, "valid_to"),
        ({"organisation": "sdn-atlantis"}, "organisation"),
        ({"organisation": "sdn-norrmalm"}, "organisation"),
        ({"role": "kung"}, "role"),
        ({"organisation": "polis-farsta"}, "role"),
        ({"role": "polis"}, "role"),
    ):
        answer = browser.submit(f"{page}/roller", good | wrong, page=page)
        assert (answer.status_code, errors(answer)) == (422, [field]), wrong
    assert browser.submit(f"{page}/roller", good, page=page).status_code == 303
    with database.transaction(write=False) as session:
        row = session.scalars(select(RoleGrant).order_by(RoleGrant.id.desc()).limit(1)).one()
        assert (row.role, row.valid_to, row.categories) == ("falt", date(2099, 12, 31), ["belysning"])
    for limit in ({"categories": ""}, {"categories": "", "valid_to": ""}):
        unlimited = browser.submit(f"{page}/roller", good | limit, page=page)
        assert (unlimited.status_code, errors(unlimited)) == (422, ["role"]), (
            "the limits of the first would say nothing"
        )
    assert browser.submit(f"{page}/roller", good | {"categories": "sno_is"}, page=page).status_code == 303
    told = browser.get(page).text
    assert ">Belysning<" in told
    assert 'type="checkbox" id="ge-categories' in told
    ended = {"grant": str(row.uid), "on": core_clock.today().isoformat()}
    assert browser.submit(f"{page}/roller/avsluta", ended, page=page).status_code == 303
    again = browser.submit(f"{page}/roller/avsluta", ended, page=page)
    assert (again.status_code, errors(again)) == (422, ["on"])


def test_an_outside_organisation_has_only_its_own_roles(database, anna):
    """The table of which role fits where: what the city's own see of pictures is not masked (Z40, design.md 9)."""
    fits = {"polis-farsta": "polis", "fof-jarva": "fof_samordnare", "demo-entreprenor": "entreprenor"}
    with database.transaction() as session:
        person = session.scalars(select(Person).where(Person.email == anna)).one()
        for code, role in fits.items():
            home = services.organisation(code)
            services.grant_role(HOUSE, person, role=role, organisation=home)
            for inside in ("sdn_samordnare", "sysadmin", "falt", "slk_handlaggare"):
                with pytest.raises(Invalid) as refused:
                    services.grant_role(HOUSE, person, role=inside, organisation=home)
                assert list(refused.value.flat()) == ["role"]
        for role in ("slk_handlaggare", "sdn_handlaggare", "fack_handlaggare", "chef", "medarbetare"):
            services.grant_role(HOUSE, person, role=role, organisation=services.organisation("trafik"))
        for refused_role in ("polis", "chef"):  # the one belongs outside the city, the other is held there already
            with pytest.raises(Invalid) as refused:
                services.grant_role(HOUSE, person, role=refused_role, organisation=services.organisation("trafik"))
            assert list(refused.value.flat()) == ["role"]


def test_nobody_changes_her_own_rights(browser, database, admin, actors):
    """Not by a form, not by ending a role, not by closing and opening the account (reliability.md A7)."""
    actors("sysadmin", "slk")  # so that she is not the last
    page = f"{PEOPLE}/{admin.uid}"
    assert "Dina egna roller ändras av en annan administratör." in browser.get(page).text
    with database.transaction(write=False) as session:
        own = session.scalars(select(RoleGrant.uid).where(RoleGrant.person_id == admin.id)).one()
    for address, form in (
        ("roller", {"role": "revisor", "organisation": "kf"}),
        ("roller/avsluta", {"grant": str(own), "on": "2099-01-01"}),
        ("stang", {}),
    ):
        assert browser.submit(f"{page}/{address}", form, page=page).status_code == 403, address
    with database.transaction(write=False) as session:
        count = select(func.count()).where(RoleGrant.person_id == admin.id)
        assert session.scalars(count).one() == 1


def test_the_last_administrator_stays(database, actors):
    """Otherwise nobody could give anybody a role any more; one whose role ends is no successor."""
    last, leaving = actors("sysadmin", "slk"), actors("sysadmin", "slk", valid_to=date(2099, 1, 1))
    emails = {}
    with database.transaction(write=False) as session:
        emails = {who: session.get_one(Person, who.id).email for who in (last, leaving)}
    role = {"role": "sysadmin", "organisation": "slk", "on": core_clock.today()}
    for act in (
        lambda: services.end_person(leaving, email=emails[last]),
        lambda: services.end_role(leaving, email=emails[last], **role),
        lambda: services.end_person(HOUSE, email=emails[last]),
    ):
        with pytest.raises(Invalid) as refused, database.transaction():
            act()
        assert list(refused.value.flat()) == ["role"]
    with database.transaction():
        services.end_person(last, email=emails[leaving])
    actors("sysadmin", "slk")
    with database.transaction():
        services.end_role(HOUSE, email=emails[last], **role)


def test_roles_that_end_soon_are_told_on_the_list_and_at_the_start(browser, actors):
    assert "slutar" not in browser.get("/").text
    for days in (0, 30, 31):
        actors("falt", "sdn-farsta", valid_to=date(2027, 1, 11) + timedelta(days=days))
    assert "2 roller slutar inom 30 dagar" in browser.get("/").text
    assert "Roller som slutar inom 30 dagar (2)" in browser.get(PEOPLE).text


def test_one_ends_ones_own_keys_and_nobody_elses(client, app, database, actors):
    leader, other = actors("sdn_samordnare"), actors("sdn_samordnare")
    mine, hers = (actors.token(who, "places:place:read") for who in (leader, other))
    client.login(actors("sysadmin", "slk"))
    assert "Nycklar till API:t" in client.get("/jag/nycklar").text, "she makes them, so nobody else is named"
    client.login(leader)
    with database.transaction(write=False):
        own, foreign = (services.own_tokens(who)[0].uid for who in (leader, other))
    assert client.submit("/jag/nycklar", {"token": str(foreign)}, page="/utseende").status_code == 404
    assert client.submit("/jag/nycklar", {"token": str(own)}).status_code == 303
    client.delete_cookie("tryggplats")
    answers = [client.get("/api/v1/places", headers=bearer).status_code for bearer in (mine, hers)]
    assert answers == [401, 200]


def test_the_list_of_persons_is_the_administrators(database, actors, client):
    """And its length changes nothing about the number of questions that it asks the database."""
    leader, admin = actors("sdn_samordnare"), actors("sysadmin", "slk")
    with pytest.raises(Denied), database.transaction(write=False):
        services.list_persons(leader)
    with database.transaction(write=False):
        found = services.list_persons(admin, role="sdn_samordnare")
        assert [row.id for row in found.rows] == [leader.id]
        first = services.list_persons(admin, limit=1)
        second = services.list_persons(admin, limit=1, after=first.after)
        assert first.rows != second.rows
        assert services.list_persons(admin, organisation="sdn-farsta", text="samordnare").rows == found.rows
