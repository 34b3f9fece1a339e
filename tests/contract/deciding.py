"""An application that waits for its decision, one that has it, and the meeting, for the small city of the contract."""

from uuid import UUID

from sqlalchemy import select

from core import access, clock, db
from core.applications.models import (
    ApplicationMeasure,
    ApplicationPlace,
    BodyMeeting,
    CostLine,
    GrantDecision,
)
from core.applications.services import applications
from core.people.services import organisation
from core.reserve.models import Programme

HOUSE = access.system("test")


def application_of(board):
    """The uid of the application that waits, for an address with two."""
    return db.uid_of(f"waiting {board}")


def measure_of(board):
    """The uid of what that application builds."""
    return db.uid_of(f"built {board}")


def waiting_and_decided(board, place) -> tuple[UUID, UUID, UUID]:
    """Put them in; return the uids of the application that waits, of the meeting, and of the decision."""
    programme = db.session().scalars(select(Programme).where(Programme.code == "TRYGG")).one()
    waits = _application(programme, board, application_of(board), "forslag")
    db.session().add(ApplicationPlace(application_id=waits.id, place_id=place.id))
    built = {"uid": measure_of(board), "number": 1, "kind": "belysning_ny", "text": "Lyktor"}
    db.session().add(ApplicationMeasure(application_id=waits.id, **built))
    db.session().add(CostLine(application_id=waits.id, year=2027, kind="entreprenad", amount=1000))
    meeting = _meeting(programme)
    decided = _application(programme, board, db.new_uid(), "avslag")
    row = GrantDecision(
        content=b"", application_id=decided.id, meeting_id=meeting.id, paragraph="1", outcome="avslag",
        motive="ram_slut", motive_text="Slut.", state="bekraftad", recorded_at=clock.now(), confirmed_at=clock.now(),
    )  # fmt: skip
    db.session().add(row)
    db.session().flush()
    return waits.uid, meeting.uid, row.uid


def _application(programme, board, uid, state):
    row = applications.begin_application(HOUSE, uid=uid, organisation=board, title="Ljus", programme=programme.uid)
    row.state, row.submitted_at = state, clock.now()
    return row


def _meeting(programme):
    known = db.session().scalar(select(BodyMeeting))
    if known is not None:
        return known
    body = organisation("ksu-ekonomi-trygghet")
    row = BodyMeeting(
        content=b"", programme_id=programme.id, organisation_id=body.id, held_on=clock.today(), state="planerat"
    )
    db.session().add(row)
    db.session().flush()
    return row
