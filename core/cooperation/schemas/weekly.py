"""Weekly reports: the group, a line, what is decided and what came of it."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates

from core.cooperation.models import CERTAINTIES, DAY_PARTS, SEVERITIES, TRENDS
from core.cooperation.states import WEEKLY_ACTION, WEEKLY_REPORT
from core.cooperation.weeks import Week
from core.i18n import N_
from core.schema import ListPage, ListQuery, ReasonForm, Schema, fields

OUTCOMES = {"klarmarkera": N_("Det är gjort"), "stall_in": N_("Det blev inte gjort")}
ACTION_STATES = {key: state.label for key, state in WEEKLY_ACTION.states.items()}
REPORT_STATES = {key: state.label for key, state in WEEKLY_REPORT.states.items()}
FUNCTION = N_("Vilken funktion rapporterar?")


class GroupForm(Schema):
    """A group to begin."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vem leder gruppen?"))
    area = fields.Uid(required=True, widget="select", label=N_("Vilket område?"))
    function = fields.String(required=True, min=2, max=120, label=FUNCTION, hint=N_("En funktion, inte ett namn."))


class MemberForm(Schema):
    """An organisation to let in."""

    organisation = fields.Uid(required=True, widget="select", label=N_("Vilken organisation?"))
    function = fields.String(required=True, min=2, max=120, label=FUNCTION, hint=N_("En funktion, inte ett namn."))


class EndGroupForm(ReasonForm):
    """Why a group ends, and on which day."""

    ended_on = fields.Date(required=True, label=N_("Vilken dag slutade gruppen?"))


class ItemForm(Schema):
    """A line of a report."""

    uid = fields.Uid(required=True, widget="hidden")
    category = fields.String(required=True, max=60, widget="select", label=N_("Vad gäller det?"))
    place = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Var?"))
    severity = fields.Choice(
        {str(key): label for key, label in SEVERITIES.items()},
        required=True,
        widget="radios",
        label=N_("Hur mycket har ni sett av det?"),
    )
    trend = fields.Choice(TRENDS, required=True, widget="radios", label=N_("Åt vilket håll går det?"))
    certainty = fields.Choice(
        CERTAINTIES,
        required=True,
        widget="radios",
        label=N_("Hur säkert är det?"),
        hint=N_("Ett rykte ser bara gruppen. Det räknas inte med i något som lämnar gruppen."),
    )
    day_part = fields.Choice(DAY_PARTS, load_default="", widget="select", label=N_("När på dygnet?"))
    note = fields.String(
        max=1000,
        multiline=True,
        load_default="",
        label=N_("Vad har ni sett?"),
        hint=N_("Skriv om platsen och händelsen. Skriv inte om enskilda människor."),
    )


class ReviewForm(Schema):
    """That the group has met."""

    held_on = fields.Date(required=True, label=N_("Vilken dag möttes gruppen?"))
    picture = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Hur ser gruppen på veckan?"),
        hint=N_("Bara gruppen läser det. Skriv inte om enskilda människor."),
    )


class ActionForm(Schema):
    """Something to do until a day."""

    uid = fields.Uid(required=True, widget="hidden")
    text = fields.String(required=True, min=2, max=300, label=N_("Vad ska göras?"))
    organisation = fields.Uid(required=True, widget="select", label=N_("Vem gör det?"))
    due_on = fields.Date(required=True, label=N_("Till vilken dag?"))
    category = fields.String(max=60, load_default="", widget="select", label=N_("Vad gäller det?"))


class ActionOutcomeForm(Schema):
    """What came of it: `result` is the step that follows."""

    result = fields.Choice(OUTCOMES, required=True, widget="radios", label=N_("Blev det gjort?"))
    outcome = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Vad hände?"))


# --- In the API ---------------------------------------------------------------------------------------------------


class WeeklyGroupLine(Schema):
    """A group, with how many of the reports of the week before are in, and of how many."""

    uid = fields.Uid(required=True)
    name = fields.String(required=True, max=200)
    area = fields.Uid(required=True)
    organisation = fields.Uid(required=True)
    begins_on = fields.Date(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    handed_in = fields.Integer(required=True)
    asked_for = fields.Integer(required=True)


class WeeklyGroupList(Schema):
    """Groups."""

    items = fields.List(fields.Nested(WeeklyGroupLine), required=True)


class WeeklyQuery(ListQuery):
    """Which reports to list; `week` is an ISO week."""

    group = fields.Uid()
    organisation = fields.Uid()
    week = fields.String(max=8, load_default="", hint="2027-W09")
    state = fields.Choice({"": "", **REPORT_STATES}, load_default="")

    @validates("week")
    def _a_week(self, value: str, **_: Any) -> None:
        if value and Week.read(value) is None:
            raise ValidationError(N_("Skriv en vecka, till exempel 2027-W09."))


class WeeklyActionQuery(WeeklyQuery):
    """Which decided things to list; `week` is the ISO week that they were decided about."""

    state = fields.Choice({"": "", **ACTION_STATES}, load_default="")


class WeeklyActionOut(Schema):
    """Something that a group decided to do, and what came of it."""

    uid = fields.Uid(required=True)
    group = fields.Uid(required=True)
    organisation = fields.Uid(required=True)
    week = fields.String(required=True, max=8)
    category = fields.String(required=True, blank=True, max=60)
    text = fields.String(required=True, max=300)
    decided_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    state = fields.Choice(ACTION_STATES, required=True)
    outcome = fields.String(required=True, blank=True, max=1000)
    version = fields.Integer(required=True)


class WeeklyActionPage(ListPage):
    """A page of what was decided."""

    items = fields.List(fields.Nested(WeeklyActionOut), required=True)


class WeeklyLine(Schema):
    """A report in a list, without what is in it."""

    uid = fields.Uid(required=True)
    group = fields.Uid(required=True)
    organisation = fields.Uid(required=True)
    week = fields.String(required=True, max=8)
    function = fields.String(required=True, max=120)
    state = fields.Choice(REPORT_STATES, required=True)
    due_at = fields.Instant(required=True)
    handed_in_at = fields.Instant(required=True, allow_none=True)


class WeeklyPage(ListPage):
    """A page of reports; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(WeeklyLine), required=True)


class WeeklyItemFields(Schema):
    """A line of a report; without a place it is about the whole area."""

    category = fields.String(required=True, max=60)
    place = fields.Uid(allow_none=True, load_default=None)
    severity = fields.Integer(required=True, min=min(SEVERITIES), max=max(SEVERITIES))
    trend = fields.Choice(TRENDS, required=True)
    certainty = fields.Choice(CERTAINTIES, required=True)
    day_part = fields.Choice(DAY_PARTS, load_default="")
    note = fields.String(max=1000, multiline=True, load_default="")


class NewWeeklyItem(WeeklyItemFields):
    """A line to write in one's own `report`."""

    report = fields.Uid(required=True)


class WeeklyItemOut(WeeklyItemFields):
    """A line as it stands."""

    uid = fields.Uid(required=True)
    place = fields.Uid(required=True, allow_none=True)
    day_part = fields.Choice(DAY_PARTS, required=True)
    note = fields.String(required=True, blank=True, max=1000, multiline=True)


class WeeklyOut(WeeklyLine):
    """A report with the lines that the reader may read."""

    items = fields.List(fields.Nested(WeeklyItemOut), required=True)
    version = fields.Integer(required=True)


class WeeklyMove(Schema):
    """A step of a report."""

    move = fields.Choice({move.key: move.label for move in WEEKLY_REPORT.moves}, required=True)
