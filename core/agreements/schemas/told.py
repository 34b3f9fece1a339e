"""What the API tells of collaborations, agreements and which boards lack them."""

from __future__ import annotations

from core.agreements.models import AGREEMENT_KINDS, COMMITMENT_KINDS
from core.agreements.models.together import PARTS
from core.agreements.states import AGREEMENT, COLLABORATION
from core.cooperation.models import PARTY_ROLES
from core.schema import ListPage, ListQuery, Schema, fields

PHASES = {key: state.label for key, state in COLLABORATION.states.items()}
STATES = {key: state.label for key, state in AGREEMENT.states.items()}


class CollaborationQuery(ListQuery):
    """Which collaborations to list."""

    state = fields.Choice({"": "", **PHASES}, load_default="")


class AgreementQuery(ListQuery):
    """Which agreements to list."""

    state = fields.Choice({"": "", **STATES}, load_default="")
    kind = fields.Choice({"": "", **AGREEMENT_KINDS}, load_default="")


class PartOut(Schema):
    """A party."""

    organisation = fields.Uid(required=True)
    name = fields.String(required=True, max=200)
    role = fields.Choice(PARTY_ROLES, required=True)
    mandate = fields.String(required=True, max=120)


class SignedPartOut(PartOut):
    """A party of an agreement, with when it signed."""

    signed_on = fields.Date(required=True, allow_none=True)
    signed_by = fields.String(required=True, blank=True, max=120)
    signed_how = fields.String(required=True, blank=True, max=20)


class CommitmentOut(Schema):
    """A commitment, with how often it was kept and not."""

    uid = fields.Uid(required=True)
    party = fields.String(required=True, max=200)
    kind = fields.Choice(COMMITMENT_KINDS, required=True)
    what = fields.String(required=True, max=500)
    rrule = fields.String(required=True, blank=True, max=300)
    state = fields.String(required=True, max=20)
    kept = fields.Integer(required=True)
    missed = fields.Integer(required=True)
    next_on = fields.Date(required=True, allow_none=True)


class CollaborationLine(Schema):
    """A collaboration in a list."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    name = fields.String(required=True, max=200)
    state = fields.Choice(PHASES, required=True)
    organisation = fields.Uid(required=True)
    started_on = fields.Date(required=True)


class CollaborationPage(ListPage):
    """A page of collaborations; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(CollaborationLine), required=True)


class CollaborationOut(CollaborationLine):
    """A collaboration, whole."""

    vision = fields.String(required=True, blank=True, max=2000, multiline=True)
    places = fields.List(fields.Uid(), required=True)
    cycle = fields.Uid(required=True, allow_none=True)
    agreed_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    meeting_weeks = fields.Integer(required=True)
    parties = fields.List(fields.Nested(PartOut), required=True)
    commitments = fields.List(fields.Nested(CommitmentOut), required=True)
    version = fields.Integer(required=True)


class AgreementLine(Schema):
    """An agreement in a list."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    edition = fields.Integer(required=True)
    title = fields.String(required=True, max=200)
    kind = fields.Choice(AGREEMENT_KINDS, required=True)
    state = fields.Choice(STATES, required=True)
    organisation = fields.Uid(required=True)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_to = fields.Date(required=True, allow_none=True)
    review_on = fields.Date(required=True, allow_none=True)


class AgreementPage(ListPage):
    """A page of agreements; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(AgreementLine), required=True)


class ChapterOut(Schema):
    """A chapter."""

    number = fields.Integer(required=True)
    title = fields.String(required=True, max=200)
    text = fields.String(required=True, blank=True, max=8000, multiline=True)


class AgreementOut(AgreementLine):
    """An agreement, whole; `digest` is the SHA-256 of the text that is signed."""

    applies_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    previous = fields.Uid(required=True, allow_none=True)
    digest = fields.String(required=True, blank=True, max=64)
    chapters = fields.List(fields.Nested(ChapterOut), required=True)
    parties = fields.List(fields.Nested(SignedPartOut), required=True)
    commitments = fields.List(fields.Nested(CommitmentOut), required=True)
    version = fields.Integer(required=True)


class AgreementMove(Schema):
    """A step of an agreement."""

    move = fields.Choice({move.key: move.label for move in AGREEMENT.moves}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")


class CoverageQuery(Schema):
    """On which day; today unless said otherwise."""

    day = fields.Date(allow_none=True, load_default=None)


class CoveredOut(Schema):
    """What a board has of a part."""

    number = fields.String(required=True, max=20)
    name = fields.String(required=True, max=200)
    since = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    late_review = fields.Boolean(required=True)
    mandate = fields.String(required=True, blank=True, max=120)


class CoverageRow(Schema):
    """A board with what it has and what it lacks."""

    organisation = fields.Uid(required=True)
    name = fields.String(required=True, max=200)
    platssamverkan = fields.List(fields.Nested(CoveredOut), required=True)
    polis = fields.List(fields.Nested(CoveredOut), required=True)
    rad = fields.List(fields.Nested(CoveredOut), required=True)
    lacks = fields.Choices(PARTS, required=False, load_default=list)


class CoverageOut(Schema):
    """Every board on a day."""

    day = fields.Date(required=True)
    items = fields.List(fields.Nested(CoverageRow), required=True)
