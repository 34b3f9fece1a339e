"""What tests of the second half of an application share: a draft about the scene's square, with two measures."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.applications.models import Application, ApplicationMeasure, ApplicationPlace, Round
from core.applications.services import applications
from core.places.models import Place
from core.reserve.models import Programme
from tests.walks.scene import scene

__all__ = ["draft", "scene"]


@dataclass
class Draft:
    """An application that Farsta writes in an open round, with light and a gym on the scene's square."""

    uid: UUID
    round: UUID
    writer: Actor
    light: UUID
    gym: UUID
    place: UUID

    @property
    def row(self):
        """The application, as it stands."""
        return db.session().scalars(select(Application).where(Application.uid == self.uid)).one()


def open_round(number=1, *, year=None):
    """Make a round of the programme that is open until the day after tomorrow."""
    now, programme = clock.now(), db.session().scalars(select(Programme).where(Programme.code == "TRYGG")).one()
    row = Round(
        uid=uuid4(),
        content=b"x" * 32,
        programme_id=programme.id,
        year=year or clock.today().year,
        number=number,
        opens_at=now - timedelta(days=2),
        closes_at=now + timedelta(days=2),
        state="oppnad",
    )
    db.session().add(row)
    db.session().flush()
    return programme, row


def begin(writer, programme, about, title="Farsta torg: ljus och utegym", board="sdn-farsta"):
    """Begin an application of a board in a round."""
    where = {"organisation": board, "programme": programme.uid, "in_round": about.uid}
    return applications.begin_application(writer, uid=uuid4(), title=title, **where)


def measure(application, number, kind, text, **facts):
    """Add a measure to an application."""
    row = ApplicationMeasure(uid=uuid4(), application_id=application.id, number=number, kind=kind, text=text, **facts)
    db.session().add(row)
    db.session().flush()
    return row.uid


@pytest.fixture
def draft(database, scene, actors):
    writer = actors("sdn_handlaggare", "sdn-farsta")
    with database.transaction():
        programme, about = open_round()
        made = begin(writer, programme, about)
        place = db.session().scalars(select(Place.id).where(Place.uid == scene.place)).one()
        db.session().add(ApplicationPlace(application_id=made.id, place_id=place))
        db.session().flush()
        light = measure(made, 1, "belysning_ny", "Fjorton lyktor längs gångvägen", quantity=14, place_id=place)
        gym = measure(made, 2, "aktivitetsyta_utegym_lek", "Utegym", place_id=place)
        return Draft(made.uid, about.uid, writer, light, gym, scene.place)


def at_state(draft, state):
    """Put the application in a state, as if it had been moved there."""
    draft.row.state = state
    db.session().flush()
