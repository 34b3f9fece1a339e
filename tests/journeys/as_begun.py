"""The demo's draft for Rinkebytorget as it was when it was begun, and frames with room for what is asked for."""

from uuid import uuid4

from sqlalchemy import delete, select, update

from core import db
from core.applications.models import (
    Application,
    ApplicationAsk,
    ApplicationPart,
    Component,
    CostLine,
    Promise,
    RunningCost,
)
from core.people.services import actor_of
from core.reserve.models import Programme
from core.reserve.services import book
from tests.journeys.granted import frames
from tests.journeys.others import person

ROOM = {2027: 112_000_000, 2028: 40_000_000}
"""Kronor that are left of each year's frame when the journey begins."""


def begin_again(desks, title):
    """Take out of a draft what has been asked, promised and counted in it: what is left is words and evidence."""
    with desks.city.database.transaction() as session:
        row = session.scalars(select(Application).where(Application.title == title)).one()
        for model in (ApplicationAsk, Promise, RunningCost, Component, CostLine):
            session.execute(delete(model).where(model.application_id == row.id))
        session.execute(update(ApplicationPart).values(done_at=None).where(ApplicationPart.application_id == row.id))
        row.round_id, row.sought = None, 0


def make_room(desks):
    """Let the frames have room, proposed by one and confirmed by another."""
    left = frames(desks)
    with desks.city.database.transaction():
        economist, other = (actor_of(person(f"{role}.slk")) for role in ("slk_ekonom", "slk_handlaggare"))
        programme = db.session().scalars(select(Programme.uid).where(Programme.code == "TRYGG")).one()
        for year, kronor in ROOM.items():
            known = {"programme": programme, "kind": "tillskott", "year": year, "amount": kronor - left.get(year, 0)}
            made = book.propose(economist, uid=uuid4(), decision="Kommunfullmäktiges budget", **known)
            book.confirm(other, made.uid)
