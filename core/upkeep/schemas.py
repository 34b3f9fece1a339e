"""What is asked and told about frister."""

from __future__ import annotations

from datetime import time
from typing import Any

from marshmallow import ValidationError, validates_schema

from core.i18n import N_, Text
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields
from core.upkeep import narrowing
from core.upkeep.models.letters import RECEIVERS
from core.upkeep.states import DEADLINE, STANDINGS


class Close(Schema):
    """What was done, so that a frist may be closed."""

    reason = fields.String(
        required=True,
        min=1,
        max=1000,
        multiline=True,
        label=N_("Vad har gjorts?"),
        hint=N_("En mening som även den som inte var där förstår."),
    )


class Reopen(Schema):
    """Why a frist that was closed is opened again."""

    reason = fields.String(required=True, min=1, max=1000, multiline=True, label=N_("Varför öppnas den igen?"))


class Pause(Schema):
    """Why a frist stands still."""

    reason = fields.String(
        required=True,
        min=1,
        max=1000,
        multiline=True,
        label=N_("Varför pausas den?"),
        hint=N_("Tiden står still tills någon låter den löpa igen. Skälet står kvar."),
    )


class GoOn(Schema):
    """Why a paused frist runs on."""

    reason = fields.String(required=True, min=1, max=1000, multiline=True, label=N_("Vad har hänt?"))


class NewDate(Schema):
    """To which day a frist is moved, and why."""

    on = fields.Date(required=True, label=N_("Ny sista dag"))
    reason = fields.String(
        required=True,
        min=1,
        max=1000,
        multiline=True,
        label=N_("Varför flyttas den?"),
        hint=N_("Skälet och det gamla datumet står kvar, och det räknas hur många gånger fristen har flyttats."),
    )


class NewDateForm(NewDate):
    """The same on the page, where a day off is asked about once more."""

    confirm = fields.Confirm(load_default=False, label=N_("Ja, det ska vara sista dagen"))


WHOLE_DAY = "hela"
CLOSINGS = {WHOLE_DAY: N_("Stängt hela dagen")} | {
    f"{hour}:00": Text(N_("Stänger {at}"), at=f"{hour}.00") for hour in range(11, 17)
}
"""When an organisation closes on a day of its own."""


NOTHING = {"required": N_("Välj minst en frist.")}


class Ticked(Schema):
    """What was ticked in the list."""

    vald = fields.List(fields.Uid(), min=1, max=100, required=True, widget="hidden", error_messages=NOTHING)


class Many(Ticked):
    """What is to be done to all that was ticked."""

    act = fields.Choice(
        {
            "klarmarkera": N_("Klarmarkera"),
            "pausa": N_("Pausa"),
            "ateruppta": N_("Låt löpa igen"),
            "flytta": N_("Flytta till en annan dag"),
        },
        required=True,
        widget="radios",
        label=N_("Vad ska göras?"),
    )
    on = fields.Date(allow_none=True, load_default=None, label=N_("Ny sista dag"), optional=N_("behövs om de flyttas"))
    reason = fields.String(
        required=True,
        min=1,
        max=1000,
        multiline=True,
        label=N_("Vad har gjorts, eller varför?"),
        hint=N_("Samma text sparas på alla."),
    )

    @validates_schema
    def _day(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("act") == "flytta" and data.get("on") is None:
            raise ValidationError(N_("Skriv vilken dag de flyttas till."), "on")


class Sure(Many):
    """The same, once one has seen what changes: with the version that was seen of each."""

    versions = fields.List(fields.Integer(min=1), min=1, max=100, required=True)

    @validates_schema
    def _each(self, data: dict[str, Any], **_: Any) -> None:
        if len(data.get("versions", ())) != len(data.get("vald", ())):
            raise ValidationError(N_("Ladda om sidan och börja om."), "versions")


class OwnDay(Schema):
    """A day that an organisation is closed, or ends sooner."""

    day = fields.Date(required=True, label=N_("Vilken dag?"))
    name = fields.String(required=True, min=1, max=80, label=N_("Vad kallas dagen?"), hint=N_("Till exempel Klämdag."))
    closes = fields.Choice(CLOSINGS, required=True, widget="select", label=N_("Hur länge är det stängt?"))


def closing(chosen: str) -> time | None:
    """Return when a day of one's own ends by what was chosen; None for one that is closed the whole day."""
    return None if chosen == WHOLE_DAY else time.fromisoformat(chosen)


class OwnDayIn(Schema):
    """A day of one's own organisation: closed, or from `closes` on (HH:MM)."""

    day = fields.Date(required=True)
    name = fields.String(required=True, min=1, max=80)
    closes = fields.Choice(CLOSINGS, load_default=WHOLE_DAY)


class OwnDayOut(Schema):
    """A day that one's own organisation is closed, or ends sooner."""

    uid = fields.Uid(required=True)
    day = fields.Date(required=True)
    name = fields.String(required=True, max=80)
    closes = fields.Choice(CLOSINGS, required=True)


class OwnDayList(Schema):
    """The days to come of one's own organisation."""

    items = fields.List(fields.Nested(OwnDayOut), required=True)


URGENCIES = {"0": N_("Går alltid först"), "1": N_("Går före andra"), "2": N_("I vanlig ordning")}
"""Priorities of the filter."""


class Which(ListFilter):
    """Which frister to list."""

    visa = fields.Choice(STANDINGS, widget="hidden", load_default="alla")
    ansvarig = fields.Uid(widget="select", label=N_("Ansvarig"))
    stadsdel = fields.Uid(widget="select", label=N_("Stadsdelsnämnd"))
    slag = fields.String(max=80, widget="select", label=N_("Sort"))
    prioritet = fields.Choice(URGENCIES, widget="select", label=N_("Prioritet"))
    varfor = fields.Uid()


narrowing.asks_for_ways(Which, lambda way: (way.key, fields.Uid(widget="select", label=way.label)))


BREAKDOWNS = {
    "ansvarig": N_("Ansvarig"),
    "stadsdel": N_("Stadsdelsnämnd"),
    "sort": N_("Sort"),
    "prioritet": N_("Prioritet"),
}
"""What a report can be broken down by."""


class Days(Schema):
    """Which time a report is about: both days included."""

    fran = fields.Date(label=N_("Från och med"))
    till = fields.Date(label=N_("Till och med"))

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("fran") and data.get("till") and data["fran"] > data["till"]:
            raise ValidationError(N_("Sista dagen ska inte ligga före den första."), "till")


class Period(Days):
    """Which frister a report counts, and how it is broken down."""

    per = fields.Choice(BREAKDOWNS, load_default="ansvarig", widget="select", label=N_("Dela upp efter"))


class DeadlineQuery(ListQuery):
    """Which frister to list in the API; without `standing` those that run, neither paused nor reported as done."""

    standing = fields.Choice(STANDINGS, load_default="alla")
    organisation = fields.Uid()
    district = fields.Uid()
    kind = fields.String(max=80)
    urgency = fields.Integer(min=0, max=9)


narrowing.asks_for_ways(DeadlineQuery, lambda way: (way.parameter, fields.Uid()))


class DeadlineLine(Schema):
    """A frist; a protected one does not say of what kind it is, nor where.

    `missed_at` is when it should have been met, of one that was moved when that had passed: it stays late.
    """

    uid = fields.Uid(required=True)
    kind = fields.String(required=True, allow_none=True, max=80)
    title = fields.String(required=True, max=200)
    rule = fields.String(required=True, allow_none=True, max=40)
    urgency = fields.Integer(required=True)
    starts_at = fields.Instant(required=True)
    due_at = fields.Instant(required=True)
    due_on = fields.Date(required=True)
    missed_at = fields.Instant(required=True, allow_none=True)
    state = fields.Choice({key: state.label for key, state in DEADLINE.states.items()}, required=True)
    place = fields.Uid(required=True, allow_none=True)
    organisation = fields.Uid(required=True, allow_none=True)


class DayOut(Schema):
    """A day of a term: counted as the nth, or not, for the reason in `note`."""

    day = fields.Date(required=True)
    counted = fields.Integer(required=True, allow_none=True)
    note = fields.String(required=True, blank=True, max=1100)


class PauseOut(Schema):
    """Time in which a frist did not run; without `until` it stands still."""

    since = fields.Instant(required=True)
    until = fields.Instant(required=True, allow_none=True)
    reason = fields.String(required=True, blank=True, max=1000, multiline=True)


class MovedOut(Schema):
    """A move of the date, with its reason."""

    at = fields.Instant(required=True)
    was = fields.Instant(required=True)
    became = fields.Instant(required=True)
    reason = fields.String(required=True, blank=True, max=1000, multiline=True)


class WhyOut(Schema):
    """Why a frist ends when it does: rule and calendar, what was counted, where it stood still, what moved it."""

    rule = fields.String(required=True, max=200)
    source = fields.String(required=True, blank=True, max=1000)
    rule_version = fields.String(required=True, blank=True, max=200)
    calendar = fields.String(required=True, blank=True, max=200)
    days = fields.List(fields.Nested(DayOut), required=True)
    pauses = fields.List(fields.Nested(PauseOut), required=True)
    moves = fields.List(fields.Nested(MovedOut), required=True)


class DeadlineOut(DeadlineLine):
    """A frist, whole, with what it is about and its version."""

    subject_kind = fields.String(required=True, allow_none=True, max=40)
    subject_uid = fields.Uid(required=True, allow_none=True)
    met_at = fields.Instant(required=True, allow_none=True)
    moved_count = fields.Integer(required=True)
    paused_since = fields.Instant(required=True, allow_none=True)
    reported_at = fields.Instant(required=True, allow_none=True)
    why = fields.String(required=True, allow_none=True, max=1000)
    explained = fields.Nested(WhyOut, required=True, allow_none=True)
    version = fields.Integer(required=True)


class DeadlinePage(ListPage):
    """A page of frister; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(DeadlineLine), required=True)


class MoveIn(Schema):
    """A move of the flow, with its reason where it needs one."""

    move = fields.Choice({move.key: move.label for move in DEADLINE.moves}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")


class Press(Schema):
    """A button that asks nothing more."""


BEFORE, AFTER = "fore", "efter"


class StepIn(Schema):
    """A step of the reminders to add."""

    days = fields.Integer(
        required=True, min=0, max=60, label=N_("Antal arbetsdagar"), hint=N_("0 är den sista dagen själv.")
    )
    side = fields.Choice(
        {BEFORE: N_("Före sista dag"), AFTER: N_("Efter sista dag")}, required=True, widget="radios", label=N_("När?")
    )
    receiver = fields.Choice(RECEIVERS, required=True, widget="radios", label=N_("Till vem?"))


class StepEnd(Schema):
    """A step of the reminders to take away."""

    step = fields.Uid(required=True)


class FeedOf(Schema):
    """Which of one's calendars: of a role, or of everything (no role)."""

    grant = fields.Uid()
