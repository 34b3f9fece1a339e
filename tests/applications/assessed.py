"""A round of three applications from two boards, and those at stadsledningskontoret who prepare it."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.applications.models import Application, CostLine, Round, RunningCost
from core.applications.services import assessing, proposing, ranking, rounds
from core.applications.services.applications import begin_application
from core.applications.services.criteria import criteria
from core.people.services import organisation
from core.reserve.models import BOOKING_KINDS, Programme
from core.reserve.services.book import confirm, propose

DAY = timedelta(days=1)
HOUSE = access.system("test")


@dataclass
class Prepared:
    """By name: the round, its programme, its applications, and the people."""

    round: UUID
    programme: UUID
    writer: Actor
    boss: Actor
    anna: Actor
    bo: Actor
    ceri: Actor
    economist: Actor
    applications: dict[str, UUID] = field(default_factory=dict)

    @property
    def year(self):
        return clock.today().year


def programme_called(code="TRYGG"):
    return db.session().scalars(select(Programme).where(Programme.code == code)).one()


def plan(actor, programme, opens=-30, closes=-1, **facts):
    """Plan a round that is open between two days, counted from today, the last one whole."""
    first, last = (clock.first_moment(clock.today() + days * DAY) for days in (opens, closes + 1))
    known = {"opens_at": first, "closes_at": last, "meets_on": None, "instructions": "", "conditional": False}
    known |= {"max_amount": None, "board_ceiling": None} | facts
    last = known["closes_at"]
    known["closes_at"] = max(last, clock.now() + timedelta(minutes=1))  # one that is over is not laid up
    row = rounds.plan_round(actor, uid=uuid4(), programme=programme, **known)
    row.closes_at = last
    db.session().flush()
    return row


def apply_for(prepared, title, amounts, *, actor=None, board="sdn-farsta", running=()):
    """Let a board apply in the round: handed in, and being assessed. Amounts are kronor by year from this one."""
    row = begin_application(
        actor or prepared.writer, uid=uuid4(), organisation=board, title=title, programme=prepared.programme
    )
    row.round_id = db.session().scalars(select(Round.id).where(Round.uid == prepared.round)).one()
    for later, amount in enumerate(amounts):
        cost = {"year": prepared.year + later, "kind": "entreprenad", "amount": amount}
        db.session().add(CostLine(application_id=row.id, **cost))
    for year, amount in enumerate(running, 1):
        db.session().add(RunningCost(application_id=row.id, year=year, amount=amount))
    row.sought, row.state, row.edition = sum(amounts), "under_bedomning", 1
    db.session().flush()
    prepared.applications[title] = row.uid
    return row


def give_frame(prepared, economist, second, amount, year=None):
    """Let the frame of a year be so many kronor: one proposes it, another confirms."""
    known = {"kind": next(iter(BOOKING_KINDS)), "year": year or prepared.year, "decision": "Budget"}
    booking = propose(economist, uid=uuid4(), programme=prepared.programme, amount=amount, **known)
    confirm(second, booking.uid)


@pytest.fixture
def prepared(database, actors):
    """Belysning and Bänkar of Farsta, Torget of Järva; the frame is 5 000 000 kr this year."""
    people = [actors("slk_handlaggare", "slk") for _ in range(3)]
    economist = actors("slk_ekonom", "slk")
    writer, boss = actors("sdn_handlaggare", "sdn-farsta"), actors("forv_chef", "sdn-farsta")
    other = actors("sdn_handlaggare", "sdn-jarva")
    with database.transaction():
        programme = programme_called()
        row = plan(people[0], programme.uid, closes=0)
        rounds.move_round(people[0], row.uid, "oppna")
        row.closes_at = clock.now()
        db.session().flush()
        rounds.move_round(people[0], row.uid, "bered")
        found = Prepared(row.uid, programme.uid, writer, boss, *people, economist)
        apply_for(found, "Belysning", [2_000_000, 500_000], running=[0, 60_000, 60_000, 60_000, 60_000])
        apply_for(found, "Bänkar", [2_500_000], running=[10_000] * 5)
        apply_for(found, "Torget", [1_500_000], actor=other, board="sdn-jarva")
        give_frame(found, economist, people[0], 5_000_000)
    return found


def row_of(prepared, title):
    return db.session().scalars(select(Application).where(Application.uid == prepared.applications[title])).one()


def assign(prepared, title, *people, by=None):
    return [
        assessing.assign(by or prepared.anna, prepared.applications[title], person=person.uid)
        for person in people or (prepared.anna, prepared.bo)
    ]


def write(actor, prepared, title, points=2, **each):
    """Write an assessment: the same points everywhere but where another number is named; gates are met."""
    scores = {one.key: (each.get(one.key, 1 if one.gate else points), f"Därför, {one.key}.") for one in criteria()}
    sheet = assessing.own_sheet(actor, prepared.applications[title])
    known = {"recommendation": "bevilja", "summary": "Bra.", "version": sheet.row.version}
    return assessing.write_assessment(actor, prepared.applications[title], scores=scores, **known)


def hand_in(actor, prepared, title, points=2, **each):
    return assessing.move_assessment(actor, write(actor, prepared, title, points, **each).uid, "lamna_in")


def assess(prepared, title, points=2):
    """Let two assess it alike."""
    assign(prepared, title)
    for actor in (prepared.anna, prepared.bo):
        hand_in(actor, prepared, title, points)


def suggest(prepared, title, *amounts, actor=None):
    """Propose kronor by year from this one."""
    round_ = rounds.read_round(HOUSE, prepared.round)
    years = {prepared.year + later: amount for later, amount in enumerate(amounts)}
    who = actor or prepared.anna
    return proposing.propose(who, prepared.applications[title], amounts=years, version=round_.version)


def titles(prepared, actor=None):
    return [one.application.title for one in ranking.order_of(actor or prepared.anna, prepared.round).lines]


def said(refused):
    """What a refusal says."""
    return [str(objection.message) for objection in refused.value.objections]


def joined(board):
    return organisation(board).id
