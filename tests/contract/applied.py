"""What there is of applications in a district of the small city of these tests."""

from dataclasses import dataclass
from uuid import UUID

from core import clock, db
from core.applications.services import applications
from core.reserve.services import programmes


@dataclass
class Applied:
    """By uid: an application that has been handed in."""

    application: UUID


def apply(leader, board):
    """Begin an application of a board; it lies at the city."""
    trygg = programmes.programmes()[0].uid
    known = {"organisation": board, "title": "Stieg Trenters torg", "programme": trygg}
    made = applications.begin_application(leader, uid=db.new_uid(), **known)
    made.state, made.submitted_at, made.conditional = "inskickad", clock.now(), True
    db.session().flush()
    return Applied(made.uid)
