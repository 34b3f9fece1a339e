"""What is told and asked about maintenance plans and the control of contracts in the API."""

from __future__ import annotations

from core.schema import Schema, fields
from core.upkeep.recurring import PLANNED
from core.works.models import BASES, RESULTS
from core.works.schemas.plans import DAY_OF_SEASON, VisitedForm
from core.works.states import DEVIATION

DEVIATIONS = {key: state.label for key, state in DEVIATION.states.items()}


class PlanQuery(Schema):
    """Which plans to list: those that go on, or those that have ended."""

    ended = fields.Boolean(load_default=False)


class PlanIn(Schema):
    """A maintenance plan, under a contract (uid) or of an organisation's own people (code).

    `rrule` is RFC 5545; the season is from and to as MM-DD, both days included.
    """

    title = fields.String(required=True, min=2, max=200)
    description = fields.String(max=4000, multiline=True, load_default="")
    contract = fields.Uid(allow_none=True, load_default=None)
    organisation = fields.String(max=60, load_default="")
    place = fields.Uid(allow_none=True, load_default=None)
    rrule = fields.String(required=True, min=5, max=300)
    basis = fields.Choice(BASES, load_default=PLANNED)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(allow_none=True, load_default=None)
    season_from = fields.String(max=5, load_default="", validate=DAY_OF_SEASON)
    season_to = fields.String(max=5, load_default="", validate=DAY_OF_SEASON)
    lead_days = fields.Integer(min=0, max=365, load_default=7)
    reach_days = fields.Integer(min=0, max=365, load_default=7)


class PlanChange(Schema):
    """What to change about a plan; what is left out stays as it is."""

    title = fields.String(min=2, max=200)
    description = fields.String(max=4000, multiline=True)
    rrule = fields.String(min=5, max=300)
    basis = fields.Choice(BASES)
    ends_on = fields.Date(allow_none=True)
    season_from = fields.String(max=5, validate=DAY_OF_SEASON)
    season_to = fields.String(max=5, validate=DAY_OF_SEASON)
    lead_days = fields.Integer(min=0, max=365)
    reach_days = fields.Integer(min=0, max=365)


class PlanOut(Schema):
    """A maintenance plan; `next_on` is the next day that has no order yet."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    description = fields.String(required=True, blank=True, max=4000, multiline=True)
    organisation = fields.String(required=True, max=200)
    contract = fields.Uid(required=True, allow_none=True)
    place = fields.Uid(required=True, allow_none=True)
    rrule = fields.String(required=True, max=300)
    basis = fields.Choice(BASES, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    season_from = fields.String(required=True, blank=True, max=5)
    season_to = fields.String(required=True, blank=True, max=5)
    lead_days = fields.Integer(required=True)
    reach_days = fields.Integer(required=True)
    next_on = fields.Date(required=True, allow_none=True)
    ended_why = fields.String(required=True, blank=True, max=1000, multiline=True)
    version = fields.Integer(required=True)


class PlanList(Schema):
    """Maintenance plans, what comes first at the top."""

    items = fields.List(fields.Nested(PlanOut), required=True)


class VisitIn(Schema):
    """An entreprenadkontroll to plan."""

    planned_on = fields.Date(required=True)


class VisitDone(VisitedForm):
    """How an entreprenadkontroll went."""


class VisitOut(Schema):
    """An entreprenadkontroll: planned, and then done with a result."""

    uid = fields.Uid(required=True)
    contract = fields.Uid(required=True)
    planned_on = fields.Date(required=True)
    done_on = fields.Date(required=True, allow_none=True)
    minutes = fields.Integer(required=True, allow_none=True)
    result = fields.Choice(RESULTS, required=True, allow_none=True)
    note = fields.String(required=True, blank=True, max=2000, multiline=True)
    version = fields.Integer(required=True)


class VisitList(Schema):
    """The entreprenadkontroller of a contract, those to do before those that are done."""

    items = fields.List(fields.Nested(VisitOut), required=True)


class DeviationIn(Schema):
    """Something that is not as the contract says."""

    what = fields.String(required=True, min=2, max=2000, multiline=True)
    found_on = fields.Date(required=True)


class DeviationMove(Schema):
    """A step with a deviation: the contractor answers, the orderer closes."""

    move = fields.Choice({move.key: move.label for move in DEVIATION.moves}, required=True)
    reason = fields.String(required=True, min=2, max=1000, multiline=True)


class DeviationOut(Schema):
    """A deviation and its answer."""

    uid = fields.Uid(required=True)
    contract = fields.Uid(required=True)
    what = fields.String(required=True, max=2000, multiline=True)
    found_on = fields.Date(required=True)
    answer = fields.String(required=True, blank=True, max=2000, multiline=True)
    answered_at = fields.Instant(required=True, allow_none=True)
    closed_why = fields.String(required=True, blank=True, max=1000, multiline=True)
    state = fields.Choice(DEVIATIONS, required=True)
    version = fields.Integer(required=True)


class DeviationList(Schema):
    """The deviations of a contract, the latest first."""

    items = fields.List(fields.Nested(DeviationOut), required=True)
