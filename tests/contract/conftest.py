"""What the contract tests share: plugins made on the spot, the application started with them, and a small city."""

from dataclasses import replace
from types import ModuleType

import pytest

from core import access
from core.app import create_app
from core.hookspecs import Manifest, hookimpl
from core.people import services as people
from core.people.models import Person
from core.testing import application
from core.testing.people import LONG_AGO, Actors, Client
from tests.contract.city import BUILT, City


@pytest.fixture
def make_plugin(tmp_path):
    """Make a plugin: name and loader, as `create_app(settings, extra_plugins=[…])` takes them."""

    def make(name="bra", *, module=None, **hooks):
        def load():
            made = module or ModuleType(name)
            said = {"manifest": lambda: Manifest(name=name, title=name.title(), root=tmp_path, core=">=1,<2")} | hooks
            for hook, function in said.items():
                if function is not None:
                    setattr(made, f"tryggplats_{hook}", hookimpl(function))
            return made

        return name, load

    return make


class House:
    """The application as it has just been started, and people who use it."""

    def __init__(self, app):
        self.app, self.database = app, app.database
        self.actors = Actors(app.database)

    def client(self, actor=None):
        """A browser without a screen, logged in as `actor`."""
        client = Client(self.app, self.actors)
        if actor is not None:
            client.login(actor)
        return client

    def busy(self, organisation):
        """Somebody who leads walks in `organisation`, keeps the archive, the money and the installation: every page."""
        leader = self.actors("sdn_samordnare", organisation)
        with self.database.transaction() as session:
            person, slk = session.get_one(Person, leader.id), people.organisation("slk")
            for role in ("sysadmin", "arkivarie", "slk_handlaggare", "slk_ekonom", "ksu_sekr", "registrator"):
                people.grant_role(access.system("test"), person, role=role, organisation=slk, valid_from=LONG_AGO)
            for role in ("namndsekr", "forv_chef"):
                home = people.organisation(organisation)
                people.grant_role(access.system("test"), person, role=role, organisation=home, valid_from=LONG_AGO)
            return people.actor_of(person)

    def bearer(self, actor, *scopes):
        return self.actors.token(actor, *scopes)


@pytest.fixture
def start(settings):
    """Start the application anew on the same database, with plugins made on the spot and other settings.

    The first of a test that has neither is the one that the process has already, unless its making is what is tested:
    to make one takes longer than most tests.
    """
    started = []

    def start(*extra, anew=False, **changes):
        plain = not (anew or extra or changes or started)
        app = application(settings) if plain else create_app(replace(settings, **changes), extra_plugins=extra)
        started.append(app)
        return House(app)

    yield start
    for app in started:
        app.database.dispose()


@pytest.fixture
def template(request, template):
    """What a test begins with: the city, where it asks for it; to build it takes longer than most tests."""
    return BUILT if "city" in request.fixturenames else template


@pytest.fixture
def city(database):
    """Two districts, each with an own and whole world: place, walk, observations, frist, photo, graffiti case."""
    return City(database)
