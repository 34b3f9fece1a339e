"""What is asked and told about who answers for a place, and what it is marked as."""

from __future__ import annotations

from core.i18n import N_
from core.places.models import CONTROL_ROLES, LABELS
from core.places.outline import CITY_S_OWN, LONGEST, TITLES
from core.schema import Schema, fields


class ControlIn(Schema):
    """Who answers for what."""

    role = fields.Choice(CONTROL_ROLES, required=True)
    organisation = fields.String(required=True, max=60)
    source = fields.String(max=300, load_default="")


class OrganisationRef(Schema):
    """An organisation, named."""

    code = fields.String(required=True, max=60)
    name = fields.String(required=True, max=200)


class RowOut(Schema):
    """A dated row: from when, until when, where that is said, and why no longer."""

    uid = fields.Uid(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)
    source = fields.String(required=True, blank=True, max=300)
    ended_why = fields.String(required=True, blank=True, max=1000, multiline=True)


class ControlOut(RowOut):
    """Who answers for what; `part` is its shape where it is not the whole place."""

    role = fields.String(required=True, max=40)
    organisation = fields.Nested(OrganisationRef, required=True)
    part = fields.Object(required=True, allow_none=True)


class LabelOut(RowOut):
    """What a place is marked as."""

    kind = fields.Choice(LABELS, required=True)


class ControlForm(Schema):
    """A row of rådighet to add on the page."""

    uid = fields.Uid(required=True)
    role = fields.Choice(CONTROL_ROLES, required=True, label=N_("Vad gäller det?"))
    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vem svarar för det?"))
    valid_from = fields.Date(required=True, label=N_("Från vilken dag?"))
    valid_to = fields.Date(allow_none=True, load_default=None, label=N_("Till och med vilken dag?"))
    source = fields.String(
        required=True, max=300, label=N_("Var står det?"), hint=N_("Till exempel ett avtal eller beslut.")
    )
    system = fields.Choice(TITLES, load_default=CITY_S_OWN, widget="select", label=N_("Koordinatsystem för en del"))
    outline = fields.String(
        max=LONGEST,
        multiline=True,
        load_default="",
        label=N_("Gäller det bara en del av platsen?"),
        hint=N_("Skriv delens hörn, ett på varje rad. Lämna tomt för hela platsen."),
    )


class LabelForm(Schema):
    """A märkning to add on the page."""

    uid = fields.Uid(required=True)
    kind = fields.Choice(LABELS, required=True, label=N_("Vad märks platsen som?"))
    source = fields.String(
        required=True, max=300, label=N_("Var står det?"), hint=N_("Till exempel ett beslut eller polisens lista.")
    )
    valid_from = fields.Date(required=True, label=N_("Från vilken dag?"))
    valid_to = fields.Date(allow_none=True, load_default=None, label=N_("Till och med vilken dag?"))


class EndIn(Schema):
    """The last day of a row, and why it ends."""

    valid_to = fields.Date(required=True, label=N_("Vilken blir sista dagen?"))
    reason = fields.String(required=True, min=1, max=1000, multiline=True, label=N_("Varför avslutas den?"))


class NewRow(Schema):
    """A dated row of a place, with the source that says it."""

    place = fields.Uid(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(allow_none=True, load_default=None)
    source = fields.String(required=True, max=300)


class NewControl(NewRow):
    """A row of rådighet to add; `part` is a shape on the place, the whole of it if left out."""

    role = fields.Choice(CONTROL_ROLES, required=True)
    organisation = fields.String(required=True, max=60)
    part = fields.GeoJSON(shapes=("Polygon", "MultiPolygon"), allow_none=True, load_default=None)


class NewLabel(NewRow):
    """A märkning to add."""

    kind = fields.Choice(LABELS, required=True)
