"""Problems with their scores, causes and what speaks for and against them."""

from __future__ import annotations

from core.cooperation.models import AGAINST, CRITERIA, FOR, LEVELS, SIDES
from core.i18n import N_
from core.schema import Schema, fields

IN_ANALYSIS, BEFORE_KEPT = N_("behövs i orsaksanalysen"), N_("behövs innan orsaken behålls")


class ProblemFields(Schema):
    """What is wrong, in the words of domain.md 5.2."""

    what = fields.String(required=True, min=2, max=300, label=N_("Vad är problemet?"))
    where = fields.String(max=300, load_default="", label=N_("Var?"), optional=IN_ANALYSIS)
    when = fields.String(
        max=300, load_default="", label=N_("När?"), hint=N_("Tid på dygnet, veckodag, årstid."), optional=IN_ANALYSIS
    )
    how = fields.String(max=1000, multiline=True, load_default="", label=N_("Hur går det till?"), optional=IN_ANALYSIS)
    whom = fields.String(max=300, load_default="", label=N_("Vem berörs?"), optional=IN_ANALYSIS)
    consequence = fields.String(
        max=1000, multiline=True, load_default="", label=N_("Vad blir följden?"), optional=IN_ANALYSIS
    )


class ProblemForm(ProblemFields):
    """A problem to write down."""

    uid = fields.Uid(required=True, widget="hidden")
    observations = fields.List(
        fields.Uid(), max=200, load_default=list, widget="checkboxes", label=N_("I vilka iakttagelser har det synts?")
    )


def _points(key: str) -> fields.Integer:
    return fields.Integer(required=True, min=1, max=5, label=CRITERIA[key], hint=N_("1 är minst, 5 är mest."))


class ScoreForm(Schema):
    """How one party scores a problem, from 1 to 5."""

    frequency = _points("frequency")
    trend = _points("trend")
    harm = _points("harm")
    influence = _points("influence")
    resources = _points("resources")
    signal = _points("signal")
    cost = _points("cost")
    motive = fields.String(max=1000, multiline=True, load_default="", label=N_("Vad bygger ni det på?"))


class CauseFields(Schema):
    """A cause, what would be seen if it were true, and how it has been tested."""

    text = fields.String(required=True, min=2, max=300, label=N_("Vad är orsaken?"))
    side = fields.Choice(SIDES, required=True, widget="radios", label=N_("Vilken sida av triangeln?"))
    causal_level = fields.Choice(LEVELS, required=True, widget="radios", label=N_("På vilken nivå?"))
    prediction = fields.String(
        max=1000,
        multiline=True,
        load_default="",
        label=N_("Vad skulle ni se om det stämmer?"),
        optional=BEFORE_KEPT,
    )
    test = fields.String(
        max=1000, multiline=True, load_default="", label=N_("Hur har ni prövat det?"), optional=BEFORE_KEPT
    )
    tested_on = fields.Date(allow_none=True, load_default=None, label=N_("När prövade ni det?"), optional=BEFORE_KEPT)


class CauseForm(CauseFields):
    """A cause to write down."""

    uid = fields.Uid(required=True, widget="hidden")
    parent = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Ligger den bakom en annan orsak?")
    )


class TellForm(Schema):
    """What speaks for a cause or against it."""

    uid = fields.Uid(required=True, widget="hidden")
    stance = fields.Choice(
        {FOR: N_("Talar för"), AGAINST: N_("Talar emot")}, required=True, widget="radios", label=N_("Åt vilket håll?")
    )
    text = fields.String(required=True, min=2, max=500, multiline=True, label=N_("Vad har ni sett?"))
    observation = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("I vilken iakttagelse syns det?"),
        hint=N_("Välj högst ett: en iakttagelse, en siffra i lägesbilderna eller en siffra i statistiken."),
    )
    figure = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Eller i vilken siffra i lägesbilderna?")
    )
    statistic = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Eller i vilken siffra i statistiken?")
    )
