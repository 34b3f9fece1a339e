"""What is asked when work is ordered about something that was seen."""

from __future__ import annotations

from core.i18n import N_
from core.schema import Schema, fields
from core.works.models import PRIORITIES

OWN = "egen"
"""What is chosen for one's own people, whatever contract there is."""


class WorkIn(Schema):
    """What is ordered about an observation; what is left out is as the city's rules say. `join` is an open order."""

    title = fields.String(max=200, load_default="")
    description = fields.String(max=4000, multiline=True, load_default="")
    priority = fields.Choice(PRIORITIES, load_default="")
    contract = fields.Uid(allow_none=True, load_default=None)
    own = fields.Boolean(load_default=False)
    join = fields.Uid(allow_none=True, load_default=None)
    due_on = fields.Date(allow_none=True, load_default=None)
    reply = fields.String(max=2000, multiline=True, load_default="")


class WorkForm(Schema):
    """What is ordered about an observation, on a page; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)
    join = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Hör det till en arbetsorder som redan finns?"),
        hint=N_("De som gäller samma sorts sak intill. Väljer du en behövs inget annat."),
    )
    title = fields.String(max=200, load_default="", label=N_("Vad ska göras?"))
    description = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Beskrivning för den som ska göra det"),
        hint=N_("Skriv inga namn på personer."),
    )
    priority = fields.Choice(PRIORITIES, load_default="p3", widget="select", label=N_("Vilken prioritet?"))
    contract = fields.String(max=40, load_default=OWN, widget="select", label=N_("Vem ska göra det?"))
    due_on = fields.Date(
        allow_none=True,
        load_default=None,
        label=N_("Ska det vara klart en viss dag?"),
        hint=N_("Tomt betyder som Tidskravet säger. År-månad-dag, till exempel 2027-03-27."),
    )
    reply = fields.String(
        max=2000,
        multiline=True,
        load_default="",
        label=N_("Svar till den som rapporterade"),
        hint=N_("Skriv så att en boende förstår. Texten följer med i återkopplingen."),
    )


class OrderMade(Schema):
    """The order that an observation is now about."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    state = fields.String(required=True, max=30)
