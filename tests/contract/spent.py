"""What the small city has of money that was granted: a claim, and money asked to follow and to be used otherwise."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core import db
from core.applications.models import Application, ApplicationMeasure, Milestone
from core.applications.services import applications
from core.followup.services import carrying_over, claims, finance, moving_money, outturn
from core.reserve.models import Programme
from core.reserve.services import book

YEAR = 2027


@dataclass
class Spent:
    """By uid: an application that is carried out, with a step and a measure, and what is asked about its money."""

    granted: UUID
    milestone: UUID
    carried_measure: UUID
    claim: UUID
    carry_over: UUID
    reallocation: UUID
    finance_file: UUID
    handed_back: UUID
    foreseen: UUID


def spend(house, leader, board):
    """Let an application of a board have money, and ask for something about it."""
    programme = db.session().scalars(select(Programme).order_by(Programme.id)).first()
    first, other = (_granted(programme, leader, board, number) for number in ("1", "2"))
    facts = {"title": "Lyktor", "due_on": date(YEAR, 5, 1)}
    step = Milestone(uid=db.new_uid(), application_id=first.id, weight=50, **facts)
    measure = ApplicationMeasure(
        uid=db.new_uid(), application_id=first.id, number=1, kind="belysning_ny", text="Lyktor"
    )
    db.session().add_all([step, measure])
    db.session().flush()
    frame = [book.Line(YEAR, "ram", 1_000_000), book.Line(YEAR, "beviljat", 1_000_000)]
    known = {"programme": programme, "by": leader, "matter": first.uid, "number": first.number}
    book.post(house, uid=db.new_uid(), kind="beslut", lines=frame, organisation=first.organisation_id, **known)
    about = {"year": YEAR, "amount": 1_000}
    claim = claims.add_claim(leader, first.uid, uid=db.new_uid(), what="Lyktor", **about)
    later = {
        "from_year": YEAR,
        "to_year": YEAR + 1,
        "amount": 1_000,
        "cause": "leverans",
        "reason": "Dröjer till våren.",
    }
    carry = carrying_over.ask(leader, first.uid, uid=db.new_uid(), new_completion=date(YEAR + 1, 6, 1), **later)
    to = {"to": other.uid, "reason": "Blev billigare."}
    moved = moving_money.ask(leader, first.uid, uid=db.new_uid(), **about, **to)
    sent = finance.make_file(house, uid=db.new_uid())
    back = moving_money.hand_back(leader, first.uid, uid=db.new_uid(), **about, reason="Blev över.")
    seen = outturn.foresee(leader, first.uid, uid=db.new_uid(), year=YEAR, amount=900_000, period="t1", why="")
    asked = (claim.uid, carry.uid, moved.uid, sent.uid, back.uid, seen.uid)
    return Spent(first.uid, step.uid, measure.uid, *asked)


def _granted(programme, leader, board, number):
    known = {"organisation": board, "programme": programme.uid, "title": f"Genomförs {number}"}
    made = applications.begin_application(leader, uid=db.new_uid(), **known)
    made.state, made.budget_reference = "genomfors", "KSU § 7"
    db.session().flush()
    return db.session().get_one(Application, made.id)
