"""What there is of a round in the small city: one that is planned, and an application that is being assessed."""

from datetime import timedelta

from sqlalchemy import select

from core import clock, db
from core.applications.models import Partiality
from core.applications.services import assessing, rounds
from core.applications.services.applications import begin_application
from core.people import services as people
from core.reserve.models import Programme

PROGRAMMES = {"sdn-farsta": "TRYGG", "sdn-jarva": "KLIMAT"}
"""Rounds of one programme never overlap: each district has its own."""


def judged(house, leader, board):
    """Return by uid, in the order of World: a round, an application, an assessment of it, and a declared jäv."""
    programme = db.session().scalars(select(Programme).where(Programme.code == PROGRAMMES[board])).one()
    days = {"opens_at": clock.now(), "closes_at": clock.now() + timedelta(days=30), "conditional": False}
    round_ = rounds.plan_round(house, uid=db.new_uid(), programme=programme.uid, **days)
    application = begin_application(leader, uid=db.new_uid(), organisation=board, title="Ljus", programme=programme.uid)
    application.state, application.round_id = "under_bedomning", round_.id
    db.session().flush()
    known = {"email": f"bedomer-{board}@tryggplats.example", "name": "Den som bedömer"}
    person = people.add_person(house, **known)
    people.grant_role(house, person, role="slk_handlaggare", organisation=people.organisation("slk"))
    assessment = assessing.assign(house, application.uid, person=person.uid)
    jav = Partiality(
        uid=db.new_uid(), person_id=person.id, organisation_id=people.organisation("kultur").id, reason="Släkt.",
        declared_at=clock.now(), ended_why="",
    )  # fmt: skip
    db.session().add(jav)
    db.session().flush()
    return round_.uid, application.uid, assessment.uid, jav.uid
