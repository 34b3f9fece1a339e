"""Whatever was given can be ended: a key, an account, a role; by who may, with a line in the journal, at once."""

from datetime import date

import pytest
from sqlalchemy import select

from core.access import Denied
from core.journal import JournalDetail, JournalLine
from core.people import services
from core.people.models import Person, RoleGrant
from core.schema import Invalid

from .conftest import HOUSE, PASSWORD

PLACES = "/api/v1/places"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def admin(actors):
    """Somebody who may end things."""
    return actors("sysadmin", "slk")


@pytest.fixture
def key(database, anna):
    """Make a key of anna's, called something."""

    def make(name):
        with database.transaction():
            return services.create_token(HOUSE, email=anna, name=name, scopes=["places:place:read"], days=90)

    return make


@pytest.fixture
def said(database):
    """Return what the journal knows of an act: who did it, and its detail."""

    def read(action):
        with database.transaction(write=False) as session:
            lines = select(JournalLine.actor_uid, JournalDetail.detail)
            lines = lines.join(JournalDetail, JournalDetail.seq == JournalLine.seq)
            return session.execute(lines.where(JournalLine.action == action).order_by(JournalLine.seq)).all()

    return read


def sentence(refused):
    [[text]] = refused.value.flat().values()
    return text


def test_a_key_is_ended_by_its_name_and_others_go_on(client, database, anna, admin, key, said):
    gone, kept = key("Kartan"), key("Statistiken")
    with database.transaction():
        services.end_token(admin, email=" Anna@tryggplats.example", name="Kartan")
    assert client.get(PLACES, headers=bearer(gone)).status_code == 401
    assert client.get(PLACES, headers=bearer(kept)).status_code == 200
    [(who, detail)] = said("token:end")
    assert who == admin.uid
    assert set(detail) == {"person"}
    with pytest.raises(Invalid) as refused, database.transaction():
        services.end_token(admin, email=anna, name="Kartan")
    assert sentence(refused) == "anna@tryggplats.example har ingen nyckel Kartan som gäller."


def test_a_person_is_ended_at_once_everywhere(client, database, anna, admin, key, log_in, said):
    token = key("Kartan")
    log_in(anna)
    assert client.get("/").status_code == 200
    with database.transaction():
        services.end_person(admin, email=anna)
    assert client.get("/").status_code == 303
    assert client.get(PLACES, headers=bearer(token)).status_code == 401
    assert log_in(anna, PASSWORD).status_code == 422
    assert said("person:end") == [(admin.uid, {})]
    acts = (
        lambda: services.end_person(admin, email=anna),
        lambda: services.end_token(admin, email=anna, name="Kartan"),
        lambda: services.create_token(admin, email=anna, name="Ny", scopes=["places:place:read"], days=1),
    )
    for act in acts:
        with pytest.raises(Invalid) as refused, database.transaction():
            act()
        assert sentence(refused) == "Ingen som kan logga in har adressen anna@tryggplats.example."


def test_an_account_that_was_closed_is_opened_again_without_its_old_keys(
    client, database, anna, admin, key, log_in, said
):
    token = key("Kartan")
    with database.transaction():
        services.end_person(admin, email=anna)
    with database.transaction():
        services.add_person(admin, email=anna, name="Anna igen", password="ett helt nytt lösenord")
    assert client.get(PLACES, headers=bearer(token)).status_code == 401
    assert log_in(anna, PASSWORD).status_code == 422
    assert log_in(anna, "ett helt nytt lösenord").status_code == 303
    assert said("person:reopen") == [(admin.uid, {})]
    with pytest.raises(Invalid) as refused, database.transaction():
        services.add_person(admin, email=anna, name="Anna")
    assert sentence(refused) == "Någon har redan den adressen."


def test_a_role_counts_to_the_end_of_the_day_that_is_said(client, clock, database, anna, admin, log_in, said):
    clock.stop_at("2027-03-01T12:00")
    with database.transaction():
        ended = {"role": "sdn_samordnare", "organisation": "sdn-farsta"}
        services.end_role(admin, email=anna, on=date(2027, 3, 3), **ended)
    answers = []
    for moment in ("2027-03-01T12:00", "2027-03-03T23:59", "2027-03-04T00:00"):
        clock.stop_at(moment)
        log_in(anna)
        answers.append(client.get("/platser").status_code)
    assert answers == [200, 200, 403]
    assert said("role:end") == [(admin.uid, ended | {"valid_to": "2027-03-03"})]


def test_a_role_given_by_mistake_is_taken_back_the_same_day(client, clock, database, anna, admin, log_in):
    clock.stop_at("2027-03-01T12:00")
    log_in(anna)
    assert client.get("/platser").status_code == 200
    with database.transaction():
        services.end_role(admin, email=anna, role="sdn_samordnare", organisation="sdn-farsta", on=date(2027, 2, 28))
    assert client.get("/platser").status_code == 403


def test_ending_never_makes_a_role_longer_and_takes_only_the_one_that_was_named(database, anna, admin):
    with database.transaction() as session:
        person = session.scalars(select(Person).where(Person.email == anna)).one()
        for code in ("sdn-bromma", "sdn-farsta"):
            home = services.organisation(code)
            services.grant_role(HOUSE, person, role="falt", organisation=home, valid_to=date(2027, 5, 31))
        services.end_role(admin, email=anna, role="falt", organisation="sdn-farsta", on=date(2027, 4, 30))
    with database.transaction(write=False) as session:
        held = select(RoleGrant).where(RoleGrant.person_id == person.id).order_by(RoleGrant.id)
        assert [(row.role, row.organisation.code, row.valid_to) for row in session.scalars(held)] == [
            ("sdn_samordnare", "sdn-farsta", None),
            ("falt", "sdn-bromma", date(2027, 5, 31)),
            ("falt", "sdn-farsta", date(2027, 4, 30)),
        ]
    for on in (date(2027, 4, 30), date(2027, 12, 31)):
        with pytest.raises(Invalid) as refused, database.transaction():
            services.end_role(admin, email=anna, role="falt", organisation="sdn-farsta", on=on)
        assert sentence(refused).endswith(f"har ingen roll falt i sdn-farsta som gäller efter {on}.")


def test_ending_takes_the_right(database, anna, actors, key):
    key("Kartan")
    leader = actors("sdn_samordnare", "sdn-farsta")
    home = {"role": "sdn_samordnare", "organisation": "sdn-farsta", "on": date(2027, 1, 1)}
    with database.transaction():
        with pytest.raises(Denied, match="people:token:create"):
            services.end_token(leader, email=anna, name="Kartan")
        with pytest.raises(Denied, match="people:person:edit"):
            services.end_person(leader, email=anna)
        with pytest.raises(Denied, match="people:role:grant"):
            services.end_role(leader, email=anna, **home)
