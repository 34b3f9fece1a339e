"""Collaborations, agreements, what is in them and their frister are as protected as the places that they are about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, union_all

from core.agreements.models.agreements import Agreement, AgreementParty, AgreementPlace, AgreementReview
from core.agreements.models.collaborations import Collaboration, CollaborationPlace
from core.agreements.models.commitments import Commitment, CommitmentTime
from core.agreements.models.meetings import Meeting, MeetingDecision
from core.places.protecting import protected_with_place
from core.upkeep.models import Deadline


def _together(place: int) -> Select[Any]:
    return select(CollaborationPlace.collaboration_id).where(CollaborationPlace.place_id == place)


def _agreed(place: int) -> Select[Any]:
    """Return the agreements about a place, and those of a collaboration that is about it."""
    named = select(AgreementPlace.agreement_id).where(AgreementPlace.place_id == place)
    within = Agreement.collaboration_id.in_(_together(place))
    return select(Agreement.id).where(or_(Agreement.id.in_(named), within))


def _committed(place: int) -> ColumnElement[bool]:
    whose = (Commitment.collaboration_id.in_(_together(place)), Commitment.agreement_id.in_(_agreed(place)))
    return or_(Commitment.place_id == place, *whose)


def _meetings(place: int) -> Select[Any]:
    return select(Meeting.id).where(Meeting.collaboration_id.in_(_together(place)))


def _frister(place: int) -> ColumnElement[bool]:
    """Return which frister are about something here, also those that stand on another place or on none."""
    times = select(CommitmentTime.uid).join(Commitment, Commitment.id == CommitmentTime.commitment_id)
    about = [
        select(Agreement.uid).where(Agreement.id.in_(_agreed(place))),
        *(select(part.uid).where(part.agreement_id.in_(_agreed(place))) for part in (AgreementParty, AgreementReview)),
        select(Meeting.uid).where(Meeting.id.in_(_meetings(place))),
        select(MeetingDecision.uid).where(MeetingDecision.meeting_id.in_(_meetings(place))),
        times.where(_committed(place)),
    ]
    itself = select(Collaboration.uid).where(Collaboration.id.in_(_together(place)))
    return Deadline.subject_uid.in_(union_all(itself, *about))


protected_with_place(Collaboration, lambda place: Collaboration.id.in_(_together(place)))
protected_with_place(Agreement, lambda place: Agreement.id.in_(_agreed(place)))
protected_with_place(Commitment, _committed)
protected_with_place(Meeting, lambda place: Meeting.id.in_(_meetings(place)))
protected_with_place(MeetingDecision, lambda place: MeetingDecision.meeting_id.in_(_meetings(place)))
protected_with_place(Deadline, _frister)
