"""What somebody has written of a decision and not recorded: kept for that person, and gone when one is recorded."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from core import access, clock, db, flow
from core.access import Actor
from core.applications.models import DECIDE, Application, BodyMeeting, DecisionDraft
from core.applications.services.meetings import Item
from core.hookspecs import Objection
from core.i18n import N_

LONGEST = 40_000
"""Characters of all that the form holds."""


def keep(actor: Actor, meeting: BodyMeeting, item: Item, values: Mapping[str, list[str]]) -> DecisionDraft:
    """Keep what is written of a decision about what is on the list of a meeting, however little it is.

    Raises Denied, Missing, Refused (decided already, too long).
    """
    application = access.find(Application, item.application.uid, actor, DECIDE, lock=True)
    if actor.id is None:
        raise access.Denied(DECIDE)
    if item.decision is not None:
        raise flow.Refused([Objection(N_("Ett beslut är redan inskrivet. Ta tillbaka det först."))])
    if sum(len(one) for texts in values.values() for one in texts) > LONGEST:
        raise flow.Refused([Objection(N_("Det är för långt för att sparas."))])
    row = db.session().get(DecisionDraft, (meeting.id, application.id, actor.id))
    if row is None:
        row = DecisionDraft(meeting_id=meeting.id, application_id=application.id, person_id=actor.id)
        db.session().add(row)
    row.written, row.at = {"schema": 1, "values": dict(values)}, clock.now()
    db.session().flush()
    return row


def kept(actor: Actor, meeting: BodyMeeting, application: Application) -> DecisionDraft | None:
    """Return what the actor has kept; None where there is nothing. Raises Denied."""
    access.require(actor, DECIDE)
    return db.session().get(DecisionDraft, (meeting.id, application.id, actor.id)) if actor.id else None


def forget(actor: Actor, meeting: BodyMeeting, application: Application) -> None:
    """Let go of what anybody has kept, as it is recorded. Raises Denied."""
    access.require(actor, DECIDE)
    same = (DecisionDraft.meeting_id == meeting.id, DecisionDraft.application_id == application.id)
    db.session().execute(delete(DecisionDraft).where(*same))
