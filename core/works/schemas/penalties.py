"""What is asked and told about penalties."""

from __future__ import annotations

from core.i18n import N_
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields
from core.works.models import PENALISED
from core.works.states import PENALTY, PENALTY_TABS

STATES = {key: state.label for key, state in PENALTY.states.items()}


class PenaltyFilter(ListFilter):
    """Which penalties to list."""

    visa = fields.Choice(dict.fromkeys(PENALTY_TABS, ""), load_default="att_gora", widget="hidden")


class PenaltyReason(Schema):
    """Why a step is taken."""

    reason = fields.String(max=1000, multiline=True, load_default="", label=N_("Varför?"))


class PenaltyWhy(PenaltyReason):
    """Why a step is taken that needs its reason."""

    reason = fields.String(required=True, max=1000, multiline=True, label=N_("Varför?"))


class InvoicedForm(PenaltyReason):
    """On which invoice a penalty stands."""

    reason = fields.String(required=True, max=60, label=N_("Fakturanummer"))


class PenaltyMove(PenaltyReason):
    """A step with a penalty."""

    move = fields.Choice({move.key: move.label for move in PENALTY.moves}, required=True)


class DeviationPenaltyForm(Schema):
    """By which rule of the contract a deviation costs something."""

    rule = fields.Uid(required=True, widget="select", label=N_("Vilket av avtalets viten gäller?"))


class PenaltyQuery(ListQuery):
    """Which penalties to list in the API."""

    part = fields.Choice(dict.fromkeys(PENALTY_TABS, ""), load_default="att_gora")


class PenaltyOut(Schema):
    """A penalty: started units, kronor before and after the caps."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    contract = fields.Uid(required=True)
    order = fields.Uid(required=True, allow_none=True)
    deviation = fields.Uid(required=True, allow_none=True)
    leg = fields.Choice(PENALISED, required=True)
    late_since = fields.Instant(required=True)
    late_until = fields.Instant(required=True)
    count = fields.Integer(required=True)
    possible = fields.Kronor(required=True)
    amount = fields.Kronor(required=True)
    state = fields.Choice(STATES, required=True)
    invoice = fields.String(required=True, blank=True, max=60)
    version = fields.Integer(required=True)


class PenaltyList(ListPage):
    """A page of penalties, the oldest first; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(PenaltyOut), required=True)
