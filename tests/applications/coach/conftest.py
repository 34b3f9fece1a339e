"""What the tests of the coach and of the flow share: an application of Farsta with all that the coach asks for."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.applications.models import (
    MEDGIVANDE,
    NEEDED,
    PERMIT_KINDS,
    SAMRAD,
    Application,
    ApplicationAsk,
    ApplicationEvidence,
    ApplicationGoal,
    ApplicationMeasure,
    ApplicationPermit,
    ApplicationPerspective,
    ApplicationPlace,
    ApplicationText,
    Component,
    CostLine,
    Milestone,
    Promise,
    Round,
    RunningCost,
)
from core.applications.services import applications
from core.cooperation.models import Cause, Cycle, Goal, Problem
from core.people.services import organisation
from core.places.models import Place
from core.reserve.models import Programme
from tests.geo.conftest import plan_of
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["plan_of", "queries", "scene"]

NOW = "2027-01-04 09:00"
CLOSES = "2027-02-12 16:00"
DAY = timedelta(days=1)
ROLES = {
    "writer": ("sdn_handlaggare", "sdn-farsta"),
    "chief": ("forv_chef", "sdn-farsta"),
    "leader": ("sdn_samordnare", "sdn-farsta"),
    "secretary": ("namndsekr", "sdn-farsta"),
    "officer": ("slk_handlaggare", "slk"),
    "clerk": ("ksu_sekr", "slk"),
    "registrar": ("registrator", "slk"),
}


@dataclass
class Whole:
    """An application with all that is asked for, who writes it, and who else acts on it."""

    uid: UUID
    round: UUID
    place: UUID
    writer: Actor
    chief: Actor
    leader: Actor
    secretary: Actor
    officer: Actor
    clerk: Actor
    registrar: Actor


@pytest.fixture
def whole(clock, database, scene, actors):
    """It is 2027-01-04; the round closes at 16.00 on 2027-02-12."""
    clock.stop_at(NOW)
    people = {name: actors(*who) for name, who in ROLES.items()}
    with database.transaction():
        in_round = add_round("TRYGG")
        made = begin(people["writer"], in_round)
        write_all(made, place_called("Farsta torg"))
    return Whole(made.uid, in_round.uid, scene.place, **people)


def add_round(programme, **facts):
    """Open a round of a programme."""
    times = {"opens_at": clock.now() - DAY, "closes_at": clock.now() + 39 * DAY + timedelta(hours=7)}
    known = {"year": 2027, "number": 1, "state": "oppnad"} | times | facts
    found = Round(uid=uuid4(), content=b"", programme_id=programme_called(programme).id, **known)
    db.session().add(found)
    db.session().flush()
    return found


def begin(writer, in_round=None, programme="TRYGG", title="Stieg Trenters torg", organisation="sdn-farsta"):
    """Begin an application with nothing in it."""
    known = {"title": title, "organisation": organisation, "programme": programme_called(programme).uid}
    return applications.begin_application(writer, uid=uuid4(), in_round=in_round.uid if in_round else None, **known)


def write_all(application, place):
    """Write all that the coach asks for."""
    cycle = add_cycle(place)
    application.cycle_id = cycle.id
    cause, goal = add_cause(cycle), add_goal(cycle)
    text = text_of(application)
    text.problem = "Torget är mörkt och tomt om kvällarna. " * 8
    text.displacement = "Till parkeringen öster om torget."
    text.alternatives = "Väktare, eller ingenting."
    text.children_heard, text.children_note = "ja", "Vi frågade klass 5."
    text.starts_on, text.completes_on = date(2027, 5, 1), date(2028, 9, 1)
    key, own = {"application_id": application.id}, organisation("sdn-farsta").id
    add(ApplicationPlace(place_id=place.id, **key))
    for kind in ("trygghetsmatning", "trygghetsvandring"):
        add(ApplicationEvidence(kind=kind, says="Mörkt", **key))
    add(ApplicationGoal(goal_id=goal.id, **key))
    for perspective in NEEDED:
        add(ApplicationPerspective(perspective=perspective, impact="a", considered="b", heard="c", **key))
    for kind in PERMIT_KINDS:
        add(ApplicationPermit(kind=kind, stands="behovs_ej", **key))
    trafik = {"organisation_id": organisation("trafik").id, "stance": "tillstyrker", "state": "besvarad"}
    for asked_for in (SAMRAD, MEDGIVANDE):
        add(ApplicationAsk(asked_for=asked_for, asked_at=clock.now(), **trafik, **key))
    for year, amount in ((2027, 3_800_000), (2028, 2_250_000)):
        add(CostLine(year=year, kind="entreprenad", amount=amount, **key))
    add(Component(name="Allt", amount=6_050_000, years=20, **key))
    for year in range(1, 6):
        add(RunningCost(year=year, amount=40_000, payer_id=own, **key))
    add(Milestone(title="Bänkarna står", due_on=date(2028, 6, 1), **key))
    application.sought = 6_050_000
    measure = add_measure(application, cause)
    add(Promise(measure_id=measure.id, owner_id=own, standard="Hel och ren", cost=40_000, **key))
    return application


def add_cycle(place):
    """A cycle on a place, driven by Farsta."""
    home = organisation("sdn-farsta")
    known = {"number": f"SC-{uuid4().hex[:6]}", "title": "Torget", "started_on": clock.today(), "state": "mal"}
    return add(Cycle(uid=uuid4(), content=b"", organisation_id=home.id, place_id=place.id, **known))


def add_cause(cycle, state="trolig"):
    """A cause of a problem of the cycle, likely unless another state is given."""
    key, home = uuid4(), organisation("sdn-farsta").id
    number = len(list(db.session().scalars(select(Problem.id).where(Problem.cycle_id == cycle.id)))) + 1
    owned = {"organisation_id": home, "content": b""}
    problem = add(Problem(cycle_id=cycle.id, number=number, what="Otryggt", state="prioriterad", **owned))
    facts = {"text": "Belysningen är släckt", "side": "plats_kontroll", "causal_level": "situation"}
    return add(Cause(uid=key, problem_id=problem.id, number=1, state=state, **facts, **owned))


def add_goal(cycle, **facts):
    """A goal that can be measured."""
    problem = db.session().scalars(select(Problem).where(Problem.cycle_id == cycle.id).limit(1)).one()
    known = {"text": "Färre undviker torget", "indicator": "Undviker", "baseline": 54.0, "target": 40.0}
    known |= {"due_on": date(2028, 12, 1), "owner_id": organisation("sdn-farsta").id, "state": "smart"}
    return add(Goal(cycle_id=cycle.id, problem_id=problem.id, number=1, content=b"", **(known | facts)))


def add_measure(application, cause=None, **facts):
    """A measure of the application, against a cause."""
    rows = select(ApplicationMeasure.id).where(ApplicationMeasure.application_id == application.id)
    known = {"kind": "mobler_sittplats", "text": "Bänkar", "number": len(list(db.session().scalars(rows))) + 1}
    key = {"application_id": application.id, "cause_id": cause.id if cause else None}
    return add(ApplicationMeasure(**key, **(known | facts)))


def add(row):
    """Keep a row."""
    db.session().add(row)
    db.session().flush()
    return row


def text_of(application):
    """The words of an application."""
    return db.session().get_one(ApplicationText, application.id)


def application_of(whole):
    """The application itself, in the transaction that is open."""
    return db.session().scalars(select(Application).where(Application.uid == whole.uid)).one()


def place_called(name):
    """A place by name."""
    return db.session().scalars(select(Place).where(Place.name == name)).one()


def programme_called(code):
    """A programme by its code."""
    return db.session().scalars(select(Programme).where(Programme.code == code)).one()


def said(refused):
    """What a refusal says."""
    return [objection.message for objection in refused.value.objections]
