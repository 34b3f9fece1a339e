"""An application of Farsta that is being written, on the scene's square, with the cycle that it builds on."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from core.access import Actor
from core.applications.services import applications
from core.reserve.services.programmes import programmes
from tests.cooperation.conftest import queries, together
from tests.cooperation.test_chain import fourth, goal, third
from tests.walks.scene import scene

__all__ = ["fourth", "queries", "scene", "third", "together"]


@dataclass
class Writing:
    """A draft of an application, who writes it, and what it can point at."""

    uid: UUID
    writer: Actor
    place: UUID
    cycle: UUID = None
    problem: UUID = None
    cause: UUID = None
    goal: UUID = None

    @property
    def here(self):
        """The address of its task list."""
        return f"/ansokningar/{self.uid}"


def begin(writer, title="Farsta torg: ljus och sittplatser", **facts):
    """Begin an application of Farsta for trygghetsinvesteringar, in no round."""
    known = {"organisation": "sdn-farsta", "title": title, "programme": programmes()[0].uid}
    return applications.begin_application(writer, **({"uid": uuid4()} | known | facts))


@pytest.fixture
def writing(database, scene, actors):
    """A draft without anything in it."""
    writer = actors("sdn_handlaggare", "sdn-farsta")
    with database.transaction():
        return Writing(begin(writer).uid, writer, scene.place)


@pytest.fixture
def grounded(database, fourth, writing):
    """A draft, and a cycle on its place with a likely cause and a goal."""
    together, problem, cause = fourth
    with database.transaction():
        aim = goal(together, problem).uid
    return Writing(writing.uid, writing.writer, writing.place, together.cycle, problem, cause, aim)
