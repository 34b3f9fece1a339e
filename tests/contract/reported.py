"""What the small city has of what is reported of a grant: a tertial to write, a goal to measure, pictures."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core import db
from core.applications.models import Application, ApplicationGoal
from core.cooperation.models import Goal
from core.followup.models import Effect, GrantReport, PicturePair


@dataclass
class Reported:
    """By uid: a report, what was frozen of a goal, a measuring of it, a reason why there is no picture."""

    grant_report: UUID
    effect_before: UUID
    effect: UUID
    picture_pair: UUID


def reported(granted):
    """Let an application that is carried out have something to report."""
    about = db.session().scalars(select(Application).where(Application.uid == granted)).one()
    goal = db.session().scalars(select(Goal).order_by(Goal.id)).first()
    due = date(2027, 5, 31)
    report = GrantReport(uid=db.new_uid(), application_id=about.id, kind="tertial", period="2027-T1", due_on=due)
    report.state = "planerad"
    pair = PicturePair(uid=db.new_uid(), application_id=about.id, title="Torget", why_not="Mörkt.")
    known = {"application_id": about.id, "goal_id": goal.id, "due_on": due, "unit": "procent", "content": b""}
    before = Effect(uid=db.new_uid(), phase="fore", state="matt", value=40.0, **known)
    effect = Effect(uid=db.new_uid(), phase="man_6", state="planerad", target=60.0, **known)
    link = ApplicationGoal(application_id=about.id, goal_id=goal.id)
    db.session().add_all([report, pair, before, effect, link])
    db.session().flush()
    return Reported(report.uid, before.uid, effect.uid, pair.uid)
