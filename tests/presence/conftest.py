"""What the tests of presence share: who works in Farsta, at stadsledningskontoret, for a firm, and elsewhere."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest

from core.access import Actor
from core.people.services import organisation
from core.presence import services
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["queries", "scene"]


@dataclass
class Crew:
    """A board with a place, the city's office, a firm that does things for the board, and another board."""

    place: UUID
    board: Actor
    office: Actor
    firm: Actor
    other: Actor
    traffic: Actor


@pytest.fixture
def crew(database, scene, actors):
    with database.transaction():
        scene.control("vaghallare", "trafik")
    return Crew(
        scene.place,
        scene.leader,
        actors("slk_handlaggare", "slk"),
        actors("entreprenor", "demo-entreprenor"),
        actors("sdn_handlaggare", "sdn-skarpnack"),
        actors("tk_drift", "trafik"),
    )


def uid_of(code):
    """The uid of an organisation, as forms choose it."""
    return organisation(code).uid


def arrange(crew, **facts):
    """Arrange a summer street for the board."""
    known = {"title": "Sommargata", "kind": "sommar", "starts_on": date(2027, 6, 1), "ends_on": date(2027, 8, 31)}
    known |= {"organisation": "sdn-farsta", "place": crew.place}
    return services.add_activation(crew.board, uid=uuid4(), **(known | facts))


def promise(crew, **facts):
    """Promise guards on Fridays and Saturdays from eight in the evening to two."""
    known = {"kind": "ordningsvakt", "weekdays": ["4", "5"], "begins": "20.00", "ends": "02.00", "people": 2}
    known |= {"organisation": "sdn-farsta", "place": crew.place, "valid_from": date(2027, 1, 1)}
    return services.add_plan(crew.board, uid=uuid4(), **(known | facts))


def request_patrols(crew, **facts):
    """Ask for a hundred hours of patrols."""
    known = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 31), "begins": "20.00", "ends": "02.00"}
    known |= {"hours": 100, "reason": "Bråk på kvällarna.", "tried": "Nattvandrare sedan i höstas."}
    known |= {"organisation": "sdn-farsta", "place": crew.place}
    return services.ask_for_patrols(crew.board, uid=uuid4(), **(known | facts))


def count(actor, crew, **facts):
    """Count for ten minutes on a Friday evening."""
    known = {"day": date(2027, 1, 8), "band": "20-23", "minutes": 10, "adults_passing": 40, "children_passing": 10}
    known |= {"adults_staying": 12, "children_staying": 6, "women": None, "men": None, "note": ""}
    known |= {"organisation": "sdn-farsta", "place": crew.place}
    return services.add_count(actor, uid=uuid4(), **(known | facts))
