"""What is asked and told about counts of people and about how places are experienced."""

from __future__ import annotations

from core.i18n import N_
from core.presence.models import PHASES
from core.presence.schemas.choices import of_city, on_place, own_organisation
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

MOST = 1_000_000


def number(label: str) -> fields.Integer:
    """Return the field of a count."""
    return fields.Integer(min=0, max=MOST, load_default=0, label=label)


class CountForm(Schema):
    """A count of people; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)
    where = on_place(label=N_("På vilken plats räknar du?"))
    day = fields.Date(required=True, label=N_("Vilken dag?"), hint=N_("Efter midnatt skriver du kvällens datum."))
    band = of_city(N_("Vilket tidsband?"))
    minutes = fields.Integer(required=True, min=1, max=1440, suffix=N_("minuter"), label=N_("Hur länge räknade du?"))
    adults_passing = number(N_("Vuxna som passerar"))
    children_passing = number(N_("Barn som passerar"))
    adults_staying = number(N_("Vuxna som stannar"))
    children_staying = number(N_("Barn som stannar"))
    women = fields.Integer(
        min=0,
        max=MOST,
        allow_none=True,
        load_default=None,
        label=N_("Kvinnor och flickor av alla"),
        hint=N_("Om ni räknar."),
    )
    men = fields.Integer(
        min=0,
        max=MOST,
        allow_none=True,
        load_default=None,
        label=N_("Män och pojkar av alla"),
        hint=N_("Om ni räknar."),
    )
    organisation = own_organisation(N_("Vem räknar?"))
    note = fields.String(max=500, multiline=True, load_default="", label=N_("Väder och annat som påverkar"))


class SurveyForm(Schema):
    """That people were asked."""

    uid = fields.Uid(required=True)
    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter mätningen?"))
    where = on_place()
    phase = fields.Choice(PHASES, required=True, widget="radios", label=N_("Före eller efter det ni gör på platsen?"))
    first_on = fields.Date(required=True, label=N_("Första dagen"))
    last_on = fields.Date(required=True, label=N_("Sista dagen"))
    how = fields.String(max=500, multiline=True, load_default="", label=N_("Hur frågade ni, och vilka?"))
    organisation = own_organisation(N_("Vem frågade?"))


class AnswersForm(Schema):
    """How many gave each answer to a question."""

    question = fields.String(required=True, max=40, widget="select", label=N_("Vilken fråga?"))
    n1 = number(N_("Så många svarade 1, mycket dåligt"))
    n2 = number(N_("Så många svarade 2"))
    n3 = number(N_("Så många svarade 3"))
    n4 = number(N_("Så många svarade 4"))
    n5 = number(N_("Så många svarade 5, mycket bra"))


class AnswersChange(AnswersForm):
    """Answers to a question that are written already."""

    question = fields.String(required=True, max=40, widget="hidden")


class CountFilter(ListFilter):
    """Where a page of counts begins."""


class CountQuery(ListQuery):
    """Which counts to list in the API."""

    place = fields.Uid()


class CountLine(Schema):
    """A count, in the API: a number that may not be told is nothing."""

    uid = fields.Uid(required=True)
    place = fields.Uid(required=True)
    organisation = fields.Uid(required=True)
    day = fields.Date(required=True)
    band = fields.String(required=True, max=10)
    minutes = fields.Integer(required=True)
    adults_passing = fields.Integer(required=True, allow_none=True)
    children_passing = fields.Integer(required=True, allow_none=True)
    adults_staying = fields.Integer(required=True, allow_none=True)
    children_staying = fields.Integer(required=True, allow_none=True)
    women = fields.Integer(required=True, allow_none=True)
    men = fields.Integer(required=True, allow_none=True)
    per_hour = fields.Integer(required=True, allow_none=True)


class CountPage(ListPage):
    """A page of counts."""

    items = fields.List(fields.Nested(CountLine), required=True)


class IndexOut(Schema):
    """A question's index: of fewer than five answers nothing is told."""

    question = fields.String(required=True, max=40)
    text = fields.String(required=True, max=300)
    n = fields.Integer(required=True, allow_none=True)
    mean = fields.Float(required=True, allow_none=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)


class SurveyLine(Schema):
    """A survey with its indexes."""

    uid = fields.Uid(required=True)
    title = fields.String(required=True, max=200)
    place = fields.Uid(required=True)
    organisation = fields.Uid(required=True)
    phase = fields.Choice(PHASES, required=True)
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    indexes = fields.List(fields.Nested(IndexOut), required=True)


class SurveyPage(ListPage):
    """A page of surveys."""

    items = fields.List(fields.Nested(SurveyLine), required=True)
