"""Tables of agreements, with the rules of who may see their rows."""

from core.agreements.models import protecting  # noqa: F401 - registers what is as protected as its place
from core.agreements.models.agreements import (
    AGREEMENT_KINDS,
    SIGNED_HOW,
    Agreement,
    AgreementArea,
    AgreementChapter,
    AgreementGoal,
    AgreementParty,
    AgreementPlace,
    AgreementPriority,
    AgreementReview,
)
from core.agreements.models.checks import ANSWERS, CHECK_RESULTS, CHECKED_KINDS, OCCASIONS, PartyCheck
from core.agreements.models.collaborations import (
    EVERY_WEEKS,
    GROUP_KINDS,
    Collaboration,
    CollaborationGroup,
    CollaborationParty,
    CollaborationPlace,
    GroupMember,
)
from core.agreements.models.commitments import COMMITMENT_KINDS, Commitment, CommitmentTime
from core.agreements.models.councils import Council, CouncilMember, CouncilPlan
from core.agreements.models.meetings import Meeting, MeetingCarried, MeetingDecision, MeetingPresence
from core.agreements.models.together import AgreementEvent

__all__ = [
    "AGREEMENT_KINDS",
    "ANSWERS",
    "CHECKED_KINDS",
    "CHECK_RESULTS",
    "COMMITMENT_KINDS",
    "EVERY_WEEKS",
    "GROUP_KINDS",
    "OCCASIONS",
    "SIGNED_HOW",
    "Agreement",
    "AgreementArea",
    "AgreementChapter",
    "AgreementEvent",
    "AgreementGoal",
    "AgreementParty",
    "AgreementPlace",
    "AgreementPriority",
    "AgreementReview",
    "Collaboration",
    "CollaborationGroup",
    "CollaborationParty",
    "CollaborationPlace",
    "Commitment",
    "CommitmentTime",
    "Council",
    "CouncilMember",
    "CouncilPlan",
    "GroupMember",
    "Meeting",
    "MeetingCarried",
    "MeetingDecision",
    "MeetingPresence",
    "PartyCheck",
]
