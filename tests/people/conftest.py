"""What the tests of people share: somebody with a password, and the rows that a login leaves."""

import pytest
from sqlalchemy import select

from core import access
from core.people import passwords, services
from core.people.models import Person, UserSession
from core.testing.passwords import INSTALLATIONS
from core.testing.people import LONG_AGO

PASSWORD = "åtta gröna gator"
HOUSE = access.system("test")


@pytest.fixture
def anna(database):
    """Add somebody of Farsta who can log in, and return her e-mail address."""
    with database.transaction():
        person = services.add_person(HOUSE, email="anna@tryggplats.example", name="Samordnare", password=PASSWORD)
        board = services.organisation("sdn-farsta")
        services.grant_role(HOUSE, person, role="sdn_samordnare", organisation=board, valid_from=LONG_AGO)
    return person.email


@pytest.fixture
def real_price(settings, monkeypatch):
    """Hash passwords from now on as an installation does; other tests do so at a lower price."""
    monkeypatch.setattr(passwords, "HASHER", INSTALLATIONS)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def log_in(client):
    """Log in through the page, and return the answer."""

    def send(email, password=PASSWORD, **fields):
        return client.submit("/logga-in", {"email": email, "password": password, **fields})

    return send


@pytest.fixture
def sessions(database):
    """Return the sessions there are, oldest first."""

    def read():
        with database.transaction(write=False) as session:
            return list(session.scalars(select(UserSession).order_by(UserSession.id)))

    return read


@pytest.fixture
def change_person(database):
    """Change what is kept of the person with an e-mail address."""

    def change(email, **values):
        with database.transaction() as session:
            person = session.scalars(select(Person).where(Person.email == email)).one()
            for name, value in values.items():
                setattr(person, name, value)

    return change
