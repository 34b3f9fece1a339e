"""What there is in a district of the small city of an application that is being written."""

from dataclasses import dataclass
from uuid import UUID

from core import clock, db
from core.applications.models import Milestone
from core.applications.services import applications, evidence, measures, parts
from core.reserve.services import programmes


@dataclass
class Drafted:
    """By uid: a draft with a piece of evidence, a measure and a step of the work."""

    draft: UUID
    shown: UUID
    sought: UUID
    step: UUID


def draft(leader, board, place):
    """Begin an application of a board about a place, and write a row in each part that has them."""
    known = {"organisation": board, "title": "Torget: ljus", "programme": programmes.programmes()[0].uid}
    made = applications.begin_application(leader, uid=db.new_uid(), **known).uid
    parts.write_part(leader, made, "plats", places=[place.uid])
    shown = evidence.add_evidence(leader, made, evidence=db.new_uid(), kind="dialog", says="Mörkt")
    sought = measures.add_measure(leader, made, measure_uid=db.new_uid(), text="Lyktor", place=place.uid)
    step = Milestone(uid=db.new_uid(), title="Klart", due_on=clock.today(), weight=100)
    return Drafted(made, shown.uid, sought.uid, parts.add_row(leader, made, "tidplan", step).uid)
